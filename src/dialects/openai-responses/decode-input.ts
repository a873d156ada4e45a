import { GatewayError } from "../../canonical/errors.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import type { Item, MessageItem } from "../../canonical/request.ts";
import { decodeItem, itemType, messageRole } from "./decode-item.ts";
import { returnOpaques } from "./opaque-carriers.ts";
import { decodeSearch } from "./tool-search.ts";
import { DIALECT, FORM } from "./wire.ts";
import type { Form } from "./wire.ts";

/** Fields that the API reference calls required, by item type, each with the test that its value must pass. */
const REQUIRED: ReadonlyMap<string, readonly string[]> = new Map([
  ["function_call", ["call_id", "name", "arguments"]],
  ["custom_tool_call", ["call_id", "name", "input"]],
  ["function_call_output", ["call_id"]],
  ["custom_tool_call_output", ["call_id"]],
]);

/** Decodes `instructions`: a system message that goes back into the same field. */
export function decodeInstructions(text: string): MessageItem {
  return wholeField("system", text, "instructions");
}

/** Decodes `input`, a string or a list of items. Throws `invalid_request` that names the field. */
export function decodeInput(input: Json): Item[] {
  if (typeof input === "string") return [wholeField("user", input, "input")];
  if (!Array.isArray(input)) throw invalid("input", "must be a string or a list");
  return returnOpaques(input.map((item, index) => decodeInputItem(item, `input[${index}]`)));
}

function wholeField(role: MessageItem["role"], text: string, form: Form): MessageItem {
  return { type: "message", role, content: [{ type: "text", text }], extensions: { [DIALECT]: { [FORM]: form } } };
}

function decodeInputItem(wire: Json, at: string): Item {
  if (!isJsonObject(wire)) throw invalid(at, "must be an object");
  const type = itemType(wire);
  if (type === "message") checkMessage(wire, at);
  for (const field of REQUIRED.get(type) ?? []) {
    if (typeof wire[field] !== "string") throw invalid(`${at}.${field}`, "must be a string");
  }
  return decodeSearch(wire) ?? decodeItem(wire);
}

function checkMessage(wire: JsonObject, at: string): void {
  if (messageRole(wire) === undefined)
    throw invalid(`${at}.role`, "must be 'user', 'assistant', 'system' or 'developer'");
  const { content } = wire;
  if (typeof content === "string" || content === undefined || content === null) return;
  if (!Array.isArray(content)) throw invalid(`${at}.content`, "must be a string or a list");
  const wrong = content.findIndex((part) => !isJsonObject(part));
  if (wrong >= 0) throw invalid(`${at}.content[${wrong}]`, "must be an object");
}

function invalid(param: string, what: string): GatewayError {
  return new GatewayError("invalid_request", `'${param}' ${what}`, { param });
}
