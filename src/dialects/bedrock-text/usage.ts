import type { JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import { emptyUsage, tokenCount, type Usage } from "../../canonical/usage.ts";
import { METRICS, objectOf, objectsOf } from "./wire.ts";

/** The tokens that a whole answer or the last chunk of a stream counts; undefined: none. */
export function decodeUsage(body: JsonObject): Usage | undefined {
  const counts = ownCounts(body) ?? metricCounts(body);
  if (counts === undefined) return undefined;
  const [input, output] = counts;
  return { ...emptyUsage(), inputTokens: count(input), outputTokens: count(output) };
}

type Counts = [input: unknown, output: unknown];

function ownCounts(body: JsonObject): Counts | undefined {
  if (typeof body["inputTextTokenCount"] === "number" && "results" in body) {
    const outputs = objectsOf(body["results"]).map(({ tokenCount: each }) => tokenCount(each));
    return [body["inputTextTokenCount"], outputs.reduce((sum, each) => sum + each, 0)];
  }
  if (typeof body["inputTextTokenCount"] === "number" && typeof body["totalOutputTextTokenCount"] === "number")
    return [body["inputTextTokenCount"], body["totalOutputTextTokenCount"]];
  if (typeof body["prompt_token_count"] === "number")
    return [body["prompt_token_count"], body["generation_token_count"]];
  const { billed_units: billed } = objectOf(body["meta"]);
  return isJsonObject(billed) ? [billed["input_tokens"], billed["output_tokens"]] : undefined;
}

function metricCounts(body: JsonObject): Counts | undefined {
  const metrics = body[METRICS];
  return isJsonObject(metrics) ? [metrics["inputTokenCount"], metrics["outputTokenCount"]] : undefined;
}

/** Some models have been seen to count in texts. */
function count(value: unknown): number {
  return tokenCount(typeof value === "string" ? Number(value) : value);
}

/** The counts as a stream's last chunk has them. */
export function encodeMetrics(usage: Usage): JsonObject {
  return { inputTokenCount: usage.inputTokens, outputTokenCount: usage.outputTokens };
}
