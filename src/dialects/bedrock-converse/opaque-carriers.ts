import type { TextPart } from "../../canonical/content.ts";
import { openOpaque, sealOpaque, type Opaque } from "../../canonical/opaque.ts";
import type { Item, ToolCallItem } from "../../canonical/request.ts";
import { DIALECT, SIGNER, type WireBlock } from "./wire.ts";

/**
 * Gemini signs tool calls and texts, and their blocks have no field for that here. The signature travels in a block of
 * redacted reasoning of its own, which clients hand back untouched; the holder says what it belongs to: a call by its id,
 * or the text before it.
 */
const CALL = "call:";
const TEXT = "text:";

/** `redactedContent` of a state: the bytes of its maker as base64, or of what another maker's state is sealed into. */
export function encodeRedacted(opaque: Opaque): string {
  return opaque.maker === DIALECT ? opaque.value : Buffer.from(sealOpaque(opaque, DIALECT)).toString("base64");
}

/** The state in `redactedContent`. */
export function decodeRedacted(base64: string): Opaque {
  const opened = openOpaque(Buffer.from(base64, "base64").toString("latin1"), DIALECT, "redacted");
  return opened.maker === DIALECT ? { maker: DIALECT, kind: "redacted", value: base64 } : opened;
}

/** `signature` of a state: Claude's as it is, another maker's sealed. */
export function encodeSignature(opaque: Opaque): string {
  return sealOpaque(opaque, SIGNER);
}

/** The state in a `signature`. */
export function decodeSignature(text: string): Opaque {
  return openOpaque(text, SIGNER, "signature");
}

function carry(opaque: Opaque, holder: string): WireBlock {
  return { reasoningContent: { redactedContent: encodeRedacted({ ...opaque, id: holder }) } };
}

/** The block that carries another maker's signature of a tool call. */
export function carryForCall(opaque: Opaque, callId: string): WireBlock {
  return carry(opaque, CALL + callId);
}

/** The block that carries another maker's signature of the text before it. */
export function carryForText(opaque: Opaque): WireBlock {
  return carry(opaque, TEXT);
}

/** True for state that was carried for another block. */
export function isCarried({ maker, id = "" }: Opaque): boolean {
  return maker !== DIALECT && (id.startsWith(CALL) || id === TEXT);
}

/** Puts a carried signature back where it belongs. `items` are the turn's own so far, and for calls all of them. */
export function attachCarried({ id, ...opaque }: Opaque, items: readonly Item[]): void {
  if (id === TEXT) return signLastText(opaque, items);
  const call = items.find((item): item is ToolCallItem => item.type === "tool_call" && CALL + item.callId === id);
  if (call !== undefined) call.opaque = opaque;
}

function signLastText(opaque: Opaque, items: readonly Item[]): void {
  const texts = items.flatMap((item) => (item.type === "message" ? item.content : []));
  const text = texts.findLast((part): part is TextPart => part.type === "text");
  if (text !== undefined) text.opaque = opaque;
}

/** True for a signature that belongs to the text before it. */
export function isForText({ id }: Opaque): boolean {
  return id === TEXT;
}
