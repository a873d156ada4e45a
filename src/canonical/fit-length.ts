import { createHash } from "node:crypto";

const MAX = 64;

/** The vendor refuses call ids, cache keys and safety identifiers over 64 characters: a longer one becomes its SHA-256 in hex. */
export function fitLength(text: string): string {
  return text.length <= MAX ? text : createHash("sha256").update(text).digest("hex");
}
