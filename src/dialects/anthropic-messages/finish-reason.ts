import type { Candidate, FinishReason } from "../../canonical/response.ts";
import { warnOnce, type Warning } from "../../canonical/warning.ts";
import { objectOf, type WireBlock } from "./wire.ts";

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
  // The only reason here that tells clients not to take the answer for whole.
  error: "max_tokens",
  other: "end_turn",
};

/**
 * The reason that a `stop_reason` stands for; `other` for one that is not known. Some servers (vLLM, when a tool is forced) say
 * `end_turn` although the client has calls to run (`asksClient`): agents of other dialects would then not run them.
 */
export function decodeFinishReason(raw: string, asksClient: boolean): FinishReason {
  const reason = Object.hasOwn(DECODED, raw) ? (DECODED[raw] ?? "other") : "other";
  return reason === "stop" && asksClient ? "tool_calls" : reason;
}

/** True of a call that waits for its client: those of the vendor's own code have run by the end of the turn (`caller`). */
export function isForClient(block: WireBlock): boolean {
  if (block["type"] !== "tool_use") return false;
  const caller = objectOf(block["caller"])["type"];
  return caller === undefined || caller === "direct";
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
  if (raw !== undefined && (native || Object.hasOwn(DECODED, raw)) && decodeFinishReason(raw, false) === finishReason)
    return raw;
  if (finishReason === "stop" && finish.stopSequence !== undefined) return "stop_sequence";
  return ENCODED[finishReason];
}

/** Warns that an answer which its provider broke off ends otherwise than it said. */
export function warnBrokenOff(raw: string | undefined, warnings: Warning[] | undefined): void {
  const message = `the provider broke the answer off${raw === undefined ? "" : ` (${raw})`}: max_tokens was sent`;
  if (warnings !== undefined) warnOnce(warnings, "changed_field", "stop_reason", message);
}
