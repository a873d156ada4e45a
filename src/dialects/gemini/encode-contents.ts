import type { JsonObject } from "../../canonical/json.ts";
import type { Item, MessageItem, ToolCallItem } from "../../canonical/request.ts";
import type { RequestContext } from "./encode-context.ts";
import { encodeReasoning, encodeToolCall } from "./encode-model-items.ts";
import { encodePart } from "./encode-part.ts";
import { encodeToolResult } from "./encode-tool-result.ts";
import { groupOf, type Group } from "./groups.ts";
import { isGemini3 } from "./model-traits.ts";
import { orderItems } from "./order-items.ts";
import { readObject } from "./read.ts";
import { signImageTurn, SKIP_SIGNATURE } from "./stand-in-signature.ts";
import { addUserTurns } from "./user-turns.ts";
import type { WirePart } from "./wire.ts";

interface Open {
  fields: JsonObject;
  parts: WirePart[];
  group: Group;
  /** Media of tool results, to follow after the last of them. */
  after: WirePart[];
  /** A content that the client itself sent without parts. */
  bare: boolean;
}

interface State {
  contents: JsonObject[];
  open: Open | undefined;
  context: RequestContext;
  /** What is being encoded belongs to the current turn. */
  isCurrent: boolean;
}

/** Encodes the items of a conversation as `contents`; instructions are not among them (see `encodeSystem`). */
export function encodeContents(items: readonly Item[], context: RequestContext): JsonObject[] {
  const order = context.own ? items.keys().toArray() : orderItems(items);
  const turn = turnStart(order, items);
  const state: State = { contents: [], open: undefined, context, isCurrent: false };
  for (const [at, index] of order.entries()) {
    const item = items[index];
    if (item === undefined || (groupOf(item) === "system" && !isPlaced(item))) continue;
    state.isCurrent = at > turn;
    openContent(item, state);
    addItem(item, index, state);
  }
  closeContent(state);
  if (!context.own) addUserTurns(state.contents, context);
  return state.contents;
}

/** A turn begins with what the user says; results of tools belong to the turn of their calls. */
function turnStart(order: readonly number[], items: readonly Item[]): number {
  return order.findLastIndex((index) => {
    const item = items[index];
    return item !== undefined && groupOf(item) === "user";
  });
}

/** True for a system message that stood inside `contents` on our own wire. */
export function isPlaced(item: Item): boolean {
  return marksOf(item)?.content !== undefined;
}

function marksOf(item: Item): JsonObject | undefined {
  if (item.type !== "opaque") return item.extensions?.gemini;
  return item.dialect === "gemini" ? item.value : undefined;
}

function openContent(item: Item, state: State): void {
  const marks = marksOf(item);
  const group = groupOf(item);
  const fields = marks === undefined ? undefined : readObject(marks, "content");
  if (state.open !== undefined && fields === undefined && (group === state.open.group || marks?.joined === true)) {
    state.open.group = group;
    return;
  }
  closeContent(state);
  const bare = fields !== undefined && item.type === "message" && item.content.length === 0;
  state.open = { fields: fields ?? { role: group === "model" ? "model" : "user" }, parts: [], group, after: [], bare };
}

/** A content without parts is refused by the API, and goes out only when the client itself sent it so. */
function closeContent(state: State): void {
  const { open } = state;
  state.open = undefined;
  if (open === undefined) return;
  open.parts.push(...open.after);
  if (open.group === "model" && !state.context.own) addModelTurn(open, state);
  else if (open.parts.length > 0) state.contents.push({ ...open.fields, parts: open.parts });
  else if (open.bare) state.contents.push(open.fields);
}

/** Where nothing of a user's message could go along, two turns of the model meet; the API wants calls in the first. */
function addModelTurn({ fields, parts }: Open, { contents, context }: State): void {
  if (parts.length === 0) return;
  signImageTurn(parts, context);
  const before = contents.at(-1);
  if (before?.role === "model" && Array.isArray(before.parts)) before.parts.push(...parts);
  else contents.push({ ...fields, parts });
}

function addItem(item: Item, index: number, state: State): void {
  const { open, context } = state;
  if (open === undefined) return;
  const field = `items[${index}]`;
  switch (item.type) {
    case "message":
      addMessage(item, field, open, context);
      return;
    case "reasoning": {
      const thought = encodeReasoning(item, field, context);
      if (thought !== undefined) open.parts.push(thought);
      return;
    }
    case "tool_call":
      addCall(item, index, open, state);
      return;
    case "tool_result": {
      const { response, after } = encodeToolResult(item, field, context);
      open.parts.push(response);
      open.after.push(...after);
      return;
    }
    default:
      addOpaque(item, field, open, context);
  }
}

function addMessage(item: MessageItem, field: string, open: Open, context: RequestContext): void {
  if (item.name !== undefined) {
    context.warn("unsupported_field", "messages.name", "Gemini does not know names of speakers; they were left out");
  }
  for (const [index, part] of item.content.entries()) {
    open.parts.push(...encodePart(part, `${field}.content[${index}]`, context));
  }
}

function addOpaque(item: Extract<Item, { type: "opaque" }>, field: string, open: Open, context: RequestContext): void {
  const part = item.dialect === "gemini" ? readObject(item.value, "part") : undefined;
  if (part !== undefined) open.parts.push(part);
  else context.warn("dropped_content", field, `an item that only ${item.dialect} knows was left out`);
}

/** Gemini signs the first of several parallel calls only, so only the first one needs a stand-in. */
function addCall(item: ToolCallItem, index: number, open: Open, state: State): void {
  const part = encodeToolCall(item, `items[${index}]`, state.context);
  const first = !open.parts.some((before) => before.functionCall !== undefined);
  if (first && state.isCurrent && part.thoughtSignature === undefined && isGemini3(state.context.traits)) {
    part.thoughtSignature = takeSignature(open.parts) ?? SKIP_SIGNATURE;
  }
  open.parts.push(part);
}

/**
 * Dialects without a place on calls carry a call's signature in a reasoning item before it: it moves back, and a
 * thought without text goes.
 */
function takeSignature(parts: WirePart[]): string | undefined {
  const thought = parts.at(-1);
  if (thought?.thought !== true || typeof thought.thoughtSignature !== "string") return undefined;
  const signature = thought.thoughtSignature;
  delete thought.thoughtSignature;
  if (thought.text === "") parts.pop();
  return signature;
}
