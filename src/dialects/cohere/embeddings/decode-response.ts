import { GatewayError } from "../../../canonical/errors.ts";
import type { Json, JsonObject } from "../../../canonical/json.ts";
import { isJsonObject } from "../../../canonical/json.ts";
import type { TaskWireAnswer } from "../../../canonical/task.ts";
import type { EmbeddingsAnswer } from "../../../canonical/tasks/embeddings.ts";
import { floatsOf } from "../../../lib/float-base64.ts";
import { decodeUsage } from "../usage.ts";
import { textOf } from "../wire.ts";

type Packed = "int8" | "uint8" | "binary" | "ubinary";
const PACKED: readonly Packed[] = ["int8", "uint8", "binary", "ubinary"];

/**
 * Reads an answer (vendor SDK: `EmbedByTypeResponse`, and `EmbedFloatsResponse` of the first version). `vectors` are empty
 * when the client asked for other formats alone.
 */
export function decodeResponse(answer: TaskWireAnswer): EmbeddingsAnswer {
  const body = answer.json();
  const embeddings = isJsonObject(body) ? body["embeddings"] : undefined;
  if (!isJsonObject(body) || (!Array.isArray(embeddings) && !isJsonObject(embeddings))) {
    throw protocolError("it has no `embeddings`");
  }
  const byType: JsonObject = Array.isArray(embeddings) ? { float: embeddings } : embeddings;
  const base64 = textsOf(byType["base64"]);
  const usage = decodeUsage(body["meta"]);
  const encoded: NonNullable<EmbeddingsAnswer["encoded"]> = {};
  if (base64 !== undefined) encoded.base64 = base64;
  for (const type of PACKED) if (byType[type] != null) encoded[type] = vectorsOf(byType[type], type);
  return {
    id: textOf(body["id"]),
    model: "",
    vectors: byType["float"] == null ? (base64 ?? []).map(floatsOf) : vectorsOf(byType["float"], "float"),
    ...(Object.keys(encoded).length > 0 && { encoded }),
    ...(usage !== undefined && { usage }),
  };
}

function textsOf(value: Json | undefined): string[] | undefined {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : undefined;
}

function vectorsOf(value: Json | undefined, type: string): number[][] {
  if (!Array.isArray(value)) throw protocolError(`its ${type} embeddings are no list`);
  return value.map((vector, at) => {
    const isVector = Array.isArray(vector) && vector.every((each) => typeof each === "number");
    if (!isVector) throw protocolError(`${type}[${at}] is no vector`);
    return vector;
  });
}

function protocolError(what: string): GatewayError {
  return new GatewayError("provider_protocol_error", `the provider's answer holds no embeddings: ${what}`);
}
