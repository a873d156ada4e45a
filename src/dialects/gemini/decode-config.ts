import type { JsonObject } from "../../canonical/json.ts";
import type { ChatRequest, ReasoningOptions } from "../../canonical/request.ts";
import { decodeSchema } from "./decode-schema.ts";
import { camelFields, readList, readNumber, readObject, readString, restOf } from "./read.ts";
import { decodeResponseFormat, SAID_FORMAT } from "./response-format.ts";
import { GENERATION_CONFIG_FIELDS, THINKING_FIELDS } from "./wire.ts";

/** Wire fields that mean the same as a numeric canonical field. */
const NUMBERS = [
  ["temperature", "temperature"],
  ["topP", "topP"],
  ["topK", "topK"],
  ["candidateCount", "n"],
  ["maxOutputTokens", "maxOutputTokens"],
  ["logprobs", "topLogprobs"],
  ["presencePenalty", "presencePenalty"],
  ["frequencyPenalty", "frequencyPenalty"],
  ["seed", "seed"],
] as const;

/**
 * Decodes `generationConfig` into the request's fields. What a canonical field does not hold in full (thinking, the
 * OpenAPI form of a schema, voices, …) is returned, for `extensions.gemini.generationConfig`; `kept` are those
 * extensions.
 */
export function decodeConfig(wire: JsonObject, request: ChatRequest, kept: JsonObject): JsonObject | undefined {
  const config = camelFields(wire, GENERATION_CONFIG_FIELDS);
  const taken = new Set<string>();
  for (const [key, name] of NUMBERS) {
    // The JSON form of protocol buffers takes numbers as text too.
    const value = readNumber(config, key);
    if (value === undefined) continue;
    request[name] = value;
    taken.add(key);
  }
  decodeStop(config, request, taken);
  decodeLogprobs(config, request, taken);
  decodeFormat(config, request, taken);
  decodeNewFormat(config, request, taken, kept);
  decodeModalities(config, request, taken);
  const thinking = readObject(config, "thinkingConfig");
  if (thinking !== undefined) request.reasoning = decodeThinking(thinking);
  return restOf(config, taken);
}

function decodeStop(config: JsonObject, request: ChatRequest, taken: Set<string>): void {
  const list = readList(config, "stopSequences");
  const stop = list?.filter((entry) => typeof entry === "string");
  if (stop === undefined || stop.length !== list?.length) return;
  request.stop = stop;
  taken.add("stopSequences");
}

function decodeLogprobs(config: JsonObject, request: ChatRequest, taken: Set<string>): void {
  if (typeof config.responseLogprobs !== "boolean") return;
  request.logprobs = config.responseLogprobs;
  taken.add("responseLogprobs");
}

function decodeFormat(config: JsonObject, request: ChatRequest, taken: Set<string>): void {
  const type = config.responseMimeType;
  if (type !== "application/json" && type !== "text/plain") return;
  taken.add("responseMimeType");
  if (type === "text/plain") {
    request.responseFormat = { type: "text" };
    return;
  }
  const schema = readObject(config, "responseJsonSchema");
  const openApi = readObject(config, "responseSchema");
  if (schema !== undefined) {
    request.responseFormat = { type: "json_schema", schema };
    taken.add("responseJsonSchema");
  } else if (openApi === undefined) request.responseFormat = { type: "json_object" };
  else request.responseFormat = { type: "json_schema", schema: decodeSchema(openApi) };
}

function decodeNewFormat(config: JsonObject, request: ChatRequest, taken: Set<string>, kept: JsonObject): void {
  const decoded = decodeResponseFormat(config.responseFormat);
  if (decoded === undefined) return;
  request.responseFormat = decoded.format;
  if (!decoded.isAll) return;
  taken.add("responseFormat");
  kept[SAID_FORMAT] = config.responseFormat;
}

function decodeModalities(config: JsonObject, request: ChatRequest, taken: Set<string>): void {
  const list = readList(config, "responseModalities");
  const modalities = list?.filter((entry) => typeof entry === "string");
  if (modalities === undefined || modalities.length !== list?.length) return;
  request.modalities = modalities.map((entry) => entry.toLowerCase());
  if (modalities.every((entry) => entry === entry.toUpperCase())) taken.add("responseModalities");
}

const EFFORTS: Record<string, ReasoningOptions["effort"] & string> = {
  minimal: "minimal",
  low: "low",
  medium: "medium",
  high: "high",
};

/** Decodes `thinkingConfig` (https://ai.google.dev/gemini-api/docs/thinking). */
function decodeThinking(wire: JsonObject): ReasoningOptions {
  const config = camelFields(wire, THINKING_FIELDS);
  const options: ReasoningOptions = {};
  const budget = readNumber(config, "thinkingBudget");
  if (budget !== undefined) options.budgetTokens = budget;
  const effort = EFFORTS[readString(config, "thinkingLevel")?.toLowerCase() ?? ""];
  if (effort !== undefined) options.effort = effort;
  if (typeof config.includeThoughts === "boolean") options.summary = config.includeThoughts ? "auto" : "none";
  return options;
}
