import type { ImagePart, Part } from "../../../canonical/content.ts";
import { inlineData } from "../../../canonical/data-url.ts";
import type { Json, JsonObject } from "../../../canonical/json.ts";
import { isJsonObject } from "../../../canonical/json.ts";
import type { TaskWire } from "../../../canonical/task.ts";
import type { EmbeddingInput, EmbeddingPurpose, EmbeddingsRequest } from "../../../canonical/tasks/embeddings.ts";
import { refuse } from "../refuse.ts";
import { objectOf, textOf } from "../wire.ts";

const NAMED = new Set([
  "model",
  "texts",
  "images",
  "inputs",
  "input_type",
  "embedding_types",
  "output_dimension",
  "truncate",
]);

/** Vendor SDK: `EmbedInputType`; `image` says what the inputs are, not what for. */
const PURPOSES: Readonly<Record<string, EmbeddingPurpose | undefined>> = {
  search_query: "query",
  search_document: "document",
  classification: "classification",
  clustering: "clustering",
  image: undefined,
};

const ENCODINGS: ReadonlySet<string> = new Set(["float", "base64", "int8", "uint8", "binary", "ubinary"]);
const TRUNCATE: Readonly<Record<string, NonNullable<EmbeddingsRequest["truncate"]>>> = {
  NONE: "none",
  START: "start",
  END: "end",
};

/** Reads a body of either version of embed (vendor SDK: `V2EmbedRequest`, `EmbedRequest`); `own` keeps what has no other name. */
export function decodeEmbed({ body }: TaskWire, own: "cohere" | "cohere-v1"): EmbeddingsRequest {
  const { model } = body;
  if (typeof model !== "string" || model === "") refuse("model", "must be the name of a model");
  const rest = Object.entries(body).filter(([key]) => !NAMED.has(key));
  const request: EmbeddingsRequest = {
    model,
    stream: false,
    inputs: inputsOf(body),
    isSingle: false,
    extensions: { [own]: Object.fromEntries(rest) },
    warnings: [],
  };
  decodeOptions(body, request);
  return request;
}

function decodeOptions(body: JsonObject, request: EmbeddingsRequest): void {
  const { input_type: type, embedding_types: types, output_dimension: dimension, truncate } = body;
  if (type != null) {
    if (typeof type !== "string" || !Object.hasOwn(PURPOSES, type)) refuse("input_type", "is none of the API's types");
    const purpose = PURPOSES[type];
    if (purpose !== undefined) request.purpose = purpose;
  }
  if (types != null) {
    const isList = Array.isArray(types) && types.every((each) => ENCODINGS.has(textOf(each)));
    if (!isList) refuse("embedding_types", "must be a list of the API's number formats");
    request.encodings = types as NonNullable<EmbeddingsRequest["encodings"]>;
  }
  if (typeof dimension === "number") request.dimensions = dimension;
  const cut = Object.hasOwn(TRUNCATE, textOf(truncate)) ? TRUNCATE[textOf(truncate)] : undefined;
  if (cut !== undefined) request.truncate = cut;
}

/** `texts`, `images`, or `inputs` that mix both: one of the three. */
function inputsOf({ texts, images, inputs }: JsonObject): EmbeddingInput[] {
  const out: EmbeddingInput[] = [];
  for (const [at, text] of listOf(texts, "texts").entries()) {
    if (typeof text !== "string") refuse(`texts[${at}]`, "must be a text");
    out.push({ type: "text", text });
  }
  for (const [at, url] of listOf(images, "images").entries()) {
    if (typeof url !== "string") refuse(`images[${at}]`, "must be a data URL");
    out.push({ type: "parts", parts: [imageOf(url)] });
  }
  for (const [at, input] of listOf(inputs, "inputs").entries()) out.push(inputOf(input, `inputs[${at}]`));
  if (out.length === 0) refuse("texts", "must be a list with at least one text, or images or inputs in its place");
  return out;
}

function listOf(value: Json | undefined, param: string): Json[] {
  if (value == null) return [];
  if (!Array.isArray(value)) refuse(param, "must be a list");
  return value;
}

function inputOf(input: Json, place: string): EmbeddingInput {
  const { content } = objectOf(input);
  if (!Array.isArray(content)) refuse(`${place}.content`, "must be a list of content blocks");
  return { type: "parts", parts: content.map((block, at) => partOf(block, `${place}.content[${at}]`)) };
}

function partOf(block: Json, place: string): Part {
  const { type, text, image_url: image } = isJsonObject(block) ? block : {};
  if (type === "text" && typeof text === "string") return { type: "text", text };
  const { url } = objectOf(image);
  if (type !== "image_url" || typeof url !== "string") refuse(place, "must be a text or an image");
  return imageOf(url);
}

function imageOf(url: string): ImagePart {
  const inline = inlineData(url);
  if (inline === undefined) return { type: "image", source: { type: "url", url } };
  const { data, ...type } = inline;
  return { type: "image", source: { type: "base64", data }, ...type };
}
