import { GatewayError } from "../../../canonical/errors.ts";
import { isJsonObject, type Json } from "../../../canonical/json.ts";
import type { EncodedAnswer, TaskReply, TaskWireAnswer } from "../../../canonical/task.ts";
import type { EmbeddingsAnswer, EmbeddingsRequest } from "../../../canonical/tasks/embeddings.ts";
import { readList } from "../read.ts";
import { decodeUsage } from "../usage.ts";

/** Reads an answer of either method; most have no usage. */
export function decodeResponse(answer: TaskWireAnswer): EmbeddingsAnswer {
  const body = answer.json();
  const list = isJsonObject(body) ? (readList(body, "embeddings") ?? [body["embedding"]]) : [undefined];
  const vectors = list.map((embedding, at) => valuesOf(embedding, at));
  const usage = isJsonObject(body) ? decodeUsage(body["usageMetadata"], 0) : undefined;
  return { id: "", model: "", vectors, ...(usage !== undefined && { usage }) };
}

function valuesOf(embedding: Json | undefined, at: number): number[] {
  const values = isJsonObject(embedding) ? embedding["values"] : undefined;
  if (Array.isArray(values) && values.every((value) => typeof value === "number")) return values;
  throw new GatewayError(
    "provider_protocol_error",
    `the provider's answer holds no embeddings: number ${at} has no values`,
  );
}

/** Writes an answer of the method that the client called. */
export function encodeResponse(
  { vectors, usage }: EmbeddingsAnswer,
  { request }: TaskReply<EmbeddingsRequest>,
): EncodedAnswer {
  const embeddings = vectors.map((values) => ({ values }));
  const body = {
    ...(request.isSingle ? { embedding: embeddings[0] } : { embeddings }),
    ...(usage !== undefined && { usageMetadata: { promptTokenCount: usage.inputTokens } }),
  };
  return { contentType: "application/json", body: JSON.stringify(body) };
}
