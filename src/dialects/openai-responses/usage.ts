import { isJsonObject, objectOf, type Json, type JsonObject } from "../../canonical/json.ts";
import { tokenCount } from "../../canonical/usage.ts";
import type { Usage } from "../../canonical/usage.ts";
import { listOf } from "./wire.ts";

/**
 * Decodes `usage` of a response; undefined when there is none. `input_tokens` counts all input, `cached_tokens` and
 * `cache_write_tokens` are part of it; `output_tokens` counts all output, `reasoning_tokens` are part of it (API
 * reference, `ResponseUsage`; the hosts measured agree: the two add up to `total_tokens`).
 */
export function decodeUsage(response: JsonObject): Usage | undefined {
  const wire = response.usage;
  if (!isJsonObject(wire)) return undefined;
  const input = objectOf(wire.input_tokens_details);
  const output = objectOf(wire.output_tokens_details);
  return {
    inputTokens: tokenCount(wire.input_tokens),
    cachedInputTokens: tokenCount(input.cached_tokens),
    cacheWriteTokens: tokenCount(input.cache_write_tokens),
    cacheWrite1hTokens: 0,
    outputTokens: tokenCount(wire.output_tokens),
    reasoningTokens: tokenCount(output.reasoning_tokens),
    audioInputTokens: tokenCount(input.audio_tokens),
    audioOutputTokens: tokenCount(output.audio_tokens),
    webSearches: webSearches(response, wire),
    raw: wire,
  };
}

/** OpenAI counts searches in `tool_usage`, xAI in `server_side_tool_usage_details`; else the search actions are counted. */
function webSearches(response: JsonObject, usage: JsonObject): number {
  const counted = objectOf(objectOf(response.tool_usage).web_search).num_requests;
  const listed = objectOf(usage.server_side_tool_usage_details).web_search_calls;
  if (typeof counted === "number" || typeof listed === "number") return tokenCount(counted ?? listed);
  return listOf(response.output).filter(isSearch).length;
}

/** Opening a page and looking within it are calls of the same tool, but no searches. */
function isSearch(item: Json): boolean {
  if (!isJsonObject(item) || item.type !== "web_search_call") return false;
  return !isJsonObject(item.action) || item.action.type === undefined || item.action.type === "search";
}

/** Encodes the usage: the provider's own object when it is of this dialect, else the counts in the vendor's form. */
export function encodeUsage(usage: Usage): JsonObject {
  const { raw } = usage;
  if (
    isJsonObject(raw) &&
    raw.input_tokens === usage.inputTokens &&
    raw.output_tokens === usage.outputTokens &&
    "total_tokens" in raw
  ) {
    return raw;
  }
  return {
    input_tokens: usage.inputTokens,
    input_tokens_details: {
      cached_tokens: usage.cachedInputTokens,
      cache_write_tokens: usage.cacheWriteTokens + usage.cacheWrite1hTokens,
    },
    output_tokens: usage.outputTokens,
    output_tokens_details: { reasoning_tokens: usage.reasoningTokens },
    total_tokens: usage.inputTokens + usage.outputTokens,
  };
}
