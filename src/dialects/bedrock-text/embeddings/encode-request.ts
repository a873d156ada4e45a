import type { TargetContext } from "../../../canonical/dialect.ts";
import { GatewayError } from "../../../canonical/errors.ts";
import type { Json, JsonObject } from "../../../canonical/json.ts";
import type { EncodedTask } from "../../../canonical/task.ts";
import type { EmbeddingInput, EmbeddingPurpose, EmbeddingsRequest } from "../../../canonical/tasks/embeddings.ts";
import { addWarning } from "../../../canonical/warning.ts";
import { relayPath } from "../encode-request.ts";
import { DIALECT } from "../wire.ts";
import { embedFamilyOf, embedFamilyOfModel, type EmbedFamily } from "./shape.ts";

type Writer = (request: EmbeddingsRequest, target: TargetContext) => JsonObject;

const WRITERS: Readonly<Record<EmbedFamily, Writer>> = { titan: titanBody, cohere: cohereBody };

/** Writes the body of the family that the model's id names. */
export function encodeRequest(request: EmbeddingsRequest, target: TargetContext): EncodedTask {
  const own = embedFamilyOf(request.extensions);
  const family = embedFamilyOfModel(target.model) ?? own;
  if (family === undefined)
    throw new GatewayError("unsupported_operation", `how ${target.model} takes what it embeds is not known`);
  const fields = request.extensions[DIALECT] ?? {};
  if (own !== family) for (const field of Object.keys(fields)) leaveOut(field, target);
  if (request.title !== undefined) leaveOut("title", target);
  if (request.endUser !== undefined) leaveOut("user", target);
  const body = { ...(own === family && fields), ...WRITERS[family](request, target) };
  return { path: relayPath(target.model, false), body: { json: body }, headers: {} };
}

function leaveOut(field: string, { warnings }: TargetContext): void {
  addWarning(warnings, { code: "unsupported_field", field, message: "the model's body has no such field" });
}

/** Number formats beside those that are made from plain numbers here. */
function otherEncodings({ encodings = [] }: EmbeddingsRequest): string[] {
  return encodings.filter((each) => each !== "float" && each !== "base64");
}

function titanBody(request: EmbeddingsRequest, target: TargetContext): JsonObject {
  const [input, ...more] = request.inputs;
  if (input === undefined || more.length > 0)
    throw new GatewayError("unsupported_operation", `${target.model} embeds one input a call`);
  if (request.purpose !== undefined) leaveOut("purpose", target);
  if (request.truncate !== undefined) leaveOut("truncate", target);
  const isImage = target.model.includes("titan-embed-image");
  const { dimensions } = request;
  const length: JsonObject = isImage
    ? { embeddingConfig: { outputEmbeddingLength: dimensions ?? 0 } }
    : { dimensions: dimensions ?? 0 };
  return {
    ...titanInput(input, isImage, target.model),
    ...(dimensions !== undefined && length),
    ...titanEncodings(request, target),
  };
}

function titanEncodings(request: EmbeddingsRequest, target: TargetContext): JsonObject {
  const others = otherEncodings(request);
  const hasTypes = target.model.includes("text-v2");
  for (const each of others) if (!hasTypes || each !== "binary") leaveOut(`encodings.${each}`, target);
  const wanted = (request.encodings ?? []).filter((each) => each === "float" || each === "binary");
  return hasTypes && wanted.includes("binary") ? { embeddingTypes: wanted } : {};
}

function titanInput(input: EmbeddingInput, isImage: boolean, model: string): JsonObject {
  const body: JsonObject = {};
  for (const part of partsOf(input, model)) {
    if (part.type === "text") body["inputText"] = part.text;
    else if (isImage && part.type === "image" && part.source.type === "base64") body["inputImage"] = part.source.data;
    else throw new GatewayError("unsupported_operation", `${model} does not embed ${part.type} in this form`);
  }
  return body;
}

type Part = Extract<EmbeddingInput, { type: "parts" }>["parts"][number];

function partsOf(input: EmbeddingInput, model: string): readonly Part[] {
  if (input.type === "text") return [{ type: "text", text: input.text }];
  if (input.type === "parts") return input.parts;
  throw new GatewayError("unsupported_operation", `${model} embeds texts, not tokens`);
}

const INPUT_TYPES: Readonly<Partial<Record<EmbeddingPurpose, string>>> = {
  document: "search_document",
  query: "search_query",
  question_answering: "search_query",
  classification: "classification",
  clustering: "clustering",
};

/** Embed wants a purpose always: what has none is stored to be found. */
function inputType({ purpose, inputs }: EmbeddingsRequest, { model, warnings }: TargetContext): string {
  const isImages = inputs.every((input) => input.type === "parts" && input.parts.every(({ type }) => type === "image"));
  if (isImages && !isFourth(model)) return "image";
  const known = purpose === undefined ? undefined : INPUT_TYPES[purpose];
  if (purpose !== undefined && known === undefined) {
    const message = `${purpose} was sent as search_document`;
    addWarning(warnings, { code: "changed_field", field: "purpose", message });
  }
  return known ?? "search_document";
}

const isFourth = (model: string): boolean => model.includes("embed-v4");

function cohereBody(request: EmbeddingsRequest, target: TargetContext): JsonObject {
  const { truncate, dimensions, encodings } = request;
  const types = (encodings ?? []).filter((each) => each !== "base64");
  if (dimensions !== undefined && !isFourth(target.model)) leaveOut("dimensions", target);
  return {
    ...cohereInputs(request.inputs, target.model),
    input_type: inputType(request, target),
    ...(truncate !== undefined && { truncate: truncateWord(truncate, target.model) }),
    ...(dimensions !== undefined && isFourth(target.model) && { output_dimension: dimensions }),
    ...(types.length > 0 && otherEncodings(request).length > 0 && { embedding_types: types }),
  };
}

function truncateWord(truncate: NonNullable<EmbeddingsRequest["truncate"]>, model: string): string {
  if (truncate === "none") return "NONE";
  if (isFourth(model)) return truncate === "start" ? "LEFT" : "RIGHT";
  return truncate.toUpperCase();
}

function cohereInputs(inputs: readonly EmbeddingInput[], model: string): JsonObject {
  const parts = inputs.map((input) => partsOf(input, model));
  const texts = parts.flatMap(([only, ...more]) => (only?.type === "text" && more.length === 0 ? [only.text] : []));
  if (texts.length === parts.length) return { texts };
  const images = parts.flatMap(([only, ...more]) =>
    only?.type === "image" && more.length === 0 ? [dataUrl(only, model)] : [],
  );
  if (images.length === parts.length) return { images };
  if (!isFourth(model))
    throw new GatewayError("unsupported_operation", `${model} embeds texts or images, not both in one`);
  return { inputs: parts.map((each) => ({ content: each.map((part) => mixed(part, model)) })) };
}

function mixed(part: Part, model: string): Json {
  if (part.type === "text") return { type: "text", text: part.text };
  return { type: "image_url", image_url: dataUrl(part, model) };
}

function dataUrl(part: Part, model: string): string {
  if (part.type === "image" && part.source.type === "base64")
    return `data:${part.mediaType ?? "image/png"};base64,${part.source.data}`;
  throw new GatewayError("unsupported_operation", `${model} does not embed ${part.type} in this form`);
}
