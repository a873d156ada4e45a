import type { WireRequest } from "../../canonical/dialect.ts";
import { GatewayError } from "../../canonical/errors.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import type { ChatRequest } from "../../canonical/request.ts";
import { decodeCacheMarker } from "./cache-marker.ts";
import { decodeMessages } from "./decode-messages.ts";
import { REASONING_KEYS, decodeReasoningOptions, decodeResponseFormat } from "./decode-options.ts";
import { decodeFunctionChoice, decodeFunctions, decodeToolChoice, decodeTools } from "./decode-tools.ts";
import type { RequestShape } from "./shape.ts";
import { requestExtensions } from "./shape.ts";
import { CHAT } from "./wire.ts";

interface Reading {
  request: ChatRequest;
  body: JsonObject;
  shape: RequestShape;
  /** Top-level fields without a canonical name. */
  fields: JsonObject;
}

/** Reads one field that is there and not null. False leaves it among the unnamed fields, as it came. */
type FieldReader = (reading: Reading, value: Json, key: string) => boolean;

type NumberField =
  | "temperature"
  | "topP"
  | "topK"
  | "seed"
  | "presencePenalty"
  | "frequencyPenalty"
  | "n"
  | "topLogprobs"
  | "maxOutputTokens";
type TextField = "serviceTier" | "promptCacheKey" | "endUser";
type FlagField = "logprobs" | "store" | "parallelToolCalls";
type ObjectField = "logitBias" | "metadata";

const FIELDS: Record<string, FieldReader> = {
  model: () => true,
  messages: () => true,
  stream: (reading, value, key) => {
    reading.request.stream = expect(value, "boolean", key);
    return spell(reading, key, value);
  },
  stream_options: readStreamOptions,
  temperature: number("temperature"),
  top_p: number("topP"),
  top_k: number("topK"),
  seed: number("seed"),
  // Mistral's name for it.
  random_seed: spelled(number("seed")),
  presence_penalty: number("presencePenalty"),
  frequency_penalty: number("frequencyPenalty"),
  n: number("n"),
  top_logprobs: number("topLogprobs"),
  max_completion_tokens: spelled(number("maxOutputTokens")),
  max_tokens: readMaxTokens,
  logprobs: flag("logprobs"),
  store: flag("store"),
  parallel_tool_calls: flag("parallelToolCalls"),
  service_tier: text("serviceTier"),
  prompt_cache_key: text("promptCacheKey"),
  user: spelled(text("endUser")),
  safety_identifier: readSafetyIdentifier,
  logit_bias: object("logitBias"),
  metadata: object("metadata"),
  stop: readStop,
  verbosity: readVerbosity,
  modalities: readModalities,
  cache_control: readCacheControl,
  response_format: readResponseFormat,
  tools: readTools,
  tool_choice: readToolChoice,
  functions: readFunctions,
  function_call: readFunctionCall,
  web_search_options: readWebSearch,
};

/**
 * Decodes a chat completions request (openai SDK 6.49, ChatCompletionCreateParams, and what hosts add). Throws
 * `invalid_request` with the field's path for what no provider could accept. `null` counts as not sent.
 */
export function decodeRequest(wire: WireRequest): ChatRequest {
  const { body } = wire;
  const shape: RequestShape = { spelling: {} };
  const reading: Reading = { request: createRequest(wire), body, shape, fields: {} };
  for (const key in body) readField(reading, key, body[key]);
  readReasoning(reading);
  reading.request.extensions = requestExtensions(reading.fields, shape);
  return reading.request;
}

function createRequest(wire: WireRequest): ChatRequest {
  const { body } = wire;
  const model = body["model"] ?? wire.pathModel;
  if (typeof model !== "string" || model === "") throw refusal("model", "must be a non-empty string");
  const items = body["messages"] === undefined ? [] : decodeMessages(messagesOf(body["messages"]));
  return { model, stream: wire.pathStream ?? false, items, tools: [], extensions: {}, warnings: [] };
}

/** Hosts have calls that need no messages (stored prompts, say): whether they may be missing is the upstream's to say. */
function messagesOf(value: Json): Json[] {
  if (!Array.isArray(value)) throw refusal("messages", "must be a list");
  if (value.length === 0) throw refusal("messages", "must not be empty");
  return value;
}

function readField(reading: Reading, key: string, value: Json | undefined): void {
  if (value === undefined || key === "__proto__") return;
  const reader = Object.hasOwn(FIELDS, key) ? FIELDS[key] : undefined;
  if (value !== null && reader !== undefined && reader(reading, value, key)) return;
  reading.fields[key] = value;
}

function refusal(param: string, what: string): GatewayError {
  return new GatewayError("invalid_request", `${param} ${what}`, { param });
}

interface Kinds {
  string: string;
  number: number;
  boolean: boolean;
}

function expect<K extends keyof Kinds>(value: Json, kind: K, param: string): Kinds[K] {
  if (typeof value !== kind) throw refusal(param, `must be a ${kind}`);
  return value as Kinds[K];
}

/** Remembers how the client spelled a field. */
function spell(reading: Reading, key: string, value: Json): true {
  reading.shape.spelling[key] = value;
  return true;
}

function spelled(reader: FieldReader): FieldReader {
  return (reading, value, key) => reader(reading, value, key) && spell(reading, key, value);
}

function number(field: NumberField): FieldReader {
  return (reading, value, key) => {
    reading.request[field] = expect(value, "number", key);
    return true;
  };
}

function text(field: TextField): FieldReader {
  return (reading, value, key) => {
    reading.request[field] = expect(value, "string", key);
    return true;
  };
}

function flag(field: FlagField): FieldReader {
  return (reading, value, key) => {
    // The legacy completions API has a number here, which some clients still send.
    if (typeof value === "number") return false;
    reading.request[field] = expect(value, "boolean", key);
    return true;
  };
}

function object(field: ObjectField): FieldReader {
  return (reading, value, key) => {
    if (!isJsonObject(value)) throw refusal(key, "must be an object");
    reading.request[field] = value;
    return true;
  };
}

function readStreamOptions(reading: Reading, value: Json, key: string): boolean {
  if (!isJsonObject(value)) throw refusal(key, "must be an object");
  reading.request.includeUsage = value["include_usage"] === true;
  return spell(reading, key, value);
}

/** `max_tokens` is the older name; the newer one wins when a client sends both. */
function readMaxTokens(reading: Reading, value: Json, key: string): boolean {
  const count = expect(value, "number", key);
  if (typeof reading.body["max_completion_tokens"] === "number") return false;
  reading.request.maxOutputTokens = count;
  return spell(reading, key, value);
}

/** OpenAI's successor of `user`. */
function readSafetyIdentifier(reading: Reading, value: Json, key: string): boolean {
  const id = expect(value, "string", key);
  if (typeof reading.body["user"] === "string") return false;
  reading.request.endUser = id;
  return spell(reading, key, value);
}

function readStop(reading: Reading, value: Json, key: string): boolean {
  const list = typeof value === "string" ? [value] : value;
  if (!Array.isArray(list)) throw refusal(key, "must be a string or a list of strings");
  if (list.length === 0) return false;
  reading.request.stop = list.map((stop, index) => expect(stop, "string", `${key}[${index}]`));
  return spell(reading, key, value);
}

function readVerbosity(reading: Reading, value: Json): boolean {
  if (value !== "low" && value !== "medium" && value !== "high") return false;
  reading.request.verbosity = value;
  return true;
}

function readModalities(reading: Reading, value: Json, key: string): boolean {
  if (!Array.isArray(value)) throw refusal(key, "must be a list of strings");
  reading.request.modalities = value.map((modality, index) => expect(modality, "string", `${key}[${index}]`));
  return true;
}

function readCacheControl(reading: Reading, value: Json): boolean {
  const cache = decodeCacheMarker(value);
  if (cache !== undefined) reading.request.cache = cache;
  return cache !== undefined;
}

function readResponseFormat(reading: Reading, value: Json, key: string): boolean {
  if (!isJsonObject(value)) throw refusal(key, "must be an object");
  const format = decodeResponseFormat(value);
  if (format === undefined) return false;
  reading.request.responseFormat = format;
  reading.shape.responseFormat = { ...format };
  return spell(reading, key, value);
}

function readTools(reading: Reading, value: Json, key: string): boolean {
  if (!Array.isArray(value)) throw refusal(key, "must be a list");
  reading.request.tools.push(...decodeTools(value));
  return value.length > 0;
}

function readFunctions(reading: Reading, value: Json, key: string): boolean {
  if (!Array.isArray(value)) throw refusal(key, "must be a list");
  reading.request.tools.push(...decodeFunctions(value));
  return value.length > 0;
}

function readToolChoice(reading: Reading, value: Json, key: string): boolean {
  const choice = decodeToolChoice(value);
  reading.request.toolChoice = choice;
  reading.shape.toolChoice = { ...choice };
  return spell(reading, key, value);
}

function readFunctionCall(reading: Reading, value: Json, key: string): boolean {
  if (reading.body["tool_choice"] !== undefined) return false;
  const choice = decodeFunctionChoice(value);
  reading.request.toolChoice = choice;
  reading.shape.toolChoice = { ...choice };
  return spell(reading, key, value);
}

/** OpenAI's search models take the search as a field of the request rather than as a tool. */
function readWebSearch(reading: Reading, value: Json, key: string): boolean {
  if (!isJsonObject(value)) throw refusal(key, "must be an object");
  reading.request.tools.push({ type: "web_search", dialect: CHAT, raw: value });
  return true;
}

function readReasoning(reading: Reading): void {
  const options = decodeReasoningOptions(reading.fields);
  if (options === undefined) return;
  reading.request.reasoning = options;
  reading.shape.reasoning = { ...options };
  for (const key of REASONING_KEYS) {
    const value = reading.fields[key];
    if (value === undefined) continue;
    spell(reading, key, value);
    delete reading.fields[key];
  }
}
