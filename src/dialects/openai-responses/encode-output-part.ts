import type { Part, TextPart } from "../../canonical/content.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import { encodeCitation } from "./encode-citation.ts";
import { dataUrl } from "./data-url.ts";
import { ownFields } from "./own-fields.ts";
import { DIALECT, listOf } from "./wire.ts";

/** An empty text part, as a stream opens it. */
export function openText(): JsonObject {
  return { type: "output_text", annotations: [], logprobs: [], text: "" };
}

/** The list of tokens within log probabilities of the canonical form. */
export function tokensOf(logprobs: Json | undefined): readonly Json[] {
  return isJsonObject(logprobs) ? listOf(logprobs.content) : listOf(logprobs);
}

/** Encodes a text part of an answer. `logprobs` are those of its tokens, where the part itself does not keep them. */
export function encodeOutputText(part: TextPart, logprobs: readonly Json[]): JsonObject {
  const annotations = (part.citations ?? []).map((citation) => encodeCitation(citation, part.text.length));
  return { type: "output_text", annotations, logprobs: [...logprobs], ...ownFields(part), text: part.text };
}

/**
 * Encodes what may stand in a message beside text; undefined for what becomes an item of its own (images) or has no form
 * for clients of this dialect.
 */
export function encodeOutputMedia(part: Part): JsonObject | undefined {
  if (part.type === "refusal") return { type: "refusal", refusal: part.text };
  if (part.type === "opaque") return part.dialect === DIALECT ? part.value : undefined;
  if (part.type === "audio" && part.source.type === "base64") {
    return { type: "output_audio", data: part.source.data, transcript: part.transcript ?? "", ...ownFields(part) };
  }
  return undefined;
}

/** A made image as the vendor's own image tool gives it; undefined for other parts and for images by reference. */
export function encodeOutputImage(part: Part, id: string): JsonObject | undefined {
  if (part.type !== "image" || part.source.type !== "base64") return undefined;
  const format = part.mediaType?.startsWith("image/") === true ? part.mediaType.slice("image/".length) : undefined;
  return {
    id,
    type: "image_generation_call",
    status: "completed",
    result: part.source.data,
    ...(format !== undefined && { output_format: format }),
  };
}

/** Media by reference, files and videos have no form of their own in an answer: their link or data URL stands as text. */
export function mediaText(part: Part): string | undefined {
  if (part.type === "text" || part.type === "refusal" || part.type === "opaque") return undefined;
  const { source } = part;
  if (source.type === "url") return source.url;
  if (source.type === "text") return source.text;
  if (source.type === "file_id") return source.id;
  return dataUrl(part.mediaType ?? "application/octet-stream", source.data);
}
