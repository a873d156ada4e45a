import type { ReplyContext, StreamEncoder } from "../../canonical/dialect.ts";
import type { GatewayError } from "../../canonical/errors.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import type { Usage } from "../../canonical/usage.ts";
import { sseEvent } from "../../lib/sse-write.ts";
import { answerId } from "./encode-response.ts";
import { newItem, writeItemPart, type ItemPart, type ItemState, type Writer } from "./encode-stream-item.ts";
import { messageOf } from "./errors.ts";
import { encodeFinishReason } from "./finish-reason.ts";
import { encodeUsage } from "./usage.ts";
import { DIALECT } from "./wire.ts";

type PartOf<T extends StreamPart["type"]> = Extract<StreamPart, { type: T }>;

/** All that is known of one answer while it streams. */
interface State {
  reply: ReplyContext;
  writer: Writer;
  isStarted: boolean;
  isDone: boolean;
  /** By item index. Items of other candidates than the first have no place on this wire. */
  items: Map<number, ItemState>;
  finish: PartOf<"finish"> | undefined;
  usage: Usage | undefined;
}

/**
 * Encodes an answer as the events of a streamed one (vendor SDK: `V2ChatStreamResponse`). Every event names its block or
 * call, so that items may run side by side. The finish reason and the usage come with `message-end`, as does an error.
 */
export function createStreamEncoder(reply: ReplyContext): StreamEncoder {
  const state: State = {
    reply,
    writer: { blocks: 0, calls: 0, citations: 0 },
    isStarted: false,
    isDone: false,
    items: new Map(),
    finish: undefined,
    usage: undefined,
  };
  return { encode: (part) => encode(part, state) };
}

const KEEP_ALIVE = ": keep-alive\n\n";

function encode(part: StreamPart, state: State): string {
  if (state.isDone) return "";
  switch (part.type) {
    case "start":
      return state.isStarted ? "" : start(part, state);
    case "ping":
      return KEEP_ALIVE;
    case "usage":
      state.usage = part.usage;
      return "";
    case "finish":
      if (part.candidate === 0) state.finish = part;
      return "";
    case "unknown":
      return part.dialect === DIALECT ? sseEvent(part.event, part.data) : "";
    case "error":
      return fail(part.error, state);
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
  const message = { role: "assistant", content: [], tool_plan: "", tool_calls: [], citations: [] };
  const own = part.extensions?.[DIALECT];
  return wireEvent("message-start", { ...own, id: answerId(part.id, state.reply), delta: { message } });
}

function encodeItemPart(part: ItemPart, state: State): string {
  let item = state.items.get(part.index);
  if (item === undefined) {
    if (!("candidate" in part) || part.candidate !== 0) return "";
    item = newItem(part);
    state.items.set(part.index, item);
  }
  return writeItemPart(part, item, state.writer);
}

/** An answer with calls waits for their results, whatever word its host has for that. */
function end(part: PartOf<"end">, state: State): string {
  state.isDone = true;
  const { finish, usage, writer } = state;
  const reason = finish?.reason ?? "other";
  const waits = reason === "stop" && writer.calls > 0;
  const delta = {
    finish_reason: encodeFinishReason(waits ? "tool_calls" : reason, finish?.raw),
    ...(usage !== undefined && { usage: encodeUsage(usage) }),
  };
  return wireEvent("message-end", { ...part.extensions?.[DIALECT], delta });
}

/** `code` is ours, beside the vendor's fields (vendor SDK: `ChatMessageEndEventDelta`). */
function fail(error: GatewayError, state: State): string {
  state.isDone = true;
  const { code } = error;
  const finish_reason = code === "upstream_timeout" ? "TIMEOUT" : "ERROR";
  return wireEvent("message-end", { delta: { error: messageOf(error), finish_reason, code } });
}

function wireEvent(type: string, fields: JsonObject): string {
  return sseEvent(type, JSON.stringify({ type, ...fields }));
}
