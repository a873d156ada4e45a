import type { FinishReason } from "../../canonical/response.ts";
import type { Json } from "../../canonical/json.ts";

/**
 * Words seen at hosts of this dialect, lower case. OpenAI: the first five. Mistral: model_length, error. Z.ai:
 * sensitive, network_error, model_context_window_exceeded. DeepSeek: insufficient_system_resource. Together: eos.
 * vLLM and SGLang: abort. OpenRouter: error.
 */
const REASONS: ReadonlyMap<string, FinishReason> = new Map([
  ["stop", "stop"],
  ["length", "length"],
  ["tool_calls", "tool_calls"],
  ["content_filter", "content_filter"],
  ["function_call", "tool_calls"],
  ["model_length", "length"],
  ["max_tokens", "length"],
  ["max_output_tokens", "length"],
  ["model_context_window_exceeded", "length"],
  ["eos", "stop"],
  ["eos_token", "stop"],
  ["end_turn", "stop"],
  ["stop_sequence", "stop_sequence"],
  ["tool_call", "tool_calls"],
  ["tool_use", "tool_calls"],
  ["content_filtered", "content_filter"],
  ["sensitive", "content_filter"],
  ["safety", "content_filter"],
  ["refusal", "refusal"],
  ["error", "error"],
  ["network_error", "error"],
  ["insufficient_system_resource", "error"],
  ["abort", "error"],
]);

const WORDS: Record<FinishReason, string> = {
  stop: "stop",
  stop_sequence: "stop",
  length: "length",
  tool_calls: "tool_calls",
  content_filter: "content_filter",
  refusal: "content_filter",
  pause: "stop",
  error: "error",
  other: "stop",
};

/** Why a choice ended, as the host said it and in the neutral form. */
export interface Finish {
  reason: FinishReason;
  raw?: string;
  stopSequence?: string;
}

/** The host's word, when it has said one; `null` and `""` mean that the answer goes on. */
export function finishWord(value: Json | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/**
 * Decodes `finish_reason`. Many hosts (and OpenAI itself when a tool is forced) say `stop` after tool calls: agents of
 * other dialects would then not run the tools, so the neutral reason is `tool_calls`. `stopped` is vLLM's
 * `stop_reason` or SGLang's `matched_stop`: the stop sequence as text, a token id, or null.
 */
export function decodeFinish(word: string | undefined, hasToolCalls: boolean, stopped: Json | undefined): Finish {
  if (word === undefined) return { reason: hasToolCalls ? "tool_calls" : "other" };
  const known = REASONS.get(word.toLowerCase()) ?? "other";
  if (known !== "stop") return { reason: known, raw: word };
  if (hasToolCalls) return { reason: "tool_calls", raw: word };
  if (typeof stopped === "string" && stopped !== "")
    return { reason: "stop_sequence", raw: word, stopSequence: stopped };
  return { reason: known, raw: word };
}

/**
 * The `finish_reason` for a client: the upstream's own word when the answer came in this dialect (`verbatim`). That of
 * another dialect may read alike and mean less: Ollama says `stop` after calls of tools. `legacy` is for clients that sent
 * `functions`.
 */
export function encodeFinish(
  reason: FinishReason,
  raw: string | undefined,
  verbatim: boolean,
  legacy: boolean,
): string {
  if (raw !== undefined && verbatim) return raw;
  return legacy && reason === "tool_calls" ? "function_call" : WORDS[reason];
}
