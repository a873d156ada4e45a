import { shownType } from "../../canonical/shown-type.ts";

const EXTENSIONS: Record<string, string> = {
  pdf: "application/pdf",
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  txt: "text/plain",
  md: "text/markdown",
  csv: "text/csv",
  html: "text/html",
  xml: "text/xml",
  json: "application/json",
};

const IMAGES: ReadonlySet<string> = new Set(["image/jpeg", "image/png", "image/gif", "image/webp"]);
const TEXTUAL: ReadonlySet<string> = new Set([
  "application/json",
  "application/xml",
  "application/yaml",
  "application/x-yaml",
]);

/** The media type that base64 data or a file name gives away; undefined when neither does. */
export function guessMediaType(data: string | undefined, filename: string | undefined): string | undefined {
  const found = data === undefined ? undefined : shownType(data);
  if (found !== undefined || filename === undefined) return found;
  const extension = filename.slice(filename.lastIndexOf(".") + 1).toLowerCase();
  return Object.hasOwn(EXTENSIONS, extension) ? EXTENSIONS[extension] : undefined;
}

/** Image types that the API takes (vendor SDK: `Base64ImageSource`). */
export function isImageType(mediaType: string): boolean {
  return IMAGES.has(mediaType);
}

/** Types whose bytes are text, which the API takes as a plain text document. */
export function isTextType(mediaType: string): boolean {
  return mediaType.startsWith("text/") || TEXTUAL.has(mediaType);
}
