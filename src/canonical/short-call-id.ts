import { createHash } from "node:crypto";

const SHORT = /^[a-zA-Z0-9]{9}$/;

/** True of an id of a tool call as Mistral takes it ("must be a-z, A-Z, 0-9, with a length of 9", code 3280). */
export function isShortCallId(id: string): boolean {
  return SHORT.test(id);
}

/** The id in that form: as it is where it can be, else a digest. The same id always becomes the same, so that calls and results meet. */
export function shortCallId(id: string): string {
  return isShortCallId(id) ? id : createHash("sha256").update(id).digest("hex").slice(0, 9);
}
