import { GatewayError } from "../../../canonical/errors.ts";
import type { Json, JsonObject } from "../../../canonical/json.ts";
import { isJsonObject } from "../../../canonical/json.ts";
import type { TaskWireAnswer } from "../../../canonical/task.ts";
import type { EmbeddingsAnswer } from "../../../canonical/tasks/embeddings.ts";
import { emptyUsage, tokenCount } from "../../../canonical/usage.ts";
import { objectOf, textOf } from "../wire.ts";

const FORMATS = ["int8", "uint8", "binary", "ubinary"] as const;

/** Reads an answer of Titan Embed or Cohere Embed. */
export function decodeResponse(answer: TaskWireAnswer): EmbeddingsAnswer {
  const wire = answer.json();
  const body = isJsonObject(wire) ? wire : {};
  return "embedding" in body || "embeddingsByType" in body ? titanAnswer(body) : cohereAnswer(body);
}

function titanAnswer(body: JsonObject): EmbeddingsAnswer {
  const types = objectOf(body["embeddingsByType"]);
  const float = body["embedding"] ?? types["float"];
  const listed = Object.fromEntries(Object.entries(types).map(([format, vector]) => [format, [vector]]));
  const count = body["inputTextTokenCount"];
  return {
    id: "",
    model: "",
    ...vectorsOf({ ...listed, ...(float !== undefined && { float: [float] }) }),
    ...(typeof count === "number" && { usage: { ...emptyUsage(), inputTokens: tokenCount(count) } }),
  };
}

function cohereAnswer(body: JsonObject): EmbeddingsAnswer {
  const { embeddings } = body;
  const types = Array.isArray(embeddings) ? { float: embeddings } : objectOf(embeddings);
  return { id: textOf(body["id"]), model: "", ...vectorsOf(types) };
}

function vectorsOf(types: JsonObject): Pick<EmbeddingsAnswer, "vectors" | "encoded"> {
  const found = FORMATS.filter((format) => format in types);
  if (!("float" in types) && found.length === 0)
    throw new GatewayError("provider_protocol_error", "the provider's answer holds no embeddings");
  const encoded = Object.fromEntries(found.map((format) => [format, listOfVectors(types[format])]));
  return {
    vectors: "float" in types ? listOfVectors(types["float"]) : [],
    ...(found.length > 0 && { encoded }),
  };
}

function listOfVectors(list: Json | undefined): number[][] {
  if (Array.isArray(list) && list.every(isVector)) return list;
  throw new GatewayError("provider_protocol_error", "the provider's answer holds vectors that are none");
}

function isVector(vector: Json | undefined): vector is number[] {
  return Array.isArray(vector) && vector.every((each) => typeof each === "number");
}
