import type { Part } from "../../canonical/content.ts";
import { isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";
import type { Opaque } from "../../canonical/opaque.ts";
import { decodeMedia } from "./decode-media.ts";
import { camelFields, readObject, readString, restOf } from "./read.ts";
import { openSignature } from "./signature.ts";
import { FUNCTION_CALL_FIELDS, FUNCTION_RESPONSE_FIELDS, PART_FIELDS, type WirePart } from "./wire.ts";

/** A wire Part sorted by what it is, before it becomes part of an item. */
export type Piece = TextPiece | CallPiece | ResultPiece | MediaPiece | OpaquePiece;

export interface TextPiece {
  kind: "text" | "thought";
  text: string;
  opaque?: Opaque;
  /** Fields of the Part without a canonical name. */
  part?: JsonObject;
}

export interface CallPiece {
  kind: "call";
  /** The functionCall, with camelCase fields. */
  wire: JsonObject;
  id?: string;
  name: string;
  /** JSON text; empty when the wire has no `args`. */
  arguments: string;
  opaque?: Opaque;
  part?: JsonObject;
  /** Fields of the functionCall without a canonical name. */
  call?: JsonObject;
}

export interface ResultPiece {
  kind: "result";
  /** The functionResponse, with camelCase fields. */
  wire: JsonObject;
  part?: JsonObject;
}

export interface MediaPiece {
  kind: "media";
  media: Part;
}

/** Provider-run code, tools, thought images, and what newer APIs may add. */
export interface OpaquePiece {
  kind: "opaque";
  part: WirePart;
}

const TEXT_TAKEN = new Set(["text", "thoughtSignature"]);
const THOUGHT_TAKEN = new Set(["text", "thoughtSignature", "thought"]);
const CALL_PART_TAKEN = new Set(["functionCall", "thoughtSignature"]);
const CALL_TAKEN = new Set(["id", "name", "args"]);
const RESULT_PART_TAKEN = new Set(["functionResponse"]);

/** Sorts one Part. Undefined when it is not even an object. */
export function decodePart(wire: Json): Piece | undefined {
  if (!isJsonObject(wire)) return undefined;
  const part = camelFields(wire, PART_FIELDS);
  const call = readObject(part, "functionCall");
  if (call !== undefined) return decodeCall(part, camelFields(call, FUNCTION_CALL_FIELDS));
  const result = readObject(part, "functionResponse");
  if (result !== undefined) return decodeResult(part, camelFields(result, FUNCTION_RESPONSE_FIELDS));
  const text = readString(part, "text");
  if (text !== undefined || isBareSignature(part)) return decodeText(part, text ?? "");
  const media = part.thought === true ? undefined : decodeMedia(part);
  return media === undefined ? { kind: "opaque", part } : { kind: "media", media };
}

/** Streams may end with a part that holds only a signature. */
function isBareSignature(part: WirePart): boolean {
  if (typeof part.thoughtSignature !== "string") return false;
  return restOf(part, THOUGHT_TAKEN) === undefined;
}

function decodeText(part: WirePart, text: string): TextPiece {
  const thought = part.thought === true;
  const piece: TextPiece = { kind: thought ? "thought" : "text", text };
  const signature = readString(part, "thoughtSignature");
  if (signature !== undefined) piece.opaque = openSignature(signature);
  const rest = restOf(part, thought ? THOUGHT_TAKEN : TEXT_TAKEN);
  if (rest !== undefined) piece.part = rest;
  return piece;
}

function decodeCall(part: WirePart, wire: JsonObject): CallPiece {
  const args = isJsonObject(wire.args) ? JSON.stringify(wire.args) : "";
  const piece: CallPiece = { kind: "call", wire, name: readString(wire, "name") ?? "", arguments: args };
  const id = readString(wire, "id");
  if (id !== undefined && id !== "") piece.id = id;
  const signature = readString(part, "thoughtSignature");
  if (signature !== undefined) piece.opaque = openSignature(signature);
  const rest = restOf(part, CALL_PART_TAKEN);
  if (rest !== undefined) piece.part = rest;
  const inner = restOf(wire, CALL_TAKEN);
  if (inner !== undefined) piece.call = inner;
  return piece;
}

function decodeResult(part: WirePart, wire: JsonObject): ResultPiece {
  const piece: ResultPiece = { kind: "result", wire };
  const rest = restOf(part, RESULT_PART_TAKEN);
  if (rest !== undefined) piece.part = rest;
  return piece;
}
