import { GatewayError } from "../../../canonical/errors.ts";
import type { Json, JsonObject } from "../../../canonical/json.ts";
import type { TaskWire } from "../../../canonical/task.ts";
import type { EmbeddingInput, EmbeddingPurpose, EmbeddingsRequest } from "../../../canonical/tasks/embeddings.ts";

const KNOWN = new Set(["model", "input", "dimensions", "encoding_format", "user"]);

/** What hosts of other embedding models call the purpose, in the field `input_type` that they add to this wire. */
const PURPOSES: Readonly<Record<string, EmbeddingPurpose>> = {
  query: "query",
  search_query: "query",
  document: "document",
  passage: "document",
  search_document: "document",
  classification: "classification",
  clustering: "clustering",
};

/** Reads a request; fields beside OpenAI's own (`input_type`, `truncate`, … of other hosts) go to `extensions`. */
export function decodeRequest({ body }: TaskWire): EmbeddingsRequest {
  const { model, input, dimensions, encoding_format: format, user } = body;
  if (typeof model !== "string" || model === "") throw invalid("model", "a text that names a model");
  const request: EmbeddingsRequest = {
    model,
    stream: false,
    inputs: inputsOf(input),
    isSingle: isOne(input),
    extensions: { openai: extensionsOf(body) },
    warnings: [],
  };
  if (typeof dimensions === "number") request.dimensions = dimensions;
  if (format === "base64" || format === "float") request.encodings = [format];
  else if (format != null) throw invalid("encoding_format", "`float` or `base64`");
  if (typeof user === "string") request.endUser = user;
  const purpose = purposeOf(body["input_type"]);
  if (purpose !== undefined) request.purpose = purpose;
  return request;
}

function purposeOf(type: Json | undefined): EmbeddingPurpose | undefined {
  return typeof type === "string" && Object.hasOwn(PURPOSES, type) ? PURPOSES[type] : undefined;
}

function invalid(param: string, wanted: string): GatewayError {
  return new GatewayError("invalid_request", `${param}: must be ${wanted}`, { param });
}

function isOne(input: Json | undefined): boolean {
  return typeof input === "string" || (Array.isArray(input) && typeof input[0] === "number");
}

function inputsOf(input: Json | undefined): EmbeddingInput[] {
  const list = isOne(input) ? [input] : input;
  if (!Array.isArray(list) || list.length === 0)
    throw invalid("input", "a text, a list of texts, a list of tokens, or a list of such lists");
  return list.map((each, at) => inputOf(each, at));
}

function inputOf(input: Json | undefined, at: number): EmbeddingInput {
  if (typeof input === "string") return { type: "text", text: input };
  if (isTokens(input)) return { type: "tokens", tokens: input };
  throw invalid(`input[${at}]`, "a text or a list of tokens");
}

function isTokens(input: Json | undefined): input is number[] {
  return Array.isArray(input) && input.every((token) => Number.isInteger(token));
}

function extensionsOf(body: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([key]) => !KNOWN.has(key)));
}
