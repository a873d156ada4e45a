import type { Part } from "../../../canonical/content.ts";
import type { TargetContext } from "../../../canonical/dialect.ts";
import { GatewayError } from "../../../canonical/errors.ts";
import type { JsonObject } from "../../../canonical/json.ts";
import { warnLeftOut } from "../../../canonical/left-out.ts";
import type { EncodedTask } from "../../../canonical/task.ts";
import type { EmbeddingInput, EmbeddingPurpose, EmbeddingsRequest } from "../../../canonical/tasks/embeddings.ts";
import { asksForPacked } from "../../../canonical/tasks/number-formats.ts";
import { encodeMedia } from "../encode-media.ts";
import { methodPath } from "../paths.ts";
import { MODELS_KEY } from "./decode-request.ts";

/** https://ai.google.dev/api/embeddings#v1beta.TaskType */
const TASK_TYPES: Readonly<Record<EmbeddingPurpose, string>> = {
  query: "RETRIEVAL_QUERY",
  document: "RETRIEVAL_DOCUMENT",
  similarity: "SEMANTIC_SIMILARITY",
  classification: "CLASSIFICATION",
  clustering: "CLUSTERING",
  question_answering: "QUESTION_ANSWERING",
  fact_verification: "FACT_VERIFICATION",
  code_query: "CODE_RETRIEVAL_QUERY",
};

/** One input has a method of its own, several have another (https://ai.google.dev/api/embeddings). */
export function embedPath(model: string, { isSingle }: Pick<EmbeddingsRequest, "isSingle">): string {
  return methodPath(model, isSingle ? "embedContent" : "batchEmbedContents");
}

/** Writes a request for `embedContent`, or for `batchEmbedContents` when the client sent a list. */
export function encodeRequest(request: EmbeddingsRequest, target: TargetContext): EncodedTask {
  const { inputs, purpose, title, dimensions } = request;
  const { [MODELS_KEY]: _, ...own } = request.extensions.gemini ?? {};
  const settings: JsonObject = {
    ...(purpose !== undefined && { taskType: TASK_TYPES[purpose] }),
    ...(title !== undefined && { title }),
    ...(dimensions !== undefined && { outputDimensionality: dimensions }),
  };
  const model = `models/${target.model}`;
  const requests = inputs.map((input, at) => ({ ...own, model, content: contentOf(input, at), ...settings }));
  warnLeftOut(target.warnings, request, "gemini", [
    ["truncate", request.truncate !== undefined],
    ["user", request.endUser !== undefined],
    ["encodings", asksForPacked(request)],
  ]);
  const [first] = requests;
  const json: JsonObject = request.isSingle && first !== undefined ? first : { requests };
  return { path: embedPath(target.model, request), body: { json }, headers: {} };
}

function contentOf(input: EmbeddingInput, at: number): JsonObject {
  if (input.type === "text") return { parts: [{ text: input.text }] };
  if (input.type === "tokens") {
    throw new GatewayError(
      "unsupported_operation",
      `input ${at} is a list of tokens, and this provider takes texts only`,
    );
  }
  return { parts: input.parts.map((part) => partOf(part, at)) };
}

function partOf(part: Part, at: number): JsonObject {
  if (part.type === "text") return { text: part.text };
  const media = part.type === "refusal" || part.type === "opaque" ? undefined : encodeMedia(part);
  if (media === undefined) {
    throw new GatewayError("unsupported_operation", `input ${at} holds media that this provider cannot read`);
  }
  return media;
}
