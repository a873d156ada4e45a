import type { CacheMarker, Part } from "../../canonical/content.ts";
import { valueFrom, type Json, type JsonObject } from "../../canonical/json.ts";
import { isNoArguments } from "../../canonical/no-arguments.ts";
import type { Opaque } from "../../canonical/opaque.ts";
import type { Item, MessageItem, ReasoningItem, ToolCallItem, ToolResultItem } from "../../canonical/request.ts";
import { encodeData, isMedia, typeOf } from "./encode-file.ts";
import { encodeCache, encodeState, mergedOptions } from "./provider-state.ts";
import { AI_GATEWAY, MAKERS, objectOf, textOf } from "./wire.ts";

export type Warn = (
  code: "dropped_content" | "dropped_opaque" | "changed_field",
  field: string,
  message: string,
) => void;

interface Message {
  role: "system" | "user" | "assistant" | "tool";
  content: JsonObject[];
}

/** Encodes the conversation: what one side says and calls in a row is one message. */
export function encodePrompt(items: readonly Item[], warn: Warn): JsonObject[] {
  const messages: Message[] = [];
  const names = new Map<string, string>();
  for (const [at, item] of items.entries()) {
    if (item.type === "tool_call") names.set(item.callId, item.name);
    addItem(item, `items[${at}]`, messages, names, warn);
  }
  return messages.filter(({ content }) => content.length > 0).map(encodeMessage);
}

/** A system message is one text. */
function encodeMessage({ role, content }: Message): JsonObject {
  if (role !== "system") return { role, content };
  const options = mergedOptions(...content.map((part) => objectOf(part["providerOptions"])));
  const text = content.map((part) => textOf(part["text"]) ?? "").join("\n\n");
  return { role, content: text, ...(options !== undefined && { providerOptions: options }) };
}

function addItem(item: Item, field: string, messages: Message[], names: ReadonlyMap<string, string>, warn: Warn): void {
  switch (item.type) {
    case "message": {
      const role = item.role === "developer" ? "system" : item.role;
      return add(messages, role, encodeContent(item, field, warn), role !== "assistant");
    }
    case "reasoning":
      return add(messages, "assistant", encodeReasoning(item, field, warn));
    case "tool_call":
      return add(messages, "assistant", [encodeCall(item, field, warn)]);
    case "tool_result":
      return add(messages, "tool", [encodeResult(item, names, field, warn)]);
    default:
      if (item.dialect === AI_GATEWAY) return add(messages, item.role, [item.value]);
      warn("dropped_content", field, `an item that only ${item.dialect} knows was left out`);
  }
}

function add(messages: Message[], role: Message["role"], content: JsonObject[], isAlone = false): void {
  const last = messages.at(-1);
  if (last?.role === role && !isAlone) last.content.push(...content);
  else messages.push({ role, content });
}

function encodeContent({ content, role, name }: MessageItem, field: string, warn: Warn): JsonObject[] {
  if (name !== undefined) warn("dropped_content", `${field}.name`, "the AI SDK's messages have no name");
  return content.flatMap((part, at) => {
    const place = `${field}.content[${at}]`;
    if (isMedia(part) && (role === "system" || role === "developer")) {
      warn("dropped_content", place, "a system message is text only");
      return [];
    }
    return encodePart(part, place, warn);
  });
}

function optionsOf(cache: CacheMarker | undefined, more?: JsonObject, own?: Json): { providerOptions?: JsonObject } {
  const options = mergedOptions(objectOf(own), more, cache === undefined ? undefined : encodeCache(cache));
  return options === undefined ? {} : { providerOptions: options };
}

function encodePart(part: Part, field: string, warn: Warn): JsonObject[] {
  if (part.type === "text") {
    const own = part.extensions?.[AI_GATEWAY]?.["providerOptions"];
    const state = stateOf(part.opaque, field, warn);
    return [{ type: "text", text: part.text, ...optionsOf(part.cache, state, own) }];
  }
  if (part.type === "refusal") return [{ type: "text", text: part.text }];
  if (part.type === "opaque") {
    if (part.dialect === AI_GATEWAY) return [part.value];
    warn("dropped_content", field, `a part that only ${part.dialect} knows was left out`);
    return [];
  }
  if (part.source.type === "text") {
    warn("changed_field", field, "a text document was sent as text");
    return [{ type: "text", text: part.source.text, ...optionsOf(part.cache) }];
  }
  const data = encodeData(part);
  if (data === undefined) {
    warn("dropped_content", field, "a file at another provider cannot go along");
    return [];
  }
  const filename = part.type === "file" ? part.filename : undefined;
  const own = part.extensions?.[AI_GATEWAY]?.["providerOptions"];
  const file = { type: "file", data, mediaType: typeOf(part), ...(filename !== undefined && { filename }) };
  return [{ ...file, ...optionsOf(part.cache, undefined, own) }];
}

/** State that its maker will find again; that of others stays behind. */
function stateOf(opaque: Opaque | undefined, field: string, warn: Warn): JsonObject | undefined {
  if (opaque === undefined || MAKERS.includes(opaque.maker)) return opaque && encodeState(opaque);
  warn("dropped_opaque", field, `state that only ${opaque.maker} can read was left out`);
  return undefined;
}

function encodeReasoning(item: ReasoningItem, field: string, warn: Warn): JsonObject[] {
  const { text, summary, opaque, extensions } = item;
  const state = stateOf(opaque, field, warn);
  const own = extensions?.[AI_GATEWAY]?.["providerOptions"];
  const words = text === "" ? summary.join("\n\n") : text;
  if (words === "" && state === undefined) return [];
  return [{ type: "reasoning", text: words, ...optionsOf(undefined, state, own) }];
}

function encodeCall(item: ToolCallItem, field: string, warn: Warn): JsonObject {
  const { callId, name, kind, arguments: text, opaque, cache, extensions } = item;
  const own = extensions?.[AI_GATEWAY]?.["providerOptions"];
  const input = kind === "custom" ? { input: text } : parsed(text);
  const options = optionsOf(cache, stateOf(opaque, field, warn), own);
  return { type: "tool-call", toolCallId: callId, toolName: name, input, ...options };
}

/** Input is an object; what is no JSON goes as its text. */
function parsed(text: string): Json {
  return isNoArguments(text) ? {} : (valueFrom(text) ?? text);
}

function encodeResult(item: ToolResultItem, names: ReadonlyMap<string, string>, field: string, warn: Warn): JsonObject {
  const { callId, extensions } = item;
  const cache = item.cache ?? markWithin(item);
  const own = extensions?.[AI_GATEWAY]?.["providerOptions"];
  const toolName = item.name ?? names.get(callId) ?? "";
  const output = encodeOutput(item, field, warn);
  return { type: "tool-result", toolCallId: callId, toolName, output, ...optionsOf(cache, undefined, own) };
}

/** Options stand on whole results, not within. */
function markWithin({ content }: ToolResultItem): CacheMarker | undefined {
  for (const part of content) if (part.type !== "refusal" && part.cache !== undefined) return part.cache;
  return undefined;
}

function encodeOutput({ content, isError, extensions }: ToolResultItem, field: string, warn: Warn): JsonObject {
  if (content.every((part) => part.type === "text")) {
    const text = content.map((part) => (part.type === "text" ? part.text : "")).join("\n");
    const type = extensions?.[AI_GATEWAY]?.["outputType"];
    if (type === "json" || type === "error-json") return { type, value: parsed(text) };
    return { type: isError === true ? "error-text" : "text", value: text };
  }
  if (isError === true) warn("changed_field", field, "an error with more than text was sent as a result");
  const value = content.flatMap((part, at) => encodeOutputPart(part, `${field}.content[${at}]`, warn));
  return { type: "content", value };
}

function encodeOutputPart(part: Part, field: string, warn: Warn): JsonObject[] {
  if (!isMedia(part)) return encodePart(part, field, warn);
  const { source } = part;
  const mediaType = typeOf(part);
  if (source.type === "base64") {
    return [{ type: part.type === "image" ? "image-data" : "file-data", data: source.data, mediaType }];
  }
  if (source.type === "url") return [{ type: part.type === "image" ? "image-url" : "file-url", url: source.url }];
  if (source.type === "text") return [{ type: "text", text: source.text }];
  warn("dropped_content", field, "a file at another provider cannot go along");
  return [];
}
