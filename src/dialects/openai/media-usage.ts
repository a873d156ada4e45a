import { isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";
import { emptyUsage, secondsCount, tokenCount, unitUsage, type Usage } from "../../canonical/usage.ts";

/**
 * `usage` of images and audio: tokens with their details, or `{type: "duration", seconds}`; of Mistral's transcripts tokens
 * with `prompt_audio_seconds` beside. Undefined where it says nothing.
 * https://platform.openai.com/docs/api-reference/images/object, …/audio/json-object,
 * https://docs.mistral.ai/api/endpoint/audio/transcriptions
 */
export function decodeMediaUsage(wire: Json | undefined): Usage | undefined {
  if (!isJsonObject(wire)) return undefined;
  const seconds = secondsCount(wire["seconds"]);
  if (wire["type"] === "duration" && seconds > 0) return { ...unitUsage({ audio_seconds: seconds }), raw: wire };
  const inputTokens = tokenCount(wire["input_tokens"] ?? wire["prompt_tokens"]);
  const outputTokens = tokenCount(wire["output_tokens"] ?? wire["completion_tokens"]);
  if (inputTokens + outputTokens === 0) return undefined;
  const heard = secondsCount(wire["prompt_audio_seconds"]);
  const units = heard > 0 ? { units: { audio_seconds: heard } } : {};
  // Audio says `input_token_details`, images `input_tokens_details`.
  const details = wire["input_token_details"] ?? wire["input_tokens_details"];
  const audio = isJsonObject(details) ? tokenCount(details["audio_tokens"]) : 0;
  const audioInputTokens = Math.min(audio, inputTokens);
  return { ...emptyUsage(), inputTokens, outputTokens, audioInputTokens, ...units, raw: wire };
}

/** OpenAI's own object as it came, else one of the same shape; undefined where there is nothing to say. */
export function encodeMediaUsage(usage: Usage | undefined): JsonObject | undefined {
  if (usage === undefined) return undefined;
  if (decodeMediaUsage(usage.raw as Json | undefined) !== undefined) return usage.raw as JsonObject;
  const { inputTokens, outputTokens, audioInputTokens, units } = usage;
  if (inputTokens + outputTokens === 0) {
    const seconds = units?.audio_seconds;
    return seconds === undefined ? undefined : { type: "duration", seconds };
  }
  const tokens: JsonObject = {
    type: "tokens",
    input_tokens: inputTokens,
    output_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
  };
  if (audioInputTokens > 0) {
    tokens["input_token_details"] = { audio_tokens: audioInputTokens, text_tokens: inputTokens - audioInputTokens };
  }
  return tokens;
}
