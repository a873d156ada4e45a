import type { Part, TextPart } from "../../canonical/content.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import type {
  Item,
  MessageItem,
  OpaqueItem,
  ReasoningItem,
  ToolCallItem,
  ToolResultItem,
} from "../../canonical/request.ts";
import { openOpaque } from "../../canonical/opaque.ts";
import { decodePart } from "./decode-part.ts";
import { fieldsBeyond, keepFields } from "./own-fields.ts";
import { DIALECT, FORM, listOf, stringOf } from "./wire.ts";

type ItemDecoder = (wire: JsonObject) => Item;

const DECODERS: ReadonlyMap<string, ItemDecoder> = new Map<string, ItemDecoder>([
  ["message", decodeMessage],
  ["reasoning", decodeReasoning],
  ["function_call", (wire) => decodeCall(wire, "function", wire.arguments)],
  ["custom_tool_call", (wire) => decodeCall(wire, "custom", wire.input)],
  ["function_call_output", (wire) => decodeResult(wire, "function")],
  ["custom_tool_call_output", (wire) => decodeResult(wire, "custom")],
]);

/** The item's type; an item without one is a message when it has a role (the "easy" form), else a reference. */
export function itemType(wire: JsonObject): string {
  if (typeof wire.type === "string") return wire.type;
  return wire.role === undefined ? "item_reference" : "message";
}

/**
 * Decodes one item of an input or output list. Items of provider-run tools, references and item types that are not
 * known become opaque items. Missing and wrong-typed fields read as empty.
 */
export function decodeItem(wire: JsonObject): Item {
  return DECODERS.get(itemType(wire))?.(wire) ?? opaqueItem(wire);
}

/** The item as it is. Outputs and approvals come from the caller, everything else from the model's side. */
export function opaqueItem(wire: JsonObject): OpaqueItem {
  const type = itemType(wire);
  const role = type.endsWith("_output") || type.endsWith("_response") ? "user" : "assistant";
  return { type: "opaque", dialect: DIALECT, role, value: wire };
}

type Role = MessageItem["role"];
const ROLES: ReadonlyMap<Json | undefined, Role> = new Map<Json | undefined, Role>([
  ["user", "user"],
  ["assistant", "assistant"],
  ["system", "system"],
  ["developer", "developer"],
]);

/** The canonical role of a message, undefined for others. */
export function messageRole(wire: JsonObject): Role | undefined {
  return ROLES.get(wire.role);
}

function decodeMessage(wire: JsonObject): MessageItem {
  const role = messageRole(wire) ?? "assistant";
  const item: MessageItem = { type: "message", role, content: [] };
  const taken = new Set(["role"]);
  takeId(wire, item, taken);
  const form = takeContent(wire.content, item.content, role === "assistant" ? "output_text" : "input_text");
  if (form !== undefined) taken.add("content");
  const fields = fieldsBeyond(wire, taken);
  keepFields(item, form === "string" ? { ...fields, [FORM]: form } : fields);
  return item;
}

function takeId(wire: JsonObject, item: { id?: string }, taken: Set<string>): void {
  if (typeof wire.id !== "string") return;
  item.id = wire.id;
  taken.add("id");
}

/** Appends the parts of a content field; undefined when it is neither a string nor a list. */
function takeContent(content: Json | undefined, parts: Part[], usualText: string): "string" | "parts" | undefined {
  if (typeof content === "string") {
    const text: TextPart = { type: "text", text: content };
    parts.push(text);
    return "string";
  }
  if (!Array.isArray(content)) return undefined;
  for (const part of content) if (isJsonObject(part)) parts.push(decodePart(part, usualText));
  return "parts";
}

function decodeReasoning(wire: JsonObject): ReasoningItem {
  const item: ReasoningItem = {
    type: "reasoning",
    summary: textsOf(wire.summary),
    text: textsOf(wire.content).join(""),
  };
  const taken = new Set(["type", "summary"]);
  takeId(wire, item, taken);
  if (isPlainContent(wire.content)) taken.add("content");
  if (typeof wire.encrypted_content === "string" && wire.encrypted_content !== "") {
    const opaque = openOpaque(wire.encrypted_content, DIALECT, "encrypted");
    if (opaque.maker === DIALECT && item.id !== undefined) opaque.id = item.id;
    item.opaque = opaque;
    taken.add("encrypted_content");
  }
  keepFields(item, fieldsBeyond(wire, taken));
  return item;
}

/** The texts of a list of summary or reasoning parts. */
export function textsOf(list: Json | undefined): string[] {
  const texts: string[] = [];
  for (const part of listOf(list)) if (isJsonObject(part) && typeof part.text === "string") texts.push(part.text);
  return texts;
}

/** True when the canonical text alone says what the list was: one `reasoning_text` part that is not empty. */
function isPlainContent(content: Json | undefined): boolean {
  const [part, ...others] = listOf(content);
  return others.length === 0 && isJsonObject(part) && part.type === "reasoning_text" && Boolean(part.text);
}

function decodeCall(wire: JsonObject, kind: ToolCallItem["kind"], input: Json | undefined): ToolCallItem {
  const item: ToolCallItem = {
    type: "tool_call",
    callId: stringOf(wire.call_id) ?? stringOf(wire.id) ?? "",
    name: stringOf(wire.name) ?? "",
    kind,
    arguments: argumentsText(input),
  };
  const taken = new Set(["type", "call_id", "name", kind === "function" ? "arguments" : "input"]);
  takeId(wire, item, taken);
  keepFields(item, fieldsBeyond(wire, taken));
  return item;
}

/** Some hosts send the arguments as an object. */
function argumentsText(input: Json | undefined): string {
  if (typeof input === "string") return input;
  return isJsonObject(input) ? JSON.stringify(input) : "";
}

function decodeResult(wire: JsonObject, kind: ToolResultItem["kind"]): ToolResultItem {
  const item: ToolResultItem = { type: "tool_result", callId: stringOf(wire.call_id) ?? "", kind, content: [] };
  const taken = new Set(["type", "call_id"]);
  const form = takeContent(wire.output, item.content, "input_text");
  if (form !== undefined) taken.add("output");
  const fields = fieldsBeyond(wire, taken);
  keepFields(item, form === "parts" ? { ...fields, [FORM]: form } : fields);
  return item;
}
