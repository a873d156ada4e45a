import type { Json, JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import type { ReasoningOptions, ResponseFormat } from "../../canonical/request.ts";
import { numberOf, objectOf, textOf } from "./wire.ts";

const EFFORTS = new Set(["none", "minimal", "low", "medium", "high", "xhigh", "max"]);

/** Request fields that steer reasoning at one host or another. */
export const REASONING_KEYS = [
  "reasoning_effort",
  "reasoning",
  "thinking",
  "enable_thinking",
  "thinking_budget",
] as const;

/**
 * Reads what a request says of reasoning, in every spelling: `reasoning_effort` (OpenAI), `reasoning: {effort,
 * max_tokens, enabled, exclude}` (OpenRouter), `thinking: {type, budget_tokens}` (Z.ai, DeepSeek, Moonshot, LiteLLM),
 * `enable_thinking` and `thinking_budget` (DashScope). Nothing when none of them says anything that it knows.
 */
export function decodeReasoningOptions(body: JsonObject): ReasoningOptions | undefined {
  const options: ReasoningOptions = {};
  readEffort(options, body["reasoning_effort"]);
  readReasoning(options, objectOf(body["reasoning"]));
  readThinking(options, objectOf(body["thinking"]));
  if (body["enable_thinking"] === false) options.effort ??= "none";
  const budget = numberOf(body["thinking_budget"]);
  if (budget !== undefined) options.budgetTokens ??= budget;
  else if (body["enable_thinking"] === true && options.effort === undefined) options.budgetTokens ??= -1;
  for (const _ in options) return options;
  return undefined;
}

function readEffort(options: ReasoningOptions, value: Json | undefined): void {
  if (typeof value === "string" && EFFORTS.has(value))
    options.effort = value as NonNullable<ReasoningOptions["effort"]>;
}

function readReasoning(options: ReasoningOptions, reasoning: JsonObject | undefined): void {
  if (reasoning === undefined) return;
  if (options.effort === undefined) readEffort(options, reasoning["effort"]);
  const budget = numberOf(reasoning["max_tokens"]);
  if (budget !== undefined) options.budgetTokens = budget;
  if (reasoning["enabled"] === false) options.effort ??= "none";
  // OpenRouter: `enabled` alone means medium effort.
  if (reasoning["enabled"] === true && budget === undefined) options.effort ??= "medium";
  if (reasoning["exclude"] === true) options.summary = "none";
}

function readThinking(options: ReasoningOptions, thinking: JsonObject | undefined): void {
  if (thinking === undefined) return;
  const budget = numberOf(thinking["budget_tokens"]);
  if (budget !== undefined) options.budgetTokens ??= budget;
  if (thinking["type"] === "disabled") options.effort ??= "none";
  else if (thinking["type"] === "adaptive" || thinking["type"] === "auto") options.adaptive = true;
  else if (thinking["type"] === "enabled" && options.budgetTokens === undefined) options.budgetTokens = -1;
}

/**
 * Decodes `response_format`; nothing for a type that it does not know. Fireworks, Together and llama.cpp have the schema
 * beside the type: https://docs.fireworks.ai/structured-responses/structured-response-formatting.
 */
export function decodeResponseFormat(value: Json | undefined): ResponseFormat | undefined {
  if (!isJsonObject(value)) return undefined;
  if (value["type"] === "text") return { type: "text" };
  if (value["type"] !== "json_object" && value["type"] !== "json_schema") return undefined;
  const schema = objectOf(value["schema"]);
  if (schema !== undefined && value["json_schema"] === undefined) return { type: "json_schema", schema };
  return value["type"] === "json_object" ? { type: "json_object" } : decodeJsonSchema(objectOf(value["json_schema"]));
}

function decodeJsonSchema(format: JsonObject | undefined): ResponseFormat | undefined {
  const schema = objectOf(format?.["schema"]);
  if (format === undefined || schema === undefined) return undefined;
  const name = textOf(format["name"]);
  const description = textOf(format["description"]);
  const strict = format["strict"];
  return {
    type: "json_schema",
    schema,
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(typeof strict === "boolean" && { strict }),
  };
}
