import { isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";
import { emptyUsage, tokenCount, type Usage } from "../../canonical/usage.ts";
import { objectOf, type Version } from "./wire.ts";

/** Encodes usage: counts with their parts since version 3 (`LanguageModelV3Usage`), flat before (`LanguageModelV2Usage`). */
export function encodeUsage(usage: Usage | undefined, version: Version): JsonObject {
  if (usage === undefined) return version === 2 ? {} : { inputTokens: {}, outputTokens: {} };
  const { inputTokens, cachedInputTokens, outputTokens, reasoningTokens } = usage;
  const written = usage.cacheWriteTokens + usage.cacheWrite1hTokens;
  if (version === 2) {
    return { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens, reasoningTokens, cachedInputTokens };
  }
  return {
    inputTokens: {
      total: inputTokens,
      noCache: Math.max(0, inputTokens - cachedInputTokens - written),
      cacheRead: cachedInputTokens,
      cacheWrite: written,
    },
    outputTokens: {
      total: outputTokens,
      text: Math.max(0, outputTokens - reasoningTokens),
      reasoning: reasoningTokens,
    },
  };
}

/** Decodes usage of either form; undefined when it counts nothing. */
export function decodeUsage(value: Json | undefined): Usage | undefined {
  if (!isJsonObject(value)) return undefined;
  const { inputTokens: input, outputTokens: output } = value;
  const [from, to] = [objectOf(input), objectOf(output)];
  const total = from === undefined ? input : from["total"];
  const made = to === undefined ? output : to["total"];
  if (typeof total !== "number" && typeof made !== "number") return undefined;
  return {
    ...emptyUsage(),
    inputTokens: tokenCount(total),
    cachedInputTokens: tokenCount(from?.["cacheRead"] ?? value["cachedInputTokens"]),
    cacheWriteTokens: tokenCount(from?.["cacheWrite"]),
    outputTokens: tokenCount(made),
    reasoningTokens: tokenCount(to?.["reasoning"] ?? value["reasoningTokens"]),
  };
}
