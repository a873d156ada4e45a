import { GatewayError } from "../../../canonical/errors.ts";
import { isJsonObject, type Json, type JsonObject } from "../../../canonical/json.ts";
import type { EncodedAnswer, TaskReply, TaskWireAnswer } from "../../../canonical/task.ts";
import type { ModerationAnswer, ModerationRequest, ModerationResult } from "../../../canonical/tasks/moderation.ts";
import { emptyUsage, tokenCount, type Usage } from "../../../canonical/usage.ts";

/** Reads an answer; hosts that do not say `flagged` (Mistral) mean that any category does. */
export function decodeResponse(answer: TaskWireAnswer): ModerationAnswer {
  const body = answer.json();
  if (!isJsonObject(body) || !Array.isArray(body["results"])) throw protocolError("it has no `results`");
  const usage = usageOf(body["usage"]);
  return {
    id: typeof body["id"] === "string" ? body["id"] : "",
    model: typeof body["model"] === "string" ? body["model"] : "",
    results: body["results"].map(resultOf),
    ...(usage !== undefined && { usage }),
  };
}

function resultOf(value: Json, at: number): ModerationResult {
  const { flagged, categories, category_scores: scores, category_applied_input_types: appliedTo } = objectAt(value, at);
  const found = isJsonObject(categories) ? categories : {};
  return {
    flagged: typeof flagged === "boolean" ? flagged : Object.values(found).includes(true),
    categories: found,
    scores: isJsonObject(scores) ? scores : {},
    ...(isJsonObject(appliedTo) && { appliedTo }),
  };
}

function objectAt(value: Json, at: number): JsonObject {
  if (!isJsonObject(value)) throw protocolError(`results[${at}] is no object`);
  return value;
}

function usageOf(usage: Json | undefined): Usage | undefined {
  if (!isJsonObject(usage)) return undefined;
  return {
    ...emptyUsage(),
    inputTokens: tokenCount(usage["prompt_tokens"]),
    outputTokens: tokenCount(usage["completion_tokens"]),
    raw: usage,
  };
}

function protocolError(what: string): GatewayError {
  return new GatewayError("provider_protocol_error", `the provider's answer holds no judgement: ${what}`);
}

/** Writes an answer. */
export function encodeResponse(
  answer: ModerationAnswer,
  { request, requestId }: TaskReply<ModerationRequest>,
): EncodedAnswer {
  const results = answer.results.map(({ flagged, categories, scores, appliedTo }) => ({
    flagged,
    categories,
    category_scores: scores,
    ...(appliedTo !== undefined && { category_applied_input_types: appliedTo }),
  }));
  const id = answer.id === "" ? requestId : answer.id;
  const model = answer.model === "" ? request.model : answer.model;
  return { contentType: "application/json", body: JSON.stringify({ id, model, results }) };
}
