import type { TargetContext } from "../../../canonical/dialect.ts";
import type { JsonObject } from "../../../canonical/json.ts";
import { warnLeftOut } from "../../../canonical/left-out.ts";
import type { EncodedTask } from "../../../canonical/task.ts";
import type { Rankable, RerankRequest } from "../../../canonical/tasks/rerank.ts";

/** Below `https://api.cohere.com/v2`. */
export const RERANK_PATH = "/rerank";

/**
 * Writes a request of the second version (https://docs.cohere.com/reference/rerank), which takes texts: objects become lines
 * of keys and values, as the vendor advises, with the keys that count alone.
 */
export function encodeRequest(request: RerankRequest, target: TargetContext): EncodedTask {
  const { query, documents, topN, maxTokensPerDocument: limit, rankFields, extensions } = request;
  const body: JsonObject = {
    ...extensions.cohere,
    model: target.model,
    query: textOfRankable(query, undefined),
    documents: documents.map((document) => textOfRankable(document, rankFields)),
    ...(topN !== undefined && { top_n: topN }),
    ...(limit !== undefined && { max_tokens_per_doc: limit }),
  };
  warnLeftOut(target.warnings, request, "cohere", []);
  return { path: RERANK_PATH, body: { json: body }, headers: {} };
}

function textOfRankable(thing: Rankable, fields: readonly string[] | undefined): string {
  if (typeof thing === "string") return thing;
  const entries = (fields ?? Object.keys(thing)).filter((key) => Object.hasOwn(thing, key));
  const [only] = entries;
  if (entries.length === 1 && only !== undefined && typeof thing[only] === "string") return thing[only];
  return entries.map((key) => `${key}: ${scalarText(thing[key])}`).join("\n");
}

function scalarText(value: JsonObject[string]): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
