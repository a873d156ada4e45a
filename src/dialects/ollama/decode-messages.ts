import type { ImagePart, Part } from "../../canonical/content.ts";
import { GatewayError } from "../../canonical/errors.ts";
import { isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";
import type { Item, MessageItem, ToolCallItem, ToolResultItem } from "../../canonical/request.ts";
import { KeyedQueue } from "../../lib/keyed-queue.ts";
import { fieldsBeside, isEmpty, objectOf, objectsOf, OLLAMA, textOf } from "./wire.ts";

const MESSAGE_FIELDS = new Set(["role", "content", "images", "thinking", "tool_calls", "tool_name", "tool_call_id"]);
const ROLES: Readonly<Record<string, MessageItem["role"]>> = {
  system: "system",
  developer: "developer",
  user: "user",
  assistant: "assistant",
};

interface Conversation {
  items: Item[];
  /** Calls that have no result yet. */
  open: KeyedQueue<ToolCallItem>;
  /** Ids that were made up so far. */
  made: number;
  isAfterAssistant: boolean;
}

/** The items of `messages`. Throws `invalid_request` for what Ollama itself would refuse, with the path of the field. */
export function decodeMessages(messages: Json | undefined): Item[] {
  if (!Array.isArray(messages)) throw refusal("messages", "must be a list");
  const conversation: Conversation = { items: [], open: new KeyedQueue(), made: 0, isAfterAssistant: false };
  for (const [at, message] of messages.entries()) decodeMessage(conversation, message, `messages[${at}]`);
  return conversation.items;
}

function refusal(param: string, what: string): GatewayError {
  return new GatewayError("invalid_request", `${param} ${what}`, { param });
}

function decodeMessage(conversation: Conversation, message: Json, path: string): void {
  if (!isJsonObject(message)) throw refusal(path, "must be an object");
  const { role, content } = message;
  if (typeof role !== "string" || role === "") throw refusal(`${path}.role`, "must be a string");
  if (content != null && typeof content !== "string") throw refusal(`${path}.content`, "must be a string");
  const name = role.toLowerCase();
  const known = Object.hasOwn(ROLES, name) ? ROLES[name] : undefined;
  if (name === "tool") addResult(conversation, message, path);
  else if (known === "assistant") addAssistant(conversation, message, path);
  else if (known !== undefined) conversation.items.push(plainMessage(message, known, path));
  else conversation.items.push({ type: "opaque", dialect: OLLAMA, role: "user", value: message });
  conversation.isAfterAssistant = known === "assistant";
}

function plainMessage(message: JsonObject, role: MessageItem["role"], path: string): MessageItem {
  return { type: "message", role, content: partsOf(message, path), ...extensionsOf(message) };
}

function extensionsOf(message: JsonObject, more: JsonObject = {}): Pick<MessageItem, "extensions"> {
  const fields = { ...fieldsBeside(message, MESSAGE_FIELDS), ...more };
  return isEmpty(fields) ? {} : { extensions: { [OLLAMA]: fields } };
}

function partsOf(message: JsonObject, path: string): Part[] {
  const text = textOf(message["content"]);
  return [
    ...(text === undefined ? [] : [{ type: "text" as const, text }]),
    ...decodeImages(message["images"], `${path}.images`),
  ];
}

/** The images of a message: base64, whose type nobody names. */
export function decodeImages(images: Json | undefined, path: string): ImagePart[] {
  if (images === undefined || images === null) return [];
  if (!Array.isArray(images)) throw refusal(path, "must be a list");
  return images.map((data, at) => {
    if (typeof data !== "string") throw refusal(`${path}[${at}]`, "must be base64");
    return { type: "image", source: { type: "base64", data } };
  });
}

function addAssistant(conversation: Conversation, message: JsonObject, path: string): void {
  const items: Item[] = [];
  const thinking = textOf(message["thinking"]);
  if (thinking !== undefined) items.push({ type: "reasoning", summary: [], text: thinking });
  const content = partsOf(message, path);
  const calls = objectsOf(message["tool_calls"]).map((call) => decodeCall(call, () => `call_${++conversation.made}`));
  const { extensions } = extensionsOf(message, conversation.isAfterAssistant ? { split: true } : {});
  if (content.length > 0 || calls.length + items.length === 0) {
    items.push({ type: "message", role: "assistant", content });
  }
  items.push(...calls);
  const [first] = items;
  if (extensions !== undefined && first !== undefined && first.type !== "opaque") {
    first.extensions = { [OLLAMA]: { ...first.extensions?.[OLLAMA], ...extensions[OLLAMA] } };
  }
  conversation.items.push(...items);
  conversation.open = new KeyedQueue();
  for (const call of calls) conversation.open.add(call, [`id ${call.callId}`, `name ${call.name}`]);
}

/** A call of a conversation or an answer; `makeId` names those that came without an id. */
export function decodeCall(call: JsonObject, makeId: () => string): ToolCallItem {
  const body = objectOf(call["function"]) ?? {};
  const id = textOf(call["id"]);
  const { arguments: args, index } = body;
  const fields: JsonObject = { ...(id === undefined && { noId: true }), ...(index !== undefined && { index }) };
  return {
    type: "tool_call",
    callId: id ?? makeId(),
    name: textOf(body["name"]) ?? "",
    kind: "function",
    arguments: typeof args === "string" ? args : JSON.stringify(args ?? {}),
    ...(!isEmpty(fields) && { extensions: { [OLLAMA]: fields } }),
  };
}

function addResult(conversation: Conversation, message: JsonObject, path: string): void {
  const id = textOf(message["tool_call_id"]);
  const name = textOf(message["tool_name"]);
  const call = takeCall(conversation.open, id, name);
  const item: ToolResultItem = {
    type: "tool_result",
    callId: id ?? call?.callId ?? `call_${++conversation.made}`,
    kind: "function",
    content: partsOf(message, path),
    ...extensionsOf(message, { ...(id === undefined && { noId: true }), ...(name === undefined && { noName: true }) }),
  };
  const known = name ?? call?.name;
  if (known !== undefined) item.name = known;
  conversation.items.push(item);
}

function takeCall(
  open: KeyedQueue<ToolCallItem>,
  id: string | undefined,
  name: string | undefined,
): ToolCallItem | undefined {
  if (id !== undefined) return open.takeBy(`id ${id}`);
  return name === undefined ? open.take() : open.takeBy(`name ${name}`);
}
