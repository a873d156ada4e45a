import { GatewayError } from "../../canonical/errors.ts";
import { isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";
import type { Item, MessageItem } from "../../canonical/request.ts";
import { decodeCachePoint } from "./cache-point.ts";
import { decodeBlocks } from "./decode-items.ts";
import { decodePart, opaquePart } from "./decode-part.ts";
import { leftover, markShape } from "./own-fields.ts";
import { DIALECT, type WireBlock } from "./wire.ts";

/** Refuses a request, naming the field. */
export function refuse(param: string, problem: string): never {
  throw new GatewayError("invalid_request", `${param}: ${problem}`, { param });
}

/** The item of the system prompt; nothing when there is none. Throws `invalid_request`. */
export function decodeSystem(system: Json | undefined, out: Item[]): void {
  if (system === undefined || system === null) return;
  out.push({ type: "message", role: "system", content: decodeParts(blocksOf(system, "system")) });
}

function decodeParts(blocks: readonly WireBlock[]): MessageItem["content"] {
  const parts: MessageItem["content"] = [];
  for (const block of blocks) {
    const cache = decodeCachePoint(block);
    const last = parts.at(-1);
    if (cache !== undefined && last !== undefined && last.type !== "refusal" && last.cache === undefined) {
      last.cache = cache;
    } else parts.push((cache === undefined ? decodePart(block) : undefined) ?? opaquePart(block));
  }
  return parts;
}

/**
 * Appends the items of all turns. A list that is missing decodes to no items: a stored prompt may hold them. Throws
 * `invalid_request` for what is not a list of turns.
 */
export function decodeMessages(messages: Json | undefined, out: Item[]): void {
  if (messages === undefined || messages === null) return;
  if (!Array.isArray(messages)) refuse("messages", "must be a list");
  let previous = "";
  messages.forEach((message, index) => {
    const path = `messages[${index}]`;
    if (!isJsonObject(message)) refuse(path, "must be an object");
    const first = out.length;
    const role = decodeMessage(message, path, out);
    if (role === previous) markTurn(role, first, out);
    previous = role;
  });
}

/** An item that only this dialect knows has no room for the mark: an empty message before it has. */
function markTurn(role: MessageItem["role"], first: number, out: Item[]): void {
  const opening = out[first];
  if (opening !== undefined && opening.type !== "opaque") return markShape(opening, "turn");
  const empty: MessageItem = { type: "message", role, content: [] };
  markShape(empty, "turn");
  out.splice(first, 0, empty);
}

type Turn = "user" | "assistant" | "system";

const TURN_FIELDS = new Set(["role", "content"]);

function decodeMessage(message: JsonObject, path: string, out: Item[]): Turn {
  const { role, content } = message;
  if (role !== "user" && role !== "assistant" && role !== "system")
    refuse(`${path}.role`, 'must be "user", "assistant" or "system"');
  const blocks = blocksOf(content, `${path}.content`);
  const first = out.length;
  if (role === "system" || blocks.length === 0) out.push({ type: "message", role, content: decodeParts(blocks) });
  else decodeBlocks(blocks, role, out);
  const opening = out[first];
  if (opening?.type !== "message") return role;
  const rest = leftover(message, TURN_FIELDS);
  if (rest !== undefined) opening.extensions = { [DIALECT]: rest };
  if (role === "system") markShape(opening, "inline");
  return role;
}

function blocksOf(content: Json | undefined, path: string): WireBlock[] {
  if (!Array.isArray(content)) refuse(path, "must be a list of blocks");
  return content.map((block, index) => {
    if (!isJsonObject(block)) refuse(`${path}[${index}]`, "must be an object");
    return block;
  });
}
