import { objectOf, type Json } from "../../canonical/json.ts";
import type { Candidate, FinishReason } from "../../canonical/response.ts";
import { textOf } from "./wire.ts";

/** `stopReason` (AWS SDK: `StopReason`). */
const DECODED: Readonly<Record<string, FinishReason>> = {
  end_turn: "stop",
  tool_use: "tool_calls",
  max_tokens: "length",
  stop_sequence: "stop_sequence",
  guardrail_intervened: "content_filter",
  content_filtered: "content_filter",
  malformed_model_output: "error",
  malformed_tool_use: "error",
  model_context_window_exceeded: "length",
};

const ENCODED: Readonly<Record<FinishReason, string>> = {
  stop: "end_turn",
  stop_sequence: "stop_sequence",
  length: "max_tokens",
  tool_calls: "tool_use",
  content_filter: "content_filtered",
  refusal: "content_filtered",
  pause: "end_turn",
  error: "malformed_model_output",
  other: "end_turn",
};

/**
 * The reason that a `stopReason` stands for; `other` for one that is not known. Claude has been seen to end with `end_turn`
 * after calls of tools (`hasCalls`): agents of other dialects would then not run them.
 */
export function decodeFinishReason(raw: string, hasCalls: boolean): FinishReason {
  const reason = Object.hasOwn(DECODED, raw) ? (DECODED[raw] ?? "other") : "other";
  return reason === "stop" && hasCalls ? "tool_calls" : reason;
}

/**
 * The `stopReason` of a candidate. The upstream's own word stays when it spoke this dialect and still means the same; a
 * stop at one of several stop strings has a word of its own here.
 */
export function encodeFinishReason(
  { finishReason: reason, rawFinishReason: raw, stopSequence }: Finish,
  native: boolean,
): string {
  if (raw !== undefined && (native || Object.hasOwn(DECODED, raw)) && decodeFinishReason(raw, false) === reason)
    return raw;
  return reason === "stop" && stopSequence !== undefined ? "stop_sequence" : ENCODED[reason];
}

type Finish = Pick<Candidate, "finishReason" | "rawFinishReason" | "stopSequence">;

/**
 * The stop sequence that ended an answer: Claude tells it among the additional fields, plainly or, in streams, within
 * `delta`.
 */
export function stopSequenceOf(additional: Json | undefined): string | undefined {
  const fields = objectOf(additional);
  const found = textOf(fields["stop_sequence"]) || textOf(objectOf(fields["delta"])["stop_sequence"]);
  return found === "" ? undefined : found;
}
