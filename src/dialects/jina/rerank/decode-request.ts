import { GatewayError } from "../../../canonical/errors.ts";
import { isJsonObject, type Json, type JsonObject } from "../../../canonical/json.ts";
import type { TaskWire } from "../../../canonical/task.ts";
import type { Rankable, RerankRequest } from "../../../canonical/tasks/rerank.ts";

const NAMED = new Set(["model", "query", "documents", "top_n", "top_k", "return_documents", "rank_fields"]);

/** Reads a request; how many results are wanted is called `top_n` by most hosts, `top_k` by Voyage. */
export function decodeRequest({ body }: TaskWire): RerankRequest {
  const { model, query, documents, return_documents: isReturning, rank_fields: fields } = body;
  if (typeof model !== "string" || model === "") throw invalid("model", "a text that names a model");
  if (!Array.isArray(documents) || documents.length === 0) throw invalid("documents", "a list of documents");
  const request: RerankRequest = {
    model,
    stream: false,
    query: rankableOf(query, "query"),
    documents: documents.map((document, at) => rankableOf(document, `documents[${at}]`)),
    extensions: { jina: extensionsOf(body) },
    warnings: [],
  };
  const most = body["top_n"] ?? body["top_k"];
  if (typeof most === "number") request.topN = most;
  if (typeof isReturning === "boolean") request.returnDocuments = isReturning;
  if (Array.isArray(fields)) request.rankFields = fields.filter((field) => typeof field === "string");
  return request;
}

function rankableOf(value: Json | undefined, param: string): Rankable {
  if (typeof value === "string" || isJsonObject(value)) return value;
  throw invalid(param, "a text or an object");
}

function invalid(param: string, wanted: string): GatewayError {
  return new GatewayError("invalid_request", `${param}: must be ${wanted}`, { param });
}

function extensionsOf(body: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([key]) => !NAMED.has(key)));
}
