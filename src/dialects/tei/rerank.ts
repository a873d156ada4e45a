import type { TargetContext } from "../../canonical/dialect.ts";
import { GatewayError } from "../../canonical/errors.ts";
import { isJsonObject, type Json } from "../../canonical/json.ts";
import { warnLeftOut } from "../../canonical/left-out.ts";
import type { EncodedTask, TaskProviderSide, TaskWireAnswer } from "../../canonical/task.ts";
import type { Rankable, RankedDocument, RerankAnswer, RerankRequest } from "../../canonical/tasks/rerank.ts";

/** `POST /rerank`: https://huggingface.github.io/text-embeddings-inference/ */
export const rerank: TaskProviderSide<RerankRequest, RerankAnswer> = { encodeRequest, decodeResponse };

/** It ranks all texts, and has one model. */
function encodeRequest(request: RerankRequest, target: TargetContext): EncodedTask {
  const { query, documents, rankFields, returnDocuments, extensions } = request;
  warnLeftOut(target.warnings, request, "tei", [["max_tokens_per_doc", request.maxTokensPerDocument !== undefined]]);
  const json = {
    ...extensions.tei,
    query: textOf(query, undefined),
    texts: documents.map((document) => textOf(document, rankFields)),
    truncate: true,
    ...(returnDocuments === true && { return_text: true }),
  };
  return { path: "/rerank", body: { json }, headers: {} };
}

/** Objects become lines of keys and values, with the keys that count alone. */
function textOf(thing: Rankable, fields: readonly string[] | undefined): string {
  if (typeof thing === "string") return thing;
  const entries = (fields ?? Object.keys(thing)).filter((key) => Object.hasOwn(thing, key));
  const [only] = entries;
  const first = only === undefined ? undefined : thing[only];
  if (entries.length === 1 && typeof first === "string") return first;
  return entries.map((key) => `${key}: ${lineOf(thing[key])}`).join("\n");
}

function lineOf(value: Json | undefined): string {
  return typeof value === "string" ? value : JSON.stringify(value ?? null);
}

/** A list of `{index, score, text}`, best first. */
function decodeResponse(answer: TaskWireAnswer, { topN }: RerankRequest): RerankAnswer {
  const body = answer.json();
  if (!Array.isArray(body)) throw protocolError("it is no list");
  const results = body.map(resultOf).toSorted((one, other) => other.score - one.score);
  return { id: "", model: "", results: topN === undefined ? results : results.slice(0, Math.max(0, topN)) };
}

function resultOf(value: Json, at: number): RankedDocument {
  const { index, score, text } = isJsonObject(value) ? value : {};
  if (typeof index !== "number" || typeof score !== "number") throw protocolError(`[${at}] has no score`);
  return { index, score, ...(typeof text === "string" && { document: text }) };
}

function protocolError(what: string): GatewayError {
  return new GatewayError("provider_protocol_error", `the provider's answer holds no ranking: ${what}`);
}
