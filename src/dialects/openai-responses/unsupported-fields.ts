import type { ChatRequest } from "../../canonical/request.ts";
import { warn } from "./request-encoding.ts";
import type { RequestEncoding } from "./request-encoding.ts";
import { isEmpty } from "./wire.ts";

/** Settings that this API has no field for, and whether the request asks for anything but the default. */
const FIELDS: readonly (readonly [string, (request: ChatRequest) => boolean])[] = [
  ["stop", (request) => (request.stop ?? []).length > 0],
  ["seed", (request) => request.seed !== undefined],
  ["top_k", (request) => request.topK !== undefined],
  ["presence_penalty", (request) => (request.presencePenalty ?? 0) !== 0],
  ["frequency_penalty", (request) => (request.frequencyPenalty ?? 0) !== 0],
  ["logit_bias", (request) => request.logitBias !== undefined && !isEmpty(request.logitBias)],
  ["n", (request) => (request.n ?? 1) > 1],
  ["modalities", (request) => request.modalities?.some((modality) => modality.toLowerCase() !== "text") === true],
  ["cache_control", (request) => request.cache !== undefined],
];

/** Warns of every setting of another dialect's request that has to stay behind. */
export function warnUnsupported(encoding: RequestEncoding): void {
  for (const [field, isSet] of FIELDS) {
    if (isSet(encoding.request)) warn(encoding, "unsupported_field", field, "the Responses API has no such field");
  }
}
