import type { CacheMarker, Part } from "../../canonical/content.ts";
import { isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";
import type { Opaque } from "../../canonical/opaque.ts";
import type { Item, ReasoningItem, ToolCallItem, ToolResultItem } from "../../canonical/request.ts";
import { decodeCachePoint } from "./cache-point.ts";
import { decodePart, opaquePart } from "./decode-part.ts";
import { attachCarried, decodeRedacted, decodeSignature, isCarried, isForText } from "./opaque-carriers.ts";
import { blockExtensions, leftover } from "./own-fields.ts";
import { DIALECT, isCallers, memberOf, objectsOf, type WireBlock } from "./wire.ts";

type Role = "user" | "assistant";
type Decoder = (inner: JsonObject, block: WireBlock) => Item | undefined;

/**
 * Block members that are an item of their own, by whose turn they stand in; `undefined` as an answer means that the block
 * does not fit after all.
 */
const DECODERS: Readonly<Record<Role, Readonly<Record<string, Decoder>>>> = {
  assistant: { reasoningContent: decodeReasoning, toolUse: decodeToolUse },
  user: { toolResult: decodeToolResult },
};

/**
 * Appends the items of one turn's blocks, in their order. Runs of text and media share a message item; a cache point marks
 * what stands before it; a block that only this dialect knows becomes an opaque item of its own.
 */
export function decodeBlocks(blocks: readonly WireBlock[], role: Role, out: Item[]): void {
  const items: Item[] = [];
  const carried: Opaque[] = [];
  for (const block of blocks) {
    const cache = decodeCachePoint(block);
    if (cache !== undefined && markLast(items, cache)) continue;
    const part = cache === undefined ? decodePart(block) : undefined;
    if (part !== undefined) appendPart(part, role, items);
    else appendItem(decodeItem(block, role), items, carried);
  }
  for (const opaque of carried) attachCarried(opaque, items);
  for (const item of items) out.push(item);
}

function appendPart(part: Part, role: Role, items: Item[]): void {
  const last = items.at(-1);
  if (last?.type === "message") last.content.push(part);
  else items.push({ type: "message", role, content: [part] });
}

function appendItem(item: Item, items: Item[], carried: Opaque[]): void {
  const opaque = item.type === "reasoning" ? item.opaque : undefined;
  if (opaque === undefined || !isCarried(opaque)) items.push(item);
  else if (isForText(opaque)) attachCarried(opaque, items);
  else carried.push(opaque);
}

/** True when there is something to mark that has no mark yet. */
function markLast(items: readonly Item[], cache: CacheMarker): boolean {
  const last = items.at(-1);
  const holder = last?.type === "message" ? last.content.at(-1) : last;
  if (holder === undefined || holder.type === "reasoning" || holder.type === "refusal") return false;
  if (holder.type === "opaque" && "role" in holder) return false;
  if ("cache" in holder && holder.cache !== undefined) return false;
  (holder as { cache?: CacheMarker }).cache = cache;
  return true;
}

function decodeItem(block: WireBlock, role: Role): Item {
  const decoders = DECODERS[role];
  const member = memberOf(block, decoders);
  const inner = member === undefined ? undefined : block[member];
  const item = member !== undefined && isJsonObject(inner) ? decoders[member]?.(inner, block) : undefined;
  return item ?? { type: "opaque", dialect: DIALECT, role, value: block };
}

const REASONING_FIELDS = new Set(["reasoningText"]);
const REDACTED_FIELDS = new Set(["redactedContent"]);
const TEXT_FIELDS = new Set(["text", "signature"]);

/** Reasoning with its signature, or bytes in place of it (AWS SDK: `ReasoningContentBlock`). */
function decodeReasoning(inner: JsonObject, block: WireBlock): ReasoningItem | undefined {
  const { reasoningText: wire, redactedContent: data } = inner;
  if (typeof data === "string" && data !== "" && wire === undefined) {
    const opaque = decodeRedacted(data);
    const item: ReasoningItem = { type: "reasoning", summary: [], text: "", opaque };
    if (opaque.id !== undefined) item.id = opaque.id;
    return withOwn(item, block, "reasoningContent", leftover(inner, REDACTED_FIELDS));
  }
  if (!isJsonObject(wire) || typeof wire["text"] !== "string") return undefined;
  const within = leftover(wire, typeof wire["signature"] === "string" ? TEXT_FIELDS : new Set(["text"]));
  const rest = { ...leftover(inner, REASONING_FIELDS), ...(within !== undefined && { reasoningText: within }) };
  const item = signed(wire["text"], wire["signature"]);
  return withOwn(item, block, "reasoningContent", Object.keys(rest).length > 0 ? rest : undefined);
}

/** An encrypted state of another maker stood beside a summary, which is where the text goes back to. */
function signed(text: string, signature: Json | undefined): ReasoningItem {
  const item: ReasoningItem = { type: "reasoning", summary: [], text };
  if (typeof signature !== "string" || signature === "") return item;
  const opaque = decodeSignature(signature);
  item.opaque = opaque;
  if (opaque.kind === "encrypted") {
    item.summary = text === "" ? [] : [text];
    item.text = "";
  }
  if (opaque.id !== undefined) item.id = opaque.id;
  return item;
}

/** Calls of tools that the provider runs carry a type of their own: they are not the caller's to answer. */
function decodeToolUse(inner: JsonObject, block: WireBlock): ToolCallItem | undefined {
  const { toolUseId: callId, name, input, type } = inner;
  if (typeof callId !== "string" || typeof name !== "string" || !isCallers(type)) return undefined;
  const taken = new Set(["toolUseId", "name"]);
  const call: ToolCallItem = { type: "tool_call", callId, name, kind: "function", arguments: "" };
  if (isJsonObject(input)) {
    call.arguments = JSON.stringify(input);
    taken.add("input");
  }
  return withOwn(call, block, "toolUse", leftover(inner, taken));
}

function decodeToolResult(inner: JsonObject, block: WireBlock): ToolResultItem | undefined {
  const { toolUseId: callId, content, status, type } = inner;
  if (typeof callId !== "string" || type !== undefined) return undefined;
  if (!Array.isArray(content) || objectsOf(content).length !== content.length) return undefined;
  const taken = new Set(["toolUseId", "content"]);
  const parts = objectsOf(content).map((each) => decodePart(each) ?? opaquePart(each));
  const result: ToolResultItem = { type: "tool_result", callId, kind: "function", content: parts };
  if (status === "error" || status === "success") {
    result.isError = status === "error";
    taken.add("status");
  }
  return withOwn(result, block, "toolResult", leftover(inner, taken));
}

function withOwn<T extends ReasoningItem | ToolCallItem | ToolResultItem>(
  item: T,
  block: WireBlock,
  member: string,
  within: JsonObject | undefined,
): T {
  const extensions = blockExtensions(block, member, within);
  return extensions === undefined ? item : { ...item, extensions };
}
