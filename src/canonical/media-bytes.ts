import { GatewayError } from "./errors.ts";
import type { MediaInput } from "./tasks/media-input.ts";

/** Bytes of a file and their type. */
export interface MediaBytes {
  data: Uint8Array;
  filename: string;
  mediaType: string;
}

const TYPES: Readonly<Record<string, string>> = {
  aac: "audio/aac",
  flac: "audio/flac",
  gif: "image/gif",
  jpeg: "image/jpeg",
  jpg: "image/jpeg",
  m4a: "audio/mp4",
  mp3: "audio/mpeg",
  mp4: "video/mp4",
  mpeg: "audio/mpeg",
  mpga: "audio/mpeg",
  oga: "audio/ogg",
  ogg: "audio/ogg",
  opus: "audio/ogg",
  png: "image/png",
  wav: "audio/wav",
  webm: "audio/webm",
  webp: "image/webp",
};

/**
 * The bytes of an input that is sent to a provider in place: those of a form, or of a `data:` URL. Throws
 * `unsupported_operation` for what lies elsewhere: the gateway fetches no addresses, and ids are good at one provider only.
 */
export function mediaBytes(input: MediaInput, param: string): MediaBytes {
  if (input.type === "bytes") return { ...input, mediaType: typeOf(input.filename, input.mediaType) };
  const inline = input.type === "url" ? dataUrl(input.url) : null;
  if (inline !== null) return inline;
  const what = input.type === "url" ? "an address" : "a file id";
  throw new GatewayError("unsupported_operation", `${param}: this provider needs the file itself, not ${what}`, {
    param,
  });
}

/**
 * The address of an input for a provider that fetches what it is given: its own, or a `data:` URL of its bytes. Throws
 * `unsupported_operation` for an id, which is good at one provider only.
 */
export function mediaAddress(input: MediaInput, param: string): string {
  if (input.type === "url") return input.url;
  const { data, mediaType } = mediaBytes(input, param);
  return `data:${mediaType};base64,${Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("base64")}`;
}

function typeOf(filename: string, said: string | undefined): string {
  const known = TYPES[filename.slice(filename.lastIndexOf(".") + 1).toLowerCase()];
  const isTelling = said !== undefined && said !== "" && said !== "application/octet-stream";
  return isTelling ? said : (known ?? "application/octet-stream");
}

const DATA_URL = /^data:([\w.+-]+\/[\w.+-]+)(?:;[\w=.+-]+)*;base64,/;

/** The bytes of a `data:` URL (RFC 2397) in base64; null for any other. */
export function dataUrl(url: string): MediaBytes | null {
  const head = DATA_URL.exec(url.slice(0, 200));
  if (head === null) return null;
  const mediaType = head[1] ?? "";
  return { data: Buffer.from(url.slice(head[0].length), "base64"), filename: "file", mediaType };
}
