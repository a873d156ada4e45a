import type { EncodedRequest, TargetContext } from "../../canonical/dialect.ts";
import { fitOutput } from "../../canonical/fit-output.ts";
import { fitLength } from "../../canonical/fit-length.ts";
import { fitUserId } from "../../canonical/fit-user-id.ts";
import { foreignFields } from "../../canonical/foreign-fields.ts";
import { dropSampling } from "../../canonical/gpt/drop-sampling.ts";
import { gptTraits, reasonsAt } from "../../canonical/gpt/model-traits.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import type { ChatRequest, Effort } from "../../canonical/request.ts";
import { encodeCacheMarker } from "./cache-marker.ts";
import { dropMarker } from "./encode-content.ts";
import type { EncodeContext } from "./encode-context.ts";
import { warn } from "./encode-context.ts";
import { encodeMessages } from "./encode-messages.ts";
import { encodeResponseFormat } from "./encode-options.ts";
import { encodeReasoningOptions } from "./encode-reasoning-options.ts";
import { encodeToolChoice, encodeTools } from "./encode-tools.ts";
import type { RequestShape } from "./shape.ts";
import { requestShapeOf } from "./shape.ts";
import { CHAT, addFields } from "./wire.ts";

/** Path below the base URL, which holds the version. */
export const CHAT_PATH = "/chat/completions";

/** Canonical fields that have one name on the wire, and mean the same everywhere. */
const PLAIN: readonly (readonly [keyof ChatRequest, string])[] = [
  ["temperature", "temperature"],
  ["topP", "top_p"],
  ["presencePenalty", "presence_penalty"],
  ["frequencyPenalty", "frequency_penalty"],
  ["n", "n"],
  ["logprobs", "logprobs"],
  ["topLogprobs", "top_logprobs"],
  ["logitBias", "logit_bias"],
  ["verbosity", "verbosity"],
  ["store", "store"],
];

/** Values of `service_tier` at OpenAI (openai SDK 6.49); other dialects have words of their own. */
const SERVICE_TIERS = new Set(["auto", "default", "flex", "scale", "priority"]);

/**
 * Encodes a request for an upstream of this dialect. A request that came in this dialect goes out as it came, deep equal,
 * but for: `model`; `stream_options.include_usage`, always asked for on streams; ids made up where a tool message had
 * none; the renames that the provider's flags ask for. What another dialect said and this wire cannot is a warning.
 */
export function encodeRequest(request: ChatRequest, target: TargetContext): EncodedRequest {
  const shape = requestShapeOf(request.extensions);
  const { flags, warnings } = target;
  const { reasoningField, needsReasoning, noCustomTools, documents, shortCallIds } = flags;
  const own = shape !== undefined;
  const context: EncodeContext = {
    own,
    toClient: false,
    legacy: false,
    warnings,
    reasoningField,
    needsReasoning,
    noCustomTools,
    documents,
    shortCallIds,
    gpt: own ? undefined : gptTraits(target.model),
  };
  const body: JsonObject = { model: target.model };
  const messages = encodeMessages(request.items, flags.noDeveloperRole === true, context);
  if (messages.length > 0) body["messages"] = messages;
  encodeStream(request, shape, flags.noStreamOptions === true, body);
  encodePlain(request, body);
  if (!own) fitTopLogprobs(body);
  encodeMetadata(request, body, context);
  encodeSampling(request, shape, flags.topK === true, body, context);
  encodeLimit(own ? request.maxOutputTokens : fitOutput(request, target), shape, flags.legacyMaxTokens === true, body);
  encodeIdentity(request, shape, body, context);
  encodeReasoningOptions(request.reasoning, shape, body, flags, context);
  encodeResponseFormat(request, shape, flags.noJsonSchema === true, body, context);
  encodeTools(request, body, context);
  encodeToolChoice(request, shape, body, context);
  encodeModalities(request, body, context);
  addFields(body, request.extensions[CHAT]);
  dropRefused(body, context);
  noteForeign(request, context);
  return { path: CHAT_PATH, body, headers: {} };
}

function encodeStream(
  request: ChatRequest,
  shape: RequestShape | undefined,
  noStreamOptions: boolean,
  body: JsonObject,
): void {
  if (request.stream) body["stream"] = true;
  else if (shape?.spelling["stream"] !== undefined) body["stream"] = false;
  const options = shape?.spelling["stream_options"];
  if (noStreamOptions) return;
  // Without it OpenAI sends no usage on streams, and nothing could be charged.
  if (request.stream) body["stream_options"] = { ...(options as JsonObject | undefined), include_usage: true };
  else if (options !== undefined) body["stream_options"] = options;
}

function encodePlain(request: ChatRequest, body: JsonObject): void {
  for (const [field, name] of PLAIN) {
    const value = request[field] as Json | undefined;
    if (value !== undefined) body[name] = value;
  }
}

/** "'logprobs' must be true when 'top_logprobs' is used": Responses have the number alone, and 0 where nothing is asked. */
function fitTopLogprobs(body: JsonObject): void {
  if (body["top_logprobs"] === undefined || body["logprobs"] === true) return;
  if (body["top_logprobs"] === 0 || body["logprobs"] === false) delete body["top_logprobs"];
  else body["logprobs"] = true;
}

/** OpenAI: "The 'metadata' parameter is only allowed when 'store' is enabled." Its Responses store unless told otherwise. */
function encodeMetadata({ metadata, store }: ChatRequest, body: JsonObject, context: EncodeContext): void {
  if (metadata === undefined) return;
  if (context.gpt === undefined || store === true) body["metadata"] = metadata;
  else warn(context, "unsupported_field", "metadata", "OpenAI takes metadata only of answers that it stores");
}

function encodeSampling(
  request: ChatRequest,
  shape: RequestShape | undefined,
  takesTopK: boolean,
  body: JsonObject,
  context: EncodeContext,
): void {
  const { seed, stop, topK } = request;
  if (seed !== undefined) body[shape?.spelling["random_seed"] === undefined ? "seed" : "random_seed"] = seed;
  if (stop !== undefined) {
    const [only] = stop;
    const single = stop.length === 1 && typeof shape?.spelling["stop"] === "string";
    body["stop"] = single && only !== undefined ? only : fitStop(stop, context);
  }
  if (topK === undefined) return;
  if (context.own || takesTopK) body["top_k"] = topK;
  else warn(context, "unsupported_field", "top_k", "the host is not known to take top_k: OpenAI has none");
}

/** OpenAI takes four stop sequences (https://platform.openai.com/docs/api-reference/chat/create), other hosts more. */
const MAX_STOPS = 4;

function fitStop(stop: string[], context: EncodeContext): string[] {
  if (context.gpt === undefined || stop.length <= MAX_STOPS) return stop;
  warn(context, "changed_field", "stop", `the first ${MAX_STOPS} stop sequences were sent: the model takes no more`);
  return stop.slice(0, MAX_STOPS);
}

/** `max_tokens` where the client or the host wants the older name. */
function encodeLimit(
  limit: number | undefined,
  shape: RequestShape | undefined,
  legacy: boolean,
  body: JsonObject,
): void {
  if (limit === undefined) return;
  const older = legacy || shape?.spelling["max_tokens"] !== undefined;
  body[older ? "max_tokens" : "max_completion_tokens"] = limit;
}

/** The API reference of chat completions names the limit for `safety_identifier`; other hosts refuse 128 characters and more. */
const USER_ID = /^.{1,64}$/s;

function encodeIdentity(
  request: ChatRequest,
  shape: RequestShape | undefined,
  body: JsonObject,
  context: EncodeContext,
): void {
  const { endUser, promptCacheKey, serviceTier, cache } = request;
  if (promptCacheKey !== undefined) body["prompt_cache_key"] = context.own ? promptCacheKey : fitLength(promptCacheKey);
  if (endUser !== undefined) {
    const field = shape?.spelling["safety_identifier"] === undefined ? "user" : "safety_identifier";
    body[field] = context.own ? endUser : fitUserId(endUser, USER_ID, context.warnings);
  }
  if (serviceTier !== undefined) {
    if (context.own || SERVICE_TIERS.has(serviceTier)) body["service_tier"] = serviceTier;
    else warn(context, "unsupported_field", "service_tier", `OpenAI has no service tier ${serviceTier}`);
  }
  if (cache !== undefined) {
    if (context.own) body["cache_control"] = encodeCacheMarker(cache);
    else dropMarker(context);
  }
  if (request.previousResponseId !== undefined) {
    warn(context, "unsupported_field", "previous_response_id", "chat completions keep no conversation");
  }
}

/** https://developers.openai.com/api/docs/guides/deployment-checklist; `stop`: the API reference of chat completions. */
const NOT_WHILE_REASONING = [
  "temperature",
  "top_p",
  "presence_penalty",
  "frequency_penalty",
  "logprobs",
  "top_logprobs",
  "logit_bias",
  "stop",
];

/** OpenAI's reasoning models answer 400 to settings of sampling; clients of other dialects cannot know that. */
function dropRefused(body: JsonObject, context: EncodeContext): void {
  const { gpt, warnings } = context;
  const effort = body["reasoning_effort"] as Effort | undefined;
  if (gpt !== undefined && reasonsAt(gpt, effort)) dropSampling(body, NOT_WHILE_REASONING, warnings);
}

function encodeModalities(request: ChatRequest, body: JsonObject, context: EncodeContext): void {
  const { modalities } = request;
  if (modalities === undefined) return;
  if (context.own) {
    body["modalities"] = modalities;
    return;
  }
  const wanted = modalities.map((modality) => modality.toLowerCase());
  if (wanted.every((modality) => modality === "text")) return;
  body["modalities"] = wanted;
  if (!wanted.includes("audio")) return;
  if (!wanted.includes("text")) wanted.unshift("text");
  // "'audio.format' does not support 'wav' when stream=true. Supported values are: 'pcm16'."
  const format = request.stream ? "pcm16" : "wav";
  body["audio"] = { voice: "alloy", format };
  warn(context, "changed_field", "audio", `voice alloy and format ${format} were sent: OpenAI needs both`);
}

/** Fields that only another dialect knows. */
function noteForeign(request: ChatRequest, context: EncodeContext): void {
  for (const field of foreignFields(request, CHAT)) {
    warn(context, "unsupported_field", field, `chat completions have no field ${field}`);
  }
}
