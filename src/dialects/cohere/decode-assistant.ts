import type { TextPart } from "../../canonical/content.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import type { Item, MessageItem, ReasoningItem, ToolCallItem } from "../../canonical/request.ts";
import { decodeCitation } from "./citations.ts";
import { decodeText } from "./decode-part.ts";
import { hasShape, keepMessageFields, leftover, markShape } from "./own-fields.ts";
import { refuse } from "./refuse.ts";
import { DIALECT, indexOf, objectOf, objectsOf, textOf } from "./wire.ts";

const THINKING_FIELDS = new Set(["type", "thinking"]);
const CALL_FIELDS = new Set(["id", "type", "function"]);
const FUNCTION_FIELDS = new Set(["name", "arguments"]);

/** Everything of a message that is found in its items again. */
const HELD: Record<string, (value: Json | undefined) => boolean> = {
  role: () => true,
  content: (value) => value !== "" && (typeof value === "string" || (Array.isArray(value) && value.length > 0)),
  tool_plan: (value) => textOf(value) !== "",
  tool_calls: (value) => objectsOf(value).length > 0,
  citations: (value) => objectsOf(value).length > 0,
};

/**
 * The items of an assistant's message, in a request or an answer (vendor SDK: `AssistantMessage`): thoughts and texts, then
 * the plan, which is what the model says before it calls tools, then the calls. `place` is given for clients' messages,
 * which are refused when they are none; of providers' ones the sense is taken that there is.
 */
export function decodeAssistant(message: JsonObject, place?: string): Item[] {
  const items: Item[] = [];
  const texts = decodeContent(message["content"], items, place);
  const plan = textOf(message["tool_plan"]);
  if (plan !== "") items.push(planItem(plan));
  for (const [at, call] of objectsOf(message["tool_calls"]).entries()) items.push(decodeCall(call, at));
  const unplaced = placeCitations(objectsOf(message["citations"]), texts, items);
  const fields: [string, Json | undefined][] = Object.entries(message).filter(([key, value]) => !isHeld(key, value));
  if (unplaced.length > 0) fields.push(["citations", unplaced]);
  if (items.length === 0) items.push({ type: "message", role: "assistant", content: [] });
  keepFields(items, fields);
  return items;
}

function isHeld(key: string, value: Json | undefined): boolean {
  return Object.hasOwn(HELD, key) && HELD[key]?.(value) === true;
}

function keepFields([first]: readonly Item[], fields: readonly [string, Json | undefined][]): void {
  if (fields.length === 0 || first === undefined || first.type === "opaque") return;
  keepMessageFields(first, Object.fromEntries(fields));
}

/** Appends what the content says; the answer holds the texts by the number of their block. */
function decodeContent(content: Json | undefined, out: Item[], place: string | undefined): Map<number, TextPart> {
  const texts = new Map<number, TextPart>();
  if (typeof content === "string" && content !== "") {
    const part: TextPart = { type: "text", text: content };
    const item: MessageItem = { type: "message", role: "assistant", content: [part] };
    markShape(item, "bare");
    out.push(item);
    texts.set(0, part);
  } else if (Array.isArray(content)) {
    for (const [at, block] of content.entries()) decodeBlock(block, at, out, texts, place);
  }
  return texts;
}

function decodeBlock(
  block: Json,
  at: number,
  out: Item[],
  texts: Map<number, TextPart>,
  place: string | undefined,
): void {
  if (!isJsonObject(block)) {
    if (place !== undefined) refuse(`${place}.content[${at}]`, "must be a content block");
    return;
  }
  const { type, thinking } = block;
  if (type === "thinking" && typeof thinking === "string") return void out.push(decodeThinking(block, thinking));
  const text = type === "text" ? decodeText(block) : undefined;
  if (text !== undefined) texts.set(at, text);
  const part = text ?? ({ type: "opaque", dialect: DIALECT, value: block } as const);
  const last = out.at(-1);
  if (last?.type === "message") last.content.push(part);
  else out.push({ type: "message", role: "assistant", content: [part] });
}

function decodeThinking(block: JsonObject, text: string): ReasoningItem {
  const extensions = leftover(block, THINKING_FIELDS);
  return { type: "reasoning", summary: [], text, ...(extensions !== undefined && { extensions }) };
}

function planItem(text: string): MessageItem {
  const item: MessageItem = { type: "message", role: "assistant", content: [{ type: "text", text }] };
  markShape(item, "plan");
  return item;
}

/** A call; models write `null` where they mean no arguments. */
function decodeCall(call: JsonObject, at: number): ToolCallItem {
  const it = objectOf(call["function"]);
  const extensions = leftover(call, CALL_FIELDS) ?? leftover(it, FUNCTION_FIELDS);
  return {
    type: "tool_call",
    callId: textOf(call["id"]) || `call_${at}`,
    name: textOf(it["name"]),
    kind: "function",
    arguments: argumentsOf(it["arguments"]),
    ...(extensions !== undefined && { extensions }),
  };
}

/** Arguments as text; empty where the model wrote none. */
export function argumentsOf(value: Json | undefined): string {
  if (isJsonObject(value)) return JSON.stringify(value);
  const text = textOf(value);
  return text === "null" ? "" : text;
}

/** Puts citations where their texts are; the answer holds those without one. */
function placeCitations(
  citations: readonly JsonObject[],
  texts: ReadonlyMap<number, TextPart>,
  items: readonly Item[],
): JsonObject[] {
  return citations.filter((wire) => {
    const text = citedText(wire, texts, items);
    if (text === undefined) return true;
    (text.citations ??= []).push(...decodeCitation(wire));
    return false;
  });
}

/** The text that a citation is about (vendor SDK: `CitationType`); thoughts have no place for any. */
function citedText(
  wire: JsonObject,
  texts: ReadonlyMap<number, TextPart>,
  items: readonly Item[],
): TextPart | undefined {
  const type = textOf(wire["type"]);
  if (type === "PLAN") return planOf(items);
  if (type === "THINKING_CONTENT") return undefined;
  const [only, ...more] = texts.values();
  return texts.get(indexOf(wire["content_index"])) ?? (more.length === 0 ? only : undefined);
}

function planOf(items: readonly Item[]): TextPart | undefined {
  const plan = items.find((item) => item.type === "message" && hasShape(item.extensions, "plan"));
  const part = plan?.type === "message" ? plan.content[0] : undefined;
  return part?.type === "text" ? part : undefined;
}
