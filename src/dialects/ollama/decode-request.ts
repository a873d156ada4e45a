import type { WireRequest } from "../../canonical/dialect.ts";
import { GatewayError } from "../../canonical/errors.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import type { ChatRequest } from "../../canonical/request.ts";
import { decodeImages, decodeMessages } from "./decode-messages.ts";
import { decodeFormat, decodeOptions, decodeThink } from "./decode-options.ts";
import { decodeTools } from "./decode-tools.ts";
import { GENERATE_PATH, numberOf, OLLAMA, textOf } from "./wire.ts";

/** Reads one field that is there and not null. False leaves it among the unnamed fields, as it came. */
type FieldReader = (request: ChatRequest, value: Json) => boolean;

const FIELDS: Readonly<Record<string, FieldReader>> = {
  model: () => true,
  messages: () => true,
  stream: () => true,
  think: decodeThink,
  format: decodeFormat,
  tools: decodeTools,
  logprobs: (request, value) => {
    if (typeof value === "boolean") request.logprobs = value;
    return typeof value === "boolean";
  },
  top_logprobs: (request, value) => {
    const count = numberOf(value);
    if (count !== undefined) request.topLogprobs = count;
    return count !== undefined;
  },
};

/** Of `/api/generate`; its `template`, `raw`, `context` and image sizes have no equivalent elsewhere. */
const GENERATE_FIELDS: ReadonlySet<string> = new Set(["prompt", "system", "images", "suffix"]);

/**
 * Decodes a request to `/api/chat` or, told by its fields, `/api/generate`. It streams unless it says otherwise. Throws
 * `invalid_request` with the field's path for what Ollama itself would refuse.
 */
export function decodeRequest({ body }: WireRequest): ChatRequest {
  const { model, stream } = body;
  if (typeof model !== "string" || model === "") throw refusal("model", "must be a non-empty string");
  if (stream !== undefined && stream !== null && typeof stream !== "boolean") {
    throw refusal("stream", "must be a boolean");
  }
  const isGenerate = asksToGenerate(body);
  const request: ChatRequest = { model, stream: stream !== false, items: [], tools: [], extensions: {}, warnings: [] };
  const kept: JsonObject = isGenerate ? { generate: true } : {};
  request.extensions = { [OLLAMA]: kept };
  if (isGenerate) decodePrompt(request, body);
  else if (body["messages"] != null) request.items = decodeMessages(body["messages"]);
  for (const key in body) readField(request, key, body[key], isGenerate, kept);
  return request;
}

/** A conversation has messages; what has only a model loads it, which both endpoints do. */
function asksToGenerate(body: JsonObject): boolean {
  if (body["messages"] != null) return false;
  return ["prompt", "suffix", "template", "context", "raw"].some((field) => body[field] != null);
}

function refusal(param: string, what: string): GatewayError {
  return new GatewayError("invalid_request", `${param} ${what}`, { param });
}

function readField(
  request: ChatRequest,
  key: string,
  value: Json | undefined,
  isGenerate: boolean,
  kept: JsonObject,
): void {
  if (value === undefined || value === null || key === "__proto__") return;
  if (isGenerate && GENERATE_FIELDS.has(key)) return;
  if (key === "options") {
    const rest = decodeOptions(request, value);
    if (rest !== undefined) kept[key] = rest;
    return;
  }
  const read = Object.hasOwn(FIELDS, key) ? FIELDS[key] : undefined;
  if (read === undefined || !read(request, value)) kept[key] = value;
}

function decodePrompt(request: ChatRequest, body: JsonObject): void {
  request.relayPath = GENERATE_PATH;
  for (const field of ["prompt", "system", "suffix"]) {
    if (body[field] != null && typeof body[field] !== "string") throw refusal(field, "must be a text");
  }
  const system = textOf(body["system"]);
  const prompt = textOf(body["prompt"]);
  if (system !== undefined)
    request.items.push({ type: "message", role: "system", content: [{ type: "text", text: system }] });
  const images = decodeImages(body["images"], "images");
  if (prompt !== undefined || images.length > 0) {
    const text = prompt === undefined ? [] : [{ type: "text" as const, text: prompt }];
    request.items.push({ type: "message", role: "user", content: [...text, ...images] });
  }
  const suffix = textOf(body["suffix"]);
  if (suffix !== undefined) request.suffix = suffix;
}
