import type { Frame, StreamDecoder } from "../../canonical/dialect.ts";
import { GatewayError } from "../../canonical/errors.ts";
import { objectFrom, type JsonObject } from "../../canonical/json.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import {
  onCallDelta,
  onCallEnd,
  onCallStart,
  onCitation,
  onContentDelta,
  onContentEnd,
  onContentStart,
  onPlanDelta,
  type Handler,
} from "./decode-stream-content.ts";
import { bodyError, failureOf } from "./errors.ts";
import { decodeFinishReason } from "./finish-reason.ts";
import { leftover } from "./own-fields.ts";
import { closeAll, newState, startAnswer, type StreamState } from "./stream-state.ts";
import { decodeUsage } from "./usage.ts";
import { DIALECT, objectOf, textOf } from "./wire.ts";

/** By event type; `false` as an answer means that the event is not known and is passed on as it came. */
const HANDLERS: Record<string, Handler> = {
  "message-start": () => true,
  "content-start": onContentStart,
  "content-delta": onContentDelta,
  "content-end": onContentEnd,
  "tool-plan-delta": onPlanDelta,
  "tool-call-start": onCallStart,
  "tool-call-delta": onCallDelta,
  "tool-call-end": onCallEnd,
  "citation-start": onCitation,
  "citation-end": () => true,
  "message-end": onMessageEnd,
};

/**
 * Decodes the events of a streamed answer (https://docs.cohere.com/docs/streaming; vendor SDK: `V2ChatStreamResponse`), which
 * is complete with `message-end`. Texts that follow each other share one message item.
 */
export function createStreamDecoder(): StreamDecoder {
  const state = newState();
  return { push: (frame, out) => push(state, frame, out), finish: (out) => finish(state, out) };
}

function push(state: StreamState, frame: Frame, out: StreamPart[]): void {
  if (state.phase === "done" || frame.data === "[DONE]" || frame.data.trim() === "") return;
  const event = objectFrom(frame.data);
  if (event === undefined) {
    const error = new GatewayError("provider_protocol_error", "the upstream sent an event that is no JSON object");
    return fail(state, error, out);
  }
  const type = textOf(event["type"]) || frame.event;
  if (type === "" && textOf(event["message"]) !== "") return fail(state, bodyError(event), out);
  const handler = Object.hasOwn(HANDLERS, type) ? HANDLERS[type] : undefined;
  if (state.phase === "waiting" && handler !== undefined) {
    startAnswer(state, type === "message-start" ? event : {}, out);
  }
  if (handler !== undefined && handler(state, event, out)) return;
  out.push({ type: "unknown", dialect: DIALECT, event: frame.event !== "" ? frame.event : type, data: frame.data });
}

const END_FIELDS = new Set(["type", "id", "delta"]);

function onMessageEnd(state: StreamState, event: JsonObject, out: StreamPart[]): boolean {
  const delta = objectOf(event["delta"]);
  const raw = textOf(delta["finish_reason"]);
  const failure = failureOf(raw, delta["error"]);
  const usage = decodeUsage(delta["usage"]);
  closeAll(state, out);
  state.phase = "done";
  if (failure !== undefined) {
    if (usage !== undefined) out.push({ type: "usage", usage });
    out.push({ type: "error", error: failure });
    return true;
  }
  const reason = decodeFinishReason(raw);
  out.push({ type: "finish", candidate: 0, reason, ...(raw !== "" && { raw }) });
  if (usage !== undefined) out.push({ type: "usage", usage });
  const extensions = leftover(event, END_FIELDS);
  out.push({ type: "end", ...(extensions !== undefined && { extensions }) });
  return true;
}

function fail(state: StreamState, error: GatewayError, out: StreamPart[]): void {
  closeAll(state, out);
  state.phase = "done";
  out.push({ type: "error", error });
}

function finish(state: StreamState, out: StreamPart[]): void {
  if (state.phase === "done") return;
  const problem = "the upstream ended its stream before the answer was complete";
  fail(state, new GatewayError("upstream_truncated", problem), out);
}
