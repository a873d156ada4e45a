import type { FilePart, Part } from "../../canonical/content.ts";
import { valueFrom, type Json, type JsonObject } from "../../canonical/json.ts";
import type { ToolResultItem } from "../../canonical/request.ts";
import { noteCache, type RequestContext } from "./encode-context.ts";
import { encodeMedia, isInline } from "./encode-media.ts";
import { aboutFile, encodePart } from "./encode-part.ts";
import { isGemini3 } from "./model-traits.ts";
import { readList, readObject, readString } from "./read.ts";
import type { WirePart } from "./wire.ts";

/** Media types that may stand inside a function response (https://ai.google.dev/gemini-api/docs/function-calling#multimodal). */
const RESPONSE_TYPES = new Set(["image/png", "image/jpeg", "image/webp", "application/pdf", "text/plain"]);

export interface EncodedResult {
  response: WirePart;
  /** Media that cannot stand inside the response; it follows after all responses of the turn. */
  after: WirePart[];
}

/**
 * Encodes a tool result as a functionResponse. The text goes under the documented keys `output` or `error`, unless the
 * wire had it in another form. Gemini 3 takes images and documents inside the response; before that they stand beside
 * it.
 */
export function encodeToolResult(item: ToolResultItem, field: string, context: RequestContext): EncodedResult {
  noteCache(item, context);
  const kept = item.extensions?.gemini;
  const response: JsonObject = { ...(kept === undefined ? undefined : readObject(kept, "call")) };
  if (kept?.noId !== true && context.sendsId(item.callId)) response.id = item.callId;
  const name = resultName(item, field, context);
  if (name !== undefined) response.name = name;
  const output = encodeResponse(item, kept);
  if (output !== undefined) response.response = output;
  const { inside, after } = encodeResultMedia(item, field, context);
  inside.push(...((kept === undefined ? undefined : readList(kept, "parts")) ?? []));
  if (inside.length > 0) response.parts = inside;
  return {
    response: { ...(kept === undefined ? undefined : readObject(kept, "part")), functionResponse: response },
    after,
  };
}

function resultName(item: ToolResultItem, field: string, context: RequestContext): string | undefined {
  const called = context.callNames.get(item.callId);
  // Gemini 3 refuses a response by another name than its call's; what a Gemini client says stays.
  const name = item.extensions?.gemini === undefined ? (called ?? item.name) : (item.name ?? called);
  if (name !== undefined || item.extensions?.gemini !== undefined) return name;
  context.warn(
    "changed_field",
    `${field}.name`,
    "the result's call is not in the conversation; its id stands for the name",
  );
  return item.callId;
}

function encodeResponse(item: ToolResultItem, kept: JsonObject | undefined): JsonObject | undefined {
  const text = item.content.map(textOf).filter((line) => line !== undefined);
  const shape = kept === undefined ? undefined : readObject(kept, "shape");
  if (kept !== undefined && shape === undefined) return undefined;
  const joined = text.join("\n");
  const value: Json = shape?.json === true ? (valueFrom(joined) ?? joined) : joined;
  const key = shape === undefined ? undefined : readString(shape, "key");
  if (shape !== undefined && key === undefined && typeof value === "object" && value !== null && !Array.isArray(value))
    return value;
  return { [key ?? (item.isError === true ? "error" : "output")]: value };
}

/** What stands in the output: words, and documents that are words. */
function textOf(part: Part): string | undefined {
  if (part.type === "text" || part.type === "refusal") return part.text;
  if (!isTextFile(part)) return undefined;
  const about = aboutFile(part);
  return about === "" ? part.source.text : `${about}\n${part.source.text}`;
}

function isTextFile(part: Part): part is FilePart & { source: { type: "text" } } {
  return part.type === "file" && part.source.type === "text";
}

function encodeResultMedia(
  item: ToolResultItem,
  field: string,
  context: RequestContext,
): { inside: Json[]; after: WirePart[] } {
  const inside: Json[] = [];
  const after: WirePart[] = [];
  for (const [index, part] of item.content.entries()) {
    if (part.type === "text" || isTextFile(part)) noteCache(part, context);
    if (part.type === "text" || part.type === "refusal" || isTextFile(part)) continue;
    const wire = standsInside(part, item, context) ? encodeMedia(part) : undefined;
    if (wire !== undefined) inside.push(wire);
    else after.push(...encodePart(part, `${field}.content[${index}]`, context));
  }
  return { inside, after };
}

type MediaPart = Exclude<Part, { type: "text" | "refusal" | "opaque" }>;

function standsInside(part: Part, item: ToolResultItem, context: RequestContext): part is MediaPart {
  if (part.type === "text" || part.type === "refusal" || part.type === "opaque") return false;
  if (item.extensions?.gemini !== undefined) return true;
  if (!isGemini3(context.traits) || !isInline(part.source)) return false;
  return RESPONSE_TYPES.has(part.mediaType ?? "");
}
