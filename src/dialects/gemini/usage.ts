import { isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";
import { emptyUsage, tokenCount, type Usage } from "../../canonical/usage.ts";
import { readEnum } from "./read.ts";

const COUNTS = ["promptTokenCount", "candidatesTokenCount", "totalTokenCount", "thoughtsTokenCount"] as const;

/**
 * Decodes `usageMetadata` (`GenerateContentResponseUsageMetadata` in the typings). On the wire the prompt includes
 * cached tokens; what tools fed back (`toolUsePromptTokenCount`) and thoughts stand beside prompt and candidates.
 * Undefined when there is no count, as in the first chunks of Vertex streams. `searches` counts billed web searches.
 */
export function decodeUsage(wire: Json | undefined, searches: number): Usage | undefined {
  if (!isJsonObject(wire) || !hasCounts(wire)) return undefined;
  const usage = emptyUsage();
  const thoughts = tokenCount(wire.thoughtsTokenCount);
  usage.inputTokens = tokenCount(wire.promptTokenCount) + tokenCount(wire.toolUsePromptTokenCount);
  usage.cachedInputTokens = Math.min(tokenCount(wire.cachedContentTokenCount), usage.inputTokens);
  usage.outputTokens = outputTokens(wire, usage.inputTokens, thoughts);
  usage.reasoningTokens = thoughts;
  usage.audioInputTokens =
    tokensOf("AUDIO", wire.promptTokensDetails) + tokensOf("AUDIO", wire.toolUsePromptTokensDetails);
  usage.audioOutputTokens = tokensOf("AUDIO", wire.candidatesTokensDetails);
  const images = tokensOf("IMAGE", wire.candidatesTokensDetails);
  if (images > 0) usage.imageOutputTokens = images;
  usage.webSearches = searches;
  usage.raw = wire;
  return usage;
}

function hasCounts(wire: JsonObject): boolean {
  return COUNTS.some((key) => typeof wire[key] === "number");
}

/** Candidates exclude thoughts, unless the total shows that they were counted in already. */
function outputTokens(wire: JsonObject, input: number, thoughts: number): number {
  const candidates = tokenCount(wire.candidatesTokenCount);
  const included = candidates >= thoughts && tokenCount(wire.totalTokenCount) === input + candidates;
  return included ? candidates : candidates + thoughts;
}

/** `Modality` by its numbers. */
const MODALITIES = ["MODALITY_UNSPECIFIED", "TEXT", "IMAGE", "VIDEO", "AUDIO", "DOCUMENT"];

function tokensOf(modality: "AUDIO" | "IMAGE", details: Json | undefined): number {
  if (!Array.isArray(details)) return 0;
  let sum = 0;
  for (const entry of details) {
    if (isJsonObject(entry) && readEnum(entry, "modality", MODALITIES) === modality)
      sum += tokenCount(entry.tokenCount);
  }
  return sum;
}

/** Encodes usage; Gemini's own object goes on as it came. */
export function encodeUsage(usage: Usage): JsonObject {
  if (isJsonObject(usage.raw) && hasCounts(usage.raw)) return usage.raw;
  const wire: JsonObject = {
    promptTokenCount: usage.inputTokens,
    candidatesTokenCount: Math.max(usage.outputTokens - usage.reasoningTokens, 0),
    totalTokenCount: usage.inputTokens + usage.outputTokens,
  };
  if (usage.cachedInputTokens > 0) wire.cachedContentTokenCount = usage.cachedInputTokens;
  if (usage.reasoningTokens > 0) wire.thoughtsTokenCount = usage.reasoningTokens;
  if (usage.audioInputTokens > 0) {
    wire.promptTokensDetails = encodeDetails(usage.inputTokens, usage.audioInputTokens);
  }
  if (usage.audioOutputTokens > 0) {
    wire.candidatesTokensDetails = encodeDetails(usage.outputTokens - usage.reasoningTokens, usage.audioOutputTokens);
  }
  return wire;
}

function encodeDetails(total: number, audio: number): Json[] {
  const details: Json[] = [{ modality: "AUDIO", tokenCount: audio }];
  if (total > audio) details.unshift({ modality: "TEXT", tokenCount: total - audio });
  return details;
}
