import type { Part } from "../../canonical/content.ts";
import type { JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import type { Opaque } from "../../canonical/opaque.ts";
import { openOpaque } from "../../canonical/opaque.ts";
import type { Item, ReasoningItem, ToolCallItem, ToolResultItem } from "../../canonical/request.ts";
import { decodeCache } from "./cache-marker.ts";
import { attachCarried, isForText, openCarried, signLastText } from "./carried-opaque.ts";
import { decodePart, nestedImages, opaquePart } from "./decode-part.ts";
import { leftover, markShape } from "./own-fields.ts";
import type { WireBlock } from "./wire.ts";
import { DIALECT, objectsOf, textOf } from "./wire.ts";

type Role = "user" | "assistant";
type Decoder = (block: WireBlock) => Item | undefined;

/** Block types that are an item of their own; `undefined` as an answer means that the block does not fit after all. */
const DECODERS: Record<string, Decoder> = {
  thinking: decodeThinking,
  redacted_thinking: decodeRedacted,
  tool_use: decodeToolUse,
  tool_result: decodeToolResult,
};

/**
 * Appends the items of one turn's blocks, in their order. Runs of text and media share a message item; a block that only
 * this dialect knows becomes an opaque item of its own.
 */
export function decodeBlocks(blocks: readonly WireBlock[], role: Role, out: Item[]): void {
  const items: Item[] = [];
  const carried: Opaque[] = [];
  for (const block of blocks) {
    const signature = openCarried(block);
    if (signature === undefined) append(block, role, items);
    else if (isForText(signature)) signLastText(signature, items);
    else carried.push(signature);
  }
  if (carried.length > 0) attachCarried(carried, items);
  for (const item of items) out.push(item);
}

function append(block: WireBlock, role: Role, items: Item[]): void {
  const part = decodePart(block);
  const last = items.at(-1);
  if (part === undefined) items.push(decodeItem(block, role));
  else if (last?.type === "message") last.content.push(part, ...nestedImages(block));
  else items.push({ type: "message", role, content: [part, ...nestedImages(block)] });
}

function decodeItem(block: WireBlock, role: Role): Item {
  const type = textOf(block["type"]);
  const item = Object.hasOwn(DECODERS, type) ? DECODERS[type]?.(block) : undefined;
  return item ?? { type: "opaque", dialect: DIALECT, role, value: block };
}

const THINKING = new Set(["type", "thinking", "signature"]);
const UNSIGNED = new Set(["type", "thinking"]);

/**
 * Thinking with its signature. A sealed signature names its maker; an encrypted one of another maker stood beside a
 * summary, which is where the text goes back to.
 */
function decodeThinking(block: WireBlock): ReasoningItem | undefined {
  const { thinking, signature } = block;
  if (typeof thinking !== "string") return undefined;
  const item: ReasoningItem = { type: "reasoning", summary: [], text: thinking };
  const isSigned = typeof signature === "string" && signature !== "";
  if (isSigned) {
    item.opaque = openOpaque(signature, DIALECT, "signature");
    if (item.opaque.maker !== DIALECT && item.opaque.kind === "encrypted") {
      item.summary = thinking === "" ? [] : [thinking];
      item.text = "";
    }
    if (item.opaque.id !== undefined) item.id = item.opaque.id;
  }
  const extensions = leftover(block, isSigned ? THINKING : UNSIGNED);
  if (extensions !== undefined) item.extensions = extensions;
  return item;
}

function decodeRedacted(block: WireBlock): ReasoningItem | undefined {
  const { data } = block;
  if (typeof data !== "string" || data === "") return undefined;
  const opaque = openOpaque(data, DIALECT, "redacted");
  const extensions = leftover(block, new Set(["type", "data"]));
  return {
    type: "reasoning",
    summary: [],
    text: "",
    opaque,
    ...(opaque.id !== undefined && { id: opaque.id }),
    ...(extensions !== undefined && { extensions }),
  };
}

function decodeToolUse(block: WireBlock): ToolCallItem | undefined {
  const { id, name, input } = block;
  if (typeof id !== "string" || typeof name !== "string") return undefined;
  const taken = new Set(["type", "id", "name"]);
  const call: ToolCallItem = { type: "tool_call", callId: id, name, kind: "function", arguments: "" };
  if (isJsonObject(input)) {
    call.arguments = JSON.stringify(input);
    taken.add("input");
  }
  return withTrimmings(call, block, taken);
}

function decodeToolResult(block: WireBlock): ToolResultItem | undefined {
  const { tool_use_id: callId, content, is_error: isError } = block;
  if (typeof callId !== "string") return undefined;
  const taken = new Set(["type", "tool_use_id"]);
  const result: ToolResultItem = { type: "tool_result", callId, kind: "function", content: [] };
  if (typeof isError === "boolean") {
    result.isError = isError;
    taken.add("is_error");
  }
  if (typeof content === "string") result.content = [{ type: "text", text: content }];
  else if (isListOfObjects(content) && content.length > 0) result.content = content.flatMap(decodeResultParts);
  if (result.content.length > 0) taken.add("content");
  withTrimmings(result, block, taken);
  if (typeof content === "string") markShape(result, "bare");
  return result;
}

function decodeResultParts(block: JsonObject): Part[] {
  return [decodePart(block) ?? opaquePart(block), ...nestedImages(block)];
}

function isListOfObjects(value: WireBlock[string]): value is JsonObject[] {
  return Array.isArray(value) && objectsOf(value).length === value.length;
}

/** Adds the cache marker and the unnamed fields of a block to its item. */
function withTrimmings<T extends ToolCallItem | ToolResultItem>(item: T, block: WireBlock, taken: Set<string>): T {
  const cache = decodeCache(block["cache_control"]);
  if (cache !== undefined) {
    item.cache = cache;
    taken.add("cache_control");
  }
  const extensions = leftover(block, taken);
  if (extensions !== undefined) item.extensions = extensions;
  return item;
}
