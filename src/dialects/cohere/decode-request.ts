import type { WireRequest } from "../../canonical/dialect.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import type { ChatRequest } from "../../canonical/request.ts";
import { decodeDocuments } from "./decode-documents.ts";
import { decodeMessages } from "./decode-messages.ts";
import { decodeTools } from "./decode-tools.ts";
import { refuse } from "./refuse.ts";
import { DIALECT, objectOf, textOf } from "./wire.ts";

/** Reads one top-level field into the request; true when the canonical form now holds all of it. */
type FieldDecoder = (value: Json, request: ChatRequest) => boolean;

type NumberField =
  | "maxOutputTokens"
  | "temperature"
  | "topP"
  | "topK"
  | "seed"
  | "frequencyPenalty"
  | "presencePenalty";

const number =
  (name: NumberField, field: string): FieldDecoder =>
  (value, request) => {
    if (typeof value !== "number") refuse(field, "must be a number");
    request[name] = value;
    return true;
  };

/** Every top-level field that the canonical form has a name for (vendor SDK: `V2ChatRequest`). */
const FIELDS: Record<string, FieldDecoder> = {
  model: () => true,
  messages: () => true,
  stream: (value) => value === true,
  tools: (value, request) => {
    request.tools = decodeTools(value);
    return request.tools.length > 0;
  },
  tool_choice: decodeToolChoice,
  documents: (value, request) => decodeDocuments(value, request.items),
  response_format: decodeFormat,
  max_tokens: number("maxOutputTokens", "max_tokens"),
  stop_sequences: decodeStop,
  temperature: number("temperature", "temperature"),
  seed: number("seed", "seed"),
  frequency_penalty: number("frequencyPenalty", "frequency_penalty"),
  presence_penalty: number("presencePenalty", "presence_penalty"),
  k: number("topK", "k"),
  p: number("topP", "p"),
  logprobs: (value, request) => {
    if (typeof value !== "boolean") refuse("logprobs", "must be true or false");
    request.logprobs = value;
    return true;
  },
};

/**
 * Decodes the body of `POST /v2/chat` (https://docs.cohere.com/reference/chat). `thinking` and `strict_tools` are understood
 * and also kept as they are, so that an upstream of this dialect gets them back unchanged. `documents` become files of the
 * last user message. Throws `invalid_request` with `param`.
 */
export function decodeRequest({ body, pathModel }: WireRequest): ChatRequest {
  const model = body["model"] ?? pathModel;
  if (typeof model !== "string" || model === "") refuse("model", "must be the name of a model");
  const stream = body["stream"] === true;
  const request: ChatRequest = { model, stream, items: [], tools: [], extensions: {}, warnings: [] };
  decodeMessages(body["messages"], request.items);
  request.extensions[DIALECT] = decodeFields(body, request);
  decodeThinking(body["thinking"], request);
  decodeStrictTools(body["strict_tools"], request);
  return request;
}

/** Decodes the named top-level fields; the answer holds all others, and null ones, as sent. */
function decodeFields(body: JsonObject, request: ChatRequest): JsonObject {
  const rest: [string, Json][] = [];
  for (const key of Object.keys(body)) {
    const value = body[key];
    if (value === undefined) continue;
    const decode = value !== null && Object.hasOwn(FIELDS, key) ? FIELDS[key] : undefined;
    if (decode === undefined || !decode(value, request)) rest.push([key, value]);
  }
  return Object.fromEntries(rest);
}

function decodeStop(value: Json, request: ChatRequest): boolean {
  const isList = Array.isArray(value) && value.every((entry) => typeof entry === "string");
  if (!isList) refuse("stop_sequences", "must be a list of strings");
  if (value.length === 0) return false;
  request.stop = value;
  return true;
}

/** Without a choice the model is free. */
function decodeToolChoice(value: Json, request: ChatRequest): boolean {
  if (value === "REQUIRED") request.toolChoice = { type: "required" };
  else if (value === "NONE") request.toolChoice = { type: "none" };
  else refuse("tool_choice", "must be REQUIRED or NONE");
  return true;
}

const FORMAT_FIELDS = new Set(["type", "json_schema"]);

/** `json_object` with a schema is what others call `json_schema`. Fields beside those stay where they are. */
function decodeFormat(value: Json, request: ChatRequest): boolean {
  const { type, json_schema: schema } = objectOf(value);
  if (type !== "text" && type !== "json_object") refuse("response_format.type", "must be text or json_object");
  if (type === "json_object" && isJsonObject(schema)) request.responseFormat = { type: "json_schema", schema };
  else request.responseFormat = { type };
  return Object.keys(objectOf(value)).every((key) => FORMAT_FIELDS.has(key)) && schema !== null;
}

function decodeThinking(value: Json | undefined, request: ChatRequest): void {
  const { type, token_budget: budget } = objectOf(value);
  if (type === "disabled") request.reasoning = { effort: "none" };
  else if (type === "enabled") request.reasoning = { budgetTokens: typeof budget === "number" ? budget : -1 };
  else if (textOf(type) !== "") refuse("thinking.type", "must be enabled or disabled");
}

function decodeStrictTools(value: Json | undefined, request: ChatRequest): void {
  if (value !== true) return;
  for (const tool of request.tools) if (tool.type === "function") tool.strict = true;
}
