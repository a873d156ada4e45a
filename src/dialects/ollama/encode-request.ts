import type { EncodedRequest, TargetContext } from "../../canonical/dialect.ts";
import { foreignFields } from "../../canonical/foreign-fields.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import type { ChatRequest } from "../../canonical/request.ts";
import { OPTIONS } from "./decode-options.ts";
import { encodeContext, type EncodeContext, type Warn } from "./encode-context.ts";
import { encodeMessages } from "./encode-messages.ts";
import { encodeParts } from "./encode-parts.ts";
import { encodeThink } from "./encode-think.ts";
import { encodeTools } from "./encode-tools.ts";
import { CHAT_PATH, fieldsBeside, GENERATE_PATH, isEmpty, objectOf, OLLAMA } from "./wire.ts";

const NOTES = new Set(["generate", "options"]);

/**
 * Encodes a request for `/api/chat`, or for `/api/generate` when it came from there or has text to follow the answer
 * (`ChatRequest` and `GenerateRequest` in `api/types.go`). Whether to stream is always said: Ollama streams by default.
 */
export function encodeRequest(request: ChatRequest, target: TargetContext): EncodedRequest {
  const context = encodeContext(request, target);
  const own = request.extensions[OLLAMA];
  const isGenerate = own?.["generate"] === true || isFill(request);
  const body: JsonObject = { model: target.model, ...(own !== undefined && fieldsBeside(own, NOTES)) };
  if (isGenerate) addPrompt(request, context, body);
  else addMessages(request, context, body);
  addOptions(request, context.warn, body);
  body["stream"] = request.stream;
  warnUnsupported(request, context.warn);
  return { path: isGenerate ? GENERATE_PATH : CHAT_PATH, body, headers: {} };
}

/** A gap in one text to be filled. */
function isFill({ suffix, items }: ChatRequest): boolean {
  return suffix !== undefined && items.every((item) => item.type === "message" && item.role !== "assistant");
}

function addMessages(request: ChatRequest, context: EncodeContext, body: JsonObject): void {
  const messages = encodeMessages(request.items, context);
  if (messages.length > 0) body["messages"] = messages;
  if (request.tools.length > 0) {
    const tools = encodeTools(request, context);
    if (tools.length > 0) body["tools"] = tools;
  }
  if (request.suffix !== undefined) {
    context.warn("unsupported_field", "suffix", "a conversation has no text that follows the answer");
  }
}

function addPrompt(request: ChatRequest, { warn }: EncodeContext, body: JsonObject): void {
  const texts: Record<"system" | "user", string[]> = { system: [], user: [] };
  const images: string[] = [];
  for (const [at, item] of request.items.entries()) {
    if (item.type !== "message") continue;
    const content = encodeParts(item.content, `items[${at}]`, warn);
    texts[item.role === "user" ? "user" : "system"].push(content.text);
    images.push(...content.images);
  }
  if (texts.user.length > 0) body["prompt"] = texts.user.join("\n\n");
  if (texts.system.length > 0) body["system"] = texts.system.join("\n\n");
  if (images.length > 0) body["images"] = images;
  if (request.suffix !== undefined) body["suffix"] = request.suffix;
  if (request.tools.length > 0) warn("unsupported_tool", "tools", "a text to be filled in has no tools");
}

function addOptions(request: ChatRequest, warn: Warn, body: JsonObject): void {
  const options: JsonObject = { ...objectOf(request.extensions[OLLAMA]?.["options"]) };
  for (const [name, field] of OPTIONS) if (request[field] !== undefined) options[name] = request[field];
  if (request.stop !== undefined) options["stop"] = request.stop;
  if (request.maxOutputTokens !== undefined) options["num_predict"] = request.maxOutputTokens;
  if (!isEmpty(options)) body["options"] = options;
  const think = request.reasoning === undefined ? undefined : encodeThink(request.reasoning, warn);
  if (think !== undefined) body["think"] = think;
  const format = encodeFormat(request);
  if (format !== undefined) body["format"] = format;
  if (request.logprobs !== undefined) body["logprobs"] = request.logprobs;
  if (request.topLogprobs !== undefined) body["top_logprobs"] = request.topLogprobs;
}

function encodeFormat({ responseFormat: format }: ChatRequest): Json | undefined {
  if (format === undefined || format.type === "text") return undefined;
  return format.type === "json_object" ? "json" : format.schema;
}

/** Settings that the wire has no field for, in the caller's words, and whether the request asks for more than the default. */
const UNSUPPORTED: readonly [string, (request: ChatRequest) => boolean][] = [
  ["n", ({ n }) => (n ?? 1) > 1],
  ["logit_bias", ({ logitBias }) => logitBias !== undefined && !isEmpty(logitBias)],
  ["verbosity", ({ verbosity }) => verbosity !== undefined && verbosity !== "medium"],
  ["service_tier", ({ serviceTier: tier }) => tier !== undefined && tier !== "auto" && tier !== "default"],
  ["prompt_cache_key", ({ promptCacheKey }) => promptCacheKey !== undefined],
  ["cache_control", ({ cache }) => cache !== undefined],
  ["user", ({ endUser }) => endUser !== undefined],
  ["metadata", ({ metadata }) => metadata !== undefined],
  ["store", ({ store }) => store === true],
  ["previous_response_id", ({ previousResponseId }) => previousResponseId !== undefined],
  ["modalities", ({ modalities }) => modalities?.some((each) => each.toLowerCase() !== "text") === true],
];

function warnUnsupported(request: ChatRequest, warn: Warn): void {
  const left = UNSUPPORTED.filter(([, isSet]) => isSet(request)).map(([field]) => field);
  for (const field of [...left, ...foreignFields(request, OLLAMA)]) {
    warn("unsupported_field", field, `Ollama has no ${field}`);
  }
}
