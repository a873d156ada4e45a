import { base64Of } from "../../../lib/float-base64.ts";
import type { EncodedAnswer, TaskReply } from "../../../canonical/task.ts";
import type { EmbeddingsAnswer, EmbeddingsRequest } from "../../../canonical/tasks/embeddings.ts";

/** Writes an answer in the number format that the client asked for. */
export function encodeResponse(answer: EmbeddingsAnswer, { request }: TaskReply<EmbeddingsRequest>): EncodedAnswer {
  const isBase64 = request.encodings?.[0] === "base64";
  const data = answer.vectors.map((vector, index) => ({
    object: "embedding",
    index,
    embedding: isBase64 ? (answer.encoded?.base64?.[index] ?? base64Of(vector)) : vector,
  }));
  const tokens = answer.usage?.inputTokens ?? 0;
  const model = answer.model === "" ? request.model : answer.model;
  const body = { object: "list", data, model, usage: { prompt_tokens: tokens, total_tokens: tokens } };
  return { contentType: "application/json", body: JSON.stringify(body) };
}
