import type { Part, TextPart } from "../../canonical/content.ts";
import type { Item, MessageItem } from "../../canonical/request.ts";
import { groupOf } from "./groups.ts";
import { readObject } from "./read.ts";

/**
 * Puts together what the model said in one turn and a stream left in pieces: a chat of Google's SDK keeps a content a chunk, the last
 * of them empty (`recordHistory` of `Chat` in `@google/genai`), and others would take each for a message of its own. Pieces
 * beside which a signature or another field stands stay apart. Changes the list in place.
 */
export function joinTexts(items: Item[]): void {
  let kept = 0;
  for (const item of items) {
    const before = items[kept - 1];
    if (before !== undefined && groupOf(before) === "model" && isPiece(item) && isTaken(item, before)) continue;
    items[kept] = item;
    kept += 1;
  }
  items.length = kept;
}

interface Piece extends MessageItem {
  content: TextPart[];
}

/** A content of the model's with nothing but text, behind another one. */
function isPiece(item: Item): item is Piece {
  if (item.type !== "message" || item.role !== "assistant" || item.content.length === 0) return false;
  const fields = item.extensions?.gemini === undefined ? undefined : readObject(item.extensions.gemini, "content");
  return fields?.role === "model" && Object.keys(fields).length === 1 && item.content.every(isPlain);
}

function isPlain(part: Part | undefined): part is TextPart {
  if (part?.type !== "text" || part.opaque !== undefined) return false;
  return part.extensions === undefined || (part.text === "" && Object.keys(part.extensions.gemini ?? {}).length === 0);
}

function isTaken(piece: Piece, before: Item): boolean {
  const text = piece.content.map((part) => part.text).join("");
  if (text === "") return true;
  const last = before.type === "message" ? before.content.at(-1) : undefined;
  if (!isPlain(last)) return false;
  last.text += text;
  delete last.extensions;
  return true;
}
