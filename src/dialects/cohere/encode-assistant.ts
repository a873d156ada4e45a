import { warnedInput } from "../../canonical/call-input.ts";
import { objectFrom, type JsonObject } from "../../canonical/json.ts";
import type { Item, MessageItem, ReasoningItem, ToolCallItem } from "../../canonical/request.ts";
import { encodeCitations } from "./citations.ts";
import type { EncodeContext } from "./encode-context.ts";
import { warn } from "./encode-context.ts";
import { encodePart } from "./encode-part.ts";
import { hasShape, messageFields, wireFields } from "./own-fields.ts";
import { DIALECT, objectsOf, textOf } from "./wire.ts";

/** A message of the assistant while it is put together. */
export interface Turn {
  content: JsonObject[];
  plan: string | undefined;
  calls: JsonObject[];
  citations: JsonObject[];
  fields: JsonObject;
  /** The caller wrote its content as a string. */
  bare: boolean;
}

/** True for what the assistant made. */
export function isOfAssistant(item: Item): boolean {
  if (item.type === "message") return item.role === "assistant";
  if (item.type === "opaque") return item.role === "assistant";
  return item.type !== "tool_result";
}

/** A message that begins with this item, whose own fields beside the usual ones it keeps. */
export function beginTurn(item: Item): Turn {
  const fields = item.type === "opaque" ? {} : messageFields(item.extensions);
  return { content: [], plan: undefined, calls: [], citations: [], fields, bare: false };
}

/** Adds an item. */
export function extendTurn(turn: Turn, item: Item, context: EncodeContext): void {
  if (item.type === "message") addMessage(turn, item, context);
  else if (item.type === "reasoning") addReasoning(turn, item, context);
  else if (item.type === "tool_call") turn.calls.push(encodeCall(item, context));
  else warn(context, "dropped_content", "messages", "an item that only another dialect knows was left out");
}

function addMessage(turn: Turn, item: MessageItem, context: EncodeContext): void {
  const isPlan = hasShape(item.extensions, "plan");
  if (hasShape(item.extensions, "bare")) turn.bare = true;
  for (const part of item.content) {
    const block = encodePart(part, "assistant", context);
    if (block === undefined) continue;
    if (part.type === "text")
      turn.citations.push(...encodeCitations(ownCitations(part.citations), part.text, turn.content.length));
    if (isPlan && part.type === "text") turn.plan = part.text;
    else turn.content.push(block);
  }
}

/** Citations of others refer to what this model never saw: they stay behind, as they do everywhere. */
function ownCitations(citations: Parameters<typeof encodeCitations>[0] = []): Parameters<typeof encodeCitations>[0] {
  return citations.filter(({ raw }) => raw?.dialect === DIALECT);
}

/** Thoughts are plain text on this wire, with nothing that vouches for them. */
function addReasoning(turn: Turn, item: ReasoningItem, context: EncodeContext): void {
  const { opaque } = item;
  if (opaque !== undefined) warn(context, "dropped_opaque", "messages", `state of ${opaque.maker} was left out`);
  const thinking = item.text !== "" ? item.text : item.summary.join("\n\n");
  if (thinking === "" && !context.native) return;
  if (!context.thinks) {
    warn(context, "dropped_content", "messages", "thoughts were left out: the model has none");
    return;
  }
  turn.content.push({ type: "thinking", thinking, ...wireFields(item.extensions) });
}

function encodeCall(item: ToolCallItem, context: EncodeContext): JsonObject {
  if (item.cache !== undefined) {
    warn(context, "unsupported_field", "cache_control", "caching is automatic: markers were left out");
  }
  if (item.opaque !== undefined) {
    warn(context, "dropped_opaque", "messages", `a signature of ${item.opaque.maker} on a tool call was left out`);
  }
  const { callId: id, name } = item;
  return {
    id,
    type: "function",
    function: { name, arguments: encodeArguments(item, context) },
    ...wireFields(item.extensions),
  };
}

/** The wire takes an object: free text, and arguments that are no object, become its field `input`. */
function encodeArguments(item: ToolCallItem, context: EncodeContext): string {
  const isFunction = item.kind !== "custom";
  if (isFunction && (context.native || objectFrom(item.arguments) !== undefined)) return item.arguments;
  return JSON.stringify(warnedInput(item, context.warnings));
}

/** The message; undefined when nothing of it can go along. */
export function endTurn(turn: Turn, context: EncodeContext): JsonObject | undefined {
  if (!context.native) planFromTexts(turn);
  const { content, plan, calls, fields } = turn;
  const { citations: unplaced, ...others } = fields;
  const citations = [...turn.citations, ...objectsOf(unplaced)];
  const message: JsonObject = {
    role: "assistant",
    ...others,
    ...(unplaced !== undefined && citations.length === 0 && { citations: unplaced }),
    ...(content.length > 0 && { content: bareOf(turn, context) ?? content }),
    ...(plan !== undefined && { tool_plan: plan }),
    ...(calls.length > 0 && { tool_calls: calls }),
    ...(citations.length > 0 && { citations }),
  };
  return Object.keys(message).length > 1 || context.native ? message : undefined;
}

/** What the model said before its calls is its plan on this wire. */
function planFromTexts(turn: Turn): void {
  if (turn.calls.length === 0 || turn.plan !== undefined) return;
  const texts = turn.content.filter(({ type }) => type === "text");
  if (texts.length === 0) return;
  turn.plan = texts.map(({ text }) => textOf(text)).join("");
  turn.content = turn.content.filter(({ type }) => type !== "text");
}

function bareOf({ content, bare }: Turn, context: EncodeContext): string | undefined {
  const [only, ...more] = content;
  if (only?.["type"] !== "text" || more.length > 0 || Object.keys(only).length !== 2) return undefined;
  return bare || !context.native ? textOf(only["text"]) : undefined;
}
