import { GatewayError } from "../../../canonical/errors.ts";
import { isJsonObject, type Json } from "../../../canonical/json.ts";
import type { EncodedAnswer, TaskReply, TaskWireAnswer } from "../../../canonical/task.ts";
import type { Rankable, RankedDocument, RerankAnswer, RerankRequest } from "../../../canonical/tasks/rerank.ts";
import { emptyUsage, tokenCount, type Usage } from "../../../canonical/usage.ts";

/** Reads an answer: `results` at most hosts, `data` at Voyage; documents as texts or as objects with a `text`. */
export function decodeResponse(answer: TaskWireAnswer): RerankAnswer {
  const body = answer.json();
  const list = isJsonObject(body) ? (body["results"] ?? body["data"]) : undefined;
  if (!isJsonObject(body) || !Array.isArray(list)) throw protocolError("it has no `results`");
  const usage = usageOf(body["usage"]);
  return {
    id: typeof body["id"] === "string" ? body["id"] : "",
    model: typeof body["model"] === "string" ? body["model"] : "",
    results: list.map(resultOf),
    ...(usage !== undefined && { usage }),
  };
}

function resultOf(value: Json, at: number): RankedDocument {
  const { index, relevance_score: relevance, score = relevance, document } = isJsonObject(value) ? value : {};
  if (typeof index !== "number" || typeof score !== "number") throw protocolError(`results[${at}] has no score`);
  const found = documentOf(document);
  return { index, score, ...(found !== undefined && { document: found }) };
}

/** An object with nothing but a text is that text. */
function documentOf(document: Json | undefined): Rankable | undefined {
  if (typeof document === "string") return document;
  if (!isJsonObject(document)) return undefined;
  const set = Object.entries(document).filter(([, value]) => value !== null);
  const [only] = set;
  return set.length === 1 && only?.[0] === "text" && typeof only[1] === "string" ? only[1] : document;
}

function usageOf(usage: Json | undefined): Usage | undefined {
  if (!isJsonObject(usage)) return undefined;
  const inputTokens = tokenCount(usage["total_tokens"] ?? usage["prompt_tokens"]);
  return { ...emptyUsage(), inputTokens, raw: usage };
}

function protocolError(what: string): GatewayError {
  return new GatewayError("provider_protocol_error", `the provider's answer holds no ranking: ${what}`);
}

/** Writes an answer. Documents stand in it unless the client does not want them: hosts return them by default. */
export function encodeResponse(answer: RerankAnswer, { request, requestId }: TaskReply<RerankRequest>): EncodedAnswer {
  const results = answer.results.map((result) => ({
    index: result.index,
    relevance_score: result.score,
    ...(request.returnDocuments !== false && { document: wireDocument(result, request) }),
  }));
  const tokens = answer.usage?.inputTokens ?? 0;
  const body = {
    id: answer.id === "" ? requestId : answer.id,
    model: answer.model === "" ? request.model : answer.model,
    object: "list",
    usage: { prompt_tokens: tokens, total_tokens: tokens },
    results,
  };
  return { contentType: "application/json", body: JSON.stringify(body) };
}

function wireDocument({ index, document }: RankedDocument, { documents }: RerankRequest): object {
  const found = document ?? documents[index] ?? "";
  return typeof found === "string" ? { text: found } : found;
}
