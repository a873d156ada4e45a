import { ItemOrder, type ItemSink } from "../../canonical/claude/item-order.ts";
import type { ItemPart, ItemState } from "../../canonical/claude/item-state.ts";
import type { ReplyContext, StreamEncoder } from "../../canonical/dialect.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import type { Usage } from "../../canonical/usage.ts";
import { sseEvent } from "../../lib/sse-write.ts";
import type { BlockWriter } from "./block-writer.ts";
import { stopBlock, wireEvent } from "./block-writer.ts";
import { FreshCallIds } from "./call-ids.ts";
import { messageId } from "./encode-response.ts";
import { errorBody } from "./errors.ts";
import { encodeFinishReason, warnBrokenOff } from "./finish-reason.ts";
import { writeItemPart } from "./item-writer.ts";
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
  sink: BlockSink;
  order: ItemOrder;
  ids: FreshCallIds;
  finish: PartOf<"finish"> | undefined;
  usage: Usage | undefined;
}

/**
 * Encodes an answer as the events of a streamed message (platform.claude.com, "Streaming Messages"). Blocks follow each
 * other strictly: a tool call keeps the wire until it ends, and what other items say meanwhile waits; text and thinking
 * give way at once and go on in a further block. The stop reason and the final usage come with `end`.
 */
export function createStreamEncoder(reply: ReplyContext): StreamEncoder {
  const writer = { next: 0, isOpen: false, hasToolUse: false, hasRefusal: false };
  const sink = new BlockSink(writer);
  const state: State = {
    reply,
    writer,
    sink,
    order: new ItemOrder(sink, reply.warnings ?? []),
    ids: new FreshCallIds(reply.request),
    isStarted: false,
    isDone: false,
    native: false,
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
  state.order.take(part.type === "item_start" && part.callId !== undefined ? withFreshId(part, state) : part);
  return written(state.sink);
}

function withFreshId(part: PartOf<"item_start">, { ids }: State): ItemPart {
  const callId = ids.of(part.callId ?? "");
  return callId === part.callId ? part : { ...part, callId };
}

/** Gathers the events of one part. */
class BlockSink implements ItemSink {
  text = "";
  private readonly writer: BlockWriter;

  constructor(writer: BlockWriter) {
    this.writer = writer;
  }

  write(part: ItemPart, item: ItemState): void {
    this.text += writeItemPart(part, item, this.writer);
  }

  stop(): void {
    this.text += stopBlock(this.writer);
  }

  isSilent(part: ItemPart, item: ItemState): boolean {
    if (part.type === "item_start") return part.kind !== "tool_call";
    if (part.type === "item_end") return item.opaque === undefined;
    return part.type === "media" || (part.type === "opaque_item" && part.dialect !== DIALECT);
  }
}

function written(sink: BlockSink): string {
  const { text } = sink;
  sink.text = "";
  return text;
}

/** Fields of `message_delta` that stand beside `delta` (vendor SDK: `BetaRawMessageDeltaEvent`); all others stand within. */
const BESIDE_DELTA: ReadonlySet<string> = new Set(["context_management", "input_transformations"]);

function end(part: PartOf<"end">, state: State): string {
  state.isDone = true;
  state.order.flush();
  const flushed = written(state.sink);
  const { finish } = state;
  if (finish?.reason === "error" && !state.writer.hasToolUse) warnBrokenOff(finish.raw, state.reply.warnings);
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
  if (reason === "error" && state.writer.hasToolUse) return "tool_use";
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
