import type { Part } from "../../canonical/content.ts";
import { isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";
import type { ToolResultItem } from "../../canonical/request.ts";
import type { CallIds } from "./call-ids.ts";
import { decodeMedia } from "./decode-media.ts";
import type { ResultPiece } from "./decode-part.ts";
import { camelFields, readList, readObject, readString, restOf } from "./read.ts";
import { PART_FIELDS, type ItemMarks } from "./wire.ts";

const TAKEN = new Set(["id", "name", "response", "parts"]);

/** Keys that stand alone around the output: the documented `output` and `error`, and what SDKs commonly write. */
const WRAPPERS = ["output", "error", "result", "content"] as const;

/**
 * How the text of a result is to be put back into `response`: under `key` (absent: it is the whole response), as the
 * JSON that the text spells or as a string. The content itself is not kept twice.
 */
export interface ResponseShape extends JsonObject {
  key?: string;
  json?: boolean;
}

/** The marks of a tool result: those of every item, and the form of its response. */
export interface ResultMarks extends ItemMarks {
  shape?: ResponseShape;
  /** Media beside the response that no content part can hold. */
  parts?: Json[];
}

/**
 * Decodes a `functionResponse`. `response` is any object; its `output` or `error` is the content when it stands alone
 * (https://ai.google.dev/api/caching#FunctionResponse), else its JSON text.
 */
export function decodeToolResult(piece: ResultPiece, ids: CallIds): ToolResultItem {
  const { wire } = piece;
  const name = readString(wire, "name");
  const id = readString(wire, "id");
  const marks: ResultMarks = {};
  const content = decodeResponse(readObject(wire, "response"), marks);
  decodeParts(readList(wire, "parts"), content, marks);
  const callId = ids.ofResult(id === "" ? undefined : id, name ?? "");
  const item: ToolResultItem = { type: "tool_result", callId, kind: "function", content };
  if (name !== undefined) item.name = name;
  if (marks.shape?.key === "error") item.isError = true;
  if (id === undefined || id === "") marks.noId = true;
  if (piece.part !== undefined) marks.part = piece.part;
  const rest = restOf(wire, TAKEN);
  if (rest !== undefined) marks.call = rest;
  item.extensions = { gemini: marks };
  return item;
}

function decodeResponse(response: JsonObject | undefined, marks: ResultMarks): Part[] {
  if (response === undefined) return [];
  const keys = Object.keys(response);
  const key = keys.length === 1 ? WRAPPERS.find((wrapper) => wrapper === keys[0]) : undefined;
  const inner = key === undefined ? response : response[key];
  const shape: ResponseShape = {};
  if (key !== undefined) shape.key = key;
  if (typeof inner !== "string") shape.json = true;
  marks.shape = shape;
  return [{ type: "text", text: typeof inner === "string" ? inner : JSON.stringify(inner) }];
}

function decodeParts(parts: Json[] | undefined, content: Part[], marks: ResultMarks): void {
  for (const wire of parts ?? []) {
    const media = isJsonObject(wire) ? decodeMedia(camelFields(wire, PART_FIELDS)) : undefined;
    if (media === undefined) (marks.parts ??= []).push(wire);
    else content.push(media);
  }
}
