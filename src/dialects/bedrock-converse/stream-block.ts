import type { StreamPart } from "../../canonical/stream-part.ts";
import { objectOf, valueFrom, type Json, type JsonObject } from "../../canonical/json.ts";
import { decodeCitation } from "./citations.ts";
import { mediaTypeOf } from "./formats.ts";
import { decodeRedacted, decodeSignature } from "./opaque-carriers.ts";
import { blockExtensions, leftover } from "./own-fields.ts";
import { DIALECT, isCallers, objectsOf, textOf, type WireBlock } from "./wire.ts";

/** An open content block of an upstream's stream. */
export interface OpenBlock {
  kind: "text" | "reasoning" | "tool" | "image" | "whole";
  /** Number of its item; blocks that come whole get one when they end. */
  index: number;
  /** Text parts: number within the message item. */
  part: number;
  /** Whether any text or citation has been emitted. */
  hasContent: boolean;
  /** Signature so far, of reasoning. */
  signature: string;
  /** Pieces of bytes as base64: of redacted reasoning, or of an image. */
  bytes: string[];
  /** What the start of the block said. */
  start: JsonObject;
  /** Arguments so far of a call that the provider runs. */
  json: string;
  /** Content so far of a result that the provider found. */
  content: JsonObject[];
}

/** Where the blocks of one answer put their items. */
export interface ItemCounter {
  next: number;
  /** The message item that text goes to, while text blocks follow each other; -1 when there is none. */
  message: number;
  nextPart: number;
  /** Whether a call of the caller's tools has come. */
  hasCalls: boolean;
}

/** What a block is, by the members of its start and of its first delta (AWS SDK: `ContentBlockStart`, `ContentBlockDelta`). */
export function kindOf(start: JsonObject, delta: JsonObject): OpenBlock["kind"] | undefined {
  const tool = objectOf(start["toolUse"]);
  if (start["toolUse"] !== undefined) return isCallers(tool["type"]) ? "tool" : "whole";
  if (start["toolResult"] !== undefined || delta["toolResult"] !== undefined) return "whole";
  if (start["image"] !== undefined || delta["image"] !== undefined) return "image";
  if (delta["reasoningContent"] !== undefined) return "reasoning";
  return delta["text"] !== undefined || delta["citation"] !== undefined ? "text" : undefined;
}

/** Opens a block and emits what is known of it. */
export function openBlock(
  kind: OpenBlock["kind"],
  start: JsonObject,
  counter: ItemCounter,
  out: StreamPart[],
): OpenBlock {
  const block: OpenBlock = {
    kind,
    index: -1,
    part: 0,
    hasContent: false,
    signature: "",
    bytes: [],
    start,
    json: "",
    content: [],
  };
  if (kind === "text" || kind === "image") openMessage(block, counter, out);
  else closeMessage(counter, out);
  if (kind === "reasoning") {
    block.index = counter.next++;
    out.push({ type: "item_start", index: block.index, candidate: 0, kind: "reasoning" });
  } else if (kind === "tool") openTool(block, counter, out);
  return block;
}

/** Ends the message item that text blocks have shared so far. */
export function closeMessage(counter: ItemCounter, out: StreamPart[]): void {
  if (counter.message === -1) return;
  out.push({ type: "item_end", index: counter.message });
  counter.message = -1;
}

function openMessage(block: OpenBlock, counter: ItemCounter, out: StreamPart[]): void {
  if (counter.message === -1) {
    counter.message = counter.next++;
    counter.nextPart = 0;
    out.push({ type: "item_start", index: counter.message, candidate: 0, kind: "message" });
  }
  block.index = counter.message;
  if (block.kind === "text") block.part = counter.nextPart++;
}

const TOOL_FIELDS = new Set(["toolUseId", "name"]);

function openTool(block: OpenBlock, counter: ItemCounter, out: StreamPart[]): void {
  const tool = objectOf(block.start["toolUse"]);
  const extensions = blockExtensions(block.start, "toolUse", leftover(tool, TOOL_FIELDS));
  block.index = counter.next++;
  counter.hasCalls = true;
  out.push({
    type: "item_start",
    index: block.index,
    candidate: 0,
    kind: "tool_call",
    callId: textOf(tool["toolUseId"]),
    name: textOf(tool["name"]),
    toolKind: "function",
    ...(extensions !== undefined && { extensions }),
  });
}

/** Works a delta into its block. False: it is none of this block's. */
export function applyDelta(block: OpenBlock, delta: JsonObject, out: StreamPart[]): boolean {
  const { text, toolUse, reasoningContent, citation } = delta;
  switch (block.kind) {
    case "text":
      if (typeof text === "string") emitText(block, text, out);
      else if (citation !== undefined) emitCitation(block, objectOf(citation), out);
      return text !== undefined || citation !== undefined;
    case "tool":
      emitArguments(block, objectOf(toolUse)["input"], out);
      return toolUse !== undefined;
    case "reasoning":
      takeReasoning(block, objectOf(reasoningContent), out);
      return reasoningContent !== undefined;
    case "image":
      takeBytes(block, objectOf(objectOf(delta["image"])["source"])["bytes"]);
      return delta["image"] !== undefined;
    default:
      block.json += textOf(objectOf(toolUse)["input"]);
      block.content.push(...objectsOf(delta["toolResult"]));
      return toolUse !== undefined || delta["toolResult"] !== undefined;
  }
}

function emitText(block: OpenBlock, text: string, out: StreamPart[]): void {
  if (text === "") return;
  block.hasContent = true;
  out.push({ type: "text_delta", index: block.index, part: block.part, text });
}

function emitCitation(block: OpenBlock, wire: JsonObject, out: StreamPart[]): void {
  block.hasContent = true;
  out.push({ type: "citation", index: block.index, part: block.part, citation: decodeCitation(wire) });
}

function emitArguments(block: OpenBlock, input: Json | undefined, out: StreamPart[]): void {
  const text = typeof input === "string" ? input : input === undefined || input === null ? "" : JSON.stringify(input);
  if (text !== "") out.push({ type: "tool_delta", index: block.index, text });
}

function takeReasoning(block: OpenBlock, delta: JsonObject, out: StreamPart[]): void {
  const text = textOf(delta["text"]);
  if (text !== "") out.push({ type: "reasoning_delta", index: block.index, channel: "text", part: 0, text });
  block.signature += textOf(delta["signature"]);
  takeBytes(block, delta["redactedContent"]);
}

function takeBytes(block: OpenBlock, base64: Json | undefined): void {
  if (typeof base64 === "string" && base64 !== "") block.bytes.push(base64);
}

/** Ends a block: emits what was held back and, except for those of a message, the end of its item. */
export function closeBlock(block: OpenBlock, counter: ItemCounter, out: StreamPart[]): void {
  switch (block.kind) {
    case "text":
      if (!block.hasContent) out.push({ type: "text_delta", index: block.index, part: block.part, text: "" });
      return;
    case "image":
      return emitImage(block, out);
    case "whole":
      out.push({ type: "opaque_item", index: counter.next++, candidate: 0, dialect: DIALECT, value: wholeOf(block) });
      return;
    default:
      if (block.kind === "reasoning") emitState(block, out);
      out.push({ type: "item_end", index: block.index });
  }
}

function emitState(block: OpenBlock, out: StreamPart[]): void {
  const { index, signature, bytes } = block;
  if (signature !== "") out.push({ type: "item_opaque", index, opaque: decodeSignature(signature) });
  else if (bytes.length > 0) out.push({ type: "item_opaque", index, opaque: decodeRedacted(joined(bytes)) });
}

/** Each piece is base64 by itself; one alone stays as it is, to the letter. */
function joined(pieces: readonly string[]): string {
  const [first = ""] = pieces;
  if (pieces.length === 1) return first;
  return Buffer.concat(pieces.map((piece) => Buffer.from(piece, "base64"))).toString("base64");
}

function emitImage(block: OpenBlock, out: StreamPart[]): void {
  if (block.bytes.length === 0) return;
  const format = textOf(objectOf(block.start["image"])["format"]);
  out.push({
    type: "media",
    index: block.index,
    media: {
      type: "image",
      source: { type: "base64", data: joined(block.bytes) },
      ...(format !== "" && { mediaType: mediaTypeOf("image", format) }),
    },
  });
}

/** The block that its start and deltas add up to. */
function wholeOf(block: OpenBlock): WireBlock {
  const { start, json, content } = block;
  if (start["toolUse"] !== undefined) return { toolUse: { ...objectOf(start["toolUse"]), input: inputOf(json) } };
  return { toolResult: { ...objectOf(start["toolResult"]), content } };
}

function inputOf(json: string): Json {
  return json === "" ? {} : (valueFrom(json) ?? json);
}
