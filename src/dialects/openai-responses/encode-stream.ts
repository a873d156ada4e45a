import type { ReplyContext, StreamEncoder } from "../../canonical/dialect.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { ToolCallItem } from "../../canonical/request.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import { closeArguments, writeArguments } from "./encode-stream-call.ts";
import type { CallEntry } from "./encode-stream-call.ts";
import { closeAudio, closePart, writeCitation, writeMedia, writeRefusal, writeText } from "./encode-stream-message.ts";
import type { MessageEntry } from "./encode-stream-message.ts";
import { closeReasoningPart, writeReasoning } from "./encode-stream-reasoning.ts";
import type { ReasoningEntry } from "./encode-stream-reasoning.ts";
import { encodeOutputItem } from "./encode-output-item.ts";
import type { OutputItem } from "./encode-output-item.ts";
import { answerId } from "./encode-response.ts";
import { errorObject } from "./errors.ts";
import { encodeFinish } from "./finish-reason.ts";
import type { EncodedFinish } from "./finish-reason.ts";
import { carriedBy } from "./made-up-id.ts";
import { asClientKnows } from "./namespaces.ts";
import { ownFields } from "./own-fields.ts";
import { showsTextAsSummary } from "./reasoning-channel.ts";
import { relayEvent, writeOpaqueItem } from "./relay-event.ts";
import { replyFields } from "./reply-fields.ts";
import { closeItem, keepCutItems, openItem, streamOutput } from "./stream-output.ts";
import type { OutputEntry, PartOf, StreamOutput } from "./stream-output.ts";
import { isSearch } from "./tool-search.ts";
import { encodeUsage } from "./usage.ts";
import { DIALECT } from "./wire.ts";

type Handlers = { [T in StreamPart["type"]]: (state: StreamOutput, part: PartOf<T>) => void };

const HANDLERS: Handlers = {
  start: begin,
  item_start: startItem,
  text_delta: (state, part) => onMessage(state, part, writeText),
  refusal_delta: (state, part) => onMessage(state, part, writeRefusal),
  citation: onCitation,
  media: (state, part) => onMessage(state, part, writeMedia),
  reasoning_delta: onReasoning,
  tool_delta: onToolDelta,
  item_opaque: keepOpaque,
  item_end: endItem,
  opaque_item: writeOpaqueItem,
  finish: keepFinish,
  usage: (state, part) => void (state.usage = part.usage),
  ping: (state) => state.writer.comment(),
  unknown: relayEvent,
  error: fail,
  end,
};

/**
 * Encodes a stream for a client as the vendor's typed events, numbered from 0, with whole items in the done events and
 * the whole answer in `response.completed` (or `incomplete`, `failed`). The stream has no other terminal mark.
 */
export function createStreamEncoder(reply: ReplyContext): StreamEncoder {
  const state = streamOutput(reply);
  return {
    encode(part) {
      if (state.ended) return "";
      if (state.start === undefined && BEGINS.has(part.type)) begin(state, emptyStart());
      (HANDLERS[part.type] as (state: StreamOutput, part: StreamPart) => void)(state, part);
      return state.writer.take();
    },
  };
}

/** Parts that need an answer to belong to; without `start` before them they begin one. */
const BEGINS: ReadonlySet<StreamPart["type"]> = new Set([
  "item_start",
  "opaque_item",
  "finish",
  "error",
  "end",
] satisfies StreamPart["type"][]);

function emptyStart(): PartOf<"start"> {
  return { type: "start", id: "", model: "", createdAt: 0 };
}

function begin(state: StreamOutput, part: PartOf<"start">): void {
  if (state.start !== undefined) return;
  state.start = part;
  state.textAsSummary = showsTextAsSummary(state.reply, part);
  state.answerId = answerId(part.id, state.reply);
  const response = responseObject(state, { status: "in_progress", incomplete_details: null, error: null });
  const field = `"response":${JSON.stringify(response)}`;
  state.writer.eventText("response.created", field);
  state.writer.eventText("response.in_progress", field);
}

/** The answer so far; `last` brings what is known only at its end. */
function responseObject(state: StreamOutput, finish: EncodedFinish, last?: PartOf<"end">): JsonObject {
  const { reply, usage } = state;
  const start = state.start ?? emptyStart();
  const fields = { ...ownFields(start), ...(last === undefined ? {} : ownFields(last)) };
  return {
    id: state.answerId,
    object: "response",
    created_at: start.createdAt || reply.createdAt,
    ...replyFields(reply),
    ...fields,
    ...finish,
    model: start.model || reply.model,
    output: state.output,
    service_tier: last?.serviceTier ?? start.serviceTier ?? null,
    usage: usage === undefined ? null : encodeUsage(usage),
  };
}

/** This dialect gives one answer: items of further candidates have no place. */
function startItem(state: StreamOutput, part: PartOf<"item_start">): void {
  if (part.candidate !== 0 || state.entries.has(part.index)) return;
  const made = newItem(part);
  const item = made.type === "tool_call" ? asClientKnows(made, state.calls) : made;
  state.entries.set(part.index, openItem(state, item, item.type === "tool_call" ? emptyCall(item) : {}));
}

/** A call opens without arguments, whatever they turn out to be. */
function emptyCall(call: ToolCallItem): JsonObject {
  if (isSearch(call)) return {};
  return { status: "in_progress", ...(call.kind === "custom" ? { input: "" } : { arguments: "" }) };
}

function newItem(part: PartOf<"item_start">): OutputItem {
  const { id, opaque, callId, name, toolKind } = part;
  const identity = { ...(id !== undefined && { id }), extensions: { [DIALECT]: ownFields(part) } };
  if (part.kind === "message") return { type: "message", role: "assistant", content: [], ...identity };
  const state = opaque !== undefined ? { opaque } : {};
  if (part.kind === "reasoning") return { type: "reasoning", summary: [], text: "", ...identity, ...state };
  const kind = toolKind ?? "function";
  return { type: "tool_call", callId: callId ?? "", name: name ?? "", kind, arguments: "", ...identity, ...state };
}

function onMessage<P extends { index: number }>(
  state: StreamOutput,
  part: P,
  write: (state: StreamOutput, entry: MessageEntry, part: P) => void,
): void {
  const entry = state.entries.get(part.index);
  if (entry !== undefined && isMessage(entry)) write(state, entry, part);
}

/** Sources that come after their message has ended stand in the whole answer, too. */
function onCitation(state: StreamOutput, part: PartOf<"citation">): void {
  const closed = state.closed.get(part.index);
  if (closed === undefined || !isMessage(closed)) return onMessage(state, part, writeCitation);
  writeCitation(state, closed, part);
  const wire = encodeOutputItem(closed.item, closed.id, "completed");
  state.output[closed.index] = wire;
}

function onReasoning(state: StreamOutput, part: PartOf<"reasoning_delta">): void {
  const entry = state.entries.get(part.index);
  if (entry !== undefined && isReasoning(entry)) writeReasoning(state, entry, part);
}

function onToolDelta(state: StreamOutput, part: PartOf<"tool_delta">): void {
  const entry = state.entries.get(part.index);
  if (entry !== undefined && isCall(entry)) writeArguments(state, entry, part.text);
}

function isMessage(entry: OutputEntry): entry is MessageEntry {
  return entry.item.type === "message";
}

function isReasoning(entry: OutputEntry): entry is ReasoningEntry {
  return entry.item.type === "reasoning";
}

function isCall(entry: OutputEntry): entry is CallEntry {
  return entry.item.type === "tool_call";
}

function keepOpaque(state: StreamOutput, part: PartOf<"item_opaque">): void {
  const item = state.entries.get(part.index)?.item;
  if (item?.type === "reasoning" || item?.type === "tool_call") item.opaque = part.opaque;
}

function endItem(state: StreamOutput, part: PartOf<"item_end">): void {
  const entry = state.entries.get(part.index);
  if (entry === undefined) return;
  const { item } = entry;
  if (item.type !== "opaque")
    item.extensions = { [DIALECT]: { ...ownFields(item), ...statusOf(item), ...ownFields(part) } };
  finishItem(state, part.index, entry);
}

/** The status an item began with says nothing once it has ended. */
function statusOf(item: OutputItem): JsonObject {
  return item.type !== "opaque" && "status" in ownFields(item) ? { status: "completed" } : {};
}

function finishItem(state: StreamOutput, index: number, entry: OutputEntry): void {
  state.entries.delete(index);
  if (isMessage(entry)) {
    closePart(state, entry);
    closeAudio(state, entry);
    state.closed.set(index, entry);
  } else if (isReasoning(entry)) closeReasoningPart(state, entry);
  else if (isCall(entry)) closeArguments(state, entry);
  closeItem(state, entry);
}

function keepFinish(state: StreamOutput, part: PartOf<"finish">): void {
  if (part.candidate !== 0) return;
  state.finish = { reason: part.reason, ...(part.raw !== undefined && { raw: part.raw }) };
}

function end(state: StreamOutput, part: PartOf<"end">): void {
  for (const [index, entry] of state.entries) finishItem(state, index, entry);
  const finish = encodeFinish(state.finish.reason, state.finish.raw, state.saidRefusal);
  if (state.finish.reason === "length") markCut(state);
  const event = TERMINAL[finish.status] ?? "response.completed";
  state.writer.event(event, { response: responseObject(state, finish, part) });
  state.ended = true;
}

/**
 * The message or call that was cut off had ended before the reason was known; hosts of this dialect give the status
 * themselves. Behind it may stand carriers of its state.
 */
function markCut(state: StreamOutput): void {
  if (state.start?.extensions?.[DIALECT] !== undefined) return;
  const place = state.output.findLastIndex(({ id }) => typeof id !== "string" || carriedBy(id) === undefined);
  const last = state.output[place];
  if (last !== undefined && MAY_BE_CUT.has(last.type)) state.output[place] = { ...last, status: "incomplete" };
}

const MAY_BE_CUT: ReadonlySet<unknown> = new Set(["message", "function_call", "custom_tool_call"]);

const TERMINAL: Readonly<Record<string, string>> = {
  completed: "response.completed",
  incomplete: "response.incomplete",
  failed: "response.failed",
};

/**
 * An error ends the stream as the vendor ends one: an `error` event, then `response.failed`. The vendor documents the
 * fields of `error` at the top and sends them nested; SDKs read the one or the other, so both are given.
 */
function fail(state: StreamOutput, part: PartOf<"error">): void {
  const error = errorObject(part.error);
  const { code, message, param } = error;
  state.writer.event("error", { code, message, param, error });
  keepCutItems(state);
  const finish = { status: "failed", incomplete_details: null, error: { code, message } };
  state.writer.event("response.failed", { response: responseObject(state, finish) });
  state.ended = true;
}
