import type { WireRequest } from "../../canonical/dialect.ts";
import { GatewayError } from "../../canonical/errors.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import type { ChatRequest } from "../../canonical/request.ts";
import { decodeInput, decodeInstructions } from "./decode-input.ts";
import { decodeReasoning, decodeText } from "./decode-options.ts";
import { decodeToolChoice, decodeTools } from "./decode-tools.ts";
import { flattenCalls } from "./namespaces.ts";
import { ownFields } from "./own-fields.ts";
import { foundTools } from "./tool-search.ts";
import { DIALECT, FOUND, listOf } from "./wire.ts";

/** Takes a field's value into the request; returns what of it must stay among the request's own fields. */
type FieldDecoder = (request: ChatRequest, value: Json, field: string) => Json | undefined;

type Keys<T> = {
  [K in keyof ChatRequest]-?: NonNullable<ChatRequest[K]> extends T
    ? T extends NonNullable<ChatRequest[K]>
      ? K
      : never
    : never;
}[keyof ChatRequest];

const number =
  (name: Keys<number>): FieldDecoder =>
  (request, value, field) => {
    if (typeof value !== "number") throw wrongType(field, "a number");
    request[name] = value;
    return undefined;
  };

const string =
  (name: "serviceTier" | "promptCacheKey" | "previousResponseId"): FieldDecoder =>
  (request, value, field) => {
    if (typeof value !== "string") throw wrongType(field, "a string");
    request[name] = value;
    return undefined;
  };

const boolean =
  (name: "parallelToolCalls" | "store"): FieldDecoder =>
  (request, value, field) => {
    if (typeof value !== "boolean") throw wrongType(field, "a boolean");
    request[name] = value;
    return undefined;
  };

/**
 * Not of the vendor's API, but of other hosts that speak this dialect (Open Responses, vLLM): other dialects may use the
 * value, and it goes back as it came.
 */
const foreignNumber =
  (name: Keys<number>): FieldDecoder =>
  (request, value) => {
    if (typeof value === "number") request[name] = value;
    return value;
  };

const FIELDS: ReadonlyMap<string, FieldDecoder> = new Map<string, FieldDecoder>([
  ["model", () => undefined],
  ["stream", decodeStream],
  ["input", takeInput],
  ["instructions", takeInstructions],
  ["tools", takeTools],
  ["tool_choice", takeToolChoice],
  ["text", decodeText],
  ["reasoning", decodeReasoning],
  ["include", decodeInclude],
  ["metadata", decodeMetadata],
  ["temperature", number("temperature")],
  ["top_p", number("topP")],
  ["max_output_tokens", number("maxOutputTokens")],
  ["top_logprobs", number("topLogprobs")],
  ["parallel_tool_calls", boolean("parallelToolCalls")],
  ["store", boolean("store")],
  ["service_tier", string("serviceTier")],
  ["prompt_cache_key", string("promptCacheKey")],
  ["previous_response_id", string("previousResponseId")],
  ["safety_identifier", decodeEndUser],
  ["user", decodeEndUser],
  ["presence_penalty", foreignNumber("presencePenalty")],
  ["frequency_penalty", foreignNumber("frequencyPenalty")],
  ["seed", foreignNumber("seed")],
  ["top_k", foreignNumber("topK")],
]);

/**
 * Decodes a request of `POST /responses`. Fields without a canonical name, and fields that are null, stay in
 * `extensions["openai-responses"]`, which is set on every request of this dialect. Throws `invalid_request` with
 * `param` for what no provider could accept.
 */
export function decodeRequest(wire: WireRequest): ChatRequest {
  const { body } = wire;
  const request: ChatRequest = {
    model: modelOf(body),
    stream: body.stream === true,
    items: [],
    tools: [],
    extensions: {},
    warnings: [],
  };
  const rest: [string, Json][] = [];
  for (const field in body) {
    const value = body[field];
    if (value === undefined) continue;
    const left = value === null ? null : decodeField(request, value, field);
    if (left !== undefined) rest.push([field, left]);
  }
  if (request.topLogprobs !== undefined) settleLogprobs(request, rest);
  request.extensions[DIALECT] = Object.fromEntries(rest);
  addFoundTools(request);
  flattenCalls(request);
  return request;
}

/** What a search has found may be called from then on; here nothing has to say so, since its outcome does. */
function addFoundTools({ items, tools }: ChatRequest): void {
  const found = decodeTools(items.flatMap(foundTools));
  if (found.length === 0) return;
  const known = new Set(tools.map((tool) => ("name" in tool ? tool.name : "")));
  for (const tool of found) {
    if ((tool.type !== "function" && tool.type !== "custom") || known.has(tool.name)) continue;
    known.add(tool.name);
    tools.push({ ...tool, extensions: { [DIALECT]: { ...ownFields(tool), [FOUND]: true } } });
  }
}

/**
 * Other dialects refuse a number of alternatives where log probabilities are not asked for. Here it asks for them, too,
 * but for the default of 0, which says nothing.
 */
function settleLogprobs(request: ChatRequest, rest: [string, Json][]): void {
  if (request.logprobs === true || request.topLogprobs === undefined) return;
  if (request.topLogprobs > 0) {
    request.logprobs = true;
    return;
  }
  rest.push(["top_logprobs", request.topLogprobs]);
  delete request.topLogprobs;
}

function decodeField(request: ChatRequest, value: Json, field: string): Json | undefined {
  const decoder = FIELDS.get(field);
  return decoder === undefined ? value : decoder(request, value, field);
}

function modelOf(body: JsonObject): string {
  if (typeof body.model === "string" && body.model !== "") return body.model;
  throw wrongType("model", "a string that is not empty");
}

function wrongType(param: string, what: string): GatewayError {
  return new GatewayError("invalid_request", `'${param}' must be ${what}`, { param });
}

function decodeStream(_request: ChatRequest, value: Json): Json | undefined {
  if (typeof value !== "boolean") throw wrongType("stream", "a boolean");
  return value ? undefined : false;
}

/** Instructions come first, wherever the field stands in the body. */
function takeInput(request: ChatRequest, value: Json): Json | undefined {
  request.items.push(...decodeInput(value));
  return Array.isArray(value) && value.length === 0 ? value : undefined;
}

function takeInstructions(request: ChatRequest, value: Json): Json | undefined {
  if (typeof value !== "string") throw wrongType("instructions", "a string");
  if (value === "") return value;
  request.items.unshift(decodeInstructions(value));
  return undefined;
}

function takeTools(request: ChatRequest, value: Json): Json | undefined {
  request.tools = decodeTools(value);
  return request.tools.length === 0 ? value : undefined;
}

function takeToolChoice(request: ChatRequest, value: Json): undefined {
  request.toolChoice = decodeToolChoice(value);
}

/** The list goes back as it is; asking for log probabilities is the one thing in it that other dialects know. */
function decodeInclude(request: ChatRequest, value: Json): Json {
  if (!Array.isArray(value)) throw wrongType("include", "a list");
  if (listOf(value).includes("message.output_text.logprobs")) request.logprobs = true;
  return value;
}

function decodeMetadata(request: ChatRequest, value: Json): undefined {
  if (!isJsonObject(value)) throw wrongType("metadata", "an object");
  request.metadata = value;
}

/** `safety_identifier` replaces `user` at the vendor; both go back as they came. */
function decodeEndUser(request: ChatRequest, value: Json, field: string): Json {
  if (typeof value !== "string") throw wrongType(field, "a string");
  if (field === "safety_identifier" || request.endUser === undefined) request.endUser = value;
  return value;
}
