import type { Part } from "../../canonical/content.ts";
import type { JsonObject } from "../../canonical/json.ts";
import { orderResults } from "../../canonical/order-results.ts";
import type { Item, MessageItem, ToolResultItem } from "../../canonical/request.ts";
import { beginTurn, endTurn, extendTurn, isOfAssistant, type Turn } from "./encode-assistant.ts";
import type { EncodeContext } from "./encode-context.ts";
import { warn } from "./encode-context.ts";
import { encodePart, type Place } from "./encode-part.ts";
import { hasShape, wireFields } from "./own-fields.ts";
import { textOf } from "./wire.ts";

/**
 * The messages of a conversation. Items of the assistant in a row become one message; a caller of this dialect keeps the
 * messages that it wrote.
 */
export function encodeMessages(items: readonly Item[], context: EncodeContext): JsonObject[] {
  const out: JsonObject[] = [];
  let turn: Turn | null = null;
  for (const item of context.native ? items : orderResults(systemFirst(items, context))) {
    if (!isOfAssistant(item)) {
      if (turn !== null) pushTurn(turn, out, context);
      turn = null;
      if (item.type !== "tool_result") pushImages(out, context);
      push(encodeItem(item, context), out);
      continue;
    }
    if (turn !== null && item.type !== "opaque" && hasShape(item.extensions, "turn")) {
      pushTurn(turn, out, context);
      turn = null;
    }
    if (turn === null) pushImages(out, context);
    turn ??= beginTurn(item);
    extendTurn(turn, item, context);
  }
  if (turn !== null) pushTurn(turn, out, context);
  pushImages(out, context);
  return out;
}

function pushImages(out: JsonObject[], { images }: EncodeContext): void {
  if (images.length > 0) out.push({ role: "user", content: images.splice(0) });
}

function pushTurn(turn: Turn, out: JsonObject[], context: EncodeContext): void {
  push(endTurn(turn, context), out);
}

function push(message: JsonObject | undefined, out: JsonObject[]): void {
  if (message !== undefined) out.push(message);
}

/** The API wants one system message, in front (https://docs.cohere.com/reference/errors). */
function systemFirst(items: readonly Item[], context: EncodeContext): Item[] {
  const isSystem = (item: Item): item is MessageItem =>
    item.type === "message" && (item.role === "system" || item.role === "developer");
  const systems = items.filter(isSystem);
  const rest = items.filter((item) => !isSystem(item));
  const [first] = systems;
  if (first === undefined) return rest;
  if (items.slice(0, systems.length).some((item) => !isSystem(item))) {
    warn(context, "changed_field", "messages", "system messages were moved in front of the conversation");
  }
  const all: MessageItem = { ...first, role: "system", content: systems.flatMap(({ content }) => content) };
  return [all, ...rest];
}

function encodeItem(item: Item, context: EncodeContext): JsonObject | undefined {
  if (item.type === "message") return encodeMessage(item, context);
  if (item.type === "tool_result") return encodeResult(item, context);
  warn(context, "dropped_content", "messages", "an item that only another dialect knows was left out");
  return undefined;
}

function encodeMessage(item: MessageItem, context: EncodeContext): JsonObject | undefined {
  if (item.name !== undefined) {
    warn(context, "unsupported_field", "messages", "names of speakers were left out");
  }
  const role = item.role === "user" ? "user" : "system";
  const content = contentOf(item.content, role, context);
  if (content.length === 0 && !context.native) return undefined;
  return { role, content: shaped(item, content, context), ...wireFields(item.extensions) };
}

function encodeResult(item: ToolResultItem, context: EncodeContext): JsonObject {
  if (item.isError === true) {
    warn(context, "changed_field", "messages", "the error of a tool was sent as an ordinary result");
  }
  noteCache(item, context);
  const images = context.images.length;
  const content = contentOf(item.content, "tool", context);
  const isEmpty = content.length === 0 && !context.native;
  const empty = context.images.length > images ? "The result is in the next user message." : "";
  return {
    role: "tool",
    tool_call_id: item.callId,
    content: isEmpty ? empty : shaped(item, content, context),
    ...wireFields(item.extensions),
  };
}

function noteCache({ cache }: ToolResultItem, context: EncodeContext): void {
  if (cache !== undefined) {
    warn(context, "unsupported_field", "cache_control", "caching is automatic: markers were left out");
  }
}

function contentOf(parts: readonly Part[], place: Place, context: EncodeContext): JsonObject[] {
  const blocks = parts.map((part) => encodePart(part, place, context));
  return blocks.filter((block) => block !== undefined);
}

/** A string where the caller of this dialect wrote one; else where a single text says it all. */
function shaped(
  item: MessageItem | ToolResultItem,
  content: JsonObject[],
  context: EncodeContext,
): string | JsonObject[] {
  if (context.native && !hasShape(item.extensions, "bare")) return content;
  const [only, ...more] = content;
  const isBare = only?.["type"] === "text" && more.length === 0 && Object.keys(only).length === 2;
  return isBare ? textOf(only["text"]) : content;
}
