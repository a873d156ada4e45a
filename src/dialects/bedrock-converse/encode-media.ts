import type { AudioPart, FilePart, ImagePart, VideoPart } from "../../canonical/content.ts";
import { imageType } from "../../canonical/image-type.ts";
import { objectOf, type JsonObject } from "../../canonical/json.ts";
import { nestedText } from "./decode-part.ts";
import { warn, type EncodeContext } from "./encode-context.ts";
import { bareFormat, formatOf, guessMediaType, isTextual } from "./formats.ts";
import { wireFields } from "./own-fields.ts";
import { textOf, type WireBlock } from "./wire.ts";

type Bytes = ImagePart | VideoPart | AudioPart;

/** Types that are sent when the sender did not say and the bytes do not tell. */
const USUAL: Readonly<Record<Bytes["type"], string>> = { image: "image/png", video: "video/mp4", audio: "audio/wav" };

/** The block of an image, a video or a sound; undefined when it cannot go along, with a warning. */
export function encodeMedia(part: Bytes, context: EncodeContext): WireBlock | undefined {
  const own = wireFields(part.extensions);
  if (own?.["guardContent"] !== undefined) return own;
  if (part.type === "image" && (part.detail === "low" || part.detail === "high" || part.detail === "original"))
    warn(context, "unsupported_field", "messages", "the detail level of images was left out");
  const { type: medium } = part;
  const within = objectOf(own?.[medium]);
  const source = sourceOf(part, within, context);
  if (source === undefined) return undefined;
  const data = part.source.type === "base64" ? part.source.data : undefined;
  const mediaType = typeOf(part, data, context) ?? USUAL[medium];
  const format = formatOf(medium, mediaType) ?? (context.native ? bareFormat(mediaType) : undefined);
  if (format === undefined) return drop(`${medium} of type ${mediaType}`, context);
  return { ...own, [medium]: { ...within, format, source } };
}

function drop(what: string, context: EncodeContext): undefined {
  warn(context, "dropped_content", "messages", `the target takes no ${what}`);
  return undefined;
}

/** Bytes in place or an object in S3: the API fetches nothing else. */
function sourceOf({ source }: Bytes | FilePart, within: JsonObject, context: EncodeContext): JsonObject | undefined {
  if (source.type === "base64") return { bytes: source.data };
  if (source.type === "text") return { text: source.text };
  if (source.type === "file_id") return drop("files that live at another provider", context);
  if (!source.url.startsWith("s3://")) return drop("content by its URL", context);
  const wrote = objectOf(within["source"]);
  const isSame = objectOf(wrote["s3Location"])["uri"] === source.url;
  return isSame ? wrote : { s3Location: { uri: source.url } };
}

/** The block of a file; undefined when it cannot go along, with a warning. */
export function encodeFile(part: FilePart, context: EncodeContext): WireBlock | undefined {
  const own = wireFields(part.extensions);
  const result = objectOf(own?.["searchResult"]);
  if (
    part.source.type === "text" &&
    result["content"] !== undefined &&
    nestedText(result["content"]) === part.source.text
  )
    return own;
  const data = part.source.type === "base64" ? part.source.data : undefined;
  const mediaType = part.mediaType ?? guessMediaType(data, part.filename ?? part.title);
  const medium = /^(image|video|audio)\//.exec(mediaType ?? "")?.[1] as Bytes["type"] | undefined;
  if (medium !== undefined && !context.native) return encodeMedia(asMedia(part, medium, mediaType), context);
  return encodeDocument(part, mediaType, own, context);
}

function typeOf(part: Bytes, data: string | undefined, context: EncodeContext): string | undefined {
  const isForeignImage = part.type === "image" && !context.native;
  const said = isForeignImage ? imageType(part.mediaType, data ?? "") : part.mediaType;
  return said ?? guessMediaType(data, undefined);
}

function asMedia({ source }: FilePart, type: Bytes["type"], mediaType: string | undefined): Bytes {
  return { type, source, ...(mediaType !== undefined && { mediaType }) };
}

function encodeDocument(
  part: FilePart,
  mediaType: string | undefined,
  own: JsonObject | undefined,
  context: EncodeContext,
): WireBlock | undefined {
  const within = objectOf(own?.["document"]);
  const source = nestedSource(part, within) ?? sourceOf(part, within, context);
  if (source === undefined) return undefined;
  const format = documentFormat(part, mediaType, context);
  if (format === undefined && !context.native) return drop(`files of type ${mediaType ?? "unknown"}`, context);
  const name = context.native ? part.title : uniqueName(part.title ?? part.filename ?? "", context);
  return {
    ...own,
    document: {
      ...within,
      ...(format !== undefined && { format }),
      ...(name !== undefined && { name }),
      source,
      ...(part.context !== undefined && { context: part.context }),
      ...(part.citations !== undefined && { citations: { enabled: part.citations } }),
    },
  };
}

/** The wire's own form of a document of several blocks, unless its text was changed since. */
function nestedSource({ source }: FilePart, within: JsonObject): JsonObject | undefined {
  const wrote = objectOf(within["source"]);
  const isKept = source.type === "text" && wrote["content"] !== undefined;
  return isKept && nestedText(wrote["content"]) === source.text ? wrote : undefined;
}

function documentFormat(part: FilePart, mediaType: string | undefined, context: EncodeContext): string | undefined {
  if (context.native) {
    if (part.mediaType === undefined) return undefined;
    return formatOf("document", part.mediaType) ?? bareFormat(part.mediaType);
  }
  if (part.source.type === "text") return formatOf("document", mediaType ?? "text/plain") ?? "txt";
  if (mediaType === undefined) return part.source.type === "url" ? "pdf" : undefined;
  return formatOf("document", mediaType) ?? (isTextual(mediaType) ? "txt" : undefined);
}

/** What a document's name may hold: letters, digits, single spaces, hyphens, parentheses, brackets (AWS SDK: `DocumentBlock`). */
const REFUSED = /[^a-zA-Z0-9\s\-()[\]]+/g;
const MAX_NAME = 190;

function uniqueName(wanted: string, { documents }: EncodeContext): string {
  const clean = wanted.replace(REFUSED, "-").replace(/\s+/g, " ").trim().slice(0, MAX_NAME);
  const base = textOf(clean) === "" ? "document" : clean;
  let name = base;
  for (let count = 2; documents.has(name); count += 1) name = `${base} (${count})`;
  documents.add(name);
  return name;
}
