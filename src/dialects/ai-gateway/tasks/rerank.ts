import type { TargetContext } from "../../../canonical/dialect.ts";
import { isJsonObject, type Json, type JsonObject } from "../../../canonical/json.ts";
import { warnLeftOut } from "../../../canonical/left-out.ts";
import type { EncodedTask, TaskCodec, TaskWire, TaskWireAnswer } from "../../../canonical/task.ts";
import { invalidField } from "../../../canonical/task-fields.ts";
import type { Rankable, RankedDocument, RerankAnswer, RerankRequest } from "../../../canonical/tasks/rerank.ts";
import { weighRerank } from "../../../canonical/tasks/weigh-rerank.ts";
import { faultToError } from "../errors.ts";
import { AI_GATEWAY, fieldsBeside, numberOf } from "../wire.ts";
import { modelHeaders, modelIn, protocolError } from "./model-headers.ts";

const PATH = "/reranking-model";
const KNOWN: ReadonlySet<string> = new Set(["documents", "query", "topN"]);
const headersFor = (model: string): Record<string, string> => modelHeaders("reranking", model);

/** `gateway-reranking-model.ts` of @ai-sdk/gateway 3.0. */
export const rerank: TaskCodec<RerankRequest, RerankAnswer> = {
  decodeRequest,
  weigh: weighRerank,
  encodeRequest,
  relayPath: () => PATH,
  relayHeaders: headersFor,
  modelInBody: false,
  decodeResponse,
  encodeResponse: ({ results }) => {
    const ranking = results.map(({ index, score }) => ({ index, relevanceScore: score }));
    return { contentType: "application/json", body: JSON.stringify({ ranking, warnings: [] }) };
  },
};

function decodeRequest(wire: TaskWire): RerankRequest {
  const { query, documents, topN } = wire.body;
  if (typeof query !== "string") throw invalidField("query", "a text");
  const most = numberOf(topN);
  const rest = fieldsBeside(wire.body, KNOWN);
  return {
    model: modelIn(wire),
    stream: false,
    query,
    documents: documentsOf(documents),
    extensions: rest === undefined ? {} : { [AI_GATEWAY]: rest },
    warnings: [],
    ...(most !== undefined && { topN: most }),
  };
}

/** `{type: "text" | "object", values: […]}`. */
function documentsOf(documents: Json | undefined): Rankable[] {
  const values = isJsonObject(documents) ? documents["values"] : undefined;
  if (!Array.isArray(values) || values.length === 0) throw invalidField("documents", "an object with `values`");
  return values.map((value, at) => {
    if (typeof value === "string" || isJsonObject(value)) return value;
    throw invalidField(`documents.values[${at}]`, "a text or an object");
  });
}

function encodeRequest(request: RerankRequest, target: TargetContext): EncodedTask {
  const { query, documents, topN, extensions } = request;
  const json: JsonObject = {
    ...extensions[AI_GATEWAY],
    query: typeof query === "string" ? query : JSON.stringify(query),
    documents: encodeDocuments(documents),
    ...(topN !== undefined && { topN }),
  };
  // Documents stand in the client's own request.
  warnLeftOut(target.warnings, request, AI_GATEWAY, [
    ["rank_fields", request.rankFields !== undefined],
    ["max_tokens_per_doc", request.maxTokensPerDocument !== undefined],
  ]);
  return { path: PATH, body: { json }, headers: headersFor(target.model) };
}

function encodeDocuments(documents: readonly Rankable[]): JsonObject {
  if (documents.every((each) => typeof each === "string")) return { type: "text", values: [...documents] };
  const values = documents.map((each) => (typeof each === "string" ? { text: each } : each));
  return { type: "object", values };
}

function decodeResponse(answer: TaskWireAnswer): RerankAnswer {
  const body = answer.json();
  if (isJsonObject(body) && body["error"] != null) throw faultToError(body["error"]);
  const ranking = isJsonObject(body) ? body["ranking"] : undefined;
  if (!Array.isArray(ranking)) throw protocolError("it has no `ranking`");
  return { id: "", model: "", results: ranking.map(resultOf) };
}

function resultOf(value: Json, at: number): RankedDocument {
  const { index, relevanceScore: score } = isJsonObject(value) ? value : {};
  if (typeof index !== "number" || typeof score !== "number") throw protocolError(`ranking[${at}] has no score`);
  return { index, score };
}
