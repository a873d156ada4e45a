import type { Part } from "../../canonical/content.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import { customInput } from "./custom-tool.ts";
import { callMarks } from "./decode-items.ts";
import {
  decodePart,
  type CallPiece,
  type MediaPiece,
  type OpaquePiece,
  type ResultPiece,
  type TextPiece,
} from "./decode-part.ts";
import { addPartialArgs } from "./partial-args.ts";
import { readList, restOf } from "./read.ts";
import { closeItem, openItem, type CandidateState, type OpenItem, type StreamState } from "./stream-state.ts";

/** Appends the parts of one wire Part of a chunk. `logprobs` go to the chunk's first text. */
export function addStreamPart(wire: Json, candidate: CandidateState, state: StreamState, logprobs?: JsonObject): void {
  const piece = decodePart(wire);
  if (piece === undefined) return;
  switch (piece.kind) {
    case "text":
      return addText(piece, candidate, state, logprobs);
    case "thought":
      return addThought(piece, candidate, state);
    case "call":
      return addCall(piece, candidate, state);
    case "media":
      return addMedia(piece, candidate, state);
    default:
      return addOpaque(piece, candidate, state);
  }
}

/**
 * Text continues the part before it until a signature has closed that one. A signature without text, as streams end
 * with, belongs to the text before it.
 */
function addText(piece: TextPiece, candidate: CandidateState, state: StreamState, logprobs?: JsonObject): void {
  if (piece.text === "" && piece.opaque === undefined && logprobs === undefined) return;
  const open = openItem("message", candidate, state);
  if (open.fresh) {
    open.part += 1;
    candidate.said = { index: open.index, part: open.part };
  }
  open.fresh = piece.opaque !== undefined;
  candidate.text += piece.text;
  const part: StreamPart = { type: "text_delta", index: open.index, part: open.part, text: piece.text };
  if (logprobs !== undefined) part.logprobs = logprobs;
  if (piece.opaque !== undefined) part.opaque = piece.opaque;
  state.out.push(part);
}

/** A signature ends its thought. */
function addThought(piece: TextPiece, candidate: CandidateState, state: StreamState): void {
  if (piece.text === "" && piece.opaque === undefined) return;
  const { index } = openItem("reasoning", candidate, state);
  if (piece.text !== "")
    state.out.push({ type: "reasoning_delta", index, channel: "summary", part: 0, text: piece.text });
  if (piece.opaque === undefined) return;
  state.out.push({ type: "item_opaque", index, opaque: piece.opaque });
  closeItem(candidate, state);
}

/**
 * A named call is a new one. Vertex may stream its arguments (`streamFunctionCallArguments`): pieces without a name
 * follow, and an empty call ends it, though that is not always sent.
 */
function addCall(piece: CallPiece, candidate: CandidateState, state: StreamState): void {
  const pieces = readList(piece.wire, "partialArgs");
  if (piece.name === "") {
    if (candidate.open?.kind !== "tool_call") return;
    if (pieces !== undefined) addPartialArgs((candidate.open.args ??= {}), pieces);
    else if (piece.wire.willContinue !== true) closeItem(candidate, state);
    return;
  }
  closeItem(candidate, state);
  const open = startCall(piece, candidate, state);
  if (pieces !== undefined) addPartialArgs((open.args ??= {}), pieces);
  if (pieces === undefined && piece.wire.willContinue !== true) closeItem(candidate, state);
}

const STREAMED_FIELDS = new Set(["partialArgs", "willContinue"]);

function startCall(piece: CallPiece, candidate: CandidateState, state: StreamState): OpenItem {
  const open: OpenItem = { index: (state.nextIndex += 1) - 1, kind: "tool_call", part: -1, fresh: true };
  candidate.open = open;
  candidate.calledTools = true;
  const input = customInput(piece.arguments);
  const { call, ...rest } = piece;
  const inner = call === undefined ? undefined : restOf(call, STREAMED_FIELDS);
  const marks = callMarks(inner === undefined ? rest : { ...rest, call: inner });
  const start: StreamPart = {
    type: "item_start",
    index: open.index,
    candidate: candidate.index,
    kind: "tool_call",
    callId: state.ids.ofCall(piece.id, piece.name),
    name: piece.name,
    toolKind: input === undefined ? "function" : "custom",
  };
  if (piece.opaque !== undefined) start.opaque = piece.opaque;
  if (marks !== undefined) start.extensions = { gemini: marks };
  state.out.push(start);
  const text = input ?? piece.arguments;
  if (text !== "") state.out.push({ type: "tool_delta", index: open.index, text });
  return open;
}

/** Speech arrives in chunks of one recording; other media whole. */
function addMedia(piece: MediaPiece, candidate: CandidateState, state: StreamState): void {
  const open = openItem("message", candidate, state);
  open.fresh = true;
  const media: Part = piece.media;
  state.out.push({
    type: "media",
    index: open.index,
    media,
    ...(media.type === "audio" ? { chunk: true } : undefined),
  });
}

function addOpaque(piece: OpaquePiece | ResultPiece, candidate: CandidateState, state: StreamState): void {
  closeItem(candidate, state);
  const part: JsonObject = piece.kind === "opaque" ? piece.part : { ...piece.part, functionResponse: piece.wire };
  const index = (state.nextIndex += 1) - 1;
  state.out.push({ type: "opaque_item", index, candidate: candidate.index, dialect: "gemini", value: { part } });
}
