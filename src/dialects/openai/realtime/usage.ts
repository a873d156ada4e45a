import { isJsonObject, objectOf, type Json, type JsonObject } from "../../../canonical/json.ts";
import { emptyUsage, secondsCount, tokenCount, unitUsage, type Usage } from "../../../canonical/usage.ts";

/** Decodes `RealtimeResponseUsage`, or that of a transcription: by tokens, or by seconds. Cached audio counts as cached only. */
export function decodeRealtimeUsage(wire: Json | undefined): Usage | null {
  if (!isJsonObject(wire)) return null;
  if (wire["type"] === "duration") return unitUsage({ audio_seconds: secondsCount(wire["seconds"]) });
  const usage = emptyUsage();
  const input = objectOf(wire["input_token_details"]);
  const cached = objectOf(input["cached_tokens_details"]);
  const output = objectOf(wire["output_token_details"]);
  usage.inputTokens = tokenCount(wire["input_tokens"]);
  usage.cachedInputTokens = Math.min(tokenCount(input["cached_tokens"]), usage.inputTokens);
  usage.outputTokens = tokenCount(wire["output_tokens"]);
  usage.audioInputTokens = Math.max(0, tokenCount(input["audio_tokens"]) - tokenCount(cached["audio_tokens"]));
  usage.audioOutputTokens = tokenCount(output["audio_tokens"]);
  const images = Math.max(0, tokenCount(input["image_tokens"]) - tokenCount(cached["image_tokens"]));
  if (images > 0) usage.imageInputTokens = images;
  return usage;
}

/** Encodes `RealtimeResponseUsage`. */
export function encodeRealtimeUsage(usage: Usage): JsonObject {
  const { inputTokens, outputTokens, cachedInputTokens, audioInputTokens, audioOutputTokens } = usage;
  const images = usage.imageInputTokens ?? 0;
  return {
    total_tokens: inputTokens + outputTokens,
    input_tokens: inputTokens,
    output_tokens: outputTokens,
    input_token_details: {
      text_tokens: Math.max(0, inputTokens - audioInputTokens - images),
      audio_tokens: audioInputTokens,
      image_tokens: images,
      cached_tokens: cachedInputTokens,
      cached_tokens_details: { text_tokens: cachedInputTokens, audio_tokens: 0, image_tokens: 0 },
    },
    output_token_details: {
      text_tokens: Math.max(0, outputTokens - audioOutputTokens),
      audio_tokens: audioOutputTokens,
    },
  };
}
