import type { ReplyContext, StreamEncoder } from "../../canonical/dialect.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import { sseEvent } from "../../lib/sse-write.ts";
import { encodePart } from "./encode-content.ts";
import type { EncodeContext } from "./encode-context.ts";
import {
  encodeCitation,
  encodeItemEnd,
  encodeItemOpaque,
  encodeItemStart,
  encodeReasoningDelta,
  encodeTextState,
} from "./encode-stream-items.ts";
import type { EncoderState, ItemState } from "./encode-stream-state.ts";
import { TAIL, beginAnswer, candidateOf, createEncoderState } from "./encode-stream-state.ts";
import { encodeError } from "./errors.ts";
import { encodeFinish } from "./finish-reason.ts";
import { isLegacy } from "./legacy.ts";
import { encodeServiceTier } from "./service-tier.ts";
import { encodeUsage } from "./usage.ts";
import { CHAT, addFields, objectOf } from "./wire.ts";

type PartOf<T extends StreamPart["type"]> = Extract<StreamPart, { type: T }>;
type Handlers = { [T in StreamPart["type"]]: (state: EncoderState, part: PartOf<T>) => string };

const KEEP_ALIVE = ": keep-alive\n\n";
const DONE = "data: [DONE]\n\n";
const CLIENT: EncodeContext = { own: false, toClient: true, legacy: false, warnings: [] };

const HANDLERS: Handlers = {
  start: encodeStart,
  item_start: encodeItemStart,
  text_delta: encodeText,
  refusal_delta: encodeRefusal,
  reasoning_delta: encodeReasoningDelta,
  item_opaque: encodeItemOpaque,
  tool_delta: encodeArguments,
  citation: encodeCitation,
  media: encodeMedia,
  item_end: encodeItemEnd,
  opaque_item: () => "",
  finish: encodeFinishPart,
  usage: keepUsage,
  ping: () => KEEP_ALIVE,
  unknown: encodeUnknown,
  error: encodeErrorPart,
  end: encodeEnd,
};

/** Encodes a streamed answer as chunks (openai SDK 6.49, ChatCompletionChunk), ended by `[DONE]`. */
export function createStreamEncoder(reply: ReplyContext): StreamEncoder {
  const state = createEncoderState(reply, isLegacy(reply.request));
  return { encode: (part) => encodeStreamPart(state, part) };
}

function encodeStreamPart<T extends StreamPart["type"]>(state: EncoderState, part: PartOf<T>): string {
  if (state.ended) return "";
  const handler = HANDLERS[part.type];
  return handler(state, part);
}

function encodeStart(state: EncoderState, part: PartOf<"start">): string {
  beginAnswer(state, part);
  const { role } = candidateOf(state, 0);
  const fields = part.extensions?.[CHAT];
  if (fields === undefined) return role;
  const { system_fingerprint: _, ...rest } = fields;
  const text = JSON.stringify(rest);
  return text === "{}" ? role : `${role.slice(0, -3)},${text.slice(1)}\n\n`;
}

function chunk(state: EncoderState, item: ItemState, delta: string): string {
  return (state.candidates[item.candidate]?.head ?? "") + delta + TAIL;
}

function encodeText(state: EncoderState, part: PartOf<"text_delta">): string {
  const item = state.items[part.index];
  if (item === undefined) return "";
  countText(state, item, part);
  const head = state.candidates[item.candidate]?.head ?? "";
  const delta = `${head}{"content":${JSON.stringify(part.text)}}`;
  if (part.opaque !== undefined) return delta + TAIL + encodeTextState(state, item, part.opaque);
  if (part.logprobs === undefined) return part.text === "" ? "" : delta + TAIL;
  return `${delta},"logprobs":${JSON.stringify(part.logprobs)},"finish_reason":null}]}\n\n`;
}

/** Remembers where text parts stand in the content, which citations refer to. */
function countText(state: EncoderState, item: ItemState, part: PartOf<"text_delta">): void {
  const candidate = state.candidates[item.candidate];
  if (candidate === undefined) return;
  item.partStarts[part.part] ??= candidate.textLength;
  item.partLengths[part.part] = (item.partLengths[part.part] ?? 0) + part.text.length;
  candidate.textLength += part.text.length;
}

function encodeRefusal(state: EncoderState, part: PartOf<"refusal_delta">): string {
  const item = state.items[part.index];
  return item === undefined ? "" : chunk(state, item, `{"refusal":${JSON.stringify(part.text)}}`);
}

function encodeArguments(state: EncoderState, part: PartOf<"tool_delta">): string {
  const item = state.items[part.index];
  if (item === undefined || part.text === "") return "";
  item.hasArguments = true;
  if (item.held !== null) {
    item.held.text += part.text;
    return "";
  }
  const text = JSON.stringify(part.text);
  if (item.callIndex < 0) return chunk(state, item, `{"function_call":{"arguments":${text}}}`);
  const body = item.custom ? `"custom":{"input":${text}}` : `"function":{"arguments":${text}}`;
  return chunk(state, item, `{"tool_calls":[{"index":${item.callIndex},${body}}]}`);
}

function encodeMedia(state: EncoderState, part: PartOf<"media">): string {
  const item = state.items[part.index];
  if (item === undefined) return "";
  const { media } = part;
  if (media.type === "audio") return chunk(state, item, JSON.stringify({ audio: audioDelta(media) }));
  const encoded = encodePart(media, CLIENT);
  if (encoded === undefined) return "";
  const delta = media.type === "image" ? { images: [encoded] } : { content: [encoded] };
  return chunk(state, item, JSON.stringify(delta));
}

function audioDelta(media: Extract<PartOf<"media">["media"], { type: "audio" }>): JsonObject {
  const audio: JsonObject = { ...media.extensions?.[CHAT] };
  if (media.id !== undefined) audio["id"] = media.id;
  if (media.source.type === "base64" && media.source.data !== "") audio["data"] = media.source.data;
  if (media.transcript !== undefined) audio["transcript"] = media.transcript;
  return audio;
}

function encodeFinishPart(state: EncoderState, part: PartOf<"finish">): string {
  const { candidate, role } = candidateOf(state, part.candidate);
  candidate.finished = true;
  const fields = part.extensions?.[CHAT];
  const word = encodeFinish(part.reason, part.raw, fields !== undefined, state.legacy);
  const choice: JsonObject = { logprobs: null, finish_reason: word };
  if (fields !== undefined) {
    const { message: _message, ...rest } = fields;
    addFields(choice, rest);
  }
  const delta = JSON.stringify(objectOf(fields?.["message"]) ?? {});
  return `${role}${candidate.head}${delta},${JSON.stringify(choice).slice(1)}]}\n\n`;
}

/** The last usage goes out at the end, once: hosts send any number. */
function keepUsage(state: EncoderState, part: PartOf<"usage">): string {
  state.usage = part.usage;
  return "";
}

function encodeUnknown(_state: EncoderState, part: PartOf<"unknown">): string {
  return part.dialect === CHAT ? sseEvent(part.event, part.data) : "";
}

/**
 * An error goes out as OpenAI's own, `data: {"error": …}`, which its SDKs throw. `[DONE]` follows, so that clients that
 * wait for it end; no `finish_reason` does, so that none takes the answer for whole.
 */
function encodeErrorPart(state: EncoderState, part: PartOf<"error">): string {
  state.ended = true;
  return sseEvent("", JSON.stringify(encodeError(part.error).body)) + DONE;
}

function encodeEnd(state: EncoderState, part: PartOf<"end">): string {
  let out = state.candidates.length === 0 ? candidateOf(state, 0).role : "";
  for (const candidate of state.candidates) {
    if (candidate === undefined || candidate.finished) continue;
    out += `${candidate.head}{},"logprobs":null,"finish_reason":"stop"}]}\n\n`;
  }
  state.ended = true;
  return out + encodeLast(state, part) + DONE;
}

/**
 * The chunk behind the last choice: usage, and fields that only came at the end. A client that asked for usage gets it
 * with `choices: []`, as OpenAI sends it; one that did not gets it beside an empty choice, for it may read `choices[0]`
 * of every chunk without looking.
 */
function encodeLast(state: EncoderState, part: PartOf<"end">): string {
  const fields: JsonObject = { ...part.extensions?.[CHAT] };
  if (part.serviceTier !== undefined && !state.head.includes(`"service_tier":`))
    fields["service_tier"] = encodeServiceTier(part.serviceTier);
  if (state.usage !== undefined) fields["usage"] = encodeUsage(state.usage);
  const text = JSON.stringify(fields);
  if (text === "{}") return "";
  const asked = state.reply.request.includeUsage === true && state.usage !== undefined;
  const choices = asked ? "[]" : `[{"index":0,"delta":{},"finish_reason":null}]`;
  return `${state.head}"choices":${choices},${text.slice(1)}\n\n`;
}
