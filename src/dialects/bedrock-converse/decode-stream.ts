import type { Frame, StreamDecoder } from "../../canonical/dialect.ts";
import { GatewayError } from "../../canonical/errors.ts";
import { objectFrom, objectOf, type JsonObject } from "../../canonical/json.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import { streamError } from "./errors.ts";
import { decodeFinishReason, stopSequenceOf } from "./finish-reason.ts";
import { leftover } from "./own-fields.ts";
import {
  applyDelta,
  closeBlock,
  closeMessage,
  kindOf,
  openBlock,
  type ItemCounter,
  type OpenBlock,
} from "./stream-block.ts";
import { decodeUsage } from "./usage.ts";
import { DIALECT, textOf } from "./wire.ts";

/** All that is known of one answer while it streams. */
interface State {
  phase: "waiting" | "open" | "finished" | "done";
  blocks: Map<number, OpenBlock>;
  /** Starts of blocks whose kind only their first delta tells. */
  starts: Map<number, JsonObject>;
  counter: ItemCounter;
  /** What `metadata` said beside usage, should it come before the stop. */
  metadata: JsonObject | undefined;
}

/** False: the event is not known, and is passed on as it came. */
type Handler = (state: State, event: JsonObject, out: StreamPart[]) => boolean;

/** By event type (AWS SDK: `ConverseStreamOutput`). */
const HANDLERS: Readonly<Record<string, Handler>> = {
  messageStart: onMessageStart,
  contentBlockStart: onBlockStart,
  contentBlockDelta: onBlockDelta,
  contentBlockStop: onBlockStop,
  messageStop: onMessageStop,
  metadata: onMetadata,
};

/**
 * Decodes the messages of ConverseStream. Text blocks that follow each other share one message item. An answer is over with
 * its `metadata`, which follows on the stop; where none comes, with the end of the stream.
 */
export function createStreamDecoder(): StreamDecoder {
  const state: State = {
    phase: "waiting",
    blocks: new Map(),
    starts: new Map(),
    counter: { next: 0, message: -1, nextPart: 0, hasCalls: false },
    metadata: undefined,
  };
  return { push: (frame, out) => push(state, frame, out), finish: (out) => finish(state, out) };
}

function push(state: State, frame: Frame, out: StreamPart[]): void {
  if (state.phase === "done") return;
  const event = objectFrom(frame.data);
  if (frame.event.endsWith("Exception")) return fail(state, streamError(frame.event, event ?? frame.data), out);
  if (event === undefined) {
    if (frame.data.trim() === "") return;
    const text = "the upstream sent an event that is no JSON object";
    return fail(state, new GatewayError("provider_protocol_error", text), out);
  }
  const handler = Object.hasOwn(HANDLERS, frame.event) ? HANDLERS[frame.event] : undefined;
  if (handler !== undefined && handler(state, event, out)) return;
  if (handler === undefined && isFault(frame, event)) return fail(state, streamError(frame.event, event), out);
  out.push({ type: "unknown", dialect: DIALECT, event: frame.event, data: frame.data });
}

/** A message of type `error` names its code where events have their type, and tells a message alone. */
function isFault({ event }: Frame, body: JsonObject): boolean {
  return /error|fail/i.test(event) && typeof body["message"] === "string";
}

function ensureStarted(state: State, out: StreamPart[]): void {
  if (state.phase !== "waiting") return;
  state.phase = "open";
  out.push({ type: "start", id: "", model: "", createdAt: 0, extensions: { [DIALECT]: {} } });
}

function onMessageStart(state: State, _event: JsonObject, out: StreamPart[]): boolean {
  if (state.phase === "waiting") ensureStarted(state, out);
  else if (state.counter.next > 0 || state.phase !== "open") {
    const text = "the upstream began a second message within one stream";
    fail(state, new GatewayError("provider_protocol_error", text), out);
  }
  return true;
}

function indexOf({ contentBlockIndex: index }: JsonObject): number {
  return typeof index === "number" && Number.isInteger(index) ? index : 0;
}

function onBlockStart(state: State, event: JsonObject, out: StreamPart[]): boolean {
  if (state.phase === "finished") return false;
  ensureStarted(state, out);
  const at = indexOf(event);
  const start = objectOf(event["start"]);
  closeBefore(state, at, out);
  closeAt(state, at, out);
  const kind = kindOf(start, {});
  if (kind === undefined) state.starts.set(at, start);
  else state.blocks.set(at, openBlock(kind, start, state.counter, out));
  return true;
}

/** Blocks follow each other; only tool calls might run side by side. */
function closeBefore(state: State, at: number, out: StreamPart[]): void {
  for (const [other, block] of state.blocks) if (other !== at && block.kind !== "tool") closeAt(state, other, out);
}

function onBlockDelta(state: State, event: JsonObject, out: StreamPart[]): boolean {
  if (state.phase === "finished") return false;
  ensureStarted(state, out);
  const at = indexOf(event);
  const delta = objectOf(event["delta"]);
  const block = state.blocks.get(at);
  if (block !== undefined && applyDelta(block, delta, out)) return true;
  const kind = kindOf({}, delta);
  if (kind === undefined) return false;
  closeBefore(state, at, out);
  closeAt(state, at, out);
  const opened = openBlock(kind, state.starts.get(at) ?? {}, state.counter, out);
  state.blocks.set(at, opened);
  return applyDelta(opened, delta, out);
}

function onBlockStop(state: State, event: JsonObject, out: StreamPart[]): boolean {
  closeAt(state, indexOf(event), out);
  return true;
}

function closeAt(state: State, at: number, out: StreamPart[]): void {
  const block = state.blocks.get(at);
  if (block === undefined) return;
  state.blocks.delete(at);
  closeBlock(block, state.counter, out);
}

function closeAll(state: State, out: StreamPart[]): void {
  for (const at of [...state.blocks.keys()]) closeAt(state, at, out);
  closeMessage(state.counter, out);
}

const STOP_FIELDS = new Set(["stopReason", "p"]);

function onMessageStop(state: State, event: JsonObject, out: StreamPart[]): boolean {
  if (state.phase === "finished") return true;
  ensureStarted(state, out);
  closeAll(state, out);
  state.phase = "finished";
  const raw = textOf(event["stopReason"]);
  const sequence = stopSequenceOf(event["additionalModelResponseFields"]);
  const rest = leftover(event, STOP_FIELDS);
  out.push({
    type: "finish",
    candidate: 0,
    reason: raw === "" ? "other" : decodeFinishReason(raw, state.counter.hasCalls),
    ...(raw !== "" && { raw }),
    ...(sequence !== undefined && { stopSequence: sequence }),
    ...(rest !== undefined && { extensions: { [DIALECT]: rest } }),
  });
  return true;
}

/** `p` fills events up to a length that tells nothing of their content. */
const METADATA_FIELDS = new Set(["usage", "p", "serviceTier"]);

function onMetadata(state: State, event: JsonObject, out: StreamPart[]): boolean {
  ensureStarted(state, out);
  const usage = decodeUsage(event["usage"]);
  if (usage !== undefined) out.push({ type: "usage", usage });
  state.metadata = event;
  if (state.phase === "finished") end(state, out);
  return true;
}

function end(state: State, out: StreamPart[]): void {
  state.phase = "done";
  const { metadata = {} } = state;
  const tier = textOf(objectOf(metadata["serviceTier"])["type"]);
  const rest = leftover(metadata, METADATA_FIELDS);
  out.push({
    type: "end",
    ...(tier !== "" && { serviceTier: tier }),
    ...(rest !== undefined && { extensions: { [DIALECT]: rest } }),
  });
}

function fail(state: State, error: GatewayError, out: StreamPart[]): void {
  closeAll(state, out);
  state.phase = "done";
  out.push({ type: "error", error });
}

function finish(state: State, out: StreamPart[]): void {
  if (state.phase === "done") return;
  if (state.phase === "finished") return end(state, out);
  const text = "the upstream ended its stream before the answer was complete";
  fail(state, new GatewayError("upstream_truncated", text), out);
}
