import { isJsonObject, type JsonObject } from "../../canonical/json.ts";
import { emptyUsage, tokenCount, type Usage } from "../../canonical/usage.ts";

/** Counts and durations (nanoseconds) of a finished answer: https://docs.ollama.com/api/usage */
export const METRICS = [
  "total_duration",
  "load_duration",
  "prompt_eval_count",
  "prompt_eval_duration",
  "eval_count",
  "eval_duration",
] as const;

/** The usage of a finished answer; undefined when it counts nothing. */
export function decodeUsage(wire: JsonObject): Usage | undefined {
  if (typeof wire["prompt_eval_count"] !== "number" && typeof wire["eval_count"] !== "number") return undefined;
  const usage = emptyUsage();
  usage.inputTokens = tokenCount(wire["prompt_eval_count"]);
  usage.outputTokens = tokenCount(wire["eval_count"]);
  const raw: JsonObject = {};
  for (const name of METRICS) if (wire[name] !== undefined) raw[name] = wire[name];
  usage.raw = raw;
  return usage;
}

/** The counts for a client; with the durations when the provider told them. */
export function encodeUsage(usage: Usage | undefined): JsonObject {
  if (usage === undefined) return {};
  const { raw } = usage;
  const isOwn = isJsonObject(raw) && ("eval_count" in raw || "prompt_eval_count" in raw);
  return isOwn ? raw : { prompt_eval_count: usage.inputTokens, eval_count: usage.outputTokens };
}
