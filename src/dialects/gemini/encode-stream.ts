import type { ReplyContext, StreamEncoder } from "../../canonical/dialect.ts";
import type { ToolCallItem } from "../../canonical/request.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import { CLIENT_CONTEXT } from "./encode-context.ts";
import { encodePart } from "./encode-part.ts";
import { endItem, endStream, gatherFinish, signedThought } from "./encode-stream-end.ts";
import {
  candidateOf,
  encoderState,
  noteText,
  sendParts,
  sendText,
  setTail,
  type EncoderState,
  type ItemState,
  type PartOf,
} from "./encoder-state.ts";
import { encodeError } from "./errors.ts";
import { jsonArrayFraming, sseFraming, type Framing } from "./framing.ts";
import { encodeLogprobs } from "./logprobs.ts";
import { readObject } from "./read.ts";
import { sealSignature } from "./signature.ts";
import { encodeUsage } from "./usage.ts";
import type { WirePart } from "./wire.ts";

/** The encoder for clients that asked for `alt=sse`, as the SDKs do. */
export function createStreamEncoder(reply: ReplyContext): StreamEncoder {
  return createEncoder(reply, sseFraming());
}

/**
 * The encoder for clients that stream without `alt=sse`: one JSON list whose entries are the chunks
 * (content type `application/json`).
 */
export function createJsonArrayEncoder(reply: ReplyContext): StreamEncoder {
  return createEncoder(reply, jsonArrayFraming());
}

function createEncoder(reply: ReplyContext, framing: Framing): StreamEncoder {
  const state = encoderState(reply, framing);
  return { encode: (part) => (state.done ? "" : encodeStreamPart(part, state)) };
}

type Handlers = { [K in StreamPart["type"]]: (part: PartOf<K>, state: EncoderState) => string };

const HANDLERS: Handlers = {
  start,
  item_start: startItem,
  text_delta: encodeText,
  refusal_delta: encodeRefusal,
  reasoning_delta: encodeThought,
  item_opaque: encodeOpaque,
  tool_delta: gatherArguments,
  citation: gatherCitation,
  media: (part, state) => sendParts(state, part.index, encodePart(part.media, "", CLIENT_CONTEXT)),
  item_end: (part, state) => endItem(part.index, state),
  opaque_item: encodeOpaqueItem,
  finish: gatherFinish,
  usage: takeUsage,
  // Pings have no form here: the Python SDK takes every line for JSON.
  ping: () => "",
  unknown: (part, state) => (part.dialect === "gemini" ? state.framing.chunk(part.data) : ""),
  error: encodeFault,
  end: endStream,
};

function encodeStreamPart(part: StreamPart, state: EncoderState): string {
  const handler = HANDLERS[part.type] as (part: StreamPart, state: EncoderState) => string;
  return handler(part, state);
}

/** The error object as a chunk of its own, which the SDKs throw. Nothing may follow it. */
function encodeFault(part: PartOf<"error">, state: EncoderState): string {
  state.done = true;
  return state.framing.chunk(JSON.stringify(encodeError(part.error).body)) + state.framing.end();
}

function start(part: PartOf<"start">, state: EncoderState): string {
  const kept = part.extensions?.gemini;
  state.own = kept !== undefined;
  const model = part.model === "" && !state.own ? state.reply.model : part.model;
  const id = part.id === "" && !state.own ? state.reply.requestId : part.id;
  state.envelope = { ...kept };
  if (model !== "") state.envelope.modelVersion = model;
  if (id !== "") state.envelope.responseId = id;
  setTail(state);
  return "";
}

function takeUsage(part: PartOf<"usage">, state: EncoderState): string {
  setTail(state, encodeUsage(part.usage));
  return "";
}

function encodeText(part: PartOf<"text_delta">, state: EncoderState): string {
  noteText(state, part.index, part.part, part.text);
  if (part.opaque === undefined && part.logprobs === undefined) return sendText(state, part.index, part.text);
  const wire: WirePart = { text: part.text };
  if (part.opaque !== undefined) wire.thoughtSignature = sealSignature(part.opaque);
  const logprobs = encodeLogprobs(part.logprobs);
  return sendParts(
    state,
    part.index,
    [wire],
    logprobs === undefined ? "" : `,"logprobsResult":${JSON.stringify(logprobs)}`,
  );
}

/** Summary parts are set apart by a blank line, as in a whole answer. */
function encodeThought(part: PartOf<"reasoning_delta">, state: EncoderState): string {
  const item = state.items.get(part.index);
  const isNext = part.channel === "summary" && item !== undefined && part.part !== item.summaryPart;
  if (isNext) item.summaryPart = part.part;
  return sendParts(state, part.index, [{ text: isNext ? `\n\n${part.text}` : part.text, thought: true }]);
}

function encodeRefusal(part: PartOf<"refusal_delta">, state: EncoderState): string {
  noteText(state, part.index, part.part, part.text);
  return sendText(state, part.index, part.text);
}

function startItem(part: PartOf<"item_start">, state: EncoderState): string {
  const item: ItemState = { candidate: part.candidate, summaryPart: 0 };
  if (part.kind === "tool_call") item.call = startCall(part);
  else if (part.kind === "reasoning" && part.opaque !== undefined) item.opaque = part.opaque;
  state.items.set(part.index, item);
  return "";
}

function startCall(part: PartOf<"item_start">): ToolCallItem {
  const call: ToolCallItem = {
    type: "tool_call",
    callId: part.callId ?? "",
    name: part.name ?? "",
    kind: part.toolKind ?? "function",
    arguments: "",
  };
  if (part.opaque !== undefined) call.opaque = part.opaque;
  if (part.extensions !== undefined) call.extensions = part.extensions;
  return call;
}

function gatherArguments(part: PartOf<"tool_delta">, state: EncoderState): string {
  const call = state.items.get(part.index)?.call;
  if (call !== undefined) call.arguments += part.text;
  return "";
}

/** The state of a call goes with it; that of a thought follows its text in a part of its own. */
function encodeOpaque(part: PartOf<"item_opaque">, state: EncoderState): string {
  const item = state.items.get(part.index);
  if (item?.call !== undefined) {
    item.call.opaque = part.opaque;
    return "";
  }
  if (item !== undefined) delete item.opaque;
  return sendParts(state, part.index, [signedThought(part.opaque)]);
}

function gatherCitation(part: PartOf<"citation">, state: EncoderState): string {
  const candidate = candidateOf(state, state.items.get(part.index)?.candidate ?? 0);
  candidate.cited.push({ key: `${part.index}:${part.part}`, citation: part.citation });
  return "";
}

function encodeOpaqueItem(part: PartOf<"opaque_item">, state: EncoderState): string {
  state.items.set(part.index, { candidate: part.candidate, summaryPart: 0 });
  const wire = part.dialect === "gemini" ? readObject(part.value, "part") : undefined;
  return wire === undefined ? "" : sendParts(state, part.index, [wire]);
}
