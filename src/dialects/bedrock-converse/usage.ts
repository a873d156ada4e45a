import { isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";
import { emptyUsage, tokenCount, type Usage } from "../../canonical/usage.ts";
import { objectsOf } from "./wire.ts";

/**
 * The normal form of a usage object (AWS SDK: `TokenUsage`). `inputTokens` leaves out what was read from and written to
 * the cache, so both are added: https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html. Undefined when
 * there is no usage object.
 */
export function decodeUsage(wire: Json | undefined): Usage | undefined {
  if (!isJsonObject(wire)) return undefined;
  const usage = emptyUsage();
  const read = tokenCount(wire["cacheReadInputTokens"]);
  const details = objectsOf(wire["cacheDetails"]);
  const oneHour = sumOf(details.filter((detail) => detail["ttl"] === "1h"));
  const written = Math.max(tokenCount(wire["cacheWriteInputTokens"]), sumOf(details));
  usage.inputTokens = tokenCount(wire["inputTokens"]) + read + written;
  usage.cachedInputTokens = read;
  usage.cacheWriteTokens = written - oneHour;
  usage.cacheWrite1hTokens = oneHour;
  usage.outputTokens = tokenCount(wire["outputTokens"]);
  usage.raw = wire;
  return usage;
}

function sumOf(details: readonly JsonObject[]): number {
  return details.reduce((sum, detail) => sum + tokenCount(detail["inputTokens"]), 0);
}

const COUNTS = ["inputTokens", "cachedInputTokens", "cacheWriteTokens", "cacheWrite1hTokens", "outputTokens"] as const;

/** The upstream's own object, if it has this dialect's form and says the same as the counts. */
function rawUsage(usage: Usage): JsonObject | undefined {
  const raw = usage.raw as Json | undefined;
  if (!isJsonObject(raw) || raw["totalTokens"] === undefined || raw["outputTokens"] === undefined) return undefined;
  const again = decodeUsage(raw);
  return COUNTS.every((name) => again?.[name] === usage[name]) ? raw : undefined;
}

/** The usage object of an answer: the upstream's own where it spoke this dialect, else made from the counts. */
export function encodeUsage(usage: Usage | undefined): JsonObject {
  if (usage === undefined) return { inputTokens: 0, outputTokens: 0, totalTokens: 0 };
  const raw = rawUsage(usage);
  if (raw !== undefined) return raw;
  const { cachedInputTokens: read, cacheWriteTokens: short, cacheWrite1hTokens: long, outputTokens } = usage;
  return {
    inputTokens: Math.max(0, usage.inputTokens - read - short - long),
    outputTokens,
    totalTokens: usage.inputTokens + outputTokens,
    cacheReadInputTokens: read,
    cacheWriteInputTokens: short + long,
    ...(short + long > 0 && {
      cacheDetails: [
        ...(long > 0 ? [{ ttl: "1h", inputTokens: long }] : []),
        ...(short > 0 ? [{ ttl: "5m", inputTokens: short }] : []),
      ],
    }),
  };
}
