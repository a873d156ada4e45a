import type { ProviderFlags } from "../../canonical/dialect.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import type { Usage } from "../../canonical/usage.ts";
import { emptyUsage, tokenCount } from "../../canonical/usage.ts";
import { objectOf } from "./wire.ts";

/** The first of the values that is there, as a count. */
function firstCount(...values: (Json | undefined)[]): number {
  for (const value of values) if (typeof value === "number") return tokenCount(value);
  return 0;
}

/**
 * Normal form of a usage object. `prompt_tokens` counts cached tokens in at all hosts of this dialect. Cached tokens
 * stand in `prompt_tokens_details.cached_tokens` (OpenAI and most), `prompt_cache_hit_tokens` (DeepSeek),
 * `cached_tokens` (Moonshot), `num_cached_tokens` (Mistral) or `cache_read_input_tokens` (LiteLLM); writes in `cache_write_tokens` (OpenAI,
 * OpenRouter), `cache_creation_tokens` or `cache_creation_input_tokens` (LiteLLM, DashScope, Vercel).
 */
export function decodeUsage(usage: JsonObject, flags: ProviderFlags = {}): Usage {
  const prompt = promptDetails(usage);
  const completion = objectOf(usage["completion_tokens_details"]) ?? objectOf(usage["output_tokens_details"]) ?? {};
  const made = emptyUsage();
  made.inputTokens = firstCount(usage["prompt_tokens"], usage["input_tokens"]);
  made.outputTokens = firstCount(usage["completion_tokens"], usage["output_tokens"]);
  readCache(made, usage, prompt);
  readAudioInput(made, usage, tokenCount(prompt["audio_tokens"]));
  made.audioOutputTokens = Math.min(tokenCount(completion["audio_tokens"]), made.outputTokens);
  readImages(made, tokenCount(prompt["image_tokens"]), tokenCount(completion["image_tokens"]));
  made.reasoningTokens = firstCount(completion["reasoning_tokens"], usage["reasoning_tokens"]);
  if (flags.separateTokens === true) addSeparate(made, usage);
  else countReasoningInside(made, tokenCount(usage["total_tokens"]));
  made.webSearches = firstCount(
    usage["num_search_queries"],
    objectOf(usage["server_tool_use"])?.["web_search_requests"],
  );
  made.raw = usage;
  return made;
}

/** OpenRouter (https://openrouter.ai/docs/use-cases/usage-accounting) and xAI say how many tokens were images; they may cost more. */
function readImages(made: Usage, seen: number, drawn: number): void {
  if (seen > 0) made.imageInputTokens = Math.min(seen, made.inputTokens);
  if (drawn > 0) made.imageOutputTokens = Math.min(drawn, made.outputTokens);
}

/** Mistral counts the audio of a prompt beside `prompt_tokens`, which the total shows. */
function readAudioInput(made: Usage, usage: JsonObject, audio: number): void {
  const isBeside = audio > 0 && tokenCount(usage["total_tokens"]) === made.inputTokens + audio + made.outputTokens;
  if (isBeside) made.inputTokens += audio;
  made.audioInputTokens = Math.min(audio, made.inputTokens);
}

/** `prompt_token_details` is how Mistral has spelled it. */
function promptDetails(usage: JsonObject): JsonObject {
  return (
    objectOf(usage["prompt_tokens_details"]) ??
    objectOf(usage["prompt_token_details"]) ??
    objectOf(usage["input_tokens_details"]) ??
    {}
  );
}

/**
 * Perplexity bills `reasoning_tokens` beside the completion, and the tokens of the sources that the model read at the
 * price of input: https://docs.perplexity.ai/docs/getting-started/pricing.
 */
function addSeparate(made: Usage, usage: JsonObject): void {
  made.inputTokens += tokenCount(usage["citation_tokens"]);
  made.outputTokens += made.reasoningTokens;
}

function readCache(made: Usage, usage: JsonObject, prompt: JsonObject): void {
  const cached = firstCount(
    prompt["cached_tokens"],
    usage["prompt_cache_hit_tokens"],
    usage["cached_tokens"],
    usage["num_cached_tokens"],
    usage["cache_read_input_tokens"],
  );
  made.cachedInputTokens = Math.min(cached, made.inputTokens);
  const written = firstCount(
    prompt["cache_write_tokens"],
    prompt["cache_creation_tokens"],
    prompt["cache_creation_input_tokens"],
    usage["cache_creation_input_tokens"],
  );
  const writable = Math.min(written, made.inputTokens - made.cachedInputTokens);
  const lifetimes = objectOf(usage["cache_creation"]) ?? objectOf(prompt["cache_creation_token_details"]) ?? {};
  made.cacheWrite1hTokens = Math.min(tokenCount(lifetimes["ephemeral_1h_input_tokens"]), writable);
  made.cacheWriteTokens = writable - made.cacheWrite1hTokens;
}

/**
 * OpenAI counts reasoning inside `completion_tokens`. xAI does not (its total is prompt + completion + reasoning), nor
 * does Perplexity's deep research, and Google's compatible endpoint shows it in the total only. The total tells.
 */
function countReasoningInside(made: Usage, total: number): void {
  const { inputTokens, outputTokens, reasoningTokens } = made;
  if (reasoningTokens === 0) {
    const hidden = total - inputTokens - outputTokens;
    if (hidden <= 0 || inputTokens + outputTokens === 0) return;
    made.reasoningTokens = hidden;
    made.outputTokens += hidden;
  } else if (reasoningTokens > outputTokens || total === inputTokens + outputTokens + reasoningTokens) {
    made.outputTokens += reasoningTokens;
  }
}

/** The usage object for a client: the upstream's own when it came in this dialect, with all its extra fields. */
export function encodeUsage(usage: Usage): JsonObject {
  const { raw } = usage;
  if (isJsonObject(raw) && typeof raw["prompt_tokens"] === "number" && typeof raw["completion_tokens"] === "number") {
    return raw;
  }
  return {
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
    prompt_tokens_details: {
      cached_tokens: usage.cachedInputTokens,
      audio_tokens: usage.audioInputTokens,
      cache_write_tokens: usage.cacheWriteTokens + usage.cacheWrite1hTokens,
    },
    completion_tokens_details: {
      reasoning_tokens: usage.reasoningTokens,
      audio_tokens: usage.audioOutputTokens,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}

/**
 * The usage object of a chunk or answer, wherever the host put it: top level, `x_groq.usage` (Groq streams), or in the
 * choice (Moonshot streams). Nothing for `null`, which OpenAI sends in every chunk but the last.
 */
export function findUsage(answer: JsonObject, choice: JsonObject | undefined): JsonObject | undefined {
  return objectOf(answer["usage"]) ?? objectOf(choice?.["usage"]) ?? objectOf(objectOf(answer["x_groq"])?.["usage"]);
}
