import { thoughtGap, type ItemPart, type ItemState } from "../../canonical/claude/item-state.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import { sealOpaque } from "../../canonical/opaque.ts";
import type { Opaque } from "../../canonical/opaque.ts";
import type { BlockWriter } from "./block-writer.ts";
import { startBlock, stopBlock, writeDelta, writeTextDelta, writeWhole } from "./block-writer.ts";
import { carryForCall, carryForText } from "./carried-opaque.ts";
import { encodeCitation } from "./citations.ts";
import { wireFields } from "./own-fields.ts";
import { DIALECT } from "./wire.ts";

type PartOf<T extends StreamPart["type"]> = Extract<StreamPart, { type: T }>;
/** The events of one part of the item that has the wire. */
export function writeItemPart(part: ItemPart, item: ItemState, writer: BlockWriter): string {
  switch (part.type) {
    case "item_start":
      return writeStart(part, item, writer);
    case "text_delta":
      return writeText(part, item, writer) + writeTextOpaque(part.opaque, item, writer);
    case "refusal_delta":
      writer.hasRefusal = true;
      return writeText(part, item, writer);
    case "citation":
      return (
        openText(part.part, item, writer) +
        writeDelta(writer, { type: "citations_delta", citation: encodeCitation(part.citation) })
      );
    case "reasoning_delta":
      return writeThought(part, item, writer);
    case "tool_delta":
      return writeArguments(part.text, item, writer);
    case "item_opaque":
      return writeOpaque(part.opaque, item, writer);
    case "opaque_item":
      return part.dialect === DIALECT ? writeWhole(writer, part.value) : "";
    case "item_end":
      return writeEnd(item, writer);
    default:
      return "";
  }
}

/** Closes the item's block; should more of the item come, it gets another one. */
export function closeItem(item: ItemState, writer: BlockWriter): string {
  item.part = -1;
  return stopBlock(writer);
}

/** Messages open a block with their first text, reasoning with its first thought: until then its kind is not known. */
function writeStart(part: PartOf<"item_start">, item: ItemState, writer: BlockWriter): string {
  if (part.kind !== "tool_call") return "";
  const carried =
    part.opaque !== undefined && part.opaque.maker !== DIALECT ? carryForCall(part.opaque, item.callId) : undefined;
  const block = { type: "tool_use", id: item.callId, name: part.name ?? "", input: {}, ...wireFields(part.extensions) };
  const before = carried === undefined ? "" : writeWhole(writer, carried);
  return before + startBlock(writer, block) + (item.isFreeText ? writeJson(writer, '{"input":"') : "");
}

function writeEnd(item: ItemState, writer: BlockWriter): string {
  const { opaque } = item;
  item.opaque = undefined;
  const last = opaque === undefined ? endArguments(item, writer) : writeOpaque(opaque, item, writer);
  return last + closeItem(item, writer);
}

function openText(part: number, item: ItemState, writer: BlockWriter): string {
  if (item.part === part && writer.isOpen) return "";
  const closed = stopBlock(writer);
  item.part = part;
  return closed + startBlock(writer, { type: "text", text: "" });
}

function writeText(part: PartOf<"text_delta"> | PartOf<"refusal_delta">, item: ItemState, writer: BlockWriter): string {
  const opened = openText(part.part, item, writer);
  return part.text === "" ? opened : opened + writeTextDelta(writer, "text_delta", part.text);
}

function writeTextOpaque(opaque: Opaque | undefined, item: ItemState, writer: BlockWriter): string {
  if (opaque === undefined || opaque.maker === DIALECT) return "";
  return closeItem(item, writer) + writeWhole(writer, carryForText(opaque));
}

function writeThought(part: PartOf<"reasoning_delta">, item: ItemState, writer: BlockWriter): string {
  if (part.text === "") return "";
  const opened = writer.isOpen ? "" : startBlock(writer, { type: "thinking", thinking: "", signature: "" });
  return opened + writeTextDelta(writer, "thinking_delta", thoughtGap(part, item) + part.text);
}

/** A signature of thinking, or what stands in place of a thought without text. Calls signed late get it behind them. */
function writeOpaque(opaque: Opaque, item: ItemState, writer: BlockWriter): string {
  if (item.kind === "tool_call") return opaque.maker === DIALECT ? "" : lateCarrier(opaque, item, writer);
  item.opaque = undefined;
  const value = sealOpaque(opaque, DIALECT);
  const isOwnSignature = opaque.maker === DIALECT && opaque.kind === "signature";
  if (!writer.isOpen && !isOwnSignature) return writeWhole(writer, { type: "redacted_thinking", data: value });
  const opened = writer.isOpen ? "" : startBlock(writer, { type: "thinking", thinking: "", signature: "" });
  return opened + writeDelta(writer, { type: "signature_delta", signature: value });
}

function lateCarrier(opaque: Opaque, item: ItemState, writer: BlockWriter): string {
  return endArguments(item, writer) + closeItem(item, writer) + writeWhole(writer, carryForCall(opaque, item.callId));
}

function writeJson(writer: BlockWriter, json: string): string {
  return writeTextDelta(writer, "input_json_delta", json);
}

function writeArguments(text: string, item: ItemState, writer: BlockWriter): string {
  if (text === "" || !writer.isOpen) return "";
  return writeJson(writer, item.isFreeText ? JSON.stringify(text).slice(1, -1) : text);
}

function endArguments(item: ItemState, writer: BlockWriter): string {
  return item.isFreeText && writer.isOpen ? writeJson(writer, '"}') : "";
}
