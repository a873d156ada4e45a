import { foreignFields } from "../../canonical/foreign-fields.ts";
import type { ChatRequest } from "../../canonical/request.ts";
import { addWarning, type Warning } from "../../canonical/warning.ts";
import { COMPLETIONS } from "./wire.ts";

/** Settings that the wire has no field for, in the caller's words, and whether the request asks for more than the default. */
const FIELDS: readonly [string, (request: ChatRequest) => boolean][] = [
  ["tools", ({ tools }) => tools.length > 0],
  ["response_format", ({ responseFormat: format }) => format !== undefined && format.type !== "text"],
  ["reasoning", ({ reasoning: it }) => it !== undefined && it.effort !== "none" && it.budgetTokens !== 0],
  ["top_k", ({ topK }) => topK !== undefined],
  ["verbosity", ({ verbosity }) => verbosity !== undefined && verbosity !== "medium"],
  ["service_tier", ({ serviceTier: tier }) => tier !== undefined && tier !== "auto" && tier !== "default"],
  ["prompt_cache_key", ({ promptCacheKey }) => promptCacheKey !== undefined],
  ["cache_control", ({ cache }) => cache !== undefined],
  ["metadata", ({ metadata }) => metadata !== undefined],
  ["store", ({ store }) => store === true],
  ["previous_response_id", ({ previousResponseId }) => previousResponseId !== undefined],
  ["modalities", ({ modalities }) => modalities?.some((each) => each.toLowerCase() !== "text") === true],
];

/** Warns of every setting that stays behind. */
export function warnUnsupported(request: ChatRequest, warnings: Warning[]): void {
  const left = FIELDS.filter(([, isSet]) => isSet(request)).map(([field]) => field);
  for (const field of [...left, ...foreignFields(request, COMPLETIONS)]) {
    const message = `text completions have no ${field}`;
    addWarning(warnings, { code: field === "tools" ? "unsupported_tool" : "unsupported_field", field, message });
  }
}
