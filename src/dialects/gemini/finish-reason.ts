import type { FinishReason } from "../../canonical/response.ts";

/** Reasons by their numbers, as far as Gemini API and Vertex AI number them alike. */
export const FINISH_REASONS = ["FINISH_REASON_UNSPECIFIED", "STOP", "MAX_TOKENS", "SAFETY", "RECITATION", "OTHER"];
export const BLOCK_REASONS = ["BLOCKED_REASON_UNSPECIFIED", "SAFETY", "OTHER", "BLOCKLIST", "PROHIBITED_CONTENT"];

/** `FinishReason` and `BlockedReason` of the API (typings, and https://ai.google.dev/api/generate-content#FinishReason). */
const DECODED: Record<string, FinishReason> = {
  STOP: "stop",
  MAX_TOKENS: "length",
  SAFETY: "content_filter",
  RECITATION: "content_filter",
  BLOCKLIST: "content_filter",
  PROHIBITED_CONTENT: "content_filter",
  SPII: "content_filter",
  IMAGE_SAFETY: "content_filter",
  IMAGE_PROHIBITED_CONTENT: "content_filter",
  IMAGE_RECITATION: "content_filter",
  MODEL_ARMOR: "content_filter",
  JAILBREAK: "content_filter",
  MALFORMED_FUNCTION_CALL: "error",
  MALFORMED_RESPONSE: "error",
  UNEXPECTED_TOOL_CALL: "error",
  TOO_MANY_TOOL_CALLS: "error",
  MISSING_THOUGHT_SIGNATURE: "error",
  NO_IMAGE: "error",
  CONTINUATION: "pause",
  LANGUAGE: "other",
  OTHER: "other",
  IMAGE_OTHER: "other",
  FINISH_REASON_UNSPECIFIED: "other",
  BLOCKED_REASON_UNSPECIFIED: "content_filter",
};

const ENCODED: Record<FinishReason, string> = {
  stop: "STOP",
  stop_sequence: "STOP",
  tool_calls: "STOP",
  length: "MAX_TOKENS",
  content_filter: "SAFETY",
  refusal: "SAFETY",
  // CONTINUATION would make the SDK send the request again with a token that only Gemini can give.
  pause: "OTHER",
  error: "OTHER",
  other: "OTHER",
};

/** The reason behind a wire word. Gemini says STOP also when it calls functions. */
export function decodeFinishReason(wire: string, calledTools: boolean): FinishReason {
  const reason = Object.hasOwn(DECODED, wire) ? DECODED[wire] : undefined;
  if (reason === "stop" && calledTools) return "tool_calls";
  return reason ?? "other";
}

/** The reason of a prompt that was blocked before a candidate was made; every block is a filter's doing. */
export function decodeBlockReason(wire: string): FinishReason {
  const reason = decodeFinishReason(wire, false);
  return reason === "other" || reason === "stop" ? "content_filter" : reason;
}

/** The wire word: Gemini's own where the answer came from Gemini, else the nearest. */
export function encodeFinishReason(reason: FinishReason, raw: string | undefined): string {
  return raw !== undefined && Object.hasOwn(DECODED, raw) ? raw : ENCODED[reason];
}
