import type { AudioPart, Part, TextPart } from "../../canonical/content.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import type { MessageItem, OpaqueItem, ReasoningItem, ToolCallItem } from "../../canonical/request.ts";
import { encodeAnnotation, encodeDocumentCitation } from "./citations.ts";
import { encodePart } from "./encode-content.ts";
import type { EncodeContext } from "./encode-context.ts";
import { warn, warnForeign } from "./encode-context.ts";
import { placeReasoning, sealedState } from "./encode-reasoning.ts";
import { encodeFunctionCall, encodeToolCall } from "./encode-tool-calls.ts";
import { TEXT_STATE_ID } from "./reasoning-form.ts";
import { shapeOf } from "./shape.ts";
import { CHAT, addFields } from "./wire.ts";

/** One assistant message in the making: this wire has one message where the neutral form has several items. */
export interface AssistantDraft {
  /** The content as a list; undefined when a string will do. */
  listed: boolean;
  parts: JsonObject[];
  text: string;
  /** String fields of the message (`refusal`, `reasoning_content`, …). */
  strings: Record<string, string>;
  details: JsonObject[];
  /** Indices of entries that came with one stay as they are. */
  calls: JsonObject[];
  images: JsonObject[];
  annotations: JsonObject[];
  citations: JsonObject[];
  /** Other fields with a value: name, audio, function_call, cache_control. */
  fields: JsonObject;
  /** Fields as they came, put back where nothing else took their place. */
  kept: JsonObject | undefined;
}

type AssistantItem = MessageItem | ReasoningItem | ToolCallItem | OpaqueItem;

/** An empty message. `kept` and `listed` come from the first item's shape. */
export function createDraft(first: AssistantItem): AssistantDraft {
  const shape = first.type === "opaque" ? undefined : shapeOf(first);
  return {
    listed: shape?.parts === true,
    parts: [],
    text: "",
    strings: {},
    details: [],
    calls: [],
    images: [],
    annotations: [],
    citations: [],
    fields: {},
    kept: shape?.fields,
  };
}

/** Adds one of the assistant's items. */
export function addToDraft(draft: AssistantDraft, item: AssistantItem, context: EncodeContext): void {
  if (item.type === "message") addMessage(draft, item, context);
  else if (item.type === "reasoning") addReasoning(draft, item, context);
  else if (item.type === "tool_call") addCall(draft, item, context);
  else if (item.dialect !== CHAT) warnForeign(context, "item", item.value, item.dialect);
}

function addReasoning(draft: AssistantDraft, item: ReasoningItem, context: EncodeContext): void {
  const places = placeReasoning(item, context);
  if (places === undefined) return;
  for (const field of places.fields) addString(draft, field, places.text);
  if (places.tagged !== undefined) addText(draft, { type: "text", text: places.tagged }, context);
  if (places.thinking !== undefined) {
    draft.listed = true;
    draft.parts.push(places.thinking);
  }
  if (places.detail !== undefined) addDetail(draft, places.detail);
}

function addString(draft: AssistantDraft, field: string, text: string): void {
  draft.strings[field] = (draft.strings[field] ?? "") + text;
}

function addDetail(draft: AssistantDraft, detail: JsonObject): void {
  if (detail["format"] === "unknown" && detail["index"] === undefined) detail["index"] = draft.details.length;
  draft.details.push(detail);
}

function addMessage(draft: AssistantDraft, item: MessageItem, context: EncodeContext): void {
  if (item.name !== undefined) draft.fields["name"] = item.name;
  addFields(draft.fields, item.extensions?.[CHAT]);
  for (const part of item.content) addPart(draft, part, context);
}

function addPart(draft: AssistantDraft, part: Part, context: EncodeContext): void {
  if (part.type === "text") addText(draft, part, context);
  else if (part.type === "refusal" && isForeign(context)) addText(draft, { type: "text", text: part.text }, context);
  else if (part.type === "refusal" && !draft.listed) addString(draft, "refusal", part.text);
  else if (part.type === "audio") addAudio(draft, part, context);
  else addOther(draft, part, context);
  noteMarker(draft, part);
}

/** Of another dialect, to a model that is not OpenAI's: hosts have no `refusal`, and Mistral refuses what it does not know. */
function isForeign({ own, toClient, gpt }: EncodeContext): boolean {
  return !own && !toClient && gpt === undefined;
}

function noteMarker(draft: AssistantDraft, part: Part): void {
  const marker = part.type === "refusal" || part.type === "opaque" ? undefined : shapeOf(part)?.cacheOnMessage;
  if (marker !== undefined) draft.fields["cache_control"] = marker;
}

function addText(draft: AssistantDraft, part: TextPart, context: EncodeContext): void {
  const span = { from: draft.text.length, length: part.text.length };
  const encoded = encodePart(part, context);
  if (encoded !== undefined) draft.parts.push(encoded);
  draft.text += part.text;
  for (const citation of part.citations ?? []) {
    const annotation = encodeAnnotation(citation, span);
    const document = encodeDocumentCitation(citation, span);
    if (annotation !== undefined) draft.annotations.push(annotation);
    if (document !== undefined) addDocument(draft, document, context);
  }
  if (part.opaque !== undefined) addTextState(draft, part.opaque, context);
}

/** `citations` is a field of ours, for clients: upstreams refuse what they do not know. */
function addDocument(draft: AssistantDraft, document: JsonObject, context: EncodeContext): void {
  if (context.toClient) draft.citations.push(document);
  else warn(context, "unsupported_field", "content.citations", "chat completions have no citation of a document");
}

function addTextState(draft: AssistantDraft, opaque: NonNullable<TextPart["opaque"]>, context: EncodeContext): void {
  if (context.toClient) addDetail(draft, sealedState(opaque, TEXT_STATE_ID));
  else warn(context, "dropped_opaque", "content.signature", `only ${opaque.maker} can read the signature of a text`);
}

/** Audio that the model made: whole for a client, by id for an upstream, which has it. */
function addAudio(draft: AssistantDraft, part: AudioPart, context: EncodeContext): void {
  const { source, id, transcript } = part;
  if (!context.toClient && source.type !== "file_id") return addSpokenText(draft, part, context);
  const audio: JsonObject = { ...part.extensions?.[CHAT] };
  if (id !== undefined) audio["id"] = id;
  if (source.type === "base64") audio["data"] = source.data;
  if (transcript !== undefined) audio["transcript"] = transcript;
  draft.fields["audio"] = audio;
}

/** An assistant's audio goes up by id only; another dialect's goes as what was said. */
function addSpokenText(draft: AssistantDraft, part: AudioPart, context: EncodeContext): void {
  if (part.id !== undefined && context.own) {
    draft.fields["audio"] = { id: part.id };
    return;
  }
  warn(context, "dropped_content", "content.audio", "an assistant's audio goes along as its transcript");
  if (part.transcript !== undefined) addText(draft, { type: "text", text: part.transcript }, context);
}

function addOther(draft: AssistantDraft, part: Exclude<Part, TextPart | AudioPart>, context: EncodeContext): void {
  const isImage = part.type === "image";
  if (isImage && (context.toClient || shapeOf(part)?.field === "images")) {
    const encoded = encodePart(part, context);
    if (encoded !== undefined) draft.images.push(encoded);
    return;
  }
  if (!context.own && !context.toClient) {
    warn(context, "dropped_content", `content.${part.type}`, `an assistant message cannot hold ${part.type} parts`);
    return;
  }
  const encoded = encodePart(part, context);
  if (encoded === undefined) return;
  draft.listed = true;
  draft.parts.push(encoded);
}

function addCall(draft: AssistantDraft, call: ToolCallItem, context: EncodeContext): void {
  const shape = shapeOf(call);
  if (shape?.cacheOnMessage !== undefined) draft.fields["cache_control"] = shape.cacheOnMessage;
  const legacy = shape?.legacy === true || context.legacy;
  if (legacy && draft.fields["function_call"] === undefined)
    draft.fields["function_call"] = encodeFunctionCall(call, context);
  else draft.calls.push(encodeToolCall(call, context));
  const { opaque } = call;
  if (context.toClient && opaque !== undefined && opaque.maker !== CHAT) {
    addDetail(draft, sealedState(opaque, call.callId));
  }
}

/** The finished message, or nothing when no item left anything in it. */
export function closeDraft(draft: AssistantDraft, context: EncodeContext): JsonObject | undefined {
  const message: JsonObject = { role: "assistant" };
  const content = contentOf(draft);
  if (content !== undefined) message["content"] = content;
  Object.assign(message, draft.strings);
  addList(message, "reasoning_details", draft.details);
  addList(message, "tool_calls", draft.calls);
  addList(message, "images", draft.images);
  addList(message, "annotations", draft.annotations);
  addList(message, "citations", draft.citations);
  addFields(message, draft.fields);
  if (draft.calls.length > 0) addMissingReasoning(message, context);
  const isEmpty = Object.keys(message).length === 1;
  addFields(message, draft.kept);
  if (message["content"] === undefined) addEmptyContent(message, context);
  return isEmpty && draft.kept === undefined && !context.own && !context.toClient ? undefined : message;
}

/** A blank is the least that hosts which insist on the field take. */
function addMissingReasoning(message: JsonObject, context: EncodeContext): void {
  const { own, toClient, needsReasoning, reasoningField: field } = context;
  if (field !== undefined && needsReasoning === true && !own && !toClient) message[field] ??= " ";
}

/** OpenAI sends `null` with tool calls and takes it back; strict hosts want a string when there is nothing else. */
function addEmptyContent(message: JsonObject, context: EncodeContext): void {
  if (context.own) return;
  const alone = message["tool_calls"] === undefined && message["function_call"] === undefined;
  message["content"] = alone && !context.toClient ? "" : null;
}

function contentOf(draft: AssistantDraft): Json | undefined {
  if (draft.listed && draft.parts.length > 0) return draft.parts;
  return draft.text === "" ? undefined : draft.text;
}

function addList(message: JsonObject, field: string, list: JsonObject[]): void {
  if (list.length > 0) message[field] = list;
}
