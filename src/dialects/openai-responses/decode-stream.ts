import type { Frame, StreamDecoder } from "../../canonical/dialect.ts";
import { GatewayError } from "../../canonical/errors.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import { decodeCitation } from "./decode-citation.ts";
import { decodeOutputItem } from "./decode-output-item.ts";
import { head } from "./decode-response.ts";
import { decodePart } from "./decode-part.ts";
import {
  completeEntry,
  endEntry,
  sayArguments,
  sayCitation,
  sayReasoning,
  sayRefusal,
  sayText,
  startEntry,
} from "./decode-stream-item.ts";
import { endStream } from "./decode-stream-end.ts";
import { announcedEntry, entryOf } from "./find-entry.ts";
import { faultError } from "./errors.ts";
import { fieldsBeyond } from "./own-fields.ts";
import { addEntry, kindOf, missingText, spokenAt, streamInput } from "./stream-input.ts";
import type { Out, StreamInput } from "./stream-input.ts";
import { decodeUsage } from "./usage.ts";
import { DIALECT, RESPONSE_FIELDS, stringOf } from "./wire.ts";
import type { WireEvent } from "./wire.ts";

type Handler = (state: StreamInput, event: WireEvent, frame: Frame, out: Out) => void;

const HANDLERS: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ["response.created", begin],
  ["response.queued", begin],
  ["response.in_progress", begin],
  ["response.output_item.added", itemAdded],
  ["response.output_item.done", itemDone],
  ["response.content_part.added", partAdded],
  ["response.content_part.done", partDone],
  ["response.output_text.delta", textDelta],
  ["response.output_text.done", textDone],
  ["response.output_text.annotation.added", annotationAdded],
  ["response.refusal.delta", refusalDelta],
  ["response.refusal.done", refusalDone],
  ["response.function_call_arguments.delta", argumentsDelta],
  ["response.function_call_arguments.done", argumentsDone],
  ["response.custom_tool_call_input.delta", argumentsDelta],
  ["response.custom_tool_call_input.done", argumentsDone],
  ["response.reasoning_summary_part.added", ignore],
  ["response.reasoning_summary_part.done", ignore],
  ["response.reasoning_summary_text.delta", summaryDelta],
  ["response.reasoning_summary_text.done", summaryDone],
  ["response.reasoning_text.delta", reasoningDelta],
  ["response.reasoning_text.done", reasoningDone],
  ["response.reasoning.delta", reasoningDelta],
  ["response.reasoning.done", reasoningDone],
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

function begin(state: StreamInput, event: WireEvent, _frame: Frame, out: Out): void {
  if (!isJsonObject(event.response)) return;
  state.response = event.response;
  if (state.started) return;
  state.started = true;
  const tier = stringOf(event.response.service_tier);
  const fields = fieldsBeyond(event.response, RESPONSE_FIELDS);
  out.push({
    type: "start",
    ...head(event.response),
    ...(tier !== undefined && { serviceTier: tier }),
    ...(fields !== undefined && { extensions: { [DIALECT]: fields } }),
  });
}

/** Emits `start` for hosts that leave the first event out. */
function ensureStart(state: StreamInput, out: Out): void {
  if (state.started) return;
  state.started = true;
  out.push({ type: "start", ...head(state.response) });
}

/** A provider-run item is shown whole when it is done; its first event and its progress are relayed. */
function itemAdded(state: StreamInput, event: WireEvent, frame: Frame, out: Out): void {
  if (!isJsonObject(event.item)) return;
  ensureStart(state, out);
  const item = decodeOutputItem(event.item, state.response, state.entries.length);
  const place = typeof event.output_index === "number" ? event.output_index : undefined;
  const entry = addEntry(state, kindOf(item), stringOf(event.item.type) ?? "", stringOf(event.item.id) ?? "", place);
  if (item.type === "opaque")
    out.push({ type: "unknown", dialect: DIALECT, event: "response.output_item.added", data: frame.data });
  else startEntry(entry, item, out);
}

function itemDone(state: StreamInput, event: WireEvent, _frame: Frame, out: Out): void {
  if (!isJsonObject(event.item)) return;
  ensureStart(state, out);
  const entry = announcedEntry(state, event.item, event.output_index);
  const item = decodeOutputItem(event.item, state.response, entry.index);
  if (kindOf(item) === entry.kind) completeEntry(entry, item, out);
  else endEntry(entry, undefined, out);
}

function partAdded(state: StreamInput, event: WireEvent, _frame: Frame, out: Out): void {
  const part = event.part;
  if (!isJsonObject(part)) return;
  if (part.type !== "output_text" && part.type !== "refusal") return;
  const entry = entryOf(state, event, "message", out, ensureStart);
  if (entry !== undefined) spokenAt(entry.content, placeIn(event.content_index));
}

function placeIn(place: Json | undefined): number {
  return typeof place === "number" && place >= 0 ? place : 0;
}

function partDone(state: StreamInput, event: WireEvent, _frame: Frame, out: Out): void {
  if (!isJsonObject(event.part)) return;
  const part = decodePart(event.part, "output_text");
  const entry = entryOf(state, event, "message", out, ensureStart);
  if (entry === undefined) return;
  if (part.type === "text") sayMissing(state, event, part.text, textDelta, out);
  else if (part.type === "refusal") sayMissing(state, event, part.text, refusalDelta, out);
}

/** Emits what a done event has beyond the deltas before it, through the handler of those deltas. */
function sayMissing(state: StreamInput, event: WireEvent, whole: Json | undefined, delta: Handler, out: Out): void {
  if (typeof whole !== "string") return;
  const entry = entryOf(state, event, "message", out, ensureStart);
  if (entry === undefined) return;
  const missing = missingText(whole, spokenAt(entry.content, placeIn(event.content_index)).text);
  if (missing !== "") delta(state, { ...event, delta: missing, logprobs: null }, NO_FRAME, out);
}

const NO_FRAME: Frame = { event: "", data: "" };

function textDelta(state: StreamInput, event: WireEvent, _frame: Frame, out: Out): void {
  if (typeof event.delta !== "string") return;
  const entry = entryOf(state, event, "message", out, ensureStart);
  if (entry !== undefined) sayText(entry, event.content_index, event.delta, event.logprobs, out);
}

function textDone(state: StreamInput, event: WireEvent, _frame: Frame, out: Out): void {
  sayMissing(state, event, event.text, textDelta, out);
}

function annotationAdded(state: StreamInput, event: WireEvent, _frame: Frame, out: Out): void {
  const citation = decodeCitation(event.annotation);
  const entry = citation === undefined ? undefined : entryOf(state, event, "message", out, ensureStart);
  if (citation !== undefined && entry !== undefined) sayCitation(entry, event.content_index, citation, out);
}

function refusalDelta(state: StreamInput, event: WireEvent, _frame: Frame, out: Out): void {
  if (typeof event.delta !== "string") return;
  const entry = entryOf(state, event, "message", out, ensureStart);
  if (entry !== undefined) sayRefusal(entry, event.content_index, event.delta, out);
}

function refusalDone(state: StreamInput, event: WireEvent, _frame: Frame, out: Out): void {
  sayMissing(state, event, event.refusal, refusalDelta, out);
}

/** Input of a provider-run custom tool belongs to an opaque item, and is relayed as its progress. */
function argumentsDelta(state: StreamInput, event: WireEvent, frame: Frame, out: Out): void {
  if (isProgress(state, event)) return relay(event, frame, out);
  const entry = entryOf(state, event, "tool_call", out, ensureStart);
  if (entry !== undefined && typeof event.delta === "string") sayArguments(entry, event.delta, out);
}

function argumentsDone(state: StreamInput, event: WireEvent, frame: Frame, out: Out): void {
  if (isProgress(state, event)) return relay(event, frame, out);
  const entry = entryOf(state, event, "tool_call", out, ensureStart);
  const whole = event.arguments ?? event.input;
  if (entry === undefined || typeof whole !== "string") return;
  sayArguments(entry, missingText(whole, entry.started ? entry.arguments : entry.held), out);
}

function isProgress(state: StreamInput, event: WireEvent): boolean {
  return typeof event.output_index === "number" && state.byIndex.get(event.output_index)?.kind === "opaque";
}

function relay(event: WireEvent, frame: Frame, out: Out): void {
  out.push({ type: "unknown", dialect: DIALECT, event: stringOf(event.type) ?? frame.event, data: frame.data });
}

function summaryDelta(state: StreamInput, event: WireEvent, _frame: Frame, out: Out): void {
  if (typeof event.delta !== "string") return;
  const entry = entryOf(state, event, "reasoning", out, ensureStart);
  if (entry !== undefined) sayReasoning(entry, "summary", event.summary_index, event.delta, out);
}

function summaryDone(state: StreamInput, event: WireEvent, _frame: Frame, out: Out): void {
  const entry = typeof event.text === "string" ? entryOf(state, event, "reasoning", out, ensureStart) : undefined;
  if (entry === undefined || typeof event.text !== "string") return;
  const { text } = spokenAt(entry.summary, placeIn(event.summary_index));
  sayReasoning(entry, "summary", event.summary_index, missingText(event.text, text), out);
}

function reasoningDelta(state: StreamInput, event: WireEvent, _frame: Frame, out: Out): void {
  if (typeof event.delta !== "string") return;
  const entry = entryOf(state, event, "reasoning", out, ensureStart);
  if (entry !== undefined) sayReasoning(entry, "text", event.content_index, event.delta, out);
}

function reasoningDone(state: StreamInput, event: WireEvent, _frame: Frame, out: Out): void {
  const entry = typeof event.text === "string" ? entryOf(state, event, "reasoning", out, ensureStart) : undefined;
  if (entry === undefined || typeof event.text !== "string") return;
  const { text } = spokenAt(entry.content, placeIn(event.content_index));
  sayReasoning(entry, "text", event.content_index, missingText(event.text, text), out);
}

function end(state: StreamInput, event: WireEvent, frame: Frame, out: Out): void {
  if (!isJsonObject(event.response)) return;
  if (event.response.status === "failed") return failed(state, event, frame, out);
  if (!state.started) begin(state, event, frame, out);
  endStream(state, event.response, out);
}

function failed(state: StreamInput, event: WireEvent, _frame: Frame, out: Out): void {
  const response = isJsonObject(event.response) ? event.response : {};
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
