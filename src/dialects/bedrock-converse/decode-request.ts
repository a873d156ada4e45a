import type { WireRequest } from "../../canonical/dialect.ts";
import { isJsonObject, objectFrom, objectOf, type Json, type JsonObject } from "../../canonical/json.ts";
import type { ChatRequest } from "../../canonical/request.ts";
import { claudeFormat, readAdditionalFields } from "./additional-fields.ts";
import { decodeMessages, decodeSystem, refuse } from "./decode-messages.ts";
import { decodeToolConfig } from "./decode-tools.ts";
import { leftover } from "./own-fields.ts";
import { DIALECT, textOf } from "./wire.ts";

/** Reads one top-level field into the request; the answer is what the canonical form does not hold of it. */
type FieldDecoder = (value: Json, request: ChatRequest) => Json | undefined;

/**
 * Every top-level field that the canonical form has a name for (AWS SDK: `ConverseRequest`). `additionalModelRequestFields`
 * and `outputConfig` are understood and also kept as they are, so that an upstream of this dialect gets them back unchanged.
 */
const FIELDS: Readonly<Record<string, FieldDecoder>> = {
  messages: () => undefined,
  system: () => undefined,
  modelId: () => undefined,
  inferenceConfig: decodeInference,
  toolConfig: decodeToolConfig,
  requestMetadata: (value, request) => {
    if (!isJsonObject(value)) return value;
    request.metadata = value;
    return undefined;
  },
  serviceTier: (value, request) => {
    const { type, ...others } = objectOf(value);
    if (typeof type !== "string" || Object.keys(others).length > 0) return value;
    request.serviceTier = type;
    return undefined;
  },
};

/**
 * Decodes the body of `POST /model/{modelId}/converse` and `/converse-stream`, and the one to count of
 * `/model/{modelId}/count-tokens`. Throws `invalid_request` with `param`.
 */
export function decodeRequest(wire: WireRequest): ChatRequest {
  const body = countedBody(wire.body);
  const model = wire.pathModel ?? body["modelId"];
  if (typeof model !== "string" || model === "") refuse("modelId", "must be the name of a model");
  const stream = wire.pathStream === true;
  const request: ChatRequest = { model, stream, items: [], tools: [], extensions: {}, warnings: [] };
  decodeSystem(body["system"], request.items);
  decodeMessages(body["messages"], request.items);
  request.extensions[DIALECT] = decodeFields(body, request);
  readAdditionalFields(body["additionalModelRequestFields"], body["outputConfig"], request);
  decodeFormat(body["outputConfig"], request);
  decodeClaudeFormat(body["additionalModelRequestFields"], request);
  return request;
}

/** What a count request is about (AWS SDK: `CountTokensInput`); any other body is what it is. */
function countedBody(body: JsonObject): JsonObject {
  const { input } = body;
  if (!isJsonObject(input) || body["messages"] !== undefined) return body;
  if (isJsonObject(input["converse"])) return input["converse"];
  if (input["invokeModel"] === undefined) return body;
  return refuse("input.invokeModel", "only Converse requests can be counted here: send input.converse");
}

function decodeFields(body: JsonObject, request: ChatRequest): JsonObject {
  const rest: [string, Json][] = [];
  for (const key of Object.keys(body)) {
    const value = body[key];
    if (value === undefined) continue;
    const decode = value !== null && Object.hasOwn(FIELDS, key) ? FIELDS[key] : undefined;
    const left = decode === undefined ? value : decode(value, request);
    if (left !== undefined) rest.push([key, left]);
  }
  return Object.fromEntries(rest);
}

const INFERENCE = [
  ["maxTokens", "maxOutputTokens"],
  ["temperature", "temperature"],
  ["topP", "topP"],
] as const;
const INFERENCE_FIELDS = new Set(["maxTokens", "temperature", "topP", "stopSequences"]);

function decodeInference(config: Json, request: ChatRequest): Json | undefined {
  if (!isJsonObject(config)) refuse("inferenceConfig", "must be an object");
  for (const [field, name] of INFERENCE) {
    const value = config[field];
    if (value === undefined || value === null) continue;
    if (typeof value !== "number") refuse(`inferenceConfig.${field}`, "must be a number");
    request[name] = value;
  }
  const { stopSequences: stop } = config;
  if (stop !== undefined && stop !== null) {
    const isList = Array.isArray(stop) && stop.every((entry) => typeof entry === "string");
    if (!isList) refuse("inferenceConfig.stopSequences", "must be a list of strings");
    request.stop = stop;
  }
  const rest = leftover(config, INFERENCE_FIELDS);
  return rest ?? (Object.keys(config).length === 0 ? {} : undefined);
}

/** JSON as text (AWS SDK: `JsonSchemaDefinition`). */
const SCHEMA = "outputConfig.textFormat.structure.jsonSchema.schema";

function decodeFormat(outputConfig: Json | undefined, request: ChatRequest): void {
  const format = objectOf(objectOf(outputConfig)["textFormat"]);
  const { schema: text, name, description } = objectOf(objectOf(format["structure"])["jsonSchema"]);
  if (format["type"] !== "json_schema" || typeof text !== "string") return;
  const schema = objectFrom(text);
  if (schema === undefined) refuse(SCHEMA, "must be a JSON schema, written as text");
  request.responseFormat = {
    type: "json_schema",
    schema,
    ...(textOf(name) !== "" && { name: textOf(name) }),
    ...(textOf(description) !== "" && { description: textOf(description) }),
  };
}

/** Claude's own `output_config.format`, which some SDKs (AI SDK) write into the additional fields. */
function decodeClaudeFormat(additional: Json | undefined, request: ChatRequest): void {
  const format = objectOf(claudeFormat(additional));
  if (format["type"] !== "json_schema" || !isJsonObject(format["schema"])) return;
  request.responseFormat ??= { type: "json_schema", schema: format["schema"] };
}
