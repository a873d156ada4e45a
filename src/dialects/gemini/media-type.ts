import { isWav, shownType } from "../../canonical/shown-type.ts";

/** Media types by file extension, for URLs and file names that come without one. */
const BY_EXTENSION: Record<string, string> = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  webp: "image/webp",
  gif: "image/gif",
  heic: "image/heic",
  heif: "image/heif",
  pdf: "application/pdf",
  txt: "text/plain",
  md: "text/markdown",
  csv: "text/csv",
  html: "text/html",
  json: "application/json",
  mp3: "audio/mpeg",
  wav: "audio/wav",
  flac: "audio/flac",
  ogg: "audio/ogg",
  m4a: "audio/mp4",
  mp4: "video/mp4",
  mov: "video/quicktime",
  webm: "video/webm",
};

/** Types of sound by the first base64 characters of the bytes. */
const AUDIO: ReadonlyArray<readonly [string, string]> = [
  ["SUQz", "audio/mpeg"],
  ["T2dnUw", "audio/ogg"],
  ["ZkxhQw", "audio/flac"],
];

/** The media type that a file name or URL suggests. */
export function typeOfName(name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  const path = name.split(/[?#]/, 1)[0] ?? "";
  const dot = path.lastIndexOf(".");
  return dot < 0 ? undefined : BY_EXTENSION[path.slice(dot + 1).toLowerCase()];
}

/** The media type that the bytes themselves show. */
export function typeOfData(base64: string): string | undefined {
  if (isWav(base64)) return "audio/wav";
  return shownType(base64) ?? AUDIO.find(([start]) => base64.startsWith(start))?.[1];
}

/** The rate that a media type states. */
export function rateOf(mimeType: string, usual: number): number {
  return Number(/rate=(\d+)/.exec(mimeType)?.[1] ?? usual);
}
