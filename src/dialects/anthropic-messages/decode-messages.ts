import { GatewayError } from "../../canonical/errors.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import type { Item, MessageItem } from "../../canonical/request.ts";
import { decodeBlocks } from "./decode-items.ts";
import { decodePart, opaquePart } from "./decode-part.ts";
import { leftover, markShape } from "./own-fields.ts";
import type { WireBlock } from "./wire.ts";

/** Refuses a request, naming the field. */
export function refuse(param: string, problem: string): never {
  throw new GatewayError("invalid_request", `${param}: ${problem}`, { param });
}

/** The item of the top-level system prompt; nothing when there is none. Throws `invalid_request`. */
export function decodeSystem(system: Json | undefined, out: Item[]): void {
  if (system === undefined || system === null) return;
  const blocks = blocksOf(system, "system");
  const item: MessageItem = { type: "message", role: "system", content: blocks.map(partOf) };
  if (typeof system === "string") markShape(item, "bare");
  out.push(item);
}

/**
 * Appends the items of all turns. A list that is missing decodes to no items: the provider says in its own words what it
 * lacks. Throws `invalid_request` for what is not a list of turns.
 */
export function decodeMessages(messages: Json | undefined, out: Item[]): void {
  if (messages === undefined) return;
  if (!Array.isArray(messages)) refuse("messages", "must be a list");
  let previous = "";
  messages.forEach((message, index) => {
    const path = `messages[${index}]`;
    if (!isJsonObject(message)) refuse(path, "must be an object");
    const role = message["role"];
    const first = out.length;
    decodeMessage(message, path, out);
    const opening = out[first];
    if (role === previous && opening !== undefined && opening.type !== "opaque") markShape(opening, "turn");
    previous = typeof role === "string" ? role : "";
  });
}

const TURN_FIELDS = new Set(["role", "content"]);

function decodeMessage(message: JsonObject, path: string, out: Item[]): void {
  const { role, content } = message;
  if (role === "system") return decodeInlineSystem(message, path, out);
  if (role !== "user" && role !== "assistant") refuse(`${path}.role`, 'must be "user", "assistant" or "system"');
  const blocks = blocksOf(content, `${path}.content`);
  const first = out.length;
  if (blocks.length === 0) out.push({ type: "message", role, content: [] });
  decodeBlocks(blocks, role, out);
  const opening = out[first];
  if (opening?.type !== "message") return;
  const extensions = leftover(message, TURN_FIELDS);
  if (extensions !== undefined) opening.extensions = extensions;
  if (typeof content === "string") markShape(opening, "bare");
}

/** A system message among the turns (vendor SDK: `SystemMessageParam`, `BetaSystemMessageParam`). */
function decodeInlineSystem(message: JsonObject, path: string, out: Item[]): void {
  const { content } = message;
  const blocks = content === undefined ? [] : blocksOf(content, `${path}.content`);
  const item: MessageItem = { type: "message", role: "system", content: blocks.map(partOf) };
  const extensions = leftover(message, TURN_FIELDS);
  if (extensions !== undefined) item.extensions = extensions;
  markShape(item, "inline");
  if (typeof content === "string") markShape(item, "bare");
  out.push(item);
}

function blocksOf(content: Json | undefined, path: string): WireBlock[] {
  if (typeof content === "string") return [{ type: "text", text: content }];
  if (!Array.isArray(content)) refuse(path, "must be a string or a list of blocks");
  return content.map((block, index) => {
    if (!isJsonObject(block)) refuse(`${path}[${index}]`, "must be an object");
    if (typeof block["type"] !== "string") refuse(`${path}[${index}].type`, "must be a string");
    return block;
  });
}

function partOf(block: WireBlock): MessageItem["content"][number] {
  return decodePart(block) ?? opaquePart(block);
}
