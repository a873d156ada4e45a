import { GatewayError } from "../../../canonical/errors.ts";
import type { Json, JsonObject } from "../../../canonical/json.ts";
import { isJsonObject } from "../../../canonical/json.ts";
import type { EncodedAnswer, TaskReply, TaskWireAnswer } from "../../../canonical/task.ts";
import type { RankedDocument, RerankAnswer, RerankRequest } from "../../../canonical/tasks/rerank.ts";
import { decodeUsage, encodeMeta } from "../usage.ts";
import { textOf } from "../wire.ts";

/** Reads an answer (vendor SDK: `V2RerankResponse`, `RerankResponse`). */
export function decodeResponse(answer: TaskWireAnswer): RerankAnswer {
  const body = answer.json();
  if (!isJsonObject(body) || !Array.isArray(body["results"])) throw protocolError("it has no `results`");
  const usage = decodeUsage(body["meta"]);
  return {
    id: textOf(body["id"]),
    model: "",
    results: body["results"].map(resultOf),
    ...(usage !== undefined && { usage }),
  };
}

function resultOf(value: Json, at: number): RankedDocument {
  const { index, relevance_score: score, document } = isJsonObject(value) ? value : {};
  if (typeof index !== "number" || typeof score !== "number") throw protocolError(`results[${at}] has no score`);
  const isDocument = typeof document === "string" || isJsonObject(document);
  return { index, score, ...(isDocument && { document }) };
}

function protocolError(what: string): GatewayError {
  return new GatewayError("provider_protocol_error", `the provider's answer holds no ranking: ${what}`);
}

/** Writes an answer. Documents that the client wants stand in its own request, where the provider did not return them. */
export function encodeResponse(answer: RerankAnswer, { request, requestId }: TaskReply<RerankRequest>): EncodedAnswer {
  const results = answer.results.map((result) => ({
    ...(request.returnDocuments === true && { document: documentOf(result, request) }),
    index: result.index,
    relevance_score: result.score,
  }));
  const id = answer.id === "" ? requestId : answer.id;
  return { contentType: "application/json", body: JSON.stringify({ id, results, meta: encodeMeta(answer.usage) }) };
}

function documentOf({ index, document }: RankedDocument, { documents }: RerankRequest): JsonObject {
  const found = document ?? documents[index] ?? "";
  return typeof found === "string" ? { text: found } : found;
}
