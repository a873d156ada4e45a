import { isJsonObject, type Json } from "../../../canonical/json.ts";
import type { TaskWire } from "../../../canonical/task.ts";
import type { Rankable, RerankRequest } from "../../../canonical/tasks/rerank.ts";
import { refuse } from "../refuse.ts";

const NAMED = new Set([
  "model",
  "query",
  "documents",
  "top_n",
  "return_documents",
  "rank_fields",
  "max_tokens_per_doc",
]);

/**
 * Reads a body of either version (vendor SDK: `V2RerankRequest`, `RerankRequest`), whose documents the first takes as objects
 * and returns on demand; `own` keeps what has no other name.
 */
export function decodeRerank({ body }: TaskWire, own: "cohere" | "cohere-v1"): RerankRequest {
  const { model, query, documents, top_n: topN, rank_fields: fields, max_tokens_per_doc: limit } = body;
  if (typeof model !== "string" || model === "") refuse("model", "must be the name of a model");
  if (typeof query !== "string") refuse("query", "must be a text");
  if (!Array.isArray(documents) || documents.length === 0) refuse("documents", "must be a list of documents");
  const rest = Object.entries(body).filter(([key]) => !NAMED.has(key));
  const request: RerankRequest = {
    model,
    stream: false,
    query,
    documents: documents.map(rankableOf),
    extensions: { [own]: Object.fromEntries(rest) },
    warnings: [],
  };
  if (typeof topN === "number") request.topN = topN;
  if (typeof body["return_documents"] === "boolean") request.returnDocuments = body["return_documents"];
  if (Array.isArray(fields)) request.rankFields = fields.filter((field) => typeof field === "string");
  if (typeof limit === "number") request.maxTokensPerDocument = limit;
  return request;
}

function rankableOf(document: Json, at: number): Rankable {
  if (typeof document !== "string" && !isJsonObject(document))
    refuse(`documents[${at}]`, "must be a text or an object");
  return document;
}
