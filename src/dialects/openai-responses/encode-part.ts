import type { AudioPart, FilePart, ImagePart, Part, TextPart } from "../../canonical/content.ts";
import type { JsonObject } from "../../canonical/json.ts";
import { formatOf } from "./audio-format.ts";
import { dataUrl } from "./data-url.ts";
import { encodeCitation } from "./encode-citation.ts";
import { ownFields } from "./own-fields.ts";
import { warn } from "./request-encoding.ts";
import type { RequestEncoding } from "./request-encoding.ts";
import { DIALECT } from "./wire.ts";

/** Where a part stands: which roles may hold what differs, and warnings name the place. */
export interface PartPlace {
  /** The model's own turn: only text, refusals and this dialect's opaque parts may stand there. */
  assistant: boolean;
  at: string;
}

/** Encodes one content part for an upstream; undefined, with a warning, when it has no form there. */
export function encodePart(part: Part, place: PartPlace, encoding: RequestEncoding): JsonObject | undefined {
  if (part.type === "opaque") {
    return part.dialect === DIALECT ? part.value : dropped(encoding, place, `a ${part.dialect} content part`);
  }
  const wire = encodeKnown(part, place, encoding);
  if (wire !== undefined && part.type !== "refusal") markCache(part, wire, encoding);
  return wire;
}

function dropped(encoding: RequestEncoding, place: PartPlace, what: string): undefined {
  warn(encoding, "dropped_content", place.at, `${what} cannot be sent in this place of a Responses request`);
}

function encodeKnown(
  part: Exclude<Part, { type: "opaque" }>,
  place: PartPlace,
  encoding: RequestEncoding,
): JsonObject | undefined {
  switch (part.type) {
    case "text":
      return encodeText(part, place, encoding);
    case "refusal":
      return { type: "refusal", refusal: part.text };
    case "image":
      return place.assistant && !encoding.own ? dropped(encoding, place, "an image") : encodeImage(part, encoding);
    case "file":
      return place.assistant && !encoding.own ? dropped(encoding, place, "a file") : encodeFile(part, place, encoding);
    case "audio":
      return encodeAudio(part, place, encoding);
    default:
      return dropped(encoding, place, "a video");
  }
}

function encodeText(part: TextPart, place: PartPlace, encoding: RequestEncoding): JsonObject {
  const wire: JsonObject = {
    type: place.assistant ? "output_text" : "input_text",
    ...ownFields(part),
    text: part.text,
  };
  const annotations = encodeCitations(part, place, encoding) ?? (isForeignAnswer(place, encoding) ? [] : undefined);
  if (annotations !== undefined) wire.annotations = annotations;
  if (part.opaque !== undefined) {
    warn(encoding, "dropped_opaque", place.at, `state of ${part.opaque.maker} was left out`);
  }
  return wire;
}

/** `annotations` is a required field of the SDK's `ResponseOutputText`; vLLM refuses a text without it. */
function isForeignAnswer(place: PartPlace, encoding: RequestEncoding): boolean {
  return place.assistant && !encoding.own;
}

/**
 * A file citation names a file at the vendor. A document of another maker's has none: with an empty id the API would refuse
 * the whole request.
 */
function encodeCitations(part: TextPart, place: PartPlace, encoding: RequestEncoding): JsonObject[] | undefined {
  const { citations } = part;
  if (citations === undefined) return undefined;
  const named = citations.filter((citation) => citation.url !== undefined || citation.raw?.dialect === DIALECT);
  if (named.length < citations.length) {
    warn(encoding, "unsupported_field", `${place.at}.citations`, "citations of documents that the API does not hold");
  }
  if (named.length === 0 && citations.length > 0) return undefined;
  return named.map((citation) => encodeCitation(citation, part.text.length));
}

function encodeImage(part: ImagePart, encoding: RequestEncoding): JsonObject {
  const wire: JsonObject = { type: "input_image", ...ownFields(part) };
  if (part.source.type === "file_id") wire.file_id = part.source.id;
  else wire.image_url = imageUrl(part);
  const detail = part.detail ?? (encoding.own ? undefined : "auto");
  if (detail !== undefined) wire.detail = detail;
  return wire;
}

function imageUrl(part: ImagePart): string {
  const { source } = part;
  if (source.type === "url") return source.url;
  const mediaType = part.mediaType ?? "image/png";
  if (source.type === "base64") return dataUrl(mediaType, source.data);
  return dataUrl(mediaType, Buffer.from(source.type === "text" ? source.text : "").toString("base64"));
}

/** A text document goes as text: the API takes files as ids, URLs or encoded bytes only. */
function encodeFile(part: FilePart, place: PartPlace, encoding: RequestEncoding): JsonObject {
  const { source } = part;
  if (part.citations === true) {
    warn(encoding, "unsupported_field", `${place.at}.citations`, "citations of documents cannot be asked for");
  }
  if (source.type === "text") return { type: "input_text", text: documentText(part, source.text) };
  const wire: JsonObject = { type: "input_file", ...ownFields(part) };
  if (source.type === "file_id") wire.file_id = source.id;
  else if (source.type === "url") wire.file_url = source.url;
  else wire.file_data = fileData(part, source.data, encoding);
  const filename = fileName(part, place, encoding);
  if (filename !== undefined) wire.filename = filename;
  if (part.context !== undefined)
    warn(encoding, "dropped_content", `${place.at}.context`, "a file cannot carry a context text");
  return wire;
}

/** The API takes a name beside the bytes alone: with an id or a URL it answers 400, `mutually_exclusive_parameters`. */
function fileName(part: FilePart, place: PartPlace, encoding: RequestEncoding): string | undefined {
  const name = part.filename ?? part.title;
  if (encoding.own || part.source.type === "base64") return name ?? (encoding.own ? undefined : "document");
  if (name !== undefined)
    warn(encoding, "unsupported_field", `${place.at}.filename`, "a file by reference has no name");
  return undefined;
}

function fileData(part: FilePart, data: string, encoding: RequestEncoding): string {
  if (part.mediaType === undefined && encoding.own) return data;
  return dataUrl(part.mediaType ?? "application/pdf", data);
}

function documentText(part: FilePart, text: string): string {
  return [part.title ?? part.filename, part.context, text]
    .filter((line) => line !== undefined && line !== "")
    .join("\n\n");
}

function encodeAudio(part: AudioPart, place: PartPlace, encoding: RequestEncoding): JsonObject | undefined {
  const { source } = part;
  if (place.assistant) return assistantAudio(part, place, encoding);
  if (source.type !== "base64") return dropped(encoding, place, "audio by reference");
  return {
    type: "input_audio",
    ...ownFields(part),
    input_audio: { data: source.data, format: formatOf(part.mediaType) },
  };
}

/** The model's own audio can go back only to a host that sent it in this dialect; elsewhere its transcript stands for it. */
function assistantAudio(part: AudioPart, place: PartPlace, encoding: RequestEncoding): JsonObject | undefined {
  const fields = ownFields(part);
  if (fields.type === "output_audio" && part.source.type === "base64") {
    return { ...fields, data: part.source.data, ...(part.transcript !== undefined && { transcript: part.transcript }) };
  }
  dropped(encoding, place, "audio");
  return part.transcript === undefined ? undefined : { type: "output_text", text: part.transcript, annotations: [] };
}

/** Explicit breakpoints exist from `gpt-5.6` on; older models cache prefixes by themselves, so markers of other makers are left out. */
function markCache(
  part: Exclude<Part, { type: "opaque" | "refusal" }>,
  wire: JsonObject,
  encoding: RequestEncoding,
): void {
  if (part.cache === undefined) return;
  if (encoding.breakpoints) wire.prompt_cache_breakpoint = { mode: "explicit" };
  else warn(encoding, "unsupported_field", "cache_control", "prompt prefixes are cached without markers");
}
