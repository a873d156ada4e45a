import type { Candidate, FinishReason } from "../../canonical/response.ts";

/** `stop_reason` of the Messages API (vendor SDK: `StopReason`, `BetaStopReason`). */
const DECODED: Record<string, FinishReason> = {
  end_turn: "stop",
  max_tokens: "length",
  stop_sequence: "stop_sequence",
  tool_use: "tool_calls",
  pause_turn: "pause",
  compaction: "pause",
  refusal: "refusal",
  model_context_window_exceeded: "length",
};

const ENCODED: Record<FinishReason, string> = {
  stop: "end_turn",
  stop_sequence: "stop_sequence",
  length: "max_tokens",
  tool_calls: "tool_use",
  content_filter: "refusal",
  refusal: "refusal",
  pause: "pause_turn",
  error: "end_turn",
  other: "end_turn",
};

/** The reason that a `stop_reason` stands for; `other` for one that is not known. */
export function decodeFinishReason(raw: string): FinishReason {
  return Object.hasOwn(DECODED, raw) ? (DECODED[raw] ?? "other") : "other";
}

/**
 * The `stop_reason` of a candidate. The upstream's own word stays when it spoke this dialect (`native`) and still means
 * the same; a stop at one of several stop strings has a word of its own here.
 */
export function encodeFinishReason(
  finish: Pick<Candidate, "rawFinishReason" | "stopSequence"> & { finishReason: FinishReason },
  native: boolean,
): string {
  const { finishReason, rawFinishReason: raw } = finish;
  if (raw !== undefined && (native || Object.hasOwn(DECODED, raw)) && decodeFinishReason(raw) === finishReason)
    return raw;
  if (finishReason === "stop" && finish.stopSequence !== undefined) return "stop_sequence";
  return ENCODED[finishReason];
}
