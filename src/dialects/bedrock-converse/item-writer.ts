import type { Opaque } from "../../canonical/opaque.ts";
import { objectOf, type JsonObject } from "../../canonical/json.ts";
import { thoughtGap, type ItemPart, type ItemState } from "../../canonical/claude/item-state.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import { startBlock, stopBlock, writeDelta, writeTextDelta, writeWhole, type BlockWriter } from "./block-writer.ts";
import { encodeCitation } from "./citations.ts";
import { mediaBlock } from "./encode-block.ts";
import { carryForCall, carryForText, encodeRedacted, encodeSignature } from "./opaque-carriers.ts";
import { wireFields } from "./own-fields.ts";
import { DIALECT, objectsOf } from "./wire.ts";

type PartOf<T extends StreamPart["type"]> = Extract<StreamPart, { type: T }>;
/** Writes one part of the item that has the wire. */
export function writeItemPart(part: ItemPart, item: ItemState, writer: BlockWriter): void {
  switch (part.type) {
    case "item_start":
      return writeStart(part, item, writer);
    case "text_delta":
      return writeText(part, item, writer, part.opaque);
    case "refusal_delta":
      writer.hasRefusal = true;
      return writeText(part, item, writer, undefined);
    case "citation":
      openText(part.part, item, writer);
      return writeDelta(writer, { citation: encodeCitation(part.citation) });
    case "reasoning_delta":
      return writeThought(part, item, writer);
    case "tool_delta":
      return writeArguments(part.text, item, writer);
    case "item_opaque":
      return writeOpaque(part.opaque, item, writer);
    case "media":
      return writeMedia(part, item, writer);
    case "opaque_item":
      if (part.dialect === DIALECT) writeOwnBlock(part.value, writer);
      return;
    default:
      return writeEnd(item, writer);
  }
}

/** Closes the item's block; should more of the item come, it gets another one. */
export function closeItem(item: ItemState, writer: BlockWriter): void {
  item.part = -1;
  stopBlock(writer);
}

/** Messages open a block with their first text, reasoning with its first thought. */
function writeStart(part: PartOf<"item_start">, item: ItemState, writer: BlockWriter): void {
  if (part.kind !== "tool_call") return;
  if (part.opaque !== undefined) writeCarried(carryForCall(part.opaque, item.callId), writer);
  const own = wireFields(part.extensions);
  const toolUse = { ...objectOf(own?.["toolUse"]), toolUseId: item.callId, name: part.name ?? "" };
  startBlock(writer, { ...own, toolUse });
  if (item.isFreeText) writeTextDelta(writer, "input", '{"input":"');
}

function writeCarried(block: JsonObject, writer: BlockWriter): void {
  writeWhole(writer, undefined, block);
}

function writeEnd(item: ItemState, writer: BlockWriter): void {
  const { opaque } = item;
  item.opaque = undefined;
  if (opaque === undefined) endArguments(item, writer);
  else writeOpaque(opaque, item, writer);
  closeItem(item, writer);
}

function openText(part: number, item: ItemState, writer: BlockWriter): void {
  if (item.part === part && writer.isOpen) return;
  stopBlock(writer);
  item.part = part;
  startBlock(writer, undefined);
}

function writeText(
  { part, text }: PartOf<"text_delta"> | PartOf<"refusal_delta">,
  item: ItemState,
  writer: BlockWriter,
  opaque: Opaque | undefined,
): void {
  if (text !== "") {
    openText(part, item, writer);
    writeTextDelta(writer, "text", text);
  }
  if (opaque === undefined) return;
  closeItem(item, writer);
  writeCarried(carryForText(opaque), writer);
}

function writeThought(part: PartOf<"reasoning_delta">, item: ItemState, writer: BlockWriter): void {
  if (part.text === "") return;
  if (!writer.isOpen) startBlock(writer, undefined);
  writeTextDelta(writer, "reasoning", thoughtGap(part, item) + part.text);
}

/** A signature of reasoning, or what stands in place of one without text. Calls signed late get it behind them. */
function writeOpaque(opaque: Opaque, item: ItemState, writer: BlockWriter): void {
  if (item.kind === "tool_call") {
    endArguments(item, writer);
    closeItem(item, writer);
    return writeCarried(carryForCall(opaque, item.callId), writer);
  }
  item.opaque = undefined;
  const isBytes = opaque.maker === DIALECT || (!writer.isOpen && opaque.kind !== "signature");
  if (isBytes) {
    stopBlock(writer);
    return writeWhole(writer, undefined, { reasoningContent: { redactedContent: encodeRedacted(opaque) } });
  }
  if (!writer.isOpen) startBlock(writer, undefined);
  writeDelta(writer, { reasoningContent: { signature: encodeSignature(opaque) } });
}

function writeArguments(text: string, item: ItemState, writer: BlockWriter): void {
  if (text === "" || !writer.isOpen) return;
  writeTextDelta(writer, "input", item.isFreeText ? JSON.stringify(text).slice(1, -1) : text);
}

function endArguments(item: ItemState, writer: BlockWriter): void {
  if (item.isFreeText && writer.isOpen) writeTextDelta(writer, "input", '"}');
}

/** An image has a block of its own; other media that a model made have no form in streams. */
function writeMedia(part: PartOf<"media">, item: ItemState, writer: BlockWriter): void {
  const image = objectOf(mediaBlock(part.media)?.["image"]);
  if (image["format"] === undefined) return;
  closeItem(item, writer);
  writeWhole(writer, { image: { format: image["format"] } }, { image: { source: image["source"] ?? {} } });
}

/** A call or a result of a tool that the provider runs, in the events that the vendor sends it in. */
function writeOwnBlock(block: JsonObject, writer: BlockWriter): void {
  if (block["toolUse"] !== undefined) {
    const { input, ...toolUse } = objectOf(block["toolUse"]);
    writeWhole(writer, { toolUse }, { toolUse: { input: JSON.stringify(input ?? {}) } });
  } else if (block["toolResult"] !== undefined) {
    const { content, ...toolResult } = objectOf(block["toolResult"]);
    writeWhole(writer, { toolResult }, { toolResult: objectsOf(content) });
  }
}
