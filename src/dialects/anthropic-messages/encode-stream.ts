import type { ReplyContext, StreamEncoder } from "../../canonical/dialect.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import type { Usage } from "../../canonical/usage.ts";
import { warnOnce } from "../../canonical/warning.ts";
import { sseEvent } from "../../lib/sse-write.ts";
import type { BlockWriter } from "./block-writer.ts";
import { stopBlock, wireEvent } from "./block-writer.ts";
import { messageId } from "./encode-response.ts";
import { errorBody } from "./errors.ts";
import { encodeFinishReason } from "./finish-reason.ts";
import type { ItemPart, ItemState } from "./item-writer.ts";
import { closeItem, newItem, writeItemPart } from "./item-writer.ts";
import { ownFields } from "./own-fields.ts";
import { encodeUsage } from "./usage.ts";
import { DIALECT } from "./wire.ts";

type PartOf<T extends StreamPart["type"]> = Extract<StreamPart, { type: T }>;

/** All that is known of one answer while it streams. */
interface State {
  reply: ReplyContext;
  writer: BlockWriter;
  isStarted: boolean;
  isDone: boolean;
  /** The upstream spoke this dialect. */
  native: boolean;
  /** By item index. Items of other candidates than the first have no place on this wire. */
  items: Map<number, ItemState>;
  /** The item that has the wire. */
  current: ItemState | undefined;
  /** Items with parts that wait, in order of appearance. */
  waiting: ItemState[];
  finish: PartOf<"finish"> | undefined;
  usage: Usage | undefined;
}

/**
 * Encodes an answer as the events of a streamed message (platform.claude.com, "Streaming Messages"). Blocks follow each
 * other strictly: a tool call keeps the wire until it ends, and what other items say meanwhile waits; text and thinking
 * give way at once and go on in a further block. The stop reason and the final usage come with `end`.
 */
export function createStreamEncoder(reply: ReplyContext): StreamEncoder {
  const state: State = {
    reply,
    writer: { next: 0, isOpen: false, hasToolUse: false, hasRefusal: false },
    isStarted: false,
    isDone: false,
    native: false,
    items: new Map(),
    current: undefined,
    waiting: [],
    finish: undefined,
    usage: undefined,
  };
  return { encode: (part) => encode(part, state) };
}

function encode(part: StreamPart, state: State): string {
  if (state.isDone) return "";
  switch (part.type) {
    case "start":
      return state.isStarted ? "" : start(part, state);
    case "ping":
      return wireEvent("ping", {});
    case "usage":
      state.usage = part.usage;
      return "";
    case "finish":
      if (part.candidate === 0) state.finish = part;
      return "";
    case "unknown":
      return part.dialect === DIALECT ? sseEvent(part.event, part.data) : "";
    case "error":
      state.isDone = true;
      return sseEvent("error", JSON.stringify(errorBody(part.error)));
    case "end":
      return ensureStarted(state) + end(part, state);
    default:
      return ensureStarted(state) + encodeItemPart(part, state);
  }
}

function ensureStarted(state: State): string {
  return state.isStarted ? "" : start({ type: "start", id: "", model: "", createdAt: 0 }, state);
}

function start(part: PartOf<"start">, state: State): string {
  state.isStarted = true;
  const own = ownFields(part.extensions);
  state.native = own !== undefined;
  const message: JsonObject = {
    ...own,
    id: messageId(part.id, state.reply),
    type: "message",
    role: "assistant",
    model: part.model !== "" ? part.model : state.reply.model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: own?.["usage"] ?? encodeUsage(state.usage),
  };
  return wireEvent("message_start", { message });
}

function encodeItemPart(part: ItemPart, state: State): string {
  let item = state.items.get(part.index);
  if (item === undefined) {
    if (!("candidate" in part) || part.candidate !== 0) return "";
    item = newItem(part);
    state.items.set(part.index, item);
  }
  if (part.type === "citation" && item.isEnded) return leaveOutSource(state);
  if (part.type === "item_end") item.isEnded = true;
  const { current } = state;
  if (current !== undefined && current !== item) {
    if (current.kind === "tool_call" || state.waiting.length > 0) return hold(part, item, state);
    if (isSilent(part, item)) return "";
    return closeItem(current, state.writer) + write(part, item, state);
  }
  return write(part, item, state);
}

/** A block is not opened again, and one without text would be refused when it comes back. */
function leaveOutSource({ reply }: State): string {
  warnOnce(reply.warnings ?? [], "dropped_content", "citations", "sources that came after their text was closed");
  return "";
}

/** Parts that write nothing for this item must not take the wire from another. */
function isSilent(part: ItemPart, item: ItemState): boolean {
  if (part.type === "item_start") return part.kind !== "tool_call";
  if (part.type === "item_end") return item.opaque === undefined;
  return part.type === "media" || (part.type === "opaque_item" && part.dialect !== DIALECT);
}

function hold(part: ItemPart, item: ItemState, state: State): string {
  if (item.held.length === 0) state.waiting.push(item);
  item.held.push(part);
  return "";
}

function write(part: ItemPart, item: ItemState, state: State): string {
  state.current = item;
  const text = writeItemPart(part, item, state.writer);
  if (part.type !== "item_end" && part.type !== "opaque_item") return text;
  state.current = undefined;
  return text + writeWaiting(state);
}

/** Lets the waiting items speak, in their order, until a tool call is reached that has not ended: it keeps the wire. */
function writeWaiting(state: State): string {
  let text = "";
  while (state.current === undefined) {
    const item = state.waiting.shift();
    if (item === undefined) return text;
    text += writeHeld(item, state);
  }
  return text;
}

function writeHeld(item: ItemState, state: State): string {
  const parts = item.held;
  item.held = [];
  let text = "";
  for (const part of parts) text += writeItemPart(part, item, state.writer);
  const isOver = item.isEnded || item.kind === "opaque";
  const keepsWire = !isOver && (item.kind === "tool_call" || state.waiting.length === 0);
  state.current = keepsWire ? item : undefined;
  return keepsWire ? text : text + closeItem(item, state.writer);
}

/** What never ended is closed now. */
function flush(state: State): string {
  let text = stopBlock(state.writer);
  for (const item of state.waiting) {
    item.isEnded = true;
    text += writeHeld(item, state) + stopBlock(state.writer);
  }
  state.waiting = [];
  return text;
}

/** Fields of `message_delta` that stand beside `delta` (vendor SDK: `BetaRawMessageDeltaEvent`); all others stand within. */
const BESIDE_DELTA: ReadonlySet<string> = new Set(["context_management", "input_transformations"]);

function end(part: PartOf<"end">, state: State): string {
  state.isDone = true;
  const flushed = flush(state);
  const { finish } = state;
  const own = Object.entries(ownFields(finish?.extensions) ?? {});
  const beside = Object.fromEntries(own.filter(([key]) => BESIDE_DELTA.has(key)));
  const within = Object.fromEntries(own.filter(([key]) => !BESIDE_DELTA.has(key)));
  const delta: JsonObject = { stop_reason: stopReason(state), stop_sequence: finish?.stopSequence ?? null, ...within };
  const usage = deltaUsage(encodeUsage(state.usage));
  return (
    flushed +
    wireEvent("message_delta", { delta, usage, ...beside }) +
    wireEvent("message_stop", { ...ownFields(part.extensions) })
  );
}

function stopReason(state: State): string {
  const { finish } = state;
  if (finish === undefined || (finish.reason === "other" && !state.native)) {
    return state.writer.hasToolUse ? "tool_use" : "end_turn";
  }
  const { reason, raw, stopSequence } = finish;
  return encodeFinishReason(
    {
      finishReason: reason === "stop" && state.writer.hasRefusal ? "refusal" : reason,
      ...(raw !== undefined && { rawFinishReason: raw }),
      ...(stopSequence !== undefined && { stopSequence }),
    },
    state.native,
  );
}

/** Usage fields that only `message_start` has (vendor SDK: `Usage` against `MessageDeltaUsage`). */
const START_USAGE: ReadonlySet<string> = new Set(["cache_creation", "inference_geo", "service_tier", "speed"]);

function deltaUsage(usage: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(usage).filter(([key]) => !START_USAGE.has(key)));
}
