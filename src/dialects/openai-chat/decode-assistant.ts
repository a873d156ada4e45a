import type { AudioPart, ImagePart, Part, TextPart } from "../../canonical/content.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import type { Item, MessageItem, ReasoningItem, ToolCallItem } from "../../canonical/request.ts";
import { decodeAnnotation } from "./citations.ts";
import { decodePart, decodeParts } from "./decode-content.ts";
import { decodeReasoning, decodeThinking, detailsOf } from "./decode-reasoning.ts";
import { decodeFunctionCall, decodeToolCall } from "./decode-tool-calls.ts";
import { audioMediaType } from "./media-type.ts";
import { addShape } from "./shape.ts";
import { TEXT_STATE_ID, sealForm } from "./reasoning-form.ts";
import { splitThinking } from "./think-tags.ts";
import type { WireMessage } from "./wire.ts";
import { CHAT, isBlank, objectOf, textOf } from "./wire.ts";

/** An assistant message in the neutral form. */
export interface DecodedAssistant {
  items: Item[];
  /** Fields as they came that no item holds: unknown ones, and known ones that held nothing. */
  fields: JsonObject | undefined;
  /** The content was a list. */
  listed: boolean;
}

interface Draft {
  items: Item[];
  /** The message item that text goes to; undefined after a thinking part. */
  message: MessageItem | undefined;
  fields: JsonObject | undefined;
  listed: boolean;
  thinkTags: boolean;
}

type FieldDecoder = (draft: Draft, message: WireMessage) => boolean;

/** Decoders by field, in the order of items that they yield. True: the field is fully on the items. */
const FIELDS: readonly (readonly [string, FieldDecoder])[] = [
  ["content", decodeContent],
  ["refusal", decodeRefusal],
  ["images", decodeImages],
  ["audio", decodeAudio],
  ["annotations", decodeAnnotations],
  ["name", decodeName],
  ["tool_calls", decodeToolCalls],
  ["function_call", decodeLegacyCall],
];

const NAMED = new Set([...FIELDS.map(([name]) => name), "role", "reasoning", "reasoning_content", "reasoning_details"]);

/**
 * Decodes an assistant message of a conversation, or the message of an answer. `thinkTags`: its content may begin with
 * reasoning between tags.
 */
export function decodeAssistant(message: WireMessage, thinkTags = false): DecodedAssistant {
  const draft: Draft = { items: [], message: undefined, fields: undefined, listed: false, thinkTags };
  const reasoning = decodeReasoning(message);
  for (const item of reasoning) draft.items.push(item);
  leaveReasoning(draft, message);
  for (const [name, decode] of FIELDS) {
    const value = message[name];
    if (value !== undefined && !decode(draft, message)) leave(draft, name, value);
  }
  for (const key in message) {
    if (!NAMED.has(key) && key !== "__proto__") leave(draft, key, message[key]);
  }
  if (reasoning.length > 0) reuniteState(draft);
  return { items: draft.items, fields: draft.fields, listed: draft.listed };
}

function leave(draft: Draft, name: string, value: Json | undefined): void {
  draft.fields ??= {};
  draft.fields[name] = value;
}

function leaveReasoning(draft: Draft, message: WireMessage): void {
  const { reasoning, reasoning_content: content, reasoning_details: details } = message;
  if (reasoning !== undefined && textOf(reasoning) === undefined) leave(draft, "reasoning", reasoning);
  if (content !== undefined && textOf(content) === undefined) leave(draft, "reasoning_content", content);
  if (details !== undefined && detailsOf(details) === undefined) leave(draft, "reasoning_details", details);
}

function messageOf(draft: Draft): MessageItem {
  if (draft.message === undefined) {
    draft.message = { type: "message", role: "assistant", content: [] };
    draft.items.push(draft.message);
  }
  return draft.message;
}

function decodeContent(draft: Draft, message: WireMessage): boolean {
  const { content } = message;
  if (typeof content === "string") {
    if (content === "") return false;
    const text = draft.thinkTags && draft.items.length === 0 ? takeThinking(draft, content) : content;
    if (text !== "") messageOf(draft).content.push({ type: "text", text });
    return true;
  }
  if (decodeParts(content) === undefined || !Array.isArray(content)) return false;
  draft.listed = true;
  for (const part of content) if (isJsonObject(part)) addPart(draft, part);
  return true;
}

/** Takes the reasoning off the beginning of a text; the text behind it. */
function takeThinking(draft: Draft, content: string): string {
  const split = splitThinking(content);
  if (split === undefined) return content;
  if (split.reasoning === "") return split.rest;
  const opaque = sealForm({ fields: ["reasoning_content"], tags: [split.open, split.close] });
  draft.items.push({ type: "reasoning", summary: [], text: split.reasoning, opaque });
  return split.rest;
}

function addPart(draft: Draft, part: JsonObject): void {
  if (part["type"] !== "thinking") {
    messageOf(draft).content.push(decodePart(part));
    return;
  }
  draft.items.push(decodeThinking(part));
  draft.message = undefined;
}

function decodeRefusal(draft: Draft, message: WireMessage): boolean {
  const text = textOf(message.refusal);
  if (text === undefined) return false;
  messageOf(draft).content.push({ type: "refusal", text });
  return true;
}

function decodeImages(draft: Draft, message: WireMessage): boolean {
  const parts = decodeParts(message.images);
  if (parts === undefined || !parts.every(isImage)) return false;
  for (const part of parts) {
    addShape(part, { field: "images" });
    messageOf(draft).content.push(part);
  }
  return true;
}

function isImage(part: Part): part is ImagePart {
  return part.type === "image";
}

function decodeAudio(draft: Draft, message: WireMessage): boolean {
  const audio = objectOf(message.audio);
  const part = audio === undefined || isBlank(audio) ? undefined : decodeSpokenAudio(audio);
  if (part === undefined) return false;
  messageOf(draft).content.push(part);
  return true;
}

/** Audio that a model made: `{id, data, transcript, expires_at}` in an answer, `{id}` when a client refers to it. */
export function decodeSpokenAudio(audio: JsonObject): AudioPart | undefined {
  const { id, data, transcript, format, ...beside } = audio;
  const name = textOf(id);
  if (typeof data !== "string" && name === undefined) return undefined;
  const source: AudioPart["source"] =
    typeof data === "string" ? { type: "base64", data } : { type: "file_id", id: name ?? "" };
  const part: AudioPart = { type: "audio", source };
  if (name !== undefined) part.id = name;
  if (typeof transcript === "string") part.transcript = transcript;
  const word = textOf(format);
  if (word !== undefined) part.mediaType = audioMediaType(word);
  part.extensions = { [CHAT]: beside };
  return part;
}

function decodeAnnotations(draft: Draft, message: WireMessage): boolean {
  const { annotations } = message;
  if (!Array.isArray(annotations) || annotations.length === 0) return false;
  const text = draft.message?.content.find((part): part is TextPart => part.type === "text");
  if (text === undefined || !annotations.every(isJsonObject)) return false;
  text.citations = annotations.map(decodeAnnotation);
  return true;
}

function decodeName(draft: Draft, message: WireMessage): boolean {
  if (draft.message === undefined || typeof message.name !== "string") return false;
  draft.message.name = message.name;
  return true;
}

function decodeToolCalls(draft: Draft, message: WireMessage): boolean {
  const calls = message.tool_calls;
  if (!Array.isArray(calls) || calls.length === 0 || !calls.every(isJsonObject)) return false;
  for (const call of calls) draft.items.push(decodeToolCall(call));
  return true;
}

function decodeLegacyCall(draft: Draft, message: WireMessage): boolean {
  const call = objectOf(message.function_call);
  if (call === undefined || isBlank(call)) return false;
  draft.items.push(decodeFunctionCall(call));
  return true;
}

/**
 * Puts sealed signatures of tool calls and text, which went out as `reasoning_details` entries with the call's id, back
 * where they belong.
 */
function reuniteState(draft: Draft): void {
  const calls = new Map<string, ToolCallItem>();
  for (const item of draft.items)
    if (item.type === "tool_call" && !calls.has(item.callId)) calls.set(item.callId, item);
  const text = lastText(draft.items);
  draft.items = draft.items.filter((item) => item.type !== "reasoning" || !isReunited(item, calls, text));
}

function isReunited(
  item: ReasoningItem,
  calls: ReadonlyMap<string, ToolCallItem>,
  text: TextPart | undefined,
): boolean {
  const { opaque } = item;
  if (opaque === undefined || opaque.maker === CHAT || item.id === undefined || item.text !== "") return false;
  const carrier = item.id === TEXT_STATE_ID ? text : calls.get(item.id);
  if (carrier === undefined) return false;
  carrier.opaque ??= opaque;
  return true;
}

function lastText(items: readonly Item[]): TextPart | undefined {
  const message = items.findLast((item): item is MessageItem => item.type === "message");
  return message?.content.findLast((part): part is TextPart => part.type === "text");
}
