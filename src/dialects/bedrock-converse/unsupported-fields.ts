import { foreignFields } from "../../canonical/foreign-fields.ts";
import type { ChatRequest } from "../../canonical/request.ts";
import { warn, type EncodeContext } from "./encode-context.ts";
import { DIALECT } from "./wire.ts";

/** Settings that the wire has no field for, in the caller's words, and whether the request asks for more than the default. */
const FIELDS: readonly [string, (request: ChatRequest) => boolean][] = [
  ["n", (request) => (request.n ?? 1) > 1],
  ["logprobs", (request) => request.logprobs === true],
  ["top_logprobs", (request) => (request.topLogprobs ?? 0) > 0],
  ["logit_bias", (request) => request.logitBias !== undefined && Object.keys(request.logitBias).length > 0],
  ["verbosity", (request) => request.verbosity !== undefined && request.verbosity !== "medium"],
  ["prompt_cache_key", (request) => request.promptCacheKey !== undefined],
  ["user", (request) => request.endUser !== undefined],
  ["store", (request) => request.store === true],
  ["previous_response_id", (request) => request.previousResponseId !== undefined],
  ["modalities", (request) => request.modalities?.some((modality) => modality.toLowerCase() !== "text") === true],
];

/** Warns of every setting that stays behind. */
export function warnUnsupported(request: ChatRequest, context: EncodeContext): void {
  for (const [field, isSet] of FIELDS) if (isSet(request)) leaveOut(field, context);
  for (const field of foreignFields(request, DIALECT)) leaveOut(field, context);
}

function leaveOut(field: string, context: EncodeContext): void {
  warn(context, "unsupported_field", field, `${field} has no equivalent and was left out`);
}
