import type { JsonObject } from "../../canonical/json.ts";
import type { Plan } from "./plan.ts";
import type { DemoRequest } from "./request.ts";
import { countTokens } from "./tokens.ts";

const TOKENS_PER_MESSAGE = 4;
/** An image in low detail: https://platform.openai.com/docs/guides/images-vision#calculating-costs */
const TOKENS_PER_MEDIUM = 85;

/** The `usage` object of an answer. */
export function usageOf(request: DemoRequest, plans: readonly Plan[]): JsonObject {
  const prompt = promptTokens(request);
  const completion = plans.reduce((sum, plan) => sum + plan.reasoningTokens + plan.outputTokens, 0);
  const reasoning = plans.reduce((sum, plan) => sum + plan.reasoningTokens, 0);
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: reasoning,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}

function promptTokens({ messages, tools }: DemoRequest): number {
  let sum = 0;
  for (const { text, media } of messages) {
    sum += TOKENS_PER_MESSAGE + countTokens(text) + media.length * TOKENS_PER_MEDIUM;
  }
  for (const { name, parameters } of tools.offered) sum += countTokens(name) + countTokens(JSON.stringify(parameters));
  return sum;
}
