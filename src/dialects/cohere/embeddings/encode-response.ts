import type { JsonObject } from "../../../canonical/json.ts";
import type { EncodedAnswer, TaskReply } from "../../../canonical/task.ts";
import type { EmbeddingsAnswer, EmbeddingsRequest } from "../../../canonical/tasks/embeddings.ts";
import { base64Of } from "../../../lib/float-base64.ts";
import { encodeMeta } from "../usage.ts";

type Reply = TaskReply<EmbeddingsRequest>;

/** Writes an answer in the formats that the client asked for, as far as the provider has them; `float` when it named none. */
export function encodeResponse(answer: EmbeddingsAnswer, reply: Reply): EncodedAnswer {
  const types = reply.request.encodings ?? [];
  return written(answer, reply, byType(answer, types.length === 0 ? ["float"] : types), "embeddings_by_type");
}

/** The same in the first version, whose vectors stand bare unless the client named formats (vendor SDK: `EmbedResponse`). */
export function encodeV1Response(answer: EmbeddingsAnswer, reply: Reply): EncodedAnswer {
  const { encodings: types } = reply.request;
  if (types === undefined) return written(answer, reply, answer.vectors, "embeddings_floats");
  return written(answer, reply, byType(answer, types), "embeddings_by_type");
}

function byType(answer: EmbeddingsAnswer, types: NonNullable<EmbeddingsRequest["encodings"]>): JsonObject {
  const out: JsonObject = {};
  for (const type of types) {
    const vectors = formatted(answer, type);
    if (vectors !== undefined) out[type] = vectors;
  }
  return out;
}

function formatted(
  { vectors, encoded = {} }: EmbeddingsAnswer,
  type: NonNullable<EmbeddingsRequest["encodings"]>[number],
): number[][] | string[] | undefined {
  if (type === "float") return vectors;
  if (type === "base64") return encoded.base64 ?? vectors.map(base64Of);
  return encoded[type];
}

function written(
  answer: EmbeddingsAnswer,
  { requestId, request }: Reply,
  embeddings: JsonObject | number[][],
  response_type: string,
): EncodedAnswer {
  const texts = request.inputs.flatMap((input) => (input.type === "text" ? [input.text] : []));
  const id = answer.id === "" ? requestId : answer.id;
  const body = { id, embeddings, texts, meta: encodeMeta(answer.usage), response_type };
  return { contentType: "application/json", body: JSON.stringify(body) };
}
