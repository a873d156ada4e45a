import type { Frame, StreamDecoder } from "../../canonical/dialect.ts";
import { GatewayError } from "../../canonical/errors.ts";
import { isJsonObject, objectFrom, type JsonObject } from "../../canonical/json.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import { streamError } from "./errors.ts";
import { decodeFinishReason } from "./finish-reason.ts";
import { leftover } from "./own-fields.ts";
import { applyDelta, closeBlock, closeMessage, openBlock } from "./stream-block.ts";
import type { StreamState } from "./stream-state.ts";
import { addUsage, ensureStarted, startAnswer } from "./stream-state.ts";
import { DIALECT, indexOf, objectOf, textOf } from "./wire.ts";

type Handler = (state: StreamState, event: JsonObject, out: StreamPart[]) => boolean;

/** By event type; `false` as an answer means that the event is not known and is passed on as it came. */
const HANDLERS: Record<string, Handler> = {
  message_start: onMessageStart,
  content_block_start: onBlockStart,
  content_block_delta: onBlockDelta,
  content_block_stop: onBlockStop,
  message_delta: onMessageDelta,
  message_stop: onMessageStop,
  ping: (_state, _event, out) => {
    out.push({ type: "ping" });
    return true;
  },
  error: onError,
};

/**
 * Decodes the events of a streamed message (platform.claude.com, "Streaming Messages"; vendor SDK: `RawMessageStreamEvent`).
 * Text blocks that follow each other share one message item; blocks that only this dialect knows are gathered and emitted
 * whole. An answer counts as complete once a stop reason was seen: some servers send no `message_stop`.
 */
export function createStreamDecoder(): StreamDecoder {
  const state: StreamState = {
    phase: "waiting",
    messageId: "",
    blocks: new Map(),
    counter: { next: 0, message: -1, nextPart: 0, asksClient: false },
    usage: {},
  };
  return { push: (frame, out) => push(state, frame, out), finish: (out) => finish(state, out) };
}

function push(state: StreamState, frame: Frame, out: StreamPart[]): void {
  if (state.phase === "done") return;
  if (frame.data === "[DONE]") return;
  const event = objectFrom(frame.data);
  if (event === undefined) {
    if (frame.data.trim() === "") return;
    const error =
      frame.event === "error"
        ? streamError(frame.data)
        : new GatewayError("provider_protocol_error", "the upstream sent an event that is no JSON object");
    return fail(state, error, out);
  }
  const type = typeOf(event, frame);
  const handler = Object.hasOwn(HANDLERS, type) ? HANDLERS[type] : undefined;
  if (handler !== undefined && handler(state, event, out)) return;
  out.push({ type: "unknown", dialect: DIALECT, event: frame.event !== "" ? frame.event : type, data: frame.data });
}

function typeOf(event: JsonObject, frame: Frame): string {
  const type = textOf(event["type"]) || frame.event;
  return type === "" && event["error"] !== undefined ? "error" : type;
}

function onMessageStart(state: StreamState, event: JsonObject, out: StreamPart[]): boolean {
  const message = objectOf(event["message"]);
  const id = textOf(message["id"]);
  if (state.phase !== "waiting") {
    const isRepeat = id === state.messageId && state.counter.next === 0;
    if (!isRepeat)
      fail(
        state,
        new GatewayError("provider_protocol_error", "the upstream began a second message within one stream"),
        out,
      );
    return true;
  }
  startAnswer(state, message, out);
  for (const block of Array.isArray(message["content"]) ? message["content"] : []) {
    if (isJsonObject(block)) closeBlock(openBlock(block, state.counter, out), state.counter, out);
  }
  return true;
}

function onBlockStart(state: StreamState, event: JsonObject, out: StreamPart[]): boolean {
  if (!isJsonObject(event["content_block"])) return false;
  ensureStarted(state, out);
  const wireIndex = indexOf(event["index"]);
  closeBefore(state, wireIndex, out);
  state.blocks.set(wireIndex, openBlock(event["content_block"], state.counter, out));
  return true;
}

/** Blocks follow each other; only the tool calls of some compatible servers run side by side. */
function closeBefore(state: StreamState, wireIndex: number, out: StreamPart[]): void {
  for (const [other, block] of state.blocks) {
    if (other === wireIndex || block.kind !== "tool_use") closeAt(state, other, out);
  }
}

/** What a delta without a block before it can only belong to. */
const BLOCK_OF_DELTA: Record<string, JsonObject> = {
  text_delta: { type: "text" },
  citations_delta: { type: "text" },
  thinking_delta: { type: "thinking" },
  signature_delta: { type: "thinking" },
};

function onBlockDelta(state: StreamState, event: JsonObject, out: StreamPart[]): boolean {
  const delta = objectOf(event["delta"]);
  const wireIndex = indexOf(event["index"]);
  let block = state.blocks.get(wireIndex);
  if (block === undefined) {
    const type = textOf(delta["type"]);
    const opening = Object.hasOwn(BLOCK_OF_DELTA, type) ? BLOCK_OF_DELTA[type] : undefined;
    if (opening === undefined) return false;
    ensureStarted(state, out);
    block = openBlock(opening, state.counter, out);
    state.blocks.set(wireIndex, block);
  }
  return applyDelta(block, delta, out);
}

function onBlockStop(state: StreamState, event: JsonObject, out: StreamPart[]): boolean {
  closeAt(state, indexOf(event["index"]), out);
  return true;
}

function closeAt(state: StreamState, wireIndex: number, out: StreamPart[]): void {
  const block = state.blocks.get(wireIndex);
  if (block === undefined) return;
  state.blocks.delete(wireIndex);
  closeBlock(block, state.counter, out);
}

function closeAll(state: StreamState, out: StreamPart[]): void {
  for (const wireIndex of [...state.blocks.keys()]) closeAt(state, wireIndex, out);
  closeMessage(state.counter, out);
}

const DELTA_FIELDS = new Set(["type", "delta", "usage", "stop_reason", "stop_sequence"]);

function onMessageDelta(state: StreamState, event: JsonObject, out: StreamPart[]): boolean {
  ensureStarted(state, out);
  const delta = objectOf(event["delta"]);
  const { stop_reason: reason, stop_sequence: sequence } = delta;
  if (typeof reason === "string" && reason !== "" && state.phase === "open") {
    closeAll(state, out);
    state.phase = "finished";
    const beside = leftover(event, DELTA_FIELDS)?.[DIALECT];
    const within = leftover(delta, DELTA_FIELDS)?.[DIALECT];
    out.push({
      type: "finish",
      candidate: 0,
      reason: decodeFinishReason(reason, state.counter.asksClient),
      raw: reason,
      ...(typeof sequence === "string" && { stopSequence: sequence }),
      ...((beside !== undefined || within !== undefined) && { extensions: { [DIALECT]: { ...beside, ...within } } }),
    });
  }
  addUsage(state, event["usage"], out);
  return true;
}

function onMessageStop(state: StreamState, event: JsonObject, out: StreamPart[]): boolean {
  ensureStarted(state, out);
  if (state.phase === "open") {
    closeAll(state, out);
    out.push({ type: "finish", candidate: 0, reason: "other" });
  }
  state.phase = "done";
  const extensions = leftover(event, DELTA_FIELDS);
  out.push({ type: "end", ...(extensions !== undefined && { extensions }) });
  return true;
}

function onError(state: StreamState, event: JsonObject, out: StreamPart[]): boolean {
  fail(state, streamError(event), out);
  return true;
}

function fail(state: StreamState, error: GatewayError, out: StreamPart[]): void {
  closeAll(state, out);
  state.phase = "done";
  out.push({ type: "error", error });
}

function finish(state: StreamState, out: StreamPart[]): void {
  if (state.phase === "done") return;
  if (state.phase === "finished") {
    state.phase = "done";
    out.push({ type: "end" });
    return;
  }
  fail(
    state,
    new GatewayError("upstream_truncated", "the upstream ended its stream before the answer was complete"),
    out,
  );
}
