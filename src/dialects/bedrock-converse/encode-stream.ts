import type { ReplyContext, StreamEncoder } from "../../canonical/dialect.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import type { Usage } from "../../canonical/usage.ts";
import { warnOnce } from "../../canonical/warning.ts";
import { stopBlock, writeEvent, writeException, writeUnknown, type BlockWriter } from "./block-writer.ts";
import { metricsOf, stopFields } from "./encode-response.ts";
import { errorBody, streamExceptionOf } from "./errors.ts";
import { encodeFinishReason } from "./finish-reason.ts";
import { closeItem, newItem, writeItemPart, type ItemPart, type ItemState } from "./item-writer.ts";
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
 * Encodes an answer as the messages of ConverseStream. Blocks follow each other strictly, as clients expect them: a tool
 * call keeps the wire until it ends, and what other items say meanwhile waits; text and reasoning give way at once and go
 * on in a further block. The stop reason and the final usage come with `end`.
 */
export function createStreamEncoder(reply: ReplyContext): StreamEncoder {
  const state: State = {
    reply,
    writer: { next: 0, isOpen: false, hasToolUse: false, hasRefusal: false, out: [] },
    isStarted: false,
    isDone: false,
    native: false,
    items: new Map(),
    current: undefined,
    waiting: [],
    finish: undefined,
    usage: undefined,
  };
  return {
    encode: (part) => {
      const { out } = state.writer;
      out.length = 0;
      if (!state.isDone) take(part, state);
      const [only = ""] = out;
      return out.length > 1 ? Buffer.concat(out) : only;
    },
  };
}

function take(part: StreamPart, state: State): void {
  switch (part.type) {
    case "start":
      return start(part, state);
    case "ping":
      return;
    case "usage":
      state.usage = part.usage;
      return;
    case "finish":
      if (part.candidate === 0) state.finish = part;
      return;
    case "unknown":
      if (part.dialect === DIALECT) writeUnknown(state.writer, part.event, part.data);
      return;
    case "error":
      state.isDone = true;
      return writeException(state.writer, streamExceptionOf(part.error), errorBody(part.error));
    case "end":
      ensureStarted(state);
      return end(part, state);
    default:
      ensureStarted(state);
      return takeItemPart(part, state);
  }
}

function ensureStarted(state: State): void {
  if (!state.isStarted) start({ type: "start", id: "", model: "", createdAt: 0 }, state);
}

function start(part: PartOf<"start">, state: State): void {
  if (state.isStarted) return;
  state.isStarted = true;
  state.native = ownFields(part.extensions) !== undefined;
  writeEvent(state.writer, "messageStart", { role: "assistant" });
}

function takeItemPart(part: ItemPart, state: State): void {
  let item = state.items.get(part.index);
  if (item === undefined) {
    if (!("candidate" in part) || part.candidate !== 0) return;
    item = newItem(part);
    state.items.set(part.index, item);
  }
  if (part.type === "citation" && item.isEnded) return leaveOutSource(state);
  if (part.type === "item_end") item.isEnded = true;
  const { current } = state;
  if (current !== undefined && current !== item) {
    if (current.kind === "tool_call" || state.waiting.length > 0) return hold(part, item, state);
    if (isSilent(part, item)) return;
    closeItem(current, state.writer);
  }
  write(part, item, state);
}

/** A block is not opened again, and one without text would be refused when it comes back. */
function leaveOutSource({ reply }: State): void {
  warnOnce(reply.warnings ?? [], "dropped_content", "citations", "sources that came after their text was closed");
}

/** Parts that write nothing for this item must not take the wire from another. */
function isSilent(part: ItemPart, item: ItemState): boolean {
  if (part.type === "item_start") return part.kind !== "tool_call";
  if (part.type === "item_end") return item.opaque === undefined;
  return part.type === "opaque_item" && part.dialect !== DIALECT;
}

function hold(part: ItemPart, item: ItemState, state: State): void {
  if (item.held.length === 0) state.waiting.push(item);
  item.held.push(part);
}

function write(part: ItemPart, item: ItemState, state: State): void {
  state.current = item;
  writeItemPart(part, item, state.writer);
  if (part.type !== "item_end" && part.type !== "opaque_item") return;
  state.current = undefined;
  writeWaiting(state);
}

/** Lets the waiting items speak, in their order, until a tool call is reached that has not ended: it keeps the wire. */
function writeWaiting(state: State): void {
  while (state.current === undefined) {
    const item = state.waiting.shift();
    if (item === undefined) return;
    writeHeld(item, state);
  }
}

function writeHeld(item: ItemState, state: State): void {
  const parts = item.held;
  item.held = [];
  for (const part of parts) writeItemPart(part, item, state.writer);
  const isOver = item.isEnded || item.kind === "opaque";
  const keepsWire = !isOver && (item.kind === "tool_call" || state.waiting.length === 0);
  state.current = keepsWire ? item : undefined;
  if (!keepsWire) closeItem(item, state.writer);
}

/** What never ended is closed now. */
function flush(state: State): void {
  stopBlock(state.writer);
  for (const item of state.waiting) {
    item.isEnded = true;
    writeHeld(item, state);
    stopBlock(state.writer);
  }
  state.waiting = [];
}

function end(part: PartOf<"end">, state: State): void {
  state.isDone = true;
  flush(state);
  const { finish, native, writer, reply } = state;
  const stop: JsonObject = { stopReason: stopReason(state), ...(!native && stopFields(finish)) };
  writeEvent(writer, "messageStop", { ...stop, ...ownFields(finish?.extensions) });
  const { serviceTier } = part;
  writeEvent(writer, "metadata", {
    usage: encodeUsage(state.usage),
    metrics: metricsOf(reply),
    ...ownFields(part.extensions),
    ...(serviceTier !== undefined && native && { serviceTier: { type: serviceTier } }),
  });
}

function stopReason(state: State): string {
  const { finish, native } = state;
  const { hasToolUse, hasRefusal } = state.writer;
  if (finish === undefined || (finish.reason === "other" && !native)) return hasToolUse ? "tool_use" : "end_turn";
  const { reason, raw, stopSequence } = finish;
  return encodeFinishReason(
    {
      finishReason: reason === "stop" && hasRefusal ? "refusal" : reason,
      ...(raw !== undefined && { rawFinishReason: raw }),
      ...(stopSequence !== undefined && { stopSequence }),
    },
    native,
  );
}
