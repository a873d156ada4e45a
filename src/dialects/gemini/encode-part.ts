import type { FilePart, Part, TextPart } from "../../canonical/content.ts";
import { noteCache, type PartContext } from "./encode-context.ts";
import { encodeMedia } from "./encode-media.ts";
import type { WirePart } from "./wire.ts";

/**
 * Encodes one content part; several wire parts when a document brings its title and context along, none when Gemini
 * has no such thing (with a warning).
 */
export function encodePart(part: Part, field: string, context: PartContext): WirePart[] {
  if (part.type !== "refusal") noteCache(part, context);
  switch (part.type) {
    case "text":
      return encodeText(part, field, context);
    case "refusal":
      return part.text === "" ? [] : [{ text: part.text }];
    case "opaque":
      return encodeOpaquePart(part, field, context);
    case "file":
      return encodeFile(part, field, context);
    default:
      return encodeOneMedia(part, field, context);
  }
}

/** Empty text goes out only when the wire had it so (the mark of `textPart`) or it carries a signature. */
function encodeText(part: TextPart, field: string, context: PartContext): WirePart[] {
  const kept = part.extensions?.gemini;
  const signature = part.opaque === undefined ? undefined : context.sign(part.opaque, field);
  if (part.text === "" && kept === undefined && signature === undefined) return [];
  const wire: WirePart = { ...kept, text: part.text };
  if (signature !== undefined) wire.thoughtSignature = signature;
  return [wire];
}

function encodeOpaquePart(part: Extract<Part, { type: "opaque" }>, field: string, context: PartContext): WirePart[] {
  if (part.dialect === "gemini") return [part.value];
  context.warn("dropped_content", field, `a part that only ${part.dialect} knows was left out`);
  return [];
}

function encodeOneMedia(
  part: Exclude<Part, { type: "text" | "refusal" | "opaque" }>,
  field: string,
  context: PartContext,
): WirePart[] {
  const wire = encodeMedia(part);
  if (wire === undefined) {
    context.warn("dropped_content", field, "a file id of another provider's files API was left out");
    return [];
  }
  if (part.type === "image") finishImage(part, wire, field, context);
  return [wire];
}

function finishImage(
  part: Extract<Part, { type: "image" }>,
  wire: WirePart,
  field: string,
  context: PartContext,
): void {
  const signature = part.opaque === undefined ? undefined : context.sign(part.opaque, field);
  if (signature !== undefined) wire.thoughtSignature = signature;
  if (part.detail === undefined || part.detail === "auto") return;
  context.warn("unsupported_field", `${field}.detail`, "Gemini chooses the resolution of images by itself");
}

/** Gemini has no title or context of a document: they stand before it as text. */
function encodeFile(part: FilePart, field: string, context: PartContext): WirePart[] {
  if (part.citations === true) {
    context.warn("unsupported_field", "citations", "Gemini does not cite documents of the request");
  }
  const about = aboutFile(part);
  const before = about === "" ? [] : [{ text: about }];
  return [...before, ...encodeOneMedia(part, field, context)];
}

/** Title and context of a document, in words. */
export function aboutFile({ title, context }: FilePart): string {
  return [title, context].filter((text) => text !== undefined && text !== "").join("\n");
}
