import type { WireRequest } from "../../canonical/dialect.ts";
import { GatewayError } from "../../canonical/errors.ts";
import { isJsonObject, type JsonObject } from "../../canonical/json.ts";
import type { ChatRequest, MessageItem } from "../../canonical/request.ts";
import { createCallIds } from "./call-ids.ts";
import { decodeConfig } from "./decode-config.ts";
import { decodeContents } from "./decode-contents.ts";
import { decodeItems } from "./decode-items.ts";
import { decodeToolConfig, decodeTools } from "./decode-tools.ts";
import { camelFields, readObject, readString, restOf } from "./read.ts";
import { CONTENT_FIELDS, REQUEST_FIELDS } from "./wire.ts";

const TAKEN = new Set([
  "model",
  "contents",
  "systemInstruction",
  "tools",
  "toolConfig",
  "generationConfig",
  "serviceTier",
]);
const PARTS_TAKEN = new Set(["parts"]);

/**
 * Decodes the body of `generateContent`, `streamGenerateContent` or `countTokens` (also its wrapped form, with
 * `generateContentRequest`); https://ai.google.dev/api/generate-content. The model comes from the path, with or
 * without `models/`. A missing `contents` is left to the provider; throws `invalid_request` for wrong types.
 */
export function decodeRequest(wire: WireRequest): ChatRequest {
  const body = unwrap(camelFields(wire.body, REQUEST_FIELDS));
  const request: ChatRequest = {
    model: modelName(wire.pathModel ?? readString(body, "model") ?? ""),
    stream: wire.pathStream ?? false,
    items: [],
    tools: [],
    extensions: {},
    warnings: [],
  };
  const kept: JsonObject = restOf(body, TAKEN) ?? {};
  decodeSystem(body, request);
  decodeContents(body.contents, request.items);
  decodeToolFields(body, request, kept);
  decodeOptions(body, request, kept);
  request.extensions.gemini = kept;
  return request;
}

function unwrap(body: JsonObject): JsonObject {
  const inner = body.contents === undefined ? readObject(body, "generateContentRequest") : undefined;
  return inner === undefined ? body : camelFields(inner, REQUEST_FIELDS);
}

function modelName(model: string): string {
  return model.startsWith("models/") ? model.slice("models/".length) : model;
}

/** `systemInstruction` is a Content; a bare string is taken too. Its role, if any, is kept. */
function decodeSystem(body: JsonObject, request: ChatRequest): void {
  const value = body.systemInstruction;
  if (value === undefined || value === null) return;
  if (typeof value === "string") {
    request.items.push({ type: "message", role: "system", content: [{ type: "text", text: value }] });
    return;
  }
  if (!isJsonObject(value)) throw invalid("systemInstruction", "must be a content with parts");
  const content = camelFields(value, CONTENT_FIELDS);
  const parts = content.parts ?? [];
  const list = Array.isArray(parts) ? parts : [parts];
  const message: MessageItem = { type: "message", role: "system", content: [] };
  message.extensions = { gemini: { instruction: restOf(content, PARTS_TAKEN) ?? {} } };
  for (const item of decodedItems(list)) if (item.type === "message") message.content.push(...item.content);
  request.items.push(message);
}

function decodedItems(parts: Parameters<typeof decodeItems>[0]): ChatRequest["items"] {
  const items: ChatRequest["items"] = [];
  decodeItems(parts, "user", createCallIds("call_system_"), items);
  return items;
}

function invalid(param: string, problem: string): GatewayError {
  return new GatewayError("invalid_request", `${param} ${problem}`, { param });
}

function decodeToolFields(body: JsonObject, request: ChatRequest, kept: JsonObject): void {
  const { tools, groups } = decodeTools(body.tools);
  request.tools = tools;
  if (groups !== undefined) kept.toolGroups = groups;
  const { choice, rest } = decodeToolConfig(readObject(body, "toolConfig"));
  if (choice !== undefined) request.toolChoice = choice;
  if (rest !== undefined) kept.toolConfig = rest;
}

function decodeOptions(body: JsonObject, request: ChatRequest, kept: JsonObject): void {
  const config = body.generationConfig;
  if (config !== undefined && config !== null && !isJsonObject(config)) {
    throw invalid("generationConfig", "must be an object");
  }
  if (isJsonObject(config)) {
    const rest = decodeConfig(config, request, kept);
    if (rest !== undefined || Object.keys(config).length === 0) kept.generationConfig = rest ?? {};
  }
  const tier = readString(body, "serviceTier");
  if (tier !== undefined) request.serviceTier = tier;
}
