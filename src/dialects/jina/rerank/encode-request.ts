import type { TargetContext } from "../../../canonical/dialect.ts";
import type { JsonObject } from "../../../canonical/json.ts";
import { warnLeftOut } from "../../../canonical/left-out.ts";
import type { EncodedTask } from "../../../canonical/task.ts";
import type { RerankRequest } from "../../../canonical/tasks/rerank.ts";

export const RERANK_PATH = "/rerank";

/** Writes a request; hosts with other names for its fields rename them in their manifests. */
export function encodeRequest(request: RerankRequest, target: TargetContext): EncodedTask {
  const { query, documents, topN, returnDocuments, rankFields, extensions } = request;
  const body: JsonObject = {
    ...extensions.jina,
    model: target.model,
    query,
    documents,
    ...(topN !== undefined && { top_n: topN }),
    ...(returnDocuments !== undefined && { return_documents: returnDocuments }),
    ...(rankFields !== undefined && { rank_fields: rankFields }),
  };
  warnLeftOut(target.warnings, request, "jina", [["max_tokens_per_doc", request.maxTokensPerDocument !== undefined]]);
  return { path: RERANK_PATH, body: { json: body }, headers: {} };
}
