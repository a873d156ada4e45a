import type { Json, JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import type { Usage } from "../../canonical/usage.ts";
import { emptyUsage, tokenCount } from "../../canonical/usage.ts";
import { objectOf, objectsOf } from "./wire.ts";

/** Counts of one usage object or of one of its iterations. */
function addCounts(total: Usage, wire: JsonObject): void {
  const read = tokenCount(wire["cache_read_input_tokens"]);
  const created = tokenCount(wire["cache_creation_input_tokens"]);
  const byLifetime = objectOf(wire["cache_creation"]);
  const oneHour = tokenCount(byLifetime["ephemeral_1h_input_tokens"]);
  const written = Math.max(created, oneHour + tokenCount(byLifetime["ephemeral_5m_input_tokens"]));
  total.inputTokens += tokenCount(wire["input_tokens"]) + read + written;
  total.cachedInputTokens += read;
  total.cacheWriteTokens += written - oneHour;
  total.cacheWrite1hTokens += oneHour;
  total.outputTokens += tokenCount(wire["output_tokens"]);
  total.reasoningTokens += tokenCount(objectOf(wire["output_tokens_details"])["thinking_tokens"]);
}

/**
 * The normal form of a usage object. At this vendor `input_tokens` leaves out what was read from and written to the cache,
 * so both are added. `compaction` iterations are billed at the model's own price and not part of the top-level counts
 * (vendor SDK, `BetaUsage.iterations`): they are added too. Undefined when there is no usage object.
 */
export function decodeUsage(wire: Json | undefined): Usage | undefined {
  if (!isJsonObject(wire)) return undefined;
  const usage = emptyUsage();
  addCounts(usage, wire);
  for (const iteration of objectsOf(wire["iterations"])) {
    if (iteration["type"] === "compaction") addCounts(usage, iteration);
  }
  usage.webSearches = tokenCount(objectOf(wire["server_tool_use"])["web_search_requests"]);
  usage.raw = wire;
  return usage;
}

const COUNTS = ["inputTokens", "cachedInputTokens", "cacheWriteTokens", "cacheWrite1hTokens", "outputTokens"] as const;

/** Fields of a Responses usage, whose counts have the same names but other sums. */
const FOREIGN = ["total_tokens", "input_tokens_details"] as const;

/** The upstream's own object, if it has this dialect's form and says the same as the counts. */
function rawUsage(usage: Usage): JsonObject | undefined {
  const raw = usage.raw as Json | undefined;
  if (!isJsonObject(raw) || raw["output_tokens"] === undefined) return undefined;
  if (FOREIGN.some((field) => raw[field] !== undefined)) return undefined;
  const again = decodeUsage(raw);
  return COUNTS.every((name) => again?.[name] === usage[name]) ? raw : undefined;
}

/** The usage object of a message: the upstream's own where it spoke this dialect, else made from the counts. */
export function encodeUsage(usage: Usage | undefined): JsonObject {
  if (usage === undefined) return { input_tokens: 0, output_tokens: 0 };
  const raw = rawUsage(usage);
  if (raw !== undefined) return raw;
  const { cachedInputTokens: read, cacheWriteTokens: short, cacheWrite1hTokens: long } = usage;
  return {
    input_tokens: Math.max(0, usage.inputTokens - read - short - long),
    cache_creation_input_tokens: short + long,
    cache_read_input_tokens: read,
    ...(short + long > 0 && {
      cache_creation: { ephemeral_5m_input_tokens: short, ephemeral_1h_input_tokens: long },
    }),
    output_tokens: usage.outputTokens,
    ...(usage.reasoningTokens > 0 && { output_tokens_details: { thinking_tokens: usage.reasoningTokens } }),
    ...(usage.webSearches > 0 && {
      server_tool_use: { web_search_requests: usage.webSearches, web_fetch_requests: 0 },
    }),
  };
}
