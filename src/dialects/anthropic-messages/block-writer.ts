import type { JsonObject } from "../../canonical/json.ts";
import { sseEvent } from "../../lib/sse-write.ts";
import type { WireBlock } from "./wire.ts";
import { isJsonObject } from "../../canonical/json.ts";

/** The block that is open on the wire: there is never more than one. */
export interface BlockWriter {
  /** Index of the next block. */
  next: number;
  isOpen: boolean;
  /** Whether the blocks written so far include a tool call. */
  hasToolUse: boolean;
  /** Whether the model refused in words of its own. */
  hasRefusal: boolean;
}

/** One event of this dialect: its name stands in the `event:` line and in the data. */
export function wireEvent(type: string, fields: JsonObject): string {
  return sseEvent(type, JSON.stringify({ type, ...fields }));
}

/** Opens a block. */
export function startBlock(writer: BlockWriter, block: WireBlock): string {
  writer.isOpen = true;
  if (block["type"] === "tool_use") writer.hasToolUse = true;
  return wireEvent("content_block_start", { index: writer.next, content_block: block });
}

/** A delta of the open block. */
export function writeDelta(writer: BlockWriter, delta: JsonObject): string {
  return wireEvent("content_block_delta", { index: writer.next, delta });
}

/** Closes the open block, if there is one. */
export function stopBlock(writer: BlockWriter): string {
  if (!writer.isOpen) return "";
  writer.isOpen = false;
  const event = wireEvent("content_block_stop", { index: writer.next });
  writer.next += 1;
  return event;
}

/** The deltas that make up most of a stream: one field of text. */
const TEXT_FIELDS = { text_delta: "text", thinking_delta: "thinking", input_json_delta: "partial_json" } as const;

/** A delta of text, thinking or arguments, of the open block. */
export function writeTextDelta(writer: BlockWriter, type: keyof typeof TEXT_FIELDS, text: string): string {
  const delta = `{"type":"${type}","${TEXT_FIELDS[type]}":${JSON.stringify(text)}}`;
  return `event: content_block_delta\ndata: {"type":"content_block_delta","index":${writer.next},"delta":${delta}}\n\n`;
}

/** A whole block, in the events that the vendor sends it in: arguments and summaries come as a delta. */
export function writeWhole(writer: BlockWriter, block: WireBlock): string {
  const { input, content, encrypted_content: encrypted } = block;
  if (block["type"] === "compaction") {
    const delta = {
      type: "compaction_delta",
      content,
      ...("encrypted_content" in block && { encrypted_content: encrypted }),
    };
    return startBlock(writer, { ...block, content: null }) + writeDelta(writer, delta) + stopBlock(writer);
  }
  if (!isJsonObject(input) || Object.keys(input).length === 0) return startBlock(writer, block) + stopBlock(writer);
  const json = writeTextDelta(writer, "input_json_delta", JSON.stringify(input));
  return startBlock(writer, { ...block, input: {} }) + json + stopBlock(writer);
}
