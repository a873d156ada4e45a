import type { Part } from "../../../canonical/content.ts";
import type { TargetContext } from "../../../canonical/dialect.ts";
import { GatewayError } from "../../../canonical/errors.ts";
import type { JsonObject } from "../../../canonical/json.ts";
import { warnLeftOut } from "../../../canonical/left-out.ts";
import type { EncodedTask } from "../../../canonical/task.ts";
import type { EmbeddingInput, EmbeddingPurpose, EmbeddingsRequest } from "../../../canonical/tasks/embeddings.ts";
import { addWarning } from "../../../canonical/warning.ts";

/** Below `https://api.cohere.com/v2`. */
export const EMBED_PATH = "/embed";

/** The API tells four purposes apart (vendor SDK: `EmbedInputType`): others go by the nearest. */
const INPUT_TYPES: Readonly<Record<EmbeddingPurpose, string>> = {
  query: "search_query",
  document: "search_document",
  classification: "classification",
  clustering: "clustering",
  similarity: "clustering",
  question_answering: "search_query",
  fact_verification: "search_query",
  code_query: "search_query",
};
const EXACT: ReadonlySet<EmbeddingPurpose> = new Set(["query", "document", "classification", "clustering"]);
const DEFAULT_TYPE = "search_document";

/**
 * Writes a request of the second version (https://docs.cohere.com/reference/embed). The API wants a purpose in any case:
 * where the client gave none, documents are taken to be embedded, with a warning.
 */
export function encodeRequest(request: EmbeddingsRequest, target: TargetContext): EncodedTask {
  const { inputs, dimensions, truncate, encodings, extensions } = request;
  const body: JsonObject = {
    ...extensions.cohere,
    model: target.model,
    ...inputsOf(inputs),
    input_type: inputTypeOf(request, target),
    embedding_types: typesOf(encodings),
    ...(dimensions !== undefined && { output_dimension: dimensions }),
    ...(truncate !== undefined && { truncate: truncate.toUpperCase() }),
  };
  warnLeftOut(target.warnings, request, "cohere", [
    ["title", request.title !== undefined],
    ["user", request.endUser !== undefined],
  ]);
  return { path: EMBED_PATH, body: { json: body }, headers: {} };
}

/** Callers of this wire get the formats that they named; base64 for others is made from numbers. */
function typesOf(encodings: EmbeddingsRequest["encodings"] = []): string[] {
  const [first, ...more] = encodings;
  return first === undefined || (first === "base64" && more.length === 0) ? ["float"] : [...encodings];
}

function inputTypeOf({ purpose, inputs }: EmbeddingsRequest, { warnings }: TargetContext): string {
  if (purpose === undefined) {
    if (inputs.every(isImage)) return "image";
    const message = `the API wants a purpose: ${DEFAULT_TYPE} was sent`;
    addWarning(warnings, { code: "changed_field", field: "input_type", message });
    return DEFAULT_TYPE;
  }
  const type = INPUT_TYPES[purpose];
  if (!EXACT.has(purpose)) {
    const message = `${type} was sent: the API knows no purpose ${purpose}`;
    addWarning(warnings, { code: "changed_field", field: "purpose", message });
  }
  return type;
}

function isImage(input: EmbeddingInput): boolean {
  return input.type === "parts" && input.parts.length === 1 && input.parts[0]?.type === "image";
}

function inputsOf(inputs: readonly EmbeddingInput[]): JsonObject {
  if (inputs.every((input) => input.type === "text")) return { texts: inputs.map(({ text }) => text) };
  if (inputs.every(isImage)) {
    return { images: inputs.map((input) => (input.type === "parts" ? urlOf(input.parts[0]) : "")) };
  }
  return { inputs: inputs.map((input, at) => ({ content: contentOf(input, at) })) };
}

function contentOf(input: EmbeddingInput, at: number): JsonObject[] {
  if (input.type === "text") return [{ type: "text", text: input.text }];
  if (input.type === "tokens") {
    throw new GatewayError(
      "unsupported_operation",
      `input ${at} is a list of tokens, and this provider takes texts only`,
    );
  }
  return input.parts.map((part) =>
    part.type === "text" ? { type: "text", text: part.text } : { type: "image_url", image_url: { url: urlOf(part) } },
  );
}

function urlOf(part: Part | undefined): string {
  if (part?.type === "image" && part.source.type === "url") return part.source.url;
  if (part?.type === "image" && part.source.type === "base64") {
    return `data:${part.mediaType ?? "image/png"};base64,${part.source.data}`;
  }
  throw new GatewayError(
    "unsupported_operation",
    "an input holds media other than images, which this provider does not embed",
  );
}
