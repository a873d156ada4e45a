import type { WireRequest } from "../../canonical/dialect.ts";
import { GatewayError } from "../../canonical/errors.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import type { ChatRequest, ResponseFormat } from "../../canonical/request.ts";
import { decodeProviderOptions, decodeReasoning } from "./decode-options.ts";
import { decodePrompt } from "./decode-prompt.ts";
import { decodeToolChoice, decodeTools } from "./decode-tools.ts";
import { AI_GATEWAY, numberOf, objectOf, textOf, versionOf } from "./wire.ts";

/** Settings that are numbers here and in the canonical form, under the same name. */
export const NUMBERS = [
  "maxOutputTokens",
  "temperature",
  "topP",
  "topK",
  "presencePenalty",
  "frequencyPenalty",
  "seed",
] as const;
const NUMBER_NAMES: ReadonlySet<string> = new Set(NUMBERS);
/** Read elsewhere, or the client's own affair: headers that it set for this call have come as headers. */
const ELSEWHERE: ReadonlySet<string> = new Set(["prompt", "headers", "includeRawChunks", "abortSignal"]);

/**
 * Decodes the call options of a language model, which the AI SDK sends as they are (`LanguageModelV3CallOptions` of
 * @ai-sdk/provider 3.0, `LanguageModelV2CallOptions`, and version 4 of @ai-sdk/provider 4.0); the model, whether to stream
 * and the version stand in headers (`gateway-language-model.ts` of @ai-sdk/gateway 3.0).
 */
export function decodeRequest({ body, headers, pathModel, pathStream }: WireRequest): ChatRequest {
  const model = headers?.get("ai-language-model-id") ?? pathModel ?? "";
  if (model === "") {
    throw new GatewayError("invalid_request", "the header ai-language-model-id names no model", {
      param: "ai-language-model-id",
    });
  }
  const version = headers?.get("ai-language-model-specification-version") ?? null;
  const request: ChatRequest = {
    model,
    stream: (headers?.get("ai-language-model-streaming") ?? String(pathStream === true)) === "true",
    items: decodePrompt(body["prompt"]),
    tools: [],
    extensions: { [AI_GATEWAY]: version === null ? {} : { version: versionOf(version) } },
    warnings: [],
  };
  for (const key in body) readField(request, key, body[key]);
  return request;
}

function readField(request: ChatRequest, key: string, value: Json | undefined): void {
  if (value === undefined || value === null || key === "__proto__" || ELSEWHERE.has(key)) return;
  if (NUMBER_NAMES.has(key)) {
    const number = numberOf(value);
    if (number === undefined) throw new GatewayError("invalid_request", `${key} must be a number`, { param: key });
    request[key as (typeof NUMBERS)[number]] = number;
    return;
  }
  if (Object.hasOwn(READERS, key) && READERS[key]?.(request, value) === true) return;
  request.extensions[AI_GATEWAY] = { ...request.extensions[AI_GATEWAY], [key]: value };
}

/** Reads a field; false leaves it among the unnamed ones. */
const READERS: Readonly<Record<string, (request: ChatRequest, value: Json) => boolean>> = {
  stopSequences: (request, value) => {
    if (!Array.isArray(value) || !value.every((each) => typeof each === "string")) return false;
    request.stop = value;
    return true;
  },
  tools: (request, value) => {
    request.tools = decodeTools(value);
    return true;
  },
  toolChoice: (request, value) => {
    const choice = decodeToolChoice(value);
    if (choice !== undefined) request.toolChoice = choice;
    return choice !== undefined;
  },
  responseFormat: (request, value) => {
    const format = decodeFormat(objectOf(value));
    if (format !== undefined) request.responseFormat = format;
    return format !== undefined;
  },
  reasoning: (request, value) => {
    const reasoning = decodeReasoning(value);
    if (reasoning !== undefined) request.reasoning = { ...reasoning, ...request.reasoning };
    return reasoning !== undefined || value === "provider-default";
  },
  providerOptions: (request, value) => {
    const rest = decodeProviderOptions(request, objectOf(value) ?? {});
    const kept = { sentOptions: value, ...(rest !== undefined && { providerOptions: rest }) };
    request.extensions[AI_GATEWAY] = { ...request.extensions[AI_GATEWAY], ...kept };
    return true;
  },
};

function decodeFormat(format: JsonObject | undefined): ResponseFormat | undefined {
  if (format?.["type"] === "text") return { type: "text" };
  if (format?.["type"] !== "json") return undefined;
  const schema = objectOf(format["schema"]);
  if (schema === undefined) return { type: "json_object" };
  const name = textOf(format["name"]);
  const description = textOf(format["description"]);
  return {
    type: "json_schema",
    schema,
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
  };
}
