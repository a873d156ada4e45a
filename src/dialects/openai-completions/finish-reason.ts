import type { Json } from "../../canonical/json.ts";
import type { FinishReason } from "../../canonical/response.ts";
import { textOf } from "./wire.ts";

const REASONS: Readonly<Record<string, FinishReason>> = {
  stop: "stop",
  eos: "stop",
  eos_token: "stop",
  stop_sequence: "stop_sequence",
  length: "length",
  content_filter: "content_filter",
  error: "error",
};

/** Decodes `finish_reason`; `other` for words that nobody documents, and for none. */
export function decodeFinish(word: Json | undefined): FinishReason {
  const text = textOf(word);
  const known = text !== undefined && Object.hasOwn(REASONS, text) ? REASONS[text] : undefined;
  return known ?? "other";
}

/** The three words that clients know; `raw`: the provider's own, when it spoke this dialect. */
export function encodeFinish(reason: FinishReason, raw: string | undefined): string {
  if (raw !== undefined) return raw;
  if (reason === "length") return "length";
  return reason === "content_filter" || reason === "refusal" ? "content_filter" : "stop";
}
