import type { EncodedRequest, TargetContext } from "../../canonical/dialect.ts";
import { fitLength } from "../../canonical/fit-length.ts";
import { fitOutput } from "../../canonical/fit-output.ts";
import { foreignFields } from "../../canonical/foreign-fields.ts";
import { dropSampling } from "../../canonical/gpt/drop-sampling.ts";
import { reasonsAt } from "../../canonical/gpt/model-traits.ts";
import { isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";
import type { ChatRequest, Effort } from "../../canonical/request.ts";
import { encodeInput } from "./encode-input.ts";
import { encodeReasoningOptions, encodeText, withFittingFormat } from "./encode-options.ts";
import { encodeToolChoice, encodeTools } from "./encode-tools.ts";
import { isReasoningWanted, requestEncoding, warn } from "./request-encoding.ts";
import type { RequestEncoding } from "./request-encoding.ts";
import { warnUnsupported } from "./unsupported-fields.ts";
import { DIALECT, RESPONSES_PATH, listOf } from "./wire.ts";

/**
 * Encodes a request for `POST /responses`.
 *
 * A request that came in this dialect keeps its fields as they were. One of another dialect is made stateless:
 * `store` is false unless the caller said otherwise, because no other dialect's caller expects the answer to be kept.
 * `reasoning.encrypted_content` is asked for only when nothing is stored and the request is about reasoning (options, or
 * encrypted reasoning in the conversation): without it reasoning cannot go back, and models that do not reason refuse
 * it ("Encrypted content is not supported with this model").
 */
export function encodeRequest(request: ChatRequest, target: TargetContext): EncodedRequest {
  const encoding = requestEncoding(request, target);
  const kept = request.extensions[DIALECT] ?? {};
  const body: JsonObject = { ...kept, model: target.model };
  if (request.stream) body.stream = true;
  putConversation(body, encoding);
  putTools(body, encoding);
  putFields(body, request);
  set(body, "text", encodeText(withFittingFormat(encoding, body), kept.text));
  set(body, "reasoning", encodeReasoningOptions(encoding, kept.reasoning));
  if (!encoding.own) adapt(body, encoding, target);
  return { path: RESPONSES_PATH, body, headers: {} };
}

function set(body: JsonObject, field: string, value: Json | undefined): void {
  if (value !== undefined) body[field] = value;
}

function putConversation(body: JsonObject, encoding: RequestEncoding): void {
  const { instructions, input } = encodeInput(encoding);
  set(body, "instructions", instructions);
  set(body, "input", input);
}

function putTools(body: JsonObject, encoding: RequestEncoding): void {
  const { toolChoice } = encoding.request;
  const tools = encodeTools(encoding);
  if (tools.length > 0) body.tools = tools;
  if (toolChoice !== undefined && (tools.length > 0 || encoding.own))
    set(body, "tool_choice", encodeToolChoice(toolChoice, encoding));
}

function putFields(body: JsonObject, request: ChatRequest): void {
  set(body, "temperature", request.temperature);
  set(body, "top_p", request.topP);
  set(body, "max_output_tokens", request.maxOutputTokens);
  set(body, "top_logprobs", request.topLogprobs);
  set(body, "parallel_tool_calls", request.parallelToolCalls);
  set(body, "metadata", request.metadata);
  set(body, "store", request.store);
  set(body, "service_tier", request.serviceTier);
  set(body, "prompt_cache_key", request.promptCacheKey);
  set(body, "previous_response_id", request.previousResponseId);
}

/** The smallest `max_output_tokens` that the vendor takes. */
const MIN_OUTPUT_TOKENS = 16;
const SERVICE_TIERS: ReadonlySet<Json | undefined> = new Set(["auto", "default", "flex", "scale", "priority"]);

/** Makes a request of another dialect one that the API accepts. */
function adapt(body: JsonObject, encoding: RequestEncoding, target: TargetContext): void {
  const { request } = encoding;
  body.store = request.store ?? false;
  set(body, "max_output_tokens", fitOutput(request, target));
  if (request.maxOutputTokens !== undefined && request.maxOutputTokens < MIN_OUTPUT_TOKENS) {
    body.max_output_tokens = MIN_OUTPUT_TOKENS;
    warn(encoding, "changed_field", "max_tokens", `raised to ${MIN_OUTPUT_TOKENS}, the least that the API takes`);
  }
  if (body.service_tier !== undefined && !SERVICE_TIERS.has(body.service_tier)) {
    delete body.service_tier;
    warn(encoding, "unsupported_field", "service_tier", `there is no service tier '${request.serviceTier ?? ""}'`);
  }
  if (request.promptCacheKey !== undefined) body.prompt_cache_key = fitLength(request.promptCacheKey);
  if (request.endUser !== undefined) body.safety_identifier = fitLength(request.endUser);
  putInclude(body, encoding);
  dropRefused(body, encoding);
  takeOver(body, encoding);
  warnUnsupported(encoding);
}

function putInclude(body: JsonObject, encoding: RequestEncoding): void {
  const { request } = encoding;
  const include: Json[] = [...listOf(body.include)];
  if (body.store === false && isAboutReasoning(encoding)) include.push("reasoning.encrypted_content");
  if (request.logprobs === true) include.push(LOGPROBS);
  if (include.length > 0) body.include = include;
}

const LOGPROBS = "message.output_text.logprobs";
/** https://developers.openai.com/api/docs/guides/deployment-checklist */
const NOT_WHILE_REASONING = ["temperature", "top_p", "top_logprobs"];

/** OpenAI's reasoning models answer 400 to settings of sampling; clients of other dialects cannot know that. */
function dropRefused(body: JsonObject, { gpt, warnings }: RequestEncoding): void {
  const effort = isJsonObject(body.reasoning) ? body.reasoning.effort : undefined;
  if (gpt === undefined || !reasonsAt(gpt, effort as Effort | undefined)) return;
  dropSampling(body, NOT_WHILE_REASONING, warnings);
  const asked = listOf(body.include);
  const kept = asked.filter((each) => each !== LOGPROBS);
  if (kept.length < asked.length) dropSampling({ logprobs: true }, ["logprobs"], warnings);
  if (kept.length > 0) body.include = kept;
  else delete body.include;
}

function isAboutReasoning({ request, gpt }: RequestEncoding): boolean {
  if (gpt?.reasons === false) return false;
  if (isReasoningWanted(request)) return true;
  return request.items.some((item) => item.type === "reasoning" && item.opaque?.maker === DIALECT);
}

/** Fields of chat completions that this API has under the same name and meaning. */
const SHARED_WITH_CHAT = ["prompt_cache_retention", "prompt_cache_options", "moderation", "safety_identifier"] as const;

/** Carries over what the two OpenAI dialects share, and reports the other fields that only the caller's dialect names. */
function takeOver(body: JsonObject, encoding: RequestEncoding): void {
  const chat = encoding.request.extensions["openai-chat"];
  for (const field of foreignFields(encoding.request, DIALECT)) {
    const value = chat?.[field];
    if (value !== undefined && SHARED_WITH_CHAT.some((shared) => shared === field)) {
      // A chat that has both names means both: here `user` is a field of its own, too.
      if (field === "safety_identifier") body.user = body.safety_identifier;
      body[field] = value;
    } else warn(encoding, "unsupported_field", field, "the Responses API has no such field");
  }
}
