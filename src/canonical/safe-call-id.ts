import { createHash } from "node:crypto";

const ACCEPTED = /^[a-zA-Z0-9_-]+$/;
const KEPT_LENGTH = 40;

/** True of an id that Anthropic and Amazon take as it is. */
export function isSafeCallId(id: string): boolean {
  return ACCEPTED.test(id);
}

/**
 * The id of a tool call in the form that Anthropic and Amazon accept (`^[a-zA-Z0-9_-]+$`): as it is where it can be, else cleaned and
 * made unique with a hash. The same id always becomes the same, so that calls and their results still meet.
 */
export function safeCallId(id: string, mostLength: number = Infinity): string {
  if (id.length <= mostLength && ACCEPTED.test(id)) return id;
  const hash = createHash("sha256").update(id).digest("hex").slice(0, 12);
  const cleaned = id.replace(/[^a-zA-Z0-9_-]/g, "_").slice(0, KEPT_LENGTH);
  return `${cleaned === "" ? "toolu" : cleaned}_${hash}`;
}
