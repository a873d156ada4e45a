import type { MessageItem, ReasoningItem, ToolCallItem, ToolResultItem } from "../../canonical/request.ts";
import type { Item } from "../../canonical/request.ts";
import type { Part } from "../../canonical/content.ts";
import { GatewayError } from "../../canonical/errors.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import { KeyedQueue } from "../../lib/keyed-queue.ts";
import { decodeCacheMarker } from "./cache-marker.ts";
import { makeCallId } from "./call-id.ts";
import { decodeAssistant } from "./decode-assistant.ts";
import { decodeParts } from "./decode-content.ts";
import type { Shape } from "./shape.ts";
import { addShape } from "./shape.ts";
import type { WireMessage } from "./wire.ts";
import { CHAT, fieldsBeside, textOf } from "./wire.ts";

interface Conversation {
  items: Item[];
  /** Ids of the last assistant message's calls that have no result yet, for results that come without an id. */
  pending: KeyedQueue<string>;
  /** Id of the last `function_call` by name. */
  legacyIds: Map<string, string>;
  afterAssistant: boolean;
}

const NAMED = new Set(["role", "content", "name", "cache_control"]);
const NAMED_IN_RESULT = new Set([...NAMED, "tool_call_id"]);

/** Most messages call nothing. */
const NONE = new KeyedQueue<string>();

/** The items of `messages`. Throws `invalid_request` for what no provider could accept, with the path of the field. */
export function decodeMessages(messages: Json[]): Item[] {
  const conversation: Conversation = {
    items: [],
    pending: NONE,
    legacyIds: new Map(),
    afterAssistant: false,
  };
  for (let index = 0; index < messages.length; index += 1) decodeMessage(conversation, messages[index], index);
  return conversation.items;
}

function decodeMessage(conversation: Conversation, message: Json | undefined, index: number): void {
  if (!isJsonObject(message)) throw refusal(`messages[${index}]`, "must be an object");
  const { role } = message;
  if (typeof role !== "string" || role === "") throw refusal(`messages[${index}].role`, "must be a string");
  checkContent(message["content"], index);
  switch (role) {
    case "assistant":
      return addAssistant(conversation, message);
    case "tool":
    case "function":
      return addResult(conversation, message, role === "function");
    case "system":
    case "developer":
    case "user":
      return addMessage(conversation, message, role);
    default:
      // Some hosts have roles of their own; theirs to judge.
      conversation.items.push({ type: "opaque", dialect: CHAT, role: "user", value: message });
      conversation.afterAssistant = false;
  }
}

function refusal(param: string, what: string): GatewayError {
  return new GatewayError("invalid_request", `${param} ${what}`, { param });
}

function checkContent(content: Json | undefined, index: number): void {
  if (content === undefined || content === null || typeof content === "string") return;
  if (!Array.isArray(content))
    throw refusal(`messages[${index}].content`, "must be a string or a list of content parts");
  for (let at = 0; at < content.length; at += 1) {
    const part = content[at];
    const path = `messages[${index}].content[${at}]`;
    if (!isJsonObject(part)) throw refusal(path, "must be an object");
    if (typeof part["type"] !== "string") throw refusal(`${path}.type`, "must be a string");
  }
}

function addMessage(conversation: Conversation, message: WireMessage, role: "system" | "developer" | "user"): void {
  const shape: Shape = {};
  const item: MessageItem = { type: "message", role, content: readContent(message, shape) };
  if (typeof message.name === "string") item.name = message.name;
  else if (message.name !== undefined) (shape.fields ??= {})["name"] = message.name;
  readMarker(message.cache_control, item.content, shape);
  finishItem(item, fieldsBeside(message, NAMED), shape);
  conversation.items.push(item);
  conversation.afterAssistant = false;
}

/** The parts of the content; what holds nothing stays in the shape. */
function readContent(message: WireMessage, shape: Shape): Part[] {
  const { content } = message;
  if (typeof content === "string" && content !== "") return [{ type: "text", text: content }];
  const parts = decodeParts(content);
  if (parts !== undefined) shape.parts = true;
  else if (content !== undefined) (shape.fields ??= {})["content"] = content;
  return parts ?? [];
}

/** A marker on the message goes to its last part, where other dialects have it. */
function readMarker(marker: Json | undefined, parts: Part[], shape: Shape): void {
  if (marker === undefined) return;
  const last = parts.at(-1);
  const cache = decodeCacheMarker(marker);
  if (cache === undefined || !isJsonObject(marker) || !giveMarker(last, cache, marker)) {
    (shape.fields ??= {})["cache_control"] = marker;
  }
}

type Carrier = Part | ToolCallItem | undefined;

function giveMarker(carrier: Carrier, cache: NonNullable<ToolCallItem["cache"]>, marker: JsonObject): boolean {
  if (carrier === undefined || carrier.type === "refusal" || carrier.type === "opaque") return false;
  if (carrier.cache !== undefined) return false;
  carrier.cache = cache;
  addShape(carrier, { cacheOnMessage: marker });
  return true;
}

function finishItem(item: Exclude<Item, { type: "opaque" }>, fields: JsonObject | undefined, shape: Shape): void {
  if (fields !== undefined) item.extensions = { ...item.extensions, [CHAT]: { ...item.extensions?.[CHAT], ...fields } };
  for (const _ in shape) return addShape(item, shape);
}

function addResult(conversation: Conversation, message: WireMessage, legacy: boolean): void {
  const shape: Shape = legacy ? { legacy: true } : {};
  const name = textOf(message.name);
  const item: ToolResultItem = {
    type: "tool_result",
    callId: resultId(conversation, message, legacy ? name : undefined),
    kind: "function",
    content: readContent(message, shape),
  };
  if (name !== undefined) item.name = name;
  else if (message.name !== undefined) (shape.fields ??= {})["name"] = message.name;
  const cache = decodeCacheMarker(message.cache_control);
  if (cache !== undefined) item.cache = cache;
  else if (message.cache_control !== undefined) (shape.fields ??= {})["cache_control"] = message.cache_control;
  finishItem(item, fieldsBeside(message, NAMED_IN_RESULT), shape);
  conversation.items.push(item);
  conversation.afterAssistant = false;
}

function resultId(conversation: Conversation, message: WireMessage, legacyName: string | undefined): string {
  const id = textOf(message.tool_call_id);
  if (id !== undefined) {
    conversation.pending.takeBy(id);
    return id;
  }
  const known = legacyName === undefined ? undefined : conversation.legacyIds.get(legacyName);
  return known ?? conversation.pending.take() ?? makeCallId();
}

function addAssistant(conversation: Conversation, message: WireMessage): void {
  const { cache_control: marker } = message;
  const decoded = decodeAssistant(message);
  let { items, fields } = decoded;
  if (items.length === 0) items = [{ type: "message", role: "assistant", content: [] }];
  const shape: Shape = conversation.afterAssistant ? { split: true } : {};
  if (marker !== undefined && fields !== undefined && markLast(items, marker)) {
    const { cache_control: _, ...rest } = fields;
    fields = rest;
  }
  if (fields !== undefined) shape.fields = fields;
  if (decoded.listed) shape.parts = true;
  const first = items[0];
  if (first !== undefined && first.type !== "opaque") finishItem(first, undefined, shape);
  for (const item of items) conversation.items.push(item);
  conversation.afterAssistant = true;
  noteCalls(conversation, items);
}

function markLast(items: Item[], marker: Json): boolean {
  const cache = decodeCacheMarker(marker);
  if (cache === undefined || !isJsonObject(marker)) return false;
  const last = items.findLast((item): item is Exclude<Item, ReasoningItem> => item.type !== "reasoning");
  if (last?.type === "message") return giveMarker(last.content.at(-1), cache, marker);
  return last?.type === "tool_call" && giveMarker(last, cache, marker);
}

function noteCalls(conversation: Conversation, items: Item[]): void {
  conversation.pending = NONE;
  for (const item of items) {
    if (item.type !== "tool_call") continue;
    if (conversation.pending === NONE) conversation.pending = new KeyedQueue();
    conversation.pending.add(item.callId, [item.callId]);
    conversation.legacyIds.set(item.name, item.callId);
  }
}
