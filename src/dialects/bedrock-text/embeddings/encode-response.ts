import type { JsonObject } from "../../../canonical/json.ts";
import type { EncodedAnswer, TaskReply } from "../../../canonical/task.ts";
import type { EmbeddingsAnswer, EmbeddingsRequest } from "../../../canonical/tasks/embeddings.ts";
import { embedFamilyOf } from "./shape.ts";

/** Writes an answer in the family of its request. */
export function encodeResponse(answer: EmbeddingsAnswer, reply: TaskReply<EmbeddingsRequest>): EncodedAnswer {
  const isTitan = embedFamilyOf(reply.request.extensions) === "titan";
  const body = isTitan ? titanBody(answer, reply.request) : cohereBody(answer, reply);
  return { contentType: "application/json", body: JSON.stringify(body) };
}

function byType({ vectors, encoded = {} }: EmbeddingsAnswer): Record<string, number[][]> {
  const { base64: _, ...formats } = encoded;
  return { ...(vectors.length > 0 && { float: vectors }), ...formats };
}

function titanBody(answer: EmbeddingsAnswer, { encodings }: EmbeddingsRequest): JsonObject {
  const types = Object.fromEntries(Object.entries(byType(answer)).map(([format, list]) => [format, list[0] ?? []]));
  return {
    ...(answer.vectors[0] !== undefined && { embedding: answer.vectors[0] }),
    ...(encodings !== undefined && { embeddingsByType: types }),
    inputTextTokenCount: answer.usage?.inputTokens ?? 0,
  };
}

function cohereBody(answer: EmbeddingsAnswer, { requestId, request }: TaskReply<EmbeddingsRequest>): JsonObject {
  const isTyped = request.encodings !== undefined;
  const texts = request.inputs.flatMap((input) => (input.type === "text" ? [input.text] : []));
  return {
    id: answer.id || requestId,
    response_type: isTyped ? "embeddings_by_type" : "embeddings_floats",
    embeddings: isTyped ? byType(answer) : answer.vectors,
    texts,
  };
}
