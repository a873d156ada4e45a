import type { Opaque } from "../../canonical/opaque.ts";
import { openOpaque, sealOpaque } from "../../canonical/opaque.ts";
import type { Item, ToolCallItem } from "../../canonical/request.ts";
import type { TextPart } from "../../canonical/content.ts";
import type { WireBlock } from "./wire.ts";
import { DIALECT, textOf } from "./wire.ts";

/**
 * Gemini signs tool calls and texts, and `tool_use` and `text` blocks have no field for that. The signature travels in a
 * `redacted_thinking` block of its own, which clients hand back untouched; the holder says what it belongs to: a call by
 * its id, or the text before it.
 */
const CALL = "call:";
const TEXT = "text:";

/** The block that carries another maker's signature of a tool call. */
export function carryForCall(opaque: Opaque, callId: string): WireBlock {
  return carry(opaque, CALL + callId);
}

/** The block that carries another maker's signature of the text before it. */
export function carryForText(opaque: Opaque): WireBlock {
  return carry(opaque, TEXT);
}

function carry(opaque: Opaque, holder: string): WireBlock {
  return { type: "redacted_thinking", data: sealOpaque({ ...opaque, id: holder }, DIALECT) };
}

/** The signature that a block carries for another; undefined for every other block. */
export function openCarried(block: WireBlock): Opaque | undefined {
  if (block["type"] !== "redacted_thinking") return undefined;
  const opaque = openOpaque(textOf(block["data"]), DIALECT, "redacted");
  const holder = opaque.maker === DIALECT ? "" : (opaque.id ?? "");
  return holder.startsWith(CALL) || holder.startsWith(TEXT) ? opaque : undefined;
}

/** Puts the carried signatures of a turn back where they belong. `items` are the turn's own; each list is in wire order. */
export function attachCarried(carried: readonly Opaque[], items: readonly Item[]): void {
  for (const { id, ...opaque } of carried) {
    const call = items.find((item): item is ToolCallItem => item.type === "tool_call" && CALL + item.callId === id);
    if (call !== undefined) call.opaque = opaque;
  }
}

/** Signs the last text of the items, as a carried signature of a text does. */
export function signLastText(opaque: Opaque, items: readonly Item[]): void {
  const texts = items.flatMap((item) => (item.type === "message" ? item.content : []));
  const text = texts.findLast((part): part is TextPart => part.type === "text");
  if (text === undefined) return;
  const { id: _holder, ...signature } = opaque;
  text.opaque = signature;
}

/** True for a signature that belongs to the text before it. */
export function isForText(opaque: Opaque): boolean {
  return opaque.id === TEXT;
}
