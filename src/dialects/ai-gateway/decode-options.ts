import { isJsonObject, type JsonObject } from "../../canonical/json.ts";
import type { ChatRequest, Effort, ReasoningOptions } from "../../canonical/request.ts";
import { fieldsBeside, numberOf, objectOf, textOf } from "./wire.ts";

const EFFORTS: ReadonlySet<string> = new Set<Effort>(["none", "minimal", "low", "medium", "high", "xhigh", "max"]);
const SUMMARIES: ReadonlySet<string> = new Set(["auto", "concise", "detailed"]);

function isEffort(value: string | undefined): value is Effort {
  return value !== undefined && EFFORTS.has(value);
}

/**
 * Reads from `providerOptions` what every provider has in some form, under the names of the AI SDK's providers for OpenAI,
 * Anthropic and Google (@ai-sdk/openai, @ai-sdk/anthropic and @ai-sdk/google 3.0). Returns the others; undefined: none.
 */
export function decodeProviderOptions(request: ChatRequest, options: JsonObject): JsonObject | undefined {
  const openai = objectOf(options["openai"]) ?? {};
  const reasoning: ReasoningOptions = {
    ...openaiReasoning(openai),
    ...anthropicReasoning(objectOf(options["anthropic"]) ?? {}),
    ...googleReasoning(objectOf(objectOf(options["google"])?.["thinkingConfig"]) ?? {}),
  };
  if (Object.keys(reasoning).length > 0) request.reasoning = { ...request.reasoning, ...reasoning };
  const parallel = openai["parallelToolCalls"];
  if (typeof parallel === "boolean") request.parallelToolCalls = parallel;
  if (typeof openai["store"] === "boolean") request.store = openai["store"];
  const verbosity = openai["textVerbosity"];
  if (verbosity === "low" || verbosity === "medium" || verbosity === "high") request.verbosity = verbosity;
  const tier = textOf(openai["serviceTier"]);
  if (tier !== undefined) request.serviceTier = tier;
  const key = textOf(openai["promptCacheKey"]);
  if (key !== undefined) request.promptCacheKey = key;
  const user = textOf(openai["user"]) ?? textOf(openai["safetyIdentifier"]);
  if (user !== undefined) request.endUser = user;
  return leftOver(options);
}

/** What is read above; a value of another kind is of no use to anybody. */
const READ: Readonly<Record<string, ReadonlySet<string>>> = {
  openai: new Set([
    ..."reasoningEffort reasoningSummary parallelToolCalls store textVerbosity serviceTier promptCacheKey user".split(
      " ",
    ),
    "safetyIdentifier",
  ]),
  anthropic: new Set(["thinking", "effort"]),
  google: new Set(["thinkingConfig"]),
};

function leftOver(options: JsonObject): JsonObject | undefined {
  const rest: JsonObject = {};
  for (const [name, value] of Object.entries(options)) {
    if (name === "__proto__") continue;
    const read = Object.hasOwn(READ, name) ? READ[name] : undefined;
    const fields = isJsonObject(value) && read !== undefined ? fieldsBeside(value, read) : value;
    if (fields !== undefined) rest[name] = fields;
  }
  return Object.keys(rest).length === 0 ? undefined : rest;
}

function openaiReasoning(options: JsonObject): ReasoningOptions {
  const effort = textOf(options["reasoningEffort"]);
  const summary = textOf(options["reasoningSummary"]);
  return {
    ...(isEffort(effort) && { effort }),
    ...(summary !== undefined && SUMMARIES.has(summary) && { summary: summary as "auto" | "concise" | "detailed" }),
  };
}

function anthropicReasoning(options: JsonObject): ReasoningOptions {
  const thinking = objectOf(options["thinking"]);
  const effort = textOf(options["effort"]);
  const budget = numberOf(thinking?.["budgetTokens"]);
  return {
    ...(isEffort(effort) && { effort }),
    ...(thinking?.["type"] === "disabled" && { budgetTokens: 0 }),
    ...(thinking?.["type"] === "adaptive" && { adaptive: true }),
    ...(thinking?.["type"] === "enabled" && budget !== undefined && { budgetTokens: budget }),
  };
}

function googleReasoning(config: JsonObject): ReasoningOptions {
  const budget = numberOf(config["thinkingBudget"]);
  const level = textOf(config["thinkingLevel"])?.toLowerCase();
  const shown = config["includeThoughts"];
  return {
    ...(budget !== undefined && { budgetTokens: budget }),
    ...(isEffort(level) && { effort: level }),
    ...(typeof shown === "boolean" && { summary: shown ? ("auto" as const) : ("none" as const) }),
  };
}

/** Version 4's own setting; `provider-default` is none. */
export function decodeReasoning(value: JsonObject[string] | undefined): ReasoningOptions | undefined {
  const effort = textOf(value);
  return isEffort(effort) ? { effort } : undefined;
}
