import type { WireRequest } from "../../canonical/dialect.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import type { ChatRequest } from "../../canonical/request.ts";
import { decodeCache } from "./cache-marker.ts";
import { decodeMessages, decodeSystem, refuse } from "./decode-messages.ts";
import { decodeReasoning } from "../../canonical/claude/decode-reasoning.ts";
import { decodeToolChoice, decodeTools } from "./decode-tools.ts";
import { DIALECT, objectOf } from "./wire.ts";

/** Reads one top-level field into the request; true when the canonical form now holds all of it. */
type FieldDecoder = (value: Json, request: ChatRequest, body: JsonObject) => boolean;

type NumberField = "maxOutputTokens" | "temperature" | "topP" | "topK";

const number =
  (name: NumberField, field: string): FieldDecoder =>
  (value, request) => {
    if (typeof value !== "number") refuse(field, "must be a number");
    request[name] = value;
    return true;
  };

/** Every top-level field that the canonical form has a name for (vendor SDK: `MessageCreateParamsBase`). */
const FIELDS: Record<string, FieldDecoder> = {
  model: () => true,
  messages: () => true,
  system: () => true,
  stream: (value) => value === true,
  max_tokens: number("maxOutputTokens", "max_tokens"),
  temperature: number("temperature", "temperature"),
  top_p: number("topP", "top_p"),
  top_k: number("topK", "top_k"),
  stop_sequences: decodeStop,
  tools: (value, request) => {
    request.tools = decodeTools(value);
    return request.tools.length > 0;
  },
  tool_choice: (value, request) => {
    decodeToolChoice(value, request);
    return true;
  },
  service_tier: (value, request) => {
    if (typeof value === "string") request.serviceTier = value;
    return typeof value === "string";
  },
  cache_control: (value, request) => {
    const cache = decodeCache(value);
    if (cache !== undefined) request.cache = cache;
    return cache !== undefined;
  },
  metadata: decodeMetadata,
};

/**
 * Decodes the body of `POST /messages`. `thinking` and `output_config` are understood and also kept as they are, so that
 * an upstream of this dialect gets them back unchanged; `output_format` is the older name of `output_config.format`.
 * Throws `invalid_request` with `param`.
 */
export function decodeRequest(wire: WireRequest): ChatRequest {
  const { body } = wire;
  const model = body["model"] ?? wire.pathModel;
  if (typeof model !== "string" || model === "") refuse("model", "must be the name of a model");
  const stream = body["stream"] === true || wire.pathStream === true;
  const request: ChatRequest = { model, stream, items: [], tools: [], extensions: {}, warnings: [] };
  decodeSystem(body["system"], request.items);
  decodeMessages(body["messages"], request.items);
  request.extensions[DIALECT] = decodeFields(body, request);
  const reasoning = decodeReasoning(body["thinking"], body["output_config"]);
  if (reasoning !== undefined) request.reasoning = reasoning;
  decodeFormat(body, request);
  return request;
}

/** Decodes the named top-level fields; the answer holds all others, and null ones, as sent. */
function decodeFields(body: JsonObject, request: ChatRequest): JsonObject {
  const rest: [string, Json][] = [];
  for (const key of Object.keys(body)) {
    const value = body[key];
    if (value === undefined) continue;
    const decode = value !== null && Object.hasOwn(FIELDS, key) ? FIELDS[key] : undefined;
    if (decode === undefined || !decode(value, request, body)) rest.push([key, value]);
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

function decodeMetadata(value: Json, request: ChatRequest): boolean {
  const user = objectOf(value)["user_id"];
  if (typeof user === "string") request.endUser = user;
  return false;
}

function decodeFormat(body: JsonObject, request: ChatRequest): void {
  const format = objectOf(body["output_config"])["format"] ?? body["output_format"];
  if (!isJsonObject(format) || format["type"] !== "json_schema" || !isJsonObject(format["schema"])) return;
  request.responseFormat = { type: "json_schema", schema: format["schema"] };
}
