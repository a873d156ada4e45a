import type { FinishReason } from "../../canonical/response.ts";

/**
 * `finish_reason` of an answer (vendor SDK: `ChatFinishReason`); the last two are words of the older API
 * (`ChatStreamEndEventFinishReason`) that hosts still send.
 */
const DECODED: Record<string, FinishReason> = {
  COMPLETE: "stop",
  STOP_SEQUENCE: "stop_sequence",
  MAX_TOKENS: "length",
  TOOL_CALL: "tool_calls",
  ERROR: "error",
  TIMEOUT: "error",
  ERROR_LIMIT: "length",
  ERROR_TOXIC: "content_filter",
};

/** Nothing in the current list says that an answer was withheld: the older word does. */
const ENCODED: Record<FinishReason, string> = {
  stop: "COMPLETE",
  stop_sequence: "STOP_SEQUENCE",
  length: "MAX_TOKENS",
  tool_calls: "TOOL_CALL",
  content_filter: "ERROR_TOXIC",
  refusal: "ERROR_TOXIC",
  pause: "COMPLETE",
  error: "ERROR",
  other: "COMPLETE",
};

/** The reason that a `finish_reason` stands for; `other` for one that is not known. */
export function decodeFinishReason(raw: string): FinishReason {
  return Object.hasOwn(DECODED, raw) ? (DECODED[raw] ?? "other") : "other";
}

/** The `finish_reason` of a candidate: the upstream's own word where it is one of this wire and still means the same. */
export function encodeFinishReason(reason: FinishReason, raw: string | undefined): string {
  const isOwn = raw !== undefined && Object.hasOwn(DECODED, raw) && DECODED[raw] === reason;
  return isOwn ? raw : ENCODED[reason];
}
