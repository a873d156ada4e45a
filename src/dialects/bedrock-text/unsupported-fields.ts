import type { TargetContext } from "../../canonical/dialect.ts";
import { foreignFields } from "../../canonical/foreign-fields.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { ChatRequest } from "../../canonical/request.ts";
import { addWarning } from "../../canonical/warning.ts";
import type { FamilyTraits, Option } from "./family.ts";
import { DIALECT } from "./wire.ts";

const isFilled = (value: JsonObject | undefined): boolean => value !== undefined && Object.keys(value).length > 0;

/** Settings that no family has, in the caller's words, and whether the request asks for more than the default. */
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

/** Options that only some families have, in the caller's words. */
const OPTIONS: readonly [string, Option, (request: ChatRequest) => boolean][] = [
  ["top_k", "topK", (request) => request.topK !== undefined],
  ["stop", "stop", (request) => (request.stop ?? []).length > 0],
  ["seed", "seed", (request) => request.seed !== undefined],
  ["n", "n", (request) => (request.n ?? 1) > 1],
  ["presence_penalty", "presencePenalty", (request) => (request.presencePenalty ?? 0) !== 0],
  ["frequency_penalty", "frequencyPenalty", (request) => (request.frequencyPenalty ?? 0) !== 0],
];

/** Warns of every setting that stays behind. */
export function warnUnsupported(request: ChatRequest, { options }: FamilyTraits, target: TargetContext): void {
  for (const [field, isSet] of FIELDS) if (isSet(request)) leaveOut(field, target);
  for (const [field, option, isSet] of OPTIONS) {
    if (options[option] === undefined && isSet(request)) leaveOut(field, target);
  }
  for (const field of foreignFields(request, DIALECT)) leaveOut(field, target);
}

function leaveOut(field: string, { warnings }: TargetContext): void {
  const message = `${field} has no place in the body of this model and was left out`;
  addWarning(warnings, { code: "unsupported_field", field, message });
}
