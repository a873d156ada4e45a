import type { WireRequest } from "../../canonical/dialect.ts";
import { GatewayError } from "../../canonical/errors.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import type { ChatRequest } from "../../canonical/request.ts";
import { decodePrompt } from "./decode-prompt.ts";
import { COMPLETIONS, FIM_KEY, numberOf, objectOf, textOf } from "./wire.ts";

/** Reads one field that is there and not null. False leaves it among the unnamed fields, as it came. */
type FieldReader = (request: ChatRequest, value: Json) => boolean;

type NumberField = "temperature" | "topP" | "n" | "seed" | "presencePenalty" | "frequencyPenalty" | "maxOutputTokens";

const FIELDS: Readonly<Record<string, FieldReader>> = {
  model: () => true,
  stream: readStream,
  stream_options: (request, value) => {
    request.includeUsage = objectOf(value)?.["include_usage"] === true;
    return false;
  },
  suffix: (request, value) => {
    if (typeof value !== "string") throw refusal("suffix", "must be a text");
    request.suffix = value;
    return true;
  },
  [FIM_KEY]: (request) => {
    request.answersAsMessage = true;
    return true;
  },
  max_tokens: number("maxOutputTokens", "max_tokens"),
  temperature: number("temperature", "temperature"),
  top_p: number("topP", "top_p"),
  n: number("n", "n"),
  seed: number("seed", "seed"),
  presence_penalty: number("presencePenalty", "presence_penalty"),
  frequency_penalty: number("frequencyPenalty", "frequency_penalty"),
  logprobs: readLogprobs,
  logit_bias: (request, value) => {
    const bias = objectOf(value);
    if (bias !== undefined) request.logitBias = bias;
    return bias !== undefined;
  },
  stop: readStop,
  user: (request, value) => {
    const user = textOf(value);
    if (user !== undefined) request.endUser = user;
    return user !== undefined;
  },
};

/**
 * Decodes a completions request (openai SDK 6.49, CompletionCreateParams). One text becomes what a user says; several texts
 * and tokens can only be relayed. Throws `invalid_request` with the field's name; `null` counts as not sent.
 */
export function decodeRequest({ body }: WireRequest): ChatRequest {
  const { model, prompt: sent } = body;
  if (typeof model !== "string" || model === "") throw refusal("model", "must be a non-empty string");
  const { items, count, relayOnly } = decodePrompt(sent);
  const request: ChatRequest = { model, stream: false, items, tools: [], extensions: {}, warnings: [] };
  if (relayOnly !== undefined) request.relayOnly = relayOnly;
  request.extensions = { [COMPLETIONS]: readFields(request, body) };
  const made = count * Math.max(request.n ?? 1, numberOf(body["best_of"]) ?? 1);
  if (made > (request.n ?? 1)) request.generations = made;
  return request;
}

/** Reads all fields; the ones without a canonical name, and prompts that are no text, are returned. */
function readFields(request: ChatRequest, body: JsonObject): JsonObject {
  const kept: JsonObject = {};
  for (const key in body) {
    const value = body[key];
    if (value === undefined || value === null || key === "__proto__") continue;
    if (key === "prompt" && typeof value === "string") continue;
    const read = Object.hasOwn(FIELDS, key) ? FIELDS[key] : undefined;
    if (read === undefined || !read(request, value)) kept[key] = value;
  }
  return kept;
}

function refusal(param: string, what: string): GatewayError {
  return new GatewayError("invalid_request", `${param} ${what}`, { param });
}

function readStream(request: ChatRequest, value: Json): boolean {
  if (typeof value !== "boolean") throw refusal("stream", "must be a boolean");
  request.stream = value;
  return true;
}

function number(field: NumberField, key: string): FieldReader {
  return (request, value) => {
    if (typeof value !== "number") throw refusal(key, "must be a number");
    request[field] = value;
    return true;
  };
}

/** A number of alternatives: with 0 only the chosen tokens are told. Some hosts take a boolean. */
function readLogprobs(request: ChatRequest, value: Json): boolean {
  if (value === false) return true;
  const count = value === true ? 0 : numberOf(value);
  if (count === undefined) throw refusal("logprobs", "must be a number");
  request.logprobs = true;
  request.topLogprobs = count;
  return true;
}

function readStop(request: ChatRequest, value: Json): boolean {
  const list = typeof value === "string" ? [value] : value;
  if (!Array.isArray(list) || !list.every((each) => typeof each === "string")) return false;
  request.stop = list;
  return true;
}
