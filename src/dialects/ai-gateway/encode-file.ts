import type { Part } from "../../canonical/content.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import type { Version } from "./wire.ts";

export type MediaPart = Extract<Part, { type: "image" | "file" | "audio" | "video" }>;

export function isMedia(part: Part): part is MediaPart {
  return part.type === "image" || part.type === "file" || part.type === "audio" || part.type === "video";
}

/** The type of media that did not say theirs; wildcards are taken since version 2. */
const TYPES: Readonly<Record<MediaPart["type"], string>> = {
  image: "image/*",
  audio: "audio/*",
  video: "video/*",
  file: "application/octet-stream",
};

/** Media of an answer: its bytes; undefined for what is only a reference, which clients of before version 4 do not take. */
export function encodeMade(media: Part, version: Version): JsonObject | undefined {
  if (!isMedia(media) || media.source.type !== "base64") return undefined;
  const { data } = media.source;
  return { type: "file", mediaType: typeOf(media), data: version === 4 ? { type: "data", data } : data };
}

/** Data of a `file` part for a provider, in version 3: a URL, also `data:` (as `maybeEncodeFileParts` makes them). */
export function encodeData(media: MediaPart): Json | undefined {
  const { source } = media;
  switch (source.type) {
    case "url":
      return source.url;
    case "base64":
      return `data:${typeOf(media)};base64,${source.data}`;
    default:
      return undefined;
  }
}

export function typeOf({ type, mediaType, source }: MediaPart): string {
  return mediaType ?? (source.type === "text" ? "text/plain" : TYPES[type]);
}
