import { foreignFields } from "../foreign-fields.ts";
import type { JsonObject } from "../json.ts";
import type { DialectName } from "../names.ts";
import type { ChatRequest } from "../request.ts";
import { addWarning, type Warning } from "../warning.ts";

/** Canonical options that wires of plain words may have. */
export type Option =
  | "temperature"
  | "topP"
  | "topK"
  | "maxOutputTokens"
  | "stop"
  | "seed"
  | "n"
  | "presencePenalty"
  | "frequencyPenalty";

const isFilled = (value: JsonObject | undefined): boolean => value !== undefined && Object.keys(value).length > 0;

/** Settings that wires of words seldom have, in the caller's words, and whether the request asks for more than the default. */
const FIELDS: readonly [string, (request: ChatRequest) => boolean][] = [
  ["tools", (request) => request.tools.length > 0],
  ["tool_choice", (request) => request.toolChoice !== undefined && request.toolChoice.type !== "auto"],
  ["parallel_tool_calls", (request) => request.parallelToolCalls !== undefined],
  ["response_format", (request) => request.responseFormat !== undefined && request.responseFormat.type !== "text"],
  ["reasoning", (request) => request.reasoning !== undefined],
  ["logprobs", (request) => request.logprobs === true],
  ["top_logprobs", (request) => (request.topLogprobs ?? 0) > 0],
  ["logit_bias", (request) => isFilled(request.logitBias)],
  ["verbosity", (request) => request.verbosity !== undefined && request.verbosity !== "medium"],
  ["service_tier", (request) => request.serviceTier !== undefined],
  ["prompt_cache_key", (request) => request.promptCacheKey !== undefined],
  ["cache_control", (request) => request.cache !== undefined],
  ["user", (request) => request.endUser !== undefined],
  ["metadata", (request) => isFilled(request.metadata)],
  ["store", (request) => request.store === true],
  ["previous_response_id", (request) => request.previousResponseId !== undefined],
  ["modalities", (request) => request.modalities?.some((modality) => modality.toLowerCase() !== "text") === true],
];

/** Options that some of them have, in the caller's words. */
const OPTIONS: readonly [string, Option, (request: ChatRequest) => boolean][] = [
  ["temperature", "temperature", (request) => request.temperature !== undefined],
  ["top_p", "topP", (request) => request.topP !== undefined],
  ["max_tokens", "maxOutputTokens", (request) => request.maxOutputTokens !== undefined],
  ["top_k", "topK", (request) => request.topK !== undefined],
  ["stop", "stop", (request) => (request.stop ?? []).length > 0],
  ["seed", "seed", (request) => request.seed !== undefined],
  ["n", "n", (request) => (request.n ?? 1) > 1],
  ["presence_penalty", "presencePenalty", (request) => (request.presencePenalty ?? 0) !== 0],
  ["frequency_penalty", "frequencyPenalty", (request) => (request.frequencyPenalty ?? 0) !== 0],
];

/**
 * Warns of every setting that stays behind on a wire of plain words: `options` are those that it has, by their names there,
 * `said` further fields that it carries.
 */
export function warnUnsaid(
  request: ChatRequest,
  options: Readonly<Partial<Record<Option, string>>>,
  own: DialectName,
  warnings: Warning[],
  said: readonly string[] = [],
): void {
  for (const [field, isSet] of FIELDS) if (isSet(request) && !said.includes(field)) leaveOut(field, warnings);
  for (const [field, option, isSet] of OPTIONS) {
    if (options[option] === undefined && isSet(request)) leaveOut(field, warnings);
  }
  for (const field of foreignFields(request, own)) leaveOut(field, warnings);
}

function leaveOut(field: string, warnings: Warning[]): void {
  const message = `${field} has no place in the body of this model and was left out`;
  addWarning(warnings, { code: "unsupported_field", field, message });
}
