import { GatewayError } from "../../../canonical/errors.ts";
import { isJsonObject, type Json } from "../../../canonical/json.ts";
import type { EncodedAnswer, TaskReply, TaskWireAnswer } from "../../../canonical/task.ts";
import type { EmbeddingsAnswer, EmbeddingsRequest } from "../../../canonical/tasks/embeddings.ts";
import { emptyUsage, tokenCount } from "../../../canonical/usage.ts";
import { faultToError } from "../errors.ts";
import { textOf } from "../wire.ts";
import { LEGACY_PATH } from "./decode-request.ts";

/** Reads an answer of `/api/embed` or `/api/embeddings` (`EmbedResponse` and `EmbeddingResponse` in `api/types.go`). */
export function decodeResponse(answer: TaskWireAnswer): EmbeddingsAnswer {
  const body = answer.json();
  if (!isJsonObject(body)) throw protocolError("it is no object");
  if (body["error"] != null) throw faultToError(body);
  const lists = body["embeddings"] ?? (body["embedding"] === undefined ? undefined : [body["embedding"]]);
  if (!Array.isArray(lists)) throw protocolError("it has no `embeddings`");
  const counted = body["prompt_eval_count"];
  const raw = { prompt_eval_count: counted };
  return {
    id: "",
    model: textOf(body["model"]) ?? "",
    vectors: lists.map(vectorOf),
    ...(typeof counted === "number" && { usage: { ...emptyUsage(), inputTokens: tokenCount(counted), raw } }),
  };
}

function vectorOf(list: Json, at: number): number[] {
  if (Array.isArray(list) && list.every((each) => typeof each === "number")) return list;
  throw protocolError(`embeddings[${at}] is no list of numbers`);
}

function protocolError(what: string): GatewayError {
  return new GatewayError("provider_protocol_error", `the provider's answer holds no embeddings: ${what}`);
}

/** Writes an answer for the endpoint that the client asked. */
export function encodeResponse(answer: EmbeddingsAnswer, { request }: TaskReply<EmbeddingsRequest>): EncodedAnswer {
  const { vectors, usage } = answer;
  const model = answer.model === "" ? request.model : answer.model;
  const counts = usage === undefined ? {} : { prompt_eval_count: usage.inputTokens };
  const isLegacy = request.relayPath === LEGACY_PATH;
  const body = isLegacy ? { embedding: vectors[0] ?? [] } : { model, embeddings: vectors, ...counts };
  return { contentType: "application/json", body: JSON.stringify(body) };
}
