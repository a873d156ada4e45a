import type { AudioPart, FilePart, ImagePart, Part, TextPart } from "../../canonical/content.ts";
import type { JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import { mediaTypeOf } from "./audio-format.ts";
import { readDataUrl } from "./data-url.ts";
import { decodeCitation } from "./decode-citation.ts";
import { fieldsBeyond, keepFields } from "./own-fields.ts";
import { DIALECT, listOf } from "./wire.ts";

/** `taken` receives the fields that the part holds; `usualText` is the type that text has in this place. */
type PartDecoder = (wire: JsonObject, taken: Set<string>, usualText: string) => Part | undefined;

const DECODERS: ReadonlyMap<string, PartDecoder> = new Map<string, PartDecoder>([
  ["input_text", decodeText],
  ["output_text", decodeText],
  ["text", decodeText],
  ["refusal", decodeRefusal],
  ["input_image", decodeImage],
  ["input_file", decodeFile],
  ["input_audio", decodeAudio],
  ["output_audio", decodeOutputAudio],
]);

/**
 * Decodes one content part of a message or of a tool's output. What has no common name becomes an opaque part.
 * `usualText` is `input_text` or `output_text`, whichever text is called in this place; another type is kept.
 */
export function decodePart(wire: JsonObject, usualText: string): Part {
  const taken = new Set(["type"]);
  const decoder = typeof wire.type === "string" ? DECODERS.get(wire.type) : undefined;
  const part = decoder?.(wire, taken, usualText) ?? { type: "opaque", dialect: DIALECT, value: wire };
  if (part.type === "opaque" || part.type === "refusal") return part;
  const marker = wire.prompt_cache_breakpoint;
  if (isJsonObject(marker) && marker.mode === "explicit") {
    part.cache = {};
    taken.add("prompt_cache_breakpoint");
  }
  keepFields(part, fieldsBeyond(wire, taken));
  return part;
}

function decodeText(wire: JsonObject, taken: Set<string>, usualText: string): Part | undefined {
  if (typeof wire.text !== "string") return undefined;
  const part: TextPart = { type: "text", text: wire.text };
  taken.add("text");
  if (wire.type !== usualText) taken.delete("type");
  const citations = listOf(wire.annotations).map(decodeCitation);
  if (citations.length > 0 && citations.every((citation) => citation !== undefined)) {
    part.citations = citations;
    taken.add("annotations");
  }
  return part;
}

function decodeRefusal(wire: JsonObject): Part | undefined {
  return typeof wire.refusal === "string" ? { type: "refusal", text: wire.refusal } : undefined;
}

const DETAILS: ReadonlyMap<unknown, NonNullable<ImagePart["detail"]>> = new Map([
  ["auto", "auto"],
  ["low", "low"],
  ["high", "high"],
  ["original", "original"],
]);

function decodeImage(wire: JsonObject, taken: Set<string>): Part | undefined {
  const part = imageSource(wire);
  if (part === undefined) return undefined;
  taken.add(part.source.type === "file_id" ? "file_id" : "image_url");
  const detail = DETAILS.get(wire.detail);
  if (detail !== undefined) {
    part.detail = detail;
    taken.add("detail");
  }
  return part;
}

function imageSource(wire: JsonObject): ImagePart | undefined {
  const { image_url: url, file_id: id } = wire;
  if (typeof url === "string") {
    const inline = readDataUrl(url);
    if (inline === undefined) return { type: "image", source: { type: "url", url } };
    return { type: "image", source: { type: "base64", data: inline.data }, mediaType: inline.mediaType };
  }
  return typeof id === "string" ? { type: "image", source: { type: "file_id", id } } : undefined;
}

function decodeFile(wire: JsonObject, taken: Set<string>): Part | undefined {
  const part = fileSource(wire);
  if (part === undefined) return undefined;
  taken.add(FILE_FIELDS[part.source.type]);
  if (typeof wire.filename === "string") {
    part.filename = wire.filename;
    taken.add("filename");
  }
  return part;
}

const FILE_FIELDS = { base64: "file_data", url: "file_url", file_id: "file_id", text: "file_data" } as const;

/** `file_data` is a data URL or bare base64; anything else in it is left to the opaque part. */
function fileSource(wire: JsonObject): FilePart | undefined {
  const { file_data: data, file_url: url, file_id: id } = wire;
  if (typeof data === "string") {
    const inline = readDataUrl(data);
    if (inline !== undefined) {
      return { type: "file", source: { type: "base64", data: inline.data }, mediaType: inline.mediaType };
    }
    return data.startsWith("data:") ? undefined : { type: "file", source: { type: "base64", data } };
  }
  if (typeof url === "string") return { type: "file", source: { type: "url", url } };
  return typeof id === "string" ? { type: "file", source: { type: "file_id", id } } : undefined;
}

function decodeAudio(wire: JsonObject, taken: Set<string>): Part | undefined {
  const audio = wire.input_audio;
  if (!isJsonObject(audio) || typeof audio.data !== "string" || typeof audio.format !== "string") return undefined;
  taken.add("input_audio");
  return { type: "audio", source: { type: "base64", data: audio.data }, mediaType: mediaTypeOf(audio.format) };
}

/** The part's type stays among its own fields: it tells the model's audio from the user's. */
function decodeOutputAudio(wire: JsonObject, taken: Set<string>): Part | undefined {
  if (typeof wire.data !== "string") return undefined;
  const part: AudioPart = { type: "audio", source: { type: "base64", data: wire.data } };
  taken.delete("type");
  taken.add("data");
  if (typeof wire.transcript === "string") {
    part.transcript = wire.transcript;
    taken.add("transcript");
  }
  return part;
}
