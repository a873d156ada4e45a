import type { AudioPart, FilePart, ImagePart, Part, Source, TextPart, VideoPart } from "../../canonical/content.ts";
import type { JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import { encodeCacheMarker } from "./cache-marker.ts";
import type { EncodeContext } from "./encode-context.ts";
import { warn, warnForeign } from "./encode-context.ts";
import { encodeFileUrl, encodeHostDocument } from "./encode-document.ts";
import { audioFormat, dataUrl } from "./media-type.ts";
import { fieldsOf, shapeOf } from "./shape.ts";
import { CHAT, addFields } from "./wire.ts";

type Media = ImagePart | FilePart | AudioPart | VideoPart;

/** One content part, or nothing (and a warning) when the wire has no form for it. */
export function encodePart(part: Part, context: EncodeContext): JsonObject | undefined {
  if (part.type === "opaque") return encodeOpaquePart(part, context);
  if (part.type === "refusal") return { type: "refusal", refusal: part.text };
  if (isRefused(part, context)) return undefined;
  const made = part.type === "text" ? encodeText(part) : encodeMedia(part, context);
  addMarker(made, part, context);
  addInnerFields(made, fieldsOf(part));
  return made;
}

function encodeOpaquePart(part: Extract<Part, { type: "opaque" }>, context: EncodeContext): JsonObject | undefined {
  if (part.dialect === CHAT) return part.value;
  warnForeign(context, "content", part.value, part.dialect);
  return undefined;
}

function encodeText(part: TextPart): JsonObject {
  return { type: "text", text: part.text };
}

/**
 * Media that OpenAI's models answer 400 to: video, and sound that is not WAV or MP3 in place
 * (https://platform.openai.com/docs/api-reference/chat/create).
 */
function isRefused(part: TextPart | Media, context: EncodeContext): boolean {
  if (context.gpt === undefined || (part.type !== "video" && part.type !== "audio")) return false;
  if (part.type === "audio" && part.source.type === "base64" && SPOKEN.has(audioFormat(part.mediaType))) return false;
  warn(context, "dropped_content", `content.${part.type}`, `the model takes no ${part.mediaType ?? part.type}`);
  return true;
}

const SPOKEN: ReadonlySet<string> = new Set(["wav", "mp3"]);

function encodeMedia(part: Media, context: EncodeContext): JsonObject {
  if (part.type === "image") return encodeImage(part, context);
  if (part.type === "audio") return encodeAudio(part, context);
  if (part.type === "video")
    return { type: "video_url", video_url: { url: urlOf(part.source, part.mediaType, "video/mp4") } };
  return encodeFile(part, context);
}

/** The marker of a part; other dialects' markers only where it is known to be understood. */
function addMarker(made: JsonObject, part: TextPart | Media, context: EncodeContext): void {
  if (part.cache === undefined) return;
  const shape = shapeOf(part);
  if (shape?.cacheOnMessage !== undefined) return;
  if (shape?.breakpoint !== undefined) made["prompt_cache_breakpoint"] = shape.breakpoint;
  else if (context.own) made["cache_control"] = encodeCacheMarker(part.cache);
  else dropMarker(context);
}

/** Notes that a cache marker of another dialect stays behind: strict hosts refuse a request that has one. */
export function dropMarker(context: EncodeContext): void {
  warn(context, "unsupported_field", "cache_control", "hosts of chat completions cache by themselves or not at all");
}

/** Puts unnamed fields back, those of an inner object into that object. */
function addInnerFields(made: JsonObject, fields: JsonObject | undefined): void {
  if (fields === undefined) return;
  for (const key in fields) {
    const value = fields[key];
    const inner = made[key];
    if (isJsonObject(inner) && isJsonObject(value)) addFields(inner, value);
  }
  addFields(made, fields);
}

/** A URL for these bytes; `fallback` is the media type when the sender gave none. */
function urlOf(source: Source, mediaType: string | undefined, fallback: string): string {
  if (source.type === "url") return source.url;
  if (source.type === "base64") return dataUrl(mediaType ?? fallback, source.data);
  if (source.type === "text") return dataUrl(mediaType ?? "text/plain", Buffer.from(source.text).toString("base64"));
  return source.id;
}

function encodeImage(part: ImagePart, context: EncodeContext): JsonObject {
  if (part.source.type === "file_id") return { type: "file", file: { file_id: part.source.id } };
  const url = urlOf(part.source, part.mediaType, "image/png");
  if (shapeOf(part)?.bare === true) return { type: "image_url", image_url: url };
  const image: JsonObject = { url };
  if (part.detail === "original" && !context.own) {
    image["detail"] = "high";
    warn(context, "changed_field", "image.detail", "chat completions know no detail original; high was sent");
  } else if (part.detail !== undefined) image["detail"] = part.detail;
  return { type: "image_url", image_url: image };
}

function encodeAudio(part: AudioPart, context: EncodeContext): JsonObject {
  const { source } = part;
  const audio: JsonObject = {
    data: source.type === "base64" ? source.data : urlOf(source, part.mediaType, "audio/wav"),
  };
  if (part.mediaType !== undefined || !context.own) audio["format"] = audioFormat(part.mediaType);
  return { type: "input_audio", input_audio: audio };
}

function encodeFile(part: FilePart, context: EncodeContext): JsonObject {
  noteFileOptions(part, context);
  const shape = shapeOf(part);
  if (shape?.bare === true) return encodeDocument(part);
  if (shape?.fileUrl === true) return encodeFileUrl(part, fileData(part, context));
  const text = context.own ? undefined : plainText(part);
  if (text !== undefined) return { type: "text", text: describe(part, text) };
  const hosted = context.own || context.toClient ? undefined : encodeHostDocument(part, context);
  if (hosted !== undefined) return hosted;
  if (part.source.type === "file_id")
    return { type: "file", file: { file_id: part.source.id, ...nameOf(part, context) } };
  return { type: "file", file: { file_data: fileData(part, context), ...nameOf(part, context) } };
}

function noteFileOptions(part: FilePart, context: EncodeContext): void {
  if (part.citations === true) {
    warn(context, "unsupported_field", "document.citations", "chat completions cannot ask for citations of a document");
  }
  if (part.context !== undefined && plainText(part) === undefined) {
    warn(context, "unsupported_field", "document.context", "chat completions have no place for a document's context");
  }
}

function encodeDocument(part: FilePart): JsonObject {
  const made: JsonObject = {
    type: "document_url",
    document_url: urlOf(part.source, part.mediaType, "application/pdf"),
  };
  if (part.filename !== undefined) made["document_name"] = part.filename;
  return made;
}

/** The text of a plain-text document: OpenAI takes PDF files only, so text goes along as text. */
function plainText(part: FilePart): string | undefined {
  if (part.source.type === "text") return part.source.text;
  if (part.source.type !== "base64" || part.mediaType?.startsWith("text/") !== true) return undefined;
  return Buffer.from(part.source.data, "base64").toString();
}

function describe(part: FilePart, text: string): string {
  const heads = [part.title ?? part.filename, part.context].filter((head) => head !== undefined);
  return [...heads, text].join("\n\n");
}

function fileData(part: FilePart, context: EncodeContext): string {
  if (part.source.type === "base64" && part.mediaType === undefined && context.own) return part.source.data;
  return urlOf(part.source, part.mediaType, "application/pdf");
}

/** OpenAI requires a file name beside file data. */
function nameOf(part: FilePart, context: EncodeContext): JsonObject {
  const name = part.filename ?? part.title;
  if (name !== undefined) return { filename: name };
  return context.own || part.source.type === "file_id" ? {} : { filename: "document.pdf" };
}
