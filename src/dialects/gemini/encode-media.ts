import type { AudioPart, FilePart, ImagePart, Source, VideoPart } from "../../canonical/content.ts";
import { inlineData } from "../../canonical/data-url.ts";
import { imageType } from "../../canonical/image-type.ts";
import type { JsonObject } from "../../canonical/json.ts";
import { typeOfData, typeOfName } from "./media-type.ts";
import { readObject } from "./read.ts";
import type { WirePart } from "./wire.ts";

export type MediaPart = ImagePart | AudioPart | VideoPart | FilePart;

/** Files API of the Gemini API; the name alone is not accepted as a URI. */
const FILES_URI = "https://generativelanguage.googleapis.com/v1beta/";

/** Sent for a picture whose type nobody knows; the model looks at the bytes. */
const FALLBACK_TYPE: Record<MediaPart["type"], string> = {
  image: "image/jpeg",
  audio: "audio/wav",
  video: "video/mp4",
  file: "application/pdf",
};

/**
 * The Part with `inlineData` or `fileData` of a media part. A missing media type is taken from the name, the URL or
 * the bytes, because the API wants one. Undefined for a file id of another provider's files API, which Gemini cannot
 * read.
 */
export function encodeMedia(part: MediaPart): WirePart | undefined {
  const kept = part.extensions?.gemini;
  const source = inlineUrl(part.source);
  if (source.type === "text") return { text: source.text };
  const data = source.type === "base64";
  const uri = data ? undefined : fileUri(source);
  if (!data && uri === undefined) return undefined;
  const key = data ? "inlineData" : "fileData";
  const inner: JsonObject = { ...(kept === undefined ? undefined : readObject(kept, key)) };
  const type = typeOf(part, source) ?? (kept === undefined ? guessType(part, source) : undefined);
  if (type !== undefined) inner.mimeType = type;
  if (data) inner.data = source.data;
  else inner.fileUri = uri;
  return { ...kept, [key]: inner };
}

/** True for a source whose bytes are in the request. */
export function isInline(source: Source): boolean {
  return source.type === "base64" || (source.type === "url" && source.url.startsWith("data:"));
}

type Located = Source & { mediaType?: string };

/** A `data:` URL is bytes in place. */
function inlineUrl(source: Source): Located {
  const inline = source.type === "url" ? inlineData(source.url) : undefined;
  return inline === undefined ? source : { type: "base64", ...inline };
}

function fileUri(source: Exclude<Located, { type: "base64" | "text" }>): string | undefined {
  if (source.type === "url") return source.url;
  if (source.id.includes("://")) return source.id;
  return source.id.startsWith("files/") ? FILES_URI + source.id : undefined;
}

/** A caller of this dialect keeps what it said. */
function typeOf(part: MediaPart, source: Located): string | undefined {
  const said = part.mediaType ?? source.mediaType;
  const isForeign = part.extensions?.gemini === undefined;
  return isForeign && part.type === "image" && source.type === "base64" ? imageType(said, source.data) : said;
}

function guessType(part: MediaPart, source: Source): string {
  const named = part.type === "file" ? typeOfName(part.filename) : undefined;
  const found =
    source.type === "base64" ? typeOfData(source.data) : typeOfName(source.type === "url" ? source.url : "");
  return named ?? found ?? FALLBACK_TYPE[part.type];
}
