import { spelledInput } from "../../canonical/call-input.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { Item, MessageItem, ReasoningItem, ToolCallItem, ToolResultItem } from "../../canonical/request.ts";
import { encodeCall } from "./encode-call.ts";
import type { EncodeContext, Warn } from "./encode-context.ts";
import { dropOpaque, encodeParts } from "./encode-parts.ts";
import { fieldsBeside, OLLAMA } from "./wire.ts";

type AssistantItem = MessageItem | ReasoningItem | ToolCallItem;

/** Notes of the decoder that are no fields of a message. */
const NOTES = new Set(["split", "noId", "noName", "index"]);

interface Open {
  content: string;
  thinking: string;
  images: string[];
  calls: JsonObject[];
  fields: JsonObject;
}

/** Encodes the items of a conversation as `messages`. */
export function encodeMessages(items: readonly Item[], context: EncodeContext): JsonObject[] {
  const messages: JsonObject[] = [];
  let open: Open | undefined;
  const close = (): void => {
    if (open !== undefined) messages.push(assistantMessage(open));
    open = undefined;
  };
  for (const [at, item] of items.entries()) {
    const field = `items[${at}]`;
    if (isAssistant(item)) {
      if (open !== undefined && (isSplit(item) || hasEnded(open, item))) close();
      open ??= { content: "", thinking: "", images: [], calls: [], fields: {} };
      addToAssistant(open, item, field, context);
      continue;
    }
    close();
    const message = encodeOther(item, field, context);
    if (message !== undefined) messages.push(message);
  }
  close();
  return messages;
}

function isAssistant(item: Item): item is AssistantItem {
  if (item.type === "message") return item.role === "assistant";
  return item.type === "reasoning" || item.type === "tool_call";
}

function isSplit({ extensions }: AssistantItem): boolean {
  return extensions?.[OLLAMA]?.["split"] === true;
}

/** Words or thoughts that follow calls belong to another message. */
function hasEnded({ calls }: Open, item: AssistantItem): boolean {
  return calls.length > 0 && item.type !== "tool_call";
}

function addToAssistant(open: Open, item: AssistantItem, field: string, context: EncodeContext): void {
  Object.assign(open.fields, item.type === "tool_call" ? {} : ownFields(item.extensions?.[OLLAMA]));
  if (item.type === "tool_call") addCall(open, item, field, context);
  else if (item.type === "reasoning") addReasoning(open, item, field, context);
  else {
    const { text, images } = encodeParts(item.content, field, context.warn);
    open.content += text;
    open.images.push(...images);
    noteName(item, context);
  }
}

function ownFields(fields: JsonObject | undefined): JsonObject {
  return fields === undefined ? {} : fieldsBeside(fields, NOTES);
}

function addCall(open: Open, item: ToolCallItem, field: string, { warn }: EncodeContext): void {
  open.calls.push(encodeCall(item));
  if (item.kind !== "custom" && spelledInput(item.arguments) === undefined)
    warn("changed_field", `${field}.arguments`, "arguments that are no JSON object were sent as a text field of one");
  if (item.opaque !== undefined) dropOpaque(item.opaque, field, warn);
  noteCache(item, warn);
}

function noteCache({ cache }: ToolCallItem | ToolResultItem, warn: Warn): void {
  if (cache !== undefined) warn("unsupported_field", "cache_control", "Ollama caches prompts by itself");
}

function addReasoning(
  open: Open,
  { text, summary, opaque }: ReasoningItem,
  field: string,
  context: EncodeContext,
): void {
  open.thinking += text === "" ? summary.join("\n\n") : text;
  if (opaque !== undefined) dropOpaque(opaque, field, context.warn);
}

function noteName({ name }: MessageItem, { warn }: EncodeContext): void {
  if (name === undefined) return;
  warn("unsupported_field", "messages.name", "Ollama does not know names of speakers; they were left out");
}

function assistantMessage({ content, thinking, images, calls, fields }: Open): JsonObject {
  return {
    role: "assistant",
    content,
    ...(thinking !== "" && { thinking }),
    ...(images.length > 0 && { images }),
    ...(calls.length > 0 && { tool_calls: calls }),
    ...fields,
  };
}

function encodeOther(item: Exclude<Item, AssistantItem>, field: string, context: EncodeContext): JsonObject | undefined;
function encodeOther(item: Item, field: string, context: EncodeContext): JsonObject | undefined {
  if (item.type === "tool_result") return encodeResult(item, field, context);
  if (item.type === "message") return encodeMessage(item, field, context);
  if (item.type === "opaque" && item.dialect === OLLAMA) return item.value;
  context.warn("dropped_content", field, "an item that only its own dialect knows was left out");
  return undefined;
}

function encodeMessage(item: MessageItem, field: string, context: EncodeContext): JsonObject {
  const { text, images } = encodeParts(item.content, field, context.warn);
  noteName(item, context);
  return {
    role: item.role === "developer" ? "system" : item.role,
    content: text,
    ...(images.length > 0 && { images }),
    ...ownFields(item.extensions?.[OLLAMA]),
  };
}

function encodeResult(item: ToolResultItem, field: string, context: EncodeContext): JsonObject {
  const { text, images } = encodeParts(item.content, field, context.warn);
  noteCache(item, context.warn);
  const own = item.extensions?.[OLLAMA];
  const name = item.name ?? context.callNames.get(item.callId);
  if (item.isError === true) {
    context.warn("changed_field", `${field}.is_error`, "Ollama has no mark for a failed call; its words tell");
  }
  return {
    role: "tool",
    content: text,
    ...(name !== undefined && own?.["noName"] !== true && { tool_name: name }),
    ...(own?.["noId"] !== true && { tool_call_id: item.callId }),
    ...(images.length > 0 && { images }),
    ...ownFields(own),
  };
}
