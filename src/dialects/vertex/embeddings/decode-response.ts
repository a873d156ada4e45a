import { GatewayError } from "../../../canonical/errors.ts";
import { isJsonObject, type Json, type JsonObject } from "../../../canonical/json.ts";
import type { TaskWireAnswer } from "../../../canonical/task.ts";
import type { EmbeddingsAnswer } from "../../../canonical/tasks/embeddings.ts";
import { emptyUsage, tokenCount } from "../../../canonical/usage.ts";

/** Reads an answer of `predict` (`predictions`) or of `embedContent` (`embedding`). */
export function decodeResponse(answer: TaskWireAnswer): EmbeddingsAnswer {
  const body = answer.json();
  if (!isJsonObject(body)) throw protocolError("it is no object");
  const { predictions, embedding, usageMetadata } = body;
  if (Array.isArray(predictions)) {
    const found = predictions.map((prediction) => objectIn(prediction, "embeddings"));
    const counts = found.map((each) => tokenCount(objectIn(each["statistics"])["token_count"]));
    return answerOf(
      found,
      counts.reduce((sum, count) => sum + count, 0),
      body["metadata"],
    );
  }
  if (!isJsonObject(embedding)) throw protocolError("it has neither predictions nor embedding");
  return answerOf([embedding], tokenCount(objectIn(usageMetadata)["promptTokenCount"]), usageMetadata);
}

function answerOf(found: readonly JsonObject[], inputTokens: number, raw: Json | undefined): EmbeddingsAnswer {
  const vectors = found.map(({ values }, at) => vectorOf(values, at));
  return { id: "", model: "", vectors, ...(inputTokens > 0 && { usage: { ...emptyUsage(), inputTokens, raw } }) };
}

function objectIn(value: Json | undefined, field?: string): JsonObject {
  const inner = field === undefined ? value : objectIn(value)[field];
  return isJsonObject(inner) ? inner : {};
}

function vectorOf(values: Json | undefined, at: number): number[] {
  if (Array.isArray(values) && values.every((each) => typeof each === "number")) return values;
  throw protocolError(`number ${at} has no values`);
}

function protocolError(what: string): GatewayError {
  return new GatewayError("provider_protocol_error", `the provider's answer holds no embeddings: ${what}`);
}
