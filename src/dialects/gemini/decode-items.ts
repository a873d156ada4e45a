import type { TextPart } from "../../canonical/content.ts";
import type { Json } from "../../canonical/json.ts";
import type { Item, MessageItem, ReasoningItem, ToolCallItem } from "../../canonical/request.ts";
import type { CallIds } from "./call-ids.ts";
import { customInput } from "./custom-tool.ts";
import { decodePart, type CallPiece, type TextPiece } from "./decode-part.ts";
import { decodeToolResult } from "./decode-tool-result.ts";
import type { ItemMarks } from "./wire.ts";

/**
 * Decodes the parts of one Content: neighbouring text and media become one message, every thought, call and result an
 * item of its own, in order. Appends to `items`, whose earlier entries belong to other contents.
 */
export function decodeItems(parts: readonly Json[], role: "user" | "assistant", ids: CallIds, items: Item[]): void {
  const first = items.length;
  for (const wire of parts) {
    const piece = decodePart(wire);
    if (piece === undefined) continue;
    const last = items.length > first ? items.at(-1) : undefined;
    if (piece.kind === "text") messageOf(last, role, items).content.push(textPart(piece));
    else if (piece.kind === "media") messageOf(last, role, items).content.push(piece.media);
    else if (piece.kind === "thought") items.push(reasoning(piece));
    else if (piece.kind === "call") items.push(toolCall(piece, ids));
    else if (piece.kind === "result") items.push(decodeToolResult(piece, ids));
    else items.push({ type: "opaque", dialect: "gemini", role, value: { part: piece.part } });
  }
}

function messageOf(last: Item | undefined, role: "user" | "assistant", items: Item[]): MessageItem {
  if (last?.type === "message") return last;
  const message: MessageItem = { type: "message", role, content: [] };
  items.push(message);
  return message;
}

/** A text part. An empty one is marked as the wire's own, so that it is not left out on the way back. */
export function textPart(piece: TextPiece): TextPart {
  const part: TextPart = { type: "text", text: piece.text };
  if (piece.opaque !== undefined) part.opaque = piece.opaque;
  if (piece.part !== undefined || piece.text === "") part.extensions = { gemini: piece.part ?? {} };
  return part;
}

/** Gemini shows summaries of its thoughts (https://ai.google.dev/gemini-api/docs/thinking#summaries); Anthropic the text. */
function reasoning(piece: TextPiece): ReasoningItem {
  const full = piece.opaque?.maker === "anthropic-messages";
  const item: ReasoningItem = {
    type: "reasoning",
    summary: full || piece.text === "" ? [] : [piece.text],
    text: full ? piece.text : "",
  };
  if (piece.opaque !== undefined) item.opaque = piece.opaque;
  if (piece.part !== undefined) item.extensions = { gemini: { part: piece.part } };
  return item;
}

function toolCall(piece: CallPiece, ids: CallIds): ToolCallItem {
  const input = customInput(piece.arguments);
  const item: ToolCallItem = {
    type: "tool_call",
    callId: ids.ofCall(piece.id, piece.name),
    name: piece.name,
    kind: input === undefined ? "function" : "custom",
    arguments: input ?? piece.arguments,
  };
  if (piece.opaque !== undefined) item.opaque = piece.opaque;
  const marks = callMarks(piece);
  if (marks !== undefined) item.extensions = { gemini: marks };
  return item;
}

/** What a call's item keeps of its part; undefined when nothing. */
export function callMarks(piece: CallPiece): ItemMarks | undefined {
  const noArgs = piece.arguments === "" && piece.call?.partialArgs === undefined;
  if (piece.id !== undefined && !noArgs && piece.part === undefined && piece.call === undefined) return undefined;
  const marks: ItemMarks = {};
  if (piece.id === undefined) marks.noId = true;
  if (noArgs) marks.noArgs = true;
  if (piece.part !== undefined) marks.part = piece.part;
  if (piece.call !== undefined) marks.call = piece.call;
  return marks;
}
