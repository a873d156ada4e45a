import type { Part } from "../../../canonical/content.ts";
import { GatewayError } from "../../../canonical/errors.ts";
import type { Json, JsonObject } from "../../../canonical/json.ts";
import { isJsonObject } from "../../../canonical/json.ts";
import type { TaskWire } from "../../../canonical/task.ts";
import type { EmbeddingInput, EmbeddingPurpose, EmbeddingsRequest } from "../../../canonical/tasks/embeddings.ts";
import { objectOf, restOf } from "../wire.ts";
import { embedExtensions, type EmbedFamily } from "./shape.ts";

type Encodings = NonNullable<EmbeddingsRequest["encodings"]>;

const ENCODINGS: ReadonlySet<string> = new Set(["float", "int8", "uint8", "binary", "ubinary"]);
const PURPOSES: Readonly<Record<string, EmbeddingPurpose>> = {
  search_document: "document",
  search_query: "query",
  classification: "classification",
  clustering: "clustering",
};
/** The last two are those of Embed 4. */
const TRUNCATE: Readonly<Record<string, NonNullable<EmbeddingsRequest["truncate"]>>> = {
  NONE: "none",
  START: "start",
  END: "end",
  LEFT: "start",
  RIGHT: "end",
};

/** Reads a body of Titan Embed or Cohere Embed. */
export function decodeRequest({ body, pathModel }: TaskWire): EmbeddingsRequest {
  const family: EmbedFamily = "inputText" in body || "inputImage" in body ? "titan" : "cohere";
  const request: EmbeddingsRequest = {
    model: pathModel ?? "",
    stream: false,
    inputs: [],
    isSingle: family === "titan",
    extensions: {},
    warnings: [],
  };
  const taken = family === "titan" ? readTitan(request, body) : readCohere(request, body);
  request.extensions = embedExtensions(restOf(body, new Set(taken)), family);
  return request;
}

function invalid(param: string, wanted: string): GatewayError {
  return new GatewayError("invalid_request", `${param}: must be ${wanted}`, { param });
}

/** https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-embed-text.html and …-titan-embed-mm.html */
function readTitan(request: EmbeddingsRequest, body: JsonObject): string[] {
  const { inputText, inputImage } = body;
  if (inputText != null && typeof inputText !== "string") throw invalid("inputText", "a text");
  if (inputImage != null && typeof inputImage !== "string") throw invalid("inputImage", "an image in base64");
  const text = typeof inputText === "string" ? inputText : "";
  if (typeof inputImage !== "string") request.inputs.push({ type: "text", text });
  else {
    const image: Part = { type: "image", source: { type: "base64", data: inputImage } };
    request.inputs.push({ type: "parts", parts: text === "" ? [image] : [{ type: "text", text }, image] });
  }
  const length = body["dimensions"] ?? objectOf(body["embeddingConfig"])["outputEmbeddingLength"];
  if (typeof length === "number") request.dimensions = length;
  readEncodings(request, body, "embeddingTypes");
  return ["inputText", "inputImage", "dimensions", "embeddingTypes", "embeddingConfig"];
}

/** https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-embed.html */
function readCohere(request: EmbeddingsRequest, body: JsonObject): string[] {
  const { input_type: purpose, truncate, output_dimension: dimensions } = body;
  for (const text of listIn(body, "texts")) {
    if (typeof text !== "string") throw invalid("texts", "a list of texts");
    request.inputs.push({ type: "text", text });
  }
  for (const image of listIn(body, "images"))
    request.inputs.push({ type: "parts", parts: [imagePart(image, "images")] });
  for (const input of listIn(body, "inputs")) request.inputs.push(mixedInput(input));
  if (request.inputs.length === 0) throw invalid("texts", "a list of texts (or `images`, or `inputs`)");
  if (typeof purpose === "string" && Object.hasOwn(PURPOSES, purpose))
    request.purpose = PURPOSES[purpose] ?? "document";
  if (typeof truncate === "string" && Object.hasOwn(TRUNCATE, truncate))
    request.truncate = TRUNCATE[truncate] ?? "none";
  if (typeof dimensions === "number") request.dimensions = dimensions;
  readEncodings(request, body, "embedding_types");
  return ["texts", "images", "inputs", "input_type", "truncate", "output_dimension", "embedding_types"];
}

function readEncodings(request: EmbeddingsRequest, body: JsonObject, field: string): void {
  const names = listIn(body, field);
  if (names.length === 0) return;
  const isKnown = names.every((name) => typeof name === "string" && ENCODINGS.has(name));
  if (!isKnown) throw invalid(field, `a list of ${[...ENCODINGS].join(", ")}`);
  request.encodings = names as Encodings;
}

function listIn(body: JsonObject, field: string): Json[] {
  const value = body[field] ?? [];
  if (!Array.isArray(value)) throw invalid(field, "a list");
  return value;
}

function imagePart(image: Json | undefined, field: string): Part {
  const [, mediaType, data] =
    /^data:([\w/+.-]{1,100});base64,(.*)$/s.exec(typeof image === "string" ? image : "") ?? [];
  if (mediaType === undefined || data === undefined) throw invalid(field, "a list of images as data URLs");
  return { type: "image", source: { type: "base64", data }, mediaType };
}

function mixedInput(input: Json): EmbeddingInput {
  const content = isJsonObject(input) ? input["content"] : undefined;
  if (!Array.isArray(content)) throw invalid("inputs", "a list of objects with `content`");
  return { type: "parts", parts: content.map(mixedPart) };
}

function mixedPart(part: Json): Part {
  const { type, text, image_url: image } = objectOf(part);
  if (type === "text" && typeof text === "string") return { type: "text", text };
  return imagePart(isJsonObject(image) ? image["url"] : image, "inputs");
}
