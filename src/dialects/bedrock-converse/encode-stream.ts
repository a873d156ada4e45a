import { ItemOrder, type ItemSink } from "../../canonical/claude/item-order.ts";
import type { ItemPart, ItemState } from "../../canonical/claude/item-state.ts";
import type { ReplyContext, StreamEncoder } from "../../canonical/dialect.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import type { Usage } from "../../canonical/usage.ts";
import { stopBlock, writeEvent, writeException, writeUnknown, type BlockWriter } from "./block-writer.ts";
import { metricsOf, stopFields } from "./encode-response.ts";
import { errorBody, streamExceptionOf } from "./errors.ts";
import { encodeFinishReason } from "./finish-reason.ts";
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
  order: ItemOrder;
  finish: PartOf<"finish"> | undefined;
  usage: Usage | undefined;
}

/**
 * Encodes an answer as the messages of ConverseStream. Blocks follow each other strictly, as clients expect them: a tool
 * call keeps the wire until it ends, and what other items say meanwhile waits; text and reasoning give way at once and go
 * on in a further block. The stop reason and the final usage come with `end`.
 */
export function createStreamEncoder(reply: ReplyContext): StreamEncoder {
  const writer: BlockWriter = { next: 0, isOpen: false, hasToolUse: false, hasRefusal: false, out: [] };
  const state: State = {
    reply,
    writer,
    order: new ItemOrder(new BlockSink(writer), reply.warnings ?? []),
    isStarted: false,
    isDone: false,
    native: false,
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
      return state.order.take(part);
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

/** Writes the messages of one part. */
class BlockSink implements ItemSink {
  private readonly writer: BlockWriter;

  constructor(writer: BlockWriter) {
    this.writer = writer;
  }

  write(part: ItemPart, item: ItemState): void {
    writeItemPart(part, item, this.writer);
  }

  stop(): void {
    stopBlock(this.writer);
  }

  isSilent(part: ItemPart, item: ItemState): boolean {
    if (part.type === "item_start") return part.kind !== "tool_call";
    if (part.type === "item_end") return item.opaque === undefined;
    return part.type === "opaque_item" && part.dialect !== DIALECT;
  }
}

function end(part: PartOf<"end">, state: State): void {
  state.isDone = true;
  state.order.flush();
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
