import type { Source } from "../../canonical/content.ts";

/** Where bytes are, and what they are when the URL says so. */
export interface Located {
  source: Source;
  mediaType?: string;
}

/** Reads a URL field: a base64 `data:` URL with a media type becomes base64, any other stays a URL. */
export function decodeUrl(url: string): Located {
  const base64 = splitDataUrl(url);
  return base64 ?? { source: { type: "url", url } };
}

function splitDataUrl(url: string): Located | undefined {
  if (!url.startsWith("data:")) return undefined;
  const mark = url.indexOf(";base64,");
  if (mark <= 5) return undefined;
  return { source: { type: "base64", data: url.slice(mark + 8) }, mediaType: url.slice(5, mark) };
}

/** A `data:` URL of base64 bytes. */
export function dataUrl(mediaType: string, data: string): string {
  return `data:${mediaType};base64,${data}`;
}

/** The media type of OpenAI's audio format word (`wav`, `mp3`, …). */
export function audioMediaType(format: string): string {
  return format === "mp3" ? "audio/mpeg" : `audio/${format}`;
}

const FORMATS: ReadonlyMap<string, string> = new Map([
  ["audio/mpeg", "mp3"],
  ["audio/x-wav", "wav"],
  ["audio/wave", "wav"],
  ["audio/vnd.wave", "wav"],
  ["audio/mp4", "m4a"],
  ["audio/x-m4a", "m4a"],
]);

/** OpenAI's audio format word; `wav` when the media type is not known. */
export function audioFormat(mediaType: string | undefined): string {
  if (mediaType === undefined) return "wav";
  const type = mediaType.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  return FORMATS.get(type) ?? (type.startsWith("audio/") ? type.slice(6) : "wav");
}
