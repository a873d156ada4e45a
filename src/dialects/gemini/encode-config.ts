import type { JsonObject } from "../../canonical/json.ts";
import type { ChatRequest } from "../../canonical/request.ts";
import { adaptSchema } from "./adapt-schema.ts";
import type { RequestContext } from "./encode-context.ts";
import { encodeThinking } from "./encode-thinking.ts";
import { hasTools } from "./encode-tools.ts";
import { isGemini3 } from "./model-traits.ts";
import { readObject } from "./read.ts";
import { SAID_FORMAT } from "./response-format.ts";

/** Canonical fields that mean the same as a wire field. */
const SAME = [
  ["temperature", "temperature"],
  ["topP", "topP"],
  ["topK", "topK"],
  ["maxOutputTokens", "maxOutputTokens"],
] as const;

/** `GenerationConfig.stopSequences`: at most 5 (https://ai.google.dev/api/generate-content#generationconfig). */
const MAX_STOPS = 5;

/** `seed` is an int32. */
const SEED_LIMIT = 0x7fff_ffff;

/** Encodes `generationConfig`; undefined when there is nothing to say. */
export function encodeConfig(request: ChatRequest, context: RequestContext): JsonObject | undefined {
  const extensions = request.extensions.gemini;
  const kept = extensions === undefined ? undefined : readObject(extensions, "generationConfig");
  const config: JsonObject = { ...kept };
  delete config.thinkingConfig;
  const format = extensions?.[SAID_FORMAT];
  if (format !== undefined) config.responseFormat = format;
  for (const [name, key] of SAME) if (request[name] !== undefined) config[key] = request[name];
  encodeCount(request, config, context);
  encodeSeldom(request, config, context);
  encodeStop(request, config, context);
  encodeSeed(request, config, context);
  encodeFormat(request, config, context);
  if (request.modalities !== undefined && kept?.responseModalities === undefined) {
    config.responseModalities = request.modalities.map((modality) => modality.toUpperCase());
  }
  const thinking = encodeThinking(request.reasoning, kept, context);
  if (thinking !== undefined) config.thinkingConfig = thinking;
  return kept === undefined && Object.keys(config).length === 0 ? undefined : config;
}

/**
 * Since Gemini 3 there is one candidate, and the field is not supported
 * (https://ai.google.dev/gemini-api/docs/generate-content/whats-new-gemini-3.6).
 */
function encodeCount({ n }: ChatRequest, config: JsonObject, context: RequestContext): void {
  if (n === undefined) return;
  if (context.own || !isGemini3(context.traits)) config.candidateCount = n;
  else if (n > 1) context.warn("unsupported_field", "n", "this model gives one answer");
}

/** Canonical fields that only some models take: their names here, and as callers know them. */
const SELDOM = [
  ["presencePenalty", "presencePenalty", "presence_penalty"],
  ["frequencyPenalty", "frequencyPenalty", "frequency_penalty"],
  ["logprobs", "responseLogprobs", "logprobs"],
  ["topLogprobs", "logprobs", "top_logprobs"],
] as const;

/**
 * The Gemini API says since 2.5 that penalties, or log probabilities, are "not enabled for models/gemini-2.5-flash", Vertex AI
 * since Gemini 3. What asks for nothing (0, false) is the default.
 */
function encodeSeldom(request: ChatRequest, config: JsonObject, context: RequestContext): void {
  const taken = context.own || takesSeldom(context);
  for (const [name, key, field] of SELDOM) {
    const value = request[name];
    if (value === undefined) continue;
    if (taken) config[key] = value;
    else if (value !== 0 && value !== false)
      context.warn("unsupported_field", field, `this model does not take ${field}`);
  }
}

function takesSeldom({ traits, flags }: RequestContext): boolean {
  if (traits.gemma || isGemini3(traits)) return false;
  return traits.generation < 2.5 || flags.fullGemini25 === true;
}

function encodeStop(request: ChatRequest, config: JsonObject, context: RequestContext): void {
  const { stop } = request;
  if (stop === undefined) return;
  const own = request.extensions.gemini !== undefined;
  if (!own && stop.length > MAX_STOPS) {
    context.warn("changed_field", "stop", `Gemini takes ${MAX_STOPS} stop sequences; the others were left out`);
  }
  if (own || stop.length > 0) config.stopSequences = own ? stop : stop.slice(0, MAX_STOPS);
}

function encodeSeed(request: ChatRequest, config: JsonObject, context: RequestContext): void {
  const { seed } = request;
  if (seed === undefined) return;
  const fits = Math.abs(seed) <= SEED_LIMIT;
  if (!fits) context.warn("changed_field", "seed", "Gemini takes 32 bits; the seed was folded into them");
  config.seed = fits ? seed : Math.trunc(seed % SEED_LIMIT);
}

function encodeFormat(request: ChatRequest, config: JsonObject, context: RequestContext): void {
  const format = request.responseFormat;
  if (format === undefined || config.responseFormat !== undefined) return;
  const own = request.extensions.gemini !== undefined;
  if (format.type === "text") {
    if (own) config.responseMimeType = "text/plain";
    return;
  }
  if (!own && hasTools(request) && !isGemini3(context.traits)) {
    context.warn(
      "unsupported_field",
      "response_format",
      "this model cannot use tools and answer in JSON in one request",
    );
    return;
  }
  config.responseMimeType = "application/json";
  if (format.type === "json_object" || config.responseSchema !== undefined) return;
  const report = (message: string): void => context.warn("changed_field", "response_format", message);
  config.responseJsonSchema = own ? format.schema : adaptSchema(format.schema, report);
}
