import type { JsonObject } from "../../canonical/json.ts";
import type { ChatRequest, ReasoningOptions } from "../../canonical/request.ts";

/**
 * What the call options have no field for, as the AI SDK's providers name it. The model's maker is not known from here, so
 * it stands under the name of each; a provider reads only its own.
 */
export function encodeProviderOptions(request: ChatRequest): JsonObject | undefined {
  const openai: JsonObject = { ...openaiReasoning(request.reasoning) };
  if (request.parallelToolCalls !== undefined) openai["parallelToolCalls"] = request.parallelToolCalls;
  if (request.store !== undefined) openai["store"] = request.store;
  if (request.verbosity !== undefined) openai["textVerbosity"] = request.verbosity;
  if (request.serviceTier !== undefined) openai["serviceTier"] = request.serviceTier;
  if (request.promptCacheKey !== undefined) openai["promptCacheKey"] = request.promptCacheKey;
  if (request.endUser !== undefined) openai["user"] = request.endUser;
  const anthropic = anthropicReasoning(request.reasoning);
  const google = googleReasoning(request.reasoning);
  const options: JsonObject = {
    ...(Object.keys(openai).length > 0 && { openai }),
    ...(Object.keys(anthropic).length > 0 && { anthropic }),
    ...(Object.keys(google).length > 0 && { google: { thinkingConfig: google } }),
  };
  return Object.keys(options).length === 0 ? undefined : options;
}

function openaiReasoning({ effort, budgetTokens, summary }: ReasoningOptions = {}): JsonObject {
  const told = effort ?? (budgetTokens === 0 ? "none" : undefined);
  return {
    ...(told !== undefined && { reasoningEffort: told }),
    ...(summary !== undefined && summary !== "none" && { reasoningSummary: summary }),
  };
}

function anthropicReasoning({ effort, budgetTokens, adaptive }: ReasoningOptions = {}): JsonObject {
  if (effort === "none" || budgetTokens === 0) return { thinking: { type: "disabled" } };
  return {
    ...(adaptive === true && { thinking: { type: "adaptive" } }),
    ...(budgetTokens !== undefined && budgetTokens > 0 && { thinking: { type: "enabled", budgetTokens } }),
    ...(effort !== undefined && { effort }),
  };
}

function googleReasoning({ effort, budgetTokens, summary }: ReasoningOptions = {}): JsonObject {
  const shown = summary === undefined ? {} : { includeThoughts: summary !== "none" };
  if (effort === "none") return { thinkingBudget: 0 };
  if (budgetTokens !== undefined) return { thinkingBudget: budgetTokens, ...shown };
  return { ...(effort !== undefined && { thinkingLevel: effort }), ...shown };
}
