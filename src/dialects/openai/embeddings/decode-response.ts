import { GatewayError } from "../../../canonical/errors.ts";
import { isJsonObject, type Json } from "../../../canonical/json.ts";
import type { TaskWireAnswer } from "../../../canonical/task.ts";
import type { EmbeddingsAnswer } from "../../../canonical/tasks/embeddings.ts";
import { floatsOf } from "../../../lib/float-base64.ts";
import { emptyUsage, tokenCount, type Usage } from "../../../canonical/usage.ts";

/** Reads an answer; vectors in base64 (little-endian float32) become numbers too. */
export function decodeResponse(answer: TaskWireAnswer): EmbeddingsAnswer {
  const body = answer.json();
  if (!isJsonObject(body) || !Array.isArray(body["data"])) throw protocolError("it has no `data`");
  const entries = body["data"].map(entryOf).toSorted((one, other) => one.index - other.index);
  const usage = usageOf(body["usage"]);
  const base64 = entries.map(({ embedding }) => embedding).filter((each) => typeof each === "string");
  return {
    id: typeof body["id"] === "string" ? body["id"] : "",
    model: typeof body["model"] === "string" ? body["model"] : "",
    vectors: entries.map(({ embedding }) => (typeof embedding === "string" ? floatsOf(embedding) : embedding)),
    ...(base64.length > 0 && { encoded: { base64 } }),
    ...(usage !== undefined && { usage }),
  };
}

function entryOf(entry: Json | undefined, at: number): { index: number; embedding: string | number[] } {
  const embedding = isJsonObject(entry) ? entry["embedding"] : undefined;
  const index = isJsonObject(entry) && typeof entry["index"] === "number" ? entry["index"] : at;
  if (typeof embedding === "string") return { index, embedding };
  if (!Array.isArray(embedding) || !embedding.every((each) => typeof each === "number"))
    throw protocolError(`data[${at}] has no embedding`);
  return { index, embedding };
}

function usageOf(usage: Json | undefined): Usage | undefined {
  if (!isJsonObject(usage)) return undefined;
  const inputTokens = tokenCount(usage["prompt_tokens"] ?? usage["total_tokens"]);
  return { ...emptyUsage(), inputTokens, raw: usage };
}

function protocolError(what: string): GatewayError {
  return new GatewayError("provider_protocol_error", `the provider's answer holds no embeddings: ${what}`);
}
