import { spelledInput } from "../../canonical/call-input.ts";
import { isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";
import { openOpaque } from "../../canonical/opaque.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import { decodeCitation } from "./citations.ts";
import { decodeBlocks } from "./decode-items.ts";
import { isForClient } from "./finish-reason.ts";
import { leftover } from "./own-fields.ts";
import type { WireBlock } from "./wire.ts";
import { DIALECT, objectsOf, textOf } from "./wire.ts";

/** An open content block of an upstream's stream. */
export interface OpenBlock {
  kind: "text" | "thinking" | "tool_use" | "whole";
  /** Number of its item; blocks that come whole get one when they end. */
  index: number;
  /** Text parts: number within the message item. */
  part: number;
  /** Whether any text or argument has been emitted. */
  hasContent: boolean;
  /** Signature so far, of thinking. */
  signature: string;
  /** Arguments in one piece, of a tool call whose server does not stream them. */
  input: Json | undefined;
  /** The block of kind `whole`, with the deltas worked in, and its arguments so far. */
  value: WireBlock;
  json: string;
}

/** Where the blocks of one answer put their items. */
export interface ItemCounter {
  next: number;
  /** The message item that text goes to, while text blocks follow each other; -1 when there is none. */
  message: number;
  nextPart: number;
  /** Whether a call waits for the client. */
  asksClient: boolean;
}

/** Opens a block and emits what is known of it. */
export function openBlock(value: WireBlock, counter: ItemCounter, out: StreamPart[]): OpenBlock {
  const block: OpenBlock = {
    kind: kindOf(value),
    index: -1,
    part: 0,
    hasContent: false,
    signature: "",
    input: undefined,
    value,
    json: "",
  };
  if (block.kind === "text") openText(block, counter, out);
  else {
    closeMessage(counter, out);
    OPENERS[block.kind](block, counter, out);
  }
  return block;
}

function kindOf(value: WireBlock): OpenBlock["kind"] {
  const { type } = value;
  if (type === "text" || type === "thinking") return type;
  return type === "tool_use" && typeof value["name"] === "string" ? "tool_use" : "whole";
}

/** Ends the message item that text blocks have shared so far. */
export function closeMessage(counter: ItemCounter, out: StreamPart[]): void {
  if (counter.message === -1) return;
  out.push({ type: "item_end", index: counter.message });
  counter.message = -1;
}

function openText(block: OpenBlock, counter: ItemCounter, out: StreamPart[]): void {
  if (counter.message === -1) {
    counter.message = counter.next++;
    counter.nextPart = 0;
    out.push({ type: "item_start", index: counter.message, candidate: 0, kind: "message" });
  }
  block.index = counter.message;
  block.part = counter.nextPart++;
  emitText(block, textOf(block.value["text"]), out);
  for (const citation of objectsOf(block.value["citations"])) emitCitation(block, citation, out);
}

const OPENERS = {
  thinking(block: OpenBlock, counter: ItemCounter, out: StreamPart[]): void {
    block.index = counter.next++;
    out.push({ type: "item_start", index: block.index, candidate: 0, kind: "reasoning" });
    emitThinking(block, textOf(block.value["thinking"]), out);
    block.signature = textOf(block.value["signature"]);
  },
  tool_use(block: OpenBlock, counter: ItemCounter, out: StreamPart[]): void {
    block.index = counter.next++;
    block.input = block.value["input"];
    counter.asksClient ||= isForClient(block.value);
    const extensions = leftover(block.value, TOOL_FIELDS);
    out.push({
      type: "item_start",
      index: block.index,
      candidate: 0,
      kind: "tool_call",
      callId: textOf(block.value["id"]),
      name: textOf(block.value["name"]),
      toolKind: "function",
      ...(extensions !== undefined && { extensions }),
    });
  },
  whole(block: OpenBlock): void {
    block.value = { ...block.value };
  },
};
const TOOL_FIELDS = new Set(["type", "id", "name", "input"]);

/** Deltas of the kinds of block, by delta type (vendor SDK: `RawContentBlockDelta`). False: not one of this block's. */
export function applyDelta(block: OpenBlock, delta: JsonObject, out: StreamPart[]): boolean {
  const type = textOf(delta["type"]);
  if (block.kind === "whole") mergeDelta(block, type, delta);
  else if (block.kind === "text" && type === "text_delta") emitText(block, textOf(delta["text"]), out);
  else if (block.kind === "text" && type === "citations_delta") return emitCitation(block, delta["citation"], out);
  else if (block.kind === "thinking" && type === "thinking_delta") emitThinking(block, textOf(delta["thinking"]), out);
  else if (block.kind === "thinking" && type === "signature_delta") block.signature = textOf(delta["signature"]);
  else if (block.kind === "tool_use" && type === "input_json_delta")
    emitArguments(block, textOf(delta["partial_json"]), out);
  else return false;
  return true;
}

/** A delta of a block that is passed on whole: arguments gather, text grows, anything else replaces what was there. */
function mergeDelta(block: OpenBlock, type: string, delta: JsonObject): void {
  if (type === "input_json_delta") {
    block.json += textOf(delta["partial_json"]);
    return;
  }
  const merged = Object.entries(delta).flatMap(([key, value]) => {
    if (key === "type") return [];
    const before = block.value[key];
    return [[key, typeof before === "string" && typeof value === "string" ? before + value : value] as const];
  });
  block.value = { ...block.value, ...Object.fromEntries(merged) };
}

function emitText(block: OpenBlock, text: string, out: StreamPart[]): void {
  if (text === "") return;
  block.hasContent = true;
  out.push({ type: "text_delta", index: block.index, part: block.part, text });
}

function emitThinking(block: OpenBlock, text: string, out: StreamPart[]): void {
  if (text !== "") out.push({ type: "reasoning_delta", index: block.index, channel: "text", part: 0, text });
}

function emitArguments(block: OpenBlock, text: string, out: StreamPart[]): void {
  if (text === "") return;
  block.hasContent = true;
  out.push({ type: "tool_delta", index: block.index, text });
}

function emitCitation(block: OpenBlock, citation: Json | undefined, out: StreamPart[]): boolean {
  if (!isJsonObject(citation)) return false;
  block.hasContent = true;
  out.push({ type: "citation", index: block.index, part: block.part, citation: decodeCitation(citation) });
  return true;
}

/** Ends a block: emits what was held back and, except for text, the end of its item. */
export function closeBlock(block: OpenBlock, counter: ItemCounter, out: StreamPart[]): void {
  if (block.kind === "text") {
    if (!block.hasContent) out.push({ type: "text_delta", index: block.index, part: block.part, text: "" });
    return;
  }
  if (block.kind === "whole") return emitWhole(block, counter, out);
  if (block.kind === "thinking" && block.signature !== "") {
    out.push({
      type: "item_opaque",
      index: block.index,
      opaque: openOpaque(block.signature, DIALECT, "signature"),
    });
  }
  if (block.kind === "tool_use" && !block.hasContent && isJsonObject(block.input)) {
    out.push({ type: "tool_delta", index: block.index, text: JSON.stringify(block.input) });
  }
  out.push({ type: "item_end", index: block.index });
}

/** A block that came whole: redacted thinking, or one that only this dialect knows. */
function emitWhole(block: OpenBlock, counter: ItemCounter, out: StreamPart[]): void {
  const input = block.json === "" ? undefined : spelledInput(block.json);
  const value: WireBlock = input === undefined ? block.value : { ...block.value, input };
  const index = counter.next++;
  const items: Parameters<typeof decodeBlocks>[2] = [];
  if (value["type"] === "redacted_thinking") decodeBlocks([value], "assistant", items);
  const [item] = items;
  if (item?.type !== "reasoning" || item.opaque === undefined) {
    out.push({ type: "opaque_item", index, candidate: 0, dialect: DIALECT, value });
    return;
  }
  out.push(
    { type: "item_start", index, candidate: 0, kind: "reasoning", opaque: item.opaque },
    { type: "item_end", index },
  );
}
