import type { Frame, StreamDecoder } from "../../canonical/dialect.ts";
import { GatewayError } from "../../canonical/errors.ts";
import { isJsonObject, objectOf, type Json, type JsonObject } from "../../canonical/json.ts";
import { decodeOutputItem } from "./decode-output-item.ts";
import { argumentsDelta, argumentsDone } from "./decode-stream-call.ts";
import { endStream } from "./decode-stream-end.ts";
import { completeEntry, endEntry, startEntry } from "./decode-stream-item.ts";
import { relay } from "./decode-stream-relay.ts";
import { begin, ensureStart } from "./decode-stream-start.ts";
import * as text from "./decode-stream-text.ts";
import { faultError } from "./errors.ts";
import { announcedEntry } from "./find-entry.ts";
import { addEntry, streamInput } from "./stream-input.ts";
import type { Out, StreamInput } from "./stream-input.ts";
import { decodeUsage } from "./usage.ts";
import { stringOf } from "./wire.ts";
import type { WireEvent } from "./wire.ts";

type Handler = (state: StreamInput, event: WireEvent, frame: Frame, out: Out) => void;

const HANDLERS: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ["response.created", begin],
  ["response.queued", begin],
  ["response.in_progress", begin],
  ["response.output_item.added", itemAdded],
  ["response.output_item.done", itemDone],
  ["response.content_part.added", text.partAdded],
  ["response.content_part.done", text.partDone],
  ["response.output_text.delta", text.textDelta],
  ["response.output_text.done", text.textDone],
  ["response.output_text.annotation.added", text.annotationAdded],
  ["response.refusal.delta", text.refusalDelta],
  ["response.refusal.done", text.refusalDone],
  ["response.function_call_arguments.delta", argumentsDelta],
  ["response.function_call_arguments.done", argumentsDone],
  ["response.custom_tool_call_input.delta", argumentsDelta],
  ["response.custom_tool_call_input.done", argumentsDone],
  ["response.reasoning_summary_part.added", ignore],
  ["response.reasoning_summary_part.done", ignore],
  ["response.reasoning_summary_text.delta", text.summaryDelta],
  ["response.reasoning_summary_text.done", text.summaryDone],
  ["response.reasoning_text.delta", text.reasoningDelta],
  ["response.reasoning_text.done", text.reasoningDone],
  ["response.reasoning.delta", text.reasoningDelta],
  ["response.reasoning.done", text.reasoningDone],
  ["response.completed", end],
  ["response.done", end],
  ["response.incomplete", end],
  ["response.cancelled", end],
  ["response.failed", failed],
  ["error", errorEvent],
  ["keepalive", (_state, _event, _frame, out) => void out.push({ type: "ping" })],
  ["ping", (_state, _event, _frame, out) => void out.push({ type: "ping" })],
]);

/** Decodes one upstream stream of typed events. Items are known by `output_index`: some hosts change ids on the way. */
export function createStreamDecoder(): StreamDecoder {
  const state = streamInput();
  return {
    push: (frame, out) => pushFrame(state, frame, out),
    finish: (out) => finish(state, out),
  };
}

function pushFrame(state: StreamInput, frame: Frame, out: Out): void {
  if (state.ended || frame.data === "") return;
  if (frame.data.startsWith("[DONE]")) {
    state.doneMark = true;
    return;
  }
  const event = parse(frame.data);
  if (event === undefined) {
    stop(
      state,
      new GatewayError("provider_protocol_error", "the provider sent an event that is not a JSON object"),
      out,
    );
    return;
  }
  handle(state, event, frame, out);
}

function handle(state: StreamInput, event: JsonObject, frame: Frame, out: Out): void {
  const type = stringOf(event.type) ?? frame.event;
  const handler = HANDLERS.get(type);
  if (handler !== undefined) handler(state, event, frame, out);
  else if (event.error !== undefined && event.error !== null && !type.startsWith("response."))
    errorEvent(state, event, frame, out);
  else relay(event, frame, out);
}

function parse(data: string): JsonObject | undefined {
  try {
    const event: unknown = JSON.parse(data);
    return isJsonObject(event) ? event : undefined;
  } catch {
    return undefined;
  }
}

function ignore(): void {
  // What these events tell is in their neighbours as well.
}

function stop(state: StreamInput, error: GatewayError, out: Out): void {
  state.ended = true;
  out.push({ type: "error", error });
}

/** A provider-run item is shown whole when it is done; its first event and its progress are relayed. */
function itemAdded(state: StreamInput, event: WireEvent, frame: Frame, out: Out): void {
  if (!isJsonObject(event.item)) return;
  ensureStart(state, out);
  const item = decodeOutputItem(event.item, state.response, state.entries.length);
  const place = typeof event.output_index === "number" ? event.output_index : undefined;
  const entry = addEntry(state, item.type, stringOf(event.item.type) ?? "", stringOf(event.item.id) ?? "", place);
  if (item.type === "opaque") relay(event, frame, out);
  else startEntry(entry, item, out);
}

/** An item that turns out to be of another kind than it was announced as is one more item. */
function itemDone(state: StreamInput, event: WireEvent, _frame: Frame, out: Out): void {
  if (!isJsonObject(event.item)) return;
  ensureStart(state, out);
  const entry = announcedEntry(state, event.item, event.output_index);
  const item = decodeOutputItem(event.item, state.response, entry.index);
  if (item.type === entry.kind) return completeEntry(entry, item, out);
  endEntry(entry, undefined, out);
  const place = typeof event.output_index === "number" ? event.output_index : undefined;
  completeEntry(addEntry(state, item.type, stringOf(event.item.type) ?? "", entry.id, place), item, out);
}

function end(state: StreamInput, event: WireEvent, frame: Frame, out: Out): void {
  const response: JsonObject = { status: STATUS_BY_END.get(event.type) ?? "completed", ...objectOf(event.response) };
  if (response.status === "failed") return failed(state, event, frame, out);
  if (!state.started) begin(state, event, frame, out);
  ensureStart(state, out);
  endStream(state, response, out);
}

/** For hosts that leave the status, or the response, out of the final event. */
const STATUS_BY_END: ReadonlyMap<Json | undefined, string> = new Map([
  ["response.incomplete", "incomplete"],
  ["response.cancelled", "cancelled"],
]);

function failed(state: StreamInput, event: WireEvent, _frame: Frame, out: Out): void {
  const response = objectOf(event.response);
  const usage = decodeUsage(response);
  if (usage !== undefined) out.push({ type: "usage", usage });
  stop(state, faultError({ error: response.error ?? null }), out);
}

function errorEvent(state: StreamInput, event: WireEvent, _frame: Frame, out: Out): void {
  stop(state, faultError({ ...event }), out);
}

/**
 * Complete is an answer whose end event came, or, for hosts that end with `[DONE]` alone, one whose items all ended.
 */
function finish(state: StreamInput, out: Out): void {
  if (state.ended) return;
  const whole = state.doneMark && state.entries.length > 0 && state.entries.every((entry) => entry.closed);
  if (whole) return endStream(state, { ...state.response, status: "completed", output: null, usage: null }, out);
  for (const entry of state.entries) endEntry(entry, undefined, out);
  stop(state, new GatewayError("upstream_truncated", "the provider's stream ended before the answer did"), out);
}
