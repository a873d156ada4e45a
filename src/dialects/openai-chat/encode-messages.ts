import type { Part } from "../../canonical/content.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import { orderResults } from "../../canonical/order-results.ts";
import type { Item, MessageItem, OpaqueItem, ToolResultItem } from "../../canonical/request.ts";
import { encodeCacheMarker } from "./cache-marker.ts";
import { fitCallId } from "./call-id.ts";
import type { AssistantDraft } from "./encode-assistant.ts";
import { addToDraft, closeDraft, createDraft } from "./encode-assistant.ts";
import { dropMarker, encodePart } from "./encode-content.ts";
import type { EncodeContext } from "./encode-context.ts";
import { warn, warnForeign } from "./encode-context.ts";
import { fieldsOf, shapeOf } from "./shape.ts";
import { CHAT, addFields, textOf } from "./wire.ts";

interface MessageList {
  messages: JsonObject[];
  /** The assistant message that is being gathered. */
  draft: AssistantDraft | undefined;
  /** Media of tool results, which tool messages cannot hold: sent by the user after the last result. */
  media: JsonObject[];
  noDeveloperRole: boolean;
  context: EncodeContext;
}

/** The `messages` of a request for an upstream. */
export function encodeMessages(items: readonly Item[], noDeveloperRole: boolean, context: EncodeContext): JsonObject[] {
  const list: MessageList = { messages: [], draft: undefined, media: [], noDeveloperRole, context };
  for (const item of context.own ? items : orderResults(items)) encodeItem(list, item);
  closeAssistant(list);
  flushMedia(list);
  return list.messages;
}

function encodeItem(list: MessageList, item: Item): void {
  if (item.type === "message" && item.role !== "assistant") return encodeMessage(list, item);
  if (item.type === "tool_result") return encodeResult(list, item);
  if (item.type === "opaque" && (item.role === "user" || item.dialect === CHAT)) return encodeOpaque(list, item);
  flushMedia(list);
  if (item.type !== "opaque" && shapeOf(item)?.split === true) closeAssistant(list);
  list.draft ??= createDraft(item);
  addToDraft(list.draft, item, list.context);
}

function closeAssistant(list: MessageList): void {
  if (list.draft === undefined) return;
  const message = closeDraft(list.draft, list.context);
  if (message !== undefined) list.messages.push(message);
  list.draft = undefined;
}

function encodeOpaque(list: MessageList, item: OpaqueItem): void {
  closeAssistant(list);
  if (item.dialect === CHAT) {
    flushMedia(list);
    list.messages.push(item.value);
    return;
  }
  warnForeign(list.context, "item", item.value, item.dialect);
}

function encodeMessage(list: MessageList, item: MessageItem): void {
  closeAssistant(list);
  flushMedia(list);
  const role = item.role === "developer" && list.noDeveloperRole ? "system" : item.role;
  const message: JsonObject = { role };
  const content = encodeContent(item, item.content, list.context, item.role === "user");
  if (content !== undefined) message["content"] = content;
  if (item.name !== undefined) message["name"] = item.name;
  finishMessage(message, item);
  list.messages.push(message);
}

function finishMessage(message: JsonObject, item: MessageItem | ToolResultItem): void {
  for (const part of item.content) {
    const marker = part.type === "refusal" || part.type === "opaque" ? undefined : shapeOf(part)?.cacheOnMessage;
    if (marker !== undefined) message["cache_control"] = marker;
  }
  addFields(message, fieldsOf(item));
  addFields(message, shapeOf(item)?.fields);
  if (message["content"] === undefined && shapeOf(item) === undefined && fieldsOf(item) === undefined)
    message["content"] = "";
}

/** Content as the client had it; other dialects' text becomes one string, which every host takes. */
function encodeContent(
  item: MessageItem | ToolResultItem,
  content: Part[],
  context: EncodeContext,
  mayHoldMedia: boolean,
): Json | undefined {
  const listed = shapeOf(item)?.parts === true;
  if (!listed && content.every((part) => part.type === "text")) return joinText(content, context);
  const parts: JsonObject[] = [];
  for (const part of content) {
    if (!mayHoldMedia && !context.own && part.type !== "text") {
      warn(
        context,
        "dropped_content",
        `content.${part.type}`,
        `a ${item.type} of this role cannot hold ${part.type} parts`,
      );
      continue;
    }
    const encoded = encodePart(part, context);
    if (encoded !== undefined) parts.push(encoded);
  }
  // An empty list is refused.
  return parts.length === 0 && !context.own ? "" : parts;
}

function joinText(content: Part[], context: EncodeContext): string | undefined {
  const texts: string[] = [];
  for (const part of content) {
    if (part.type !== "text") continue;
    texts.push(part.text);
    if (part.cache !== undefined && !context.own) dropMarker(context);
  }
  return texts.length === 0 ? undefined : texts.join("\n");
}

function encodeResult(list: MessageList, item: ToolResultItem): void {
  closeAssistant(list);
  const { context } = list;
  const legacy = shapeOf(item)?.legacy === true;
  const message: JsonObject = legacy ? { role: "function" } : { role: "tool", tool_call_id: resultId(item, context) };
  if (item.name !== undefined && context.own) message["name"] = item.name;
  const content = context.own ? item.content : setMediaAside(list, item);
  const encoded = encodeContent(item, content, context, true);
  if (encoded !== undefined) message["content"] = encoded;
  if (item.isError === true) {
    warn(context, "unsupported_field", "tool_result.is_error", "a tool message cannot say that the tool failed");
  }
  if (item.cache !== undefined) addMarker(message, item.cache, context);
  finishMessage(message, item);
  list.messages.push(message);
}

function resultId(item: ToolResultItem, context: EncodeContext): string {
  return context.own && context.shortCallIds !== true ? item.callId : fitCallId(item.callId, context.shortCallIds);
}

function addMarker(message: JsonObject, cache: NonNullable<ToolResultItem["cache"]>, context: EncodeContext): void {
  if (context.own) message["cache_control"] = encodeCacheMarker(cache);
  else dropMarker(context);
}

/** Keeps the text of a result, and its other parts for a user message: tool messages hold text only. */
function setMediaAside(list: MessageList, item: ToolResultItem): Part[] {
  const kept: Part[] = [];
  for (const part of item.content) {
    const encoded = part.type === "text" || part.type === "refusal" ? undefined : encodePart(part, list.context);
    if (part.type === "text") kept.push(part);
    else if (part.type === "refusal") kept.push({ type: "text", text: part.text });
    else if (encoded?.["type"] === "text" && !isByAddress(part))
      kept.push({ type: "text", text: textOf(encoded["text"]) ?? "" });
    else if (encoded !== undefined) list.media.push(encoded);
  }
  if (kept.length < item.content.length && list.media.length > 0) {
    warn(list.context, "changed_field", "tool_result.content", "media of a tool result was sent as a user message");
    if (kept.length === 0) kept.push({ type: "text", text: "The result is in the next user message." });
  }
  return kept;
}

/** Its text would tell of a document among what the tool said. */
function isByAddress(part: Part): boolean {
  return part.type === "file" && part.source.type === "url";
}

function flushMedia(list: MessageList): void {
  if (list.media.length === 0) return;
  list.messages.push({ role: "user", content: list.media });
  list.media = [];
}
