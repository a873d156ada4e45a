import { createHash, randomUUID } from "node:crypto";

/** An id for a tool call that came without one. */
export function makeCallId(): string {
  return `call_${randomUUID().replaceAll("-", "").slice(0, 24)}`;
}

/** Longest `tool_calls[].id` that OpenAI takes: "Expected a string with maximum length 40". */
const LONGEST = 40;

/** A call's id as this wire takes it: ids of other dialects that are too long become a digest, the same one each time. */
export function fitCallId(id: string): string {
  if (id.length <= LONGEST) return id;
  return `call_${createHash("sha256").update(id).digest("hex").slice(0, 32)}`;
}
