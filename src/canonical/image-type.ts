import { shownType } from "./shown-type.ts";

const SYNONYMS: Readonly<Record<string, string>> = {
  "image/jpg": "image/jpeg",
  "image/pjpeg": "image/jpeg",
  "image/x-png": "image/png",
};

/**
 * The media type of an image: what its bytes show, else what its sender said, in the usual spelling. Some vendors go by the
 * bytes alone and take `image/jpg`, or a type that does not fit; others refuse the request for it.
 */
export function imageType(said: string | undefined, base64: string): string | undefined {
  const shown = shownType(base64);
  if (shown?.startsWith("image/") === true) return shown;
  if (said === undefined) return undefined;
  const bare = said.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  return Object.hasOwn(SYNONYMS, bare) ? SYNONYMS[bare] : bare;
}
