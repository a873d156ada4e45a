import type { AudioPart, Extensions, FilePart, ImagePart, Part, VideoPart } from "../../canonical/content.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import { decodeCacheMarker, isCacheBreakpoint } from "./cache-marker.ts";
import { audioMediaType, decodeUrl } from "./media-type.ts";
import { addShape, extensionsWith } from "./shape.ts";
import { CHAT, fieldsBeside, objectOf, textOf } from "./wire.ts";

type PartDecoder = (part: JsonObject) => Part | undefined;

const DETAILS = new Set(["auto", "low", "high", "original"]);

/** Fields of each part type that its decoder reads, beside `type` and the cache markers. */
const DECODERS: Record<string, { decode: PartDecoder; named: Set<string> }> = {
  text: { decode: decodeText, named: namedFields("text") },
  image_url: { decode: decodeImage, named: namedFields("image_url") },
  input_audio: { decode: decodeAudio, named: namedFields("input_audio") },
  video_url: { decode: decodeVideo, named: namedFields("video_url") },
  file: { decode: decodeFile, named: namedFields("file") },
  file_url: { decode: decodeFileUrl, named: namedFields("file_url", "file_name") },
  document_url: { decode: decodeDocument, named: namedFields("document_url", "document_name") },
};

function namedFields(...fields: string[]): Set<string> {
  return new Set(["type", "cache_control", "prompt_cache_breakpoint", ...fields]);
}

/**
 * Decodes one content part. What the part type's fields do not fit, and every type that this dialect does not know,
 * becomes an opaque part, which goes back as it came.
 */
export function decodePart(part: JsonObject): Part {
  const type = part["type"];
  if (type === "refusal") {
    const refusal = part["refusal"];
    if (typeof refusal === "string" && Object.keys(part).length === 2) return { type: "refusal", text: refusal };
  }
  const decoder = typeof type === "string" && Object.hasOwn(DECODERS, type) ? DECODERS[type] : undefined;
  const made = decoder?.decode(part);
  if (decoder === undefined || made === undefined || made.type === "opaque" || made.type === "refusal") {
    return opaquePart(part);
  }
  addFieldsOf(made, part, decoder.named);
  return made;
}

function opaquePart(value: JsonObject): Part {
  const cache = decodeCacheMarker(value["cache_control"]);
  return { type: "opaque", dialect: CHAT, value, ...(cache !== undefined && { cache }) };
}

function addFieldsOf(made: Exclude<Part, { type: "opaque" | "refusal" }>, part: JsonObject, named: Set<string>): void {
  const beside = fieldsBeside(part, named);
  if (beside !== undefined) made.extensions = mergeFields(made.extensions, beside);
  const marker = part["cache_control"];
  const breakpoint = part["prompt_cache_breakpoint"];
  const cache = decodeCacheMarker(marker);
  if (cache !== undefined) made.cache = cache;
  else if (marker !== undefined) made.extensions = mergeFields(made.extensions, { cache_control: marker });
  if (breakpoint === undefined) return;
  if (cache === undefined && isCacheBreakpoint(breakpoint)) {
    made.cache = {};
    addShape(made, { breakpoint });
  } else made.extensions = mergeFields(made.extensions, { prompt_cache_breakpoint: breakpoint });
}

function mergeFields(extensions: Extensions | undefined, fields: JsonObject): Extensions {
  return { ...extensions, [CHAT]: { ...extensions?.[CHAT], ...fields } };
}

/** Unnamed fields of a part's inner object, under that object's name. */
function innerFields(name: string, inner: JsonObject, ...named: string[]): Extensions | undefined {
  const beside = fieldsBeside(inner, new Set(named));
  return extensionsWith(beside === undefined ? undefined : { [name]: beside });
}

function decodeText(part: JsonObject): Part | undefined {
  const text = part["text"];
  return typeof text === "string" ? { type: "text", text } : undefined;
}

function decodeImage(part: JsonObject): Part | undefined {
  const value = part["image_url"];
  if (typeof value === "string") {
    const bare: ImagePart = { type: "image", ...decodeUrl(value) };
    addShape(bare, { bare: true });
    return bare;
  }
  const image = objectOf(value);
  const url = image?.["url"];
  if (image === undefined || typeof url !== "string") return undefined;
  const made: ImagePart = { type: "image", ...decodeUrl(url) };
  const detail = image["detail"];
  const named = typeof detail === "string" && DETAILS.has(detail);
  if (named) made.detail = detail as NonNullable<ImagePart["detail"]>;
  const extensions = named ? innerFields("image_url", image, "url", "detail") : innerFields("image_url", image, "url");
  if (extensions !== undefined) made.extensions = extensions;
  return made;
}

function decodeAudio(part: JsonObject): Part | undefined {
  const audio = objectOf(part["input_audio"]);
  const data = audio?.["data"];
  if (audio === undefined || typeof data !== "string") return undefined;
  // DashScope takes a URL here.
  const isUrl = data.startsWith("http") || data.startsWith("data:");
  const made: AudioPart = { type: "audio", source: isUrl ? { type: "url", url: data } : { type: "base64", data } };
  const format = textOf(audio["format"]);
  if (format !== undefined) made.mediaType = audioMediaType(format);
  const extensions = innerFields("input_audio", audio, "data", ...(format === undefined ? [] : ["format"]));
  if (extensions !== undefined) made.extensions = extensions;
  return made;
}

function decodeVideo(part: JsonObject): Part | undefined {
  const video = objectOf(part["video_url"]);
  const url = video?.["url"];
  if (video === undefined || typeof url !== "string") return undefined;
  const made: VideoPart = { type: "video", ...decodeUrl(url) };
  const extensions = innerFields("video_url", video, "url");
  if (extensions !== undefined) made.extensions = extensions;
  return made;
}

function decodeFile(part: JsonObject): Part | undefined {
  const file = objectOf(part["file"]);
  if (file === undefined) return undefined;
  const data = file["file_data"];
  const id = file["file_id"];
  const made = typeof data === "string" ? fileOfData(data) : typeof id === "string" ? fileOfId(id) : undefined;
  if (made === undefined) return undefined;
  const filename = file["filename"];
  if (typeof filename === "string") made.filename = filename;
  const read = typeof data === "string" ? "file_data" : "file_id";
  const extensions = innerFields("file", file, read, ...(typeof filename === "string" ? ["filename"] : []));
  if (extensions !== undefined) made.extensions = extensions;
  return made;
}

/** `file_data` is a `data:` URL at OpenAI, also a plain URL at OpenRouter, and bare base64 at some clients. */
function fileOfData(data: string): FilePart {
  if (data.startsWith("data:") || data.startsWith("http")) return { type: "file", ...decodeUrl(data) };
  return { type: "file", source: { type: "base64", data } };
}

function fileOfId(id: string): FilePart {
  return { type: "file", source: { type: "file_id", id } };
}

/** Mistral: `{"type":"document_url","document_url":"https://…","document_name":"…"}`. */
function decodeDocument(part: JsonObject): Part | undefined {
  const url = part["document_url"];
  if (typeof url !== "string") return undefined;
  const made: FilePart = { type: "file", ...decodeUrl(url) };
  const name = part["document_name"];
  if (typeof name === "string") made.filename = name;
  else if (name !== undefined) made.extensions = { [CHAT]: { document_name: name } };
  addShape(made, { bare: true });
  return made;
}

/** Perplexity and Z.ai: `{"type":"file_url","file_url":{"url":"https://…"},"file_name":"…"}`, at the former also bare base64. */
function decodeFileUrl(part: JsonObject): Part | undefined {
  const file = objectOf(part["file_url"]);
  const url = file?.["url"];
  if (file === undefined || typeof url !== "string") return undefined;
  const made = fileOfData(url);
  const name = part["file_name"];
  if (typeof name === "string") made.filename = name;
  const extensions = innerFields("file_url", file, "url");
  if (extensions !== undefined) made.extensions = extensions;
  if (name !== undefined && typeof name !== "string")
    made.extensions = mergeFields(made.extensions, { file_name: name });
  addShape(made, { fileUrl: true });
  return made;
}

/** The parts of a content list; nothing when it is no list, is empty, or has an entry that is neither object nor string. */
export function decodeParts(content: Json | undefined): Part[] | undefined {
  if (!Array.isArray(content) || content.length === 0) return undefined;
  const parts: Part[] = [];
  for (const part of content) {
    if (isJsonObject(part)) parts.push(decodePart(part));
    else return undefined;
  }
  return parts;
}
