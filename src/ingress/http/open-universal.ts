import { GatewayError } from "../../canonical/errors.ts";
import { isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";
import type { Warning } from "../../canonical/warning.ts";
import type { RawBody } from "../../domain/attempt/patch.ts";
import { scanTopLevel } from "../../lib/json-scan.ts";
import { LIST_FIELD } from "./body.ts";
import { providerMatch } from "./endpoints/cloudflare-provider.ts";
import { type InferenceEndpoint, type Letter, type Opened } from "./endpoints/endpoint.ts";
import { percentDecoded } from "../../lib/percent-decode.ts";

const MAX_STEPS = 16;

/** One entry of a universal request. */
interface Step {
  provider: string;
  /** Path below the provider, without a leading slash. */
  endpoint: string;
  query: JsonObject;
  config: JsonObject;
}

/**
 * Reads a universal request, a list of calls to try in turn, as the first of them with the others' models as its fallbacks:
 * https://developers.cloudflare.com/ai-gateway/usage/universal/. The answer has the form of the first one's API. Throws
 * `invalid_request` with the place of what is wrong.
 */
export function openUniversal({ body, headers }: Letter): Opened {
  const [first, ...others] = stepsOf(body.json[LIST_FIELD]);
  if (first === undefined) throw invalid("[0]", "a call");
  const { operation, dialect, pathModel, pathStream, pathProvider } = endpointOf(first, 0);
  const warnings: Warning[] = [];
  const fallbacks = others.map((step, at) => fallbackOf(step, at + 1, first, warnings));
  const json: JsonObject = { ...first.query, ...limitsOf(first.config), ...(fallbacks.length > 0 && { fallbacks }) };
  const opened: Opened = { operation, dialect, body: bodyOf(json), headers, pathModel, pathStream, warnings };
  return pathProvider === undefined ? opened : { ...opened, pathProvider };
}

function stepsOf(list: Json | undefined): Step[] {
  if (!Array.isArray(list) || list.length > MAX_STEPS) throw invalid("the body", `a list of 1 to ${MAX_STEPS} calls`);
  return list.map((entry, at) => {
    if (!isJsonObject(entry)) throw invalid(`[${at}]`, "an object");
    const { provider, endpoint, query, config = {} } = entry;
    if (typeof provider !== "string") throw invalid(`[${at}].provider`, "a provider's name");
    if (typeof endpoint !== "string") throw invalid(`[${at}].endpoint`, "a path of the provider");
    if (!isJsonObject(query)) throw invalid(`[${at}].query`, "the body of the call");
    if (!isJsonObject(config)) throw invalid(`[${at}].config`, "an object");
    return { provider, endpoint, query, config };
  });
}

function endpointOf({ provider, endpoint }: Step, at: number): InferenceEndpoint {
  const path = `/${endpoint.replace(/^\/+/, "")}`;
  const match = providerMatch("POST", provider, path, { headers: new Headers() });
  if (match?.status !== "found" || match.endpoint.type !== "inference")
    throw invalid(`[${at}].endpoint`, "the path of a call that is served here");
  return match.endpoint;
}

function fallbackOf(step: Step, at: number, first: Step, warnings: Warning[]): JsonObject {
  const endpoint = endpointOf(step, at);
  const model = endpoint.pathModel ?? step.query["model"];
  if (typeof model !== "string") throw invalid(`[${at}].query.model`, "a model");
  if (!Bun.deepEquals(withoutModel(step.query), withoutModel(first.query))) {
    const message = "the first call's body is sent to every provider, with the model of each";
    warnings.push({ code: "unsupported_field", field: `[${at}].query`, message });
  }
  return step.provider === "compat" ? { model } : { model: percentDecoded(model), provider: step.provider };
}

function withoutModel({ model: _model, ...rest }: JsonObject): JsonObject {
  return rest;
}

/** Retries and the time to the first byte, as fields that routing reads. */
function limitsOf({ maxAttempts, requestTimeout }: JsonObject): JsonObject {
  return {
    ...(typeof maxAttempts === "number" && { num_retries: Math.max(0, maxAttempts - 1) }),
    ...(typeof requestTimeout === "number" && { stream_timeout: requestTimeout / 1000 }),
  };
}

function bodyOf(json: JsonObject): RawBody {
  const text = JSON.stringify(json);
  return { text, json, scan: scanTopLevel(text, { maxDepth: Infinity }), form: null };
}

function invalid(param: string, wanted: string): GatewayError {
  return new GatewayError("invalid_request", `${param}: must be ${wanted}`, { param });
}
