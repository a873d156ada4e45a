import { createHash, randomUUID } from "node:crypto";
import { shortCallId } from "../../canonical/short-call-id.ts";

/** An id for a tool call that came without one. */
export function makeCallId(): string {
  return `call_${randomUUID().replaceAll("-", "").slice(0, 24)}`;
}

/** Longest `tool_calls[].id` that OpenAI takes: "Expected a string with maximum length 40". */
const LONGEST = 40;

/**
 * A call's id as this wire takes it: ids that are too long, or that hosts with short ids would refuse, become a digest, the
 * same one each time.
 */
export function fitCallId(id: string, short: boolean | undefined): string {
  if (short === true) return shortCallId(id);
  if (id.length <= LONGEST) return id;
  return `call_${createHash("sha256").update(id).digest("hex").slice(0, 32)}`;
}
