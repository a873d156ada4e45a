import type { ChatSummary } from "../../canonical/dialect.ts";
import { GatewayError } from "../../canonical/errors.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import type { Item } from "../../canonical/request.ts";
import type { Candidate, ChatResponse } from "../../canonical/response.ts";
import { tokenCount } from "../../canonical/usage.ts";
import { decodeOutputItem } from "./decode-output-item.ts";
import { faultError } from "./errors.ts";
import { decodeFinish } from "./finish-reason.ts";
import { fieldsBeyond, keepFields } from "./own-fields.ts";
import { decodeUsage } from "./usage.ts";
import { RESPONSE_FIELDS, listOf, stringOf } from "./wire.ts";

/**
 * Decodes a `Response` object. Throws the upstream's own error when the response failed (also with HTTP status 200), and
 * `provider_protocol_error` when the body is no response. An answer that is still queued or in progress is one without
 * an end: reason `other`.
 */
export function decodeResponse(wire: Json): ChatResponse {
  const body = responseOf(wire);
  const response: ChatResponse = { ...head(body), ...summaryOf(body), candidates: [decodeCandidate(body)] };
  keepFields(response, fieldsBeyond(body, RESPONSE_FIELDS));
  return response;
}

/** The same, without the content. */
export function summarizeResponse(wire: Json): ChatSummary {
  return summaryOf(responseOf(wire));
}

/** A body that is an answer. Throws what keeps others from being one. */
function responseOf(body: Json): JsonObject {
  if (!isJsonObject(body)) throw notAResponse();
  if (isFailed(body)) throw faultError({ error: body.error ?? null });
  if (!Array.isArray(body.output)) throw notAResponse();
  return body;
}

function summaryOf(body: JsonObject): ChatSummary {
  const summary: ChatSummary = { id: stringOf(body.id) ?? "" };
  const usage = decodeUsage(body);
  if (usage !== undefined) summary.usage = usage;
  if (typeof body.service_tier === "string") summary.serviceTier = body.service_tier;
  return summary;
}

/** True for a response that failed, and for an error in place of one. */
function isFailed(body: JsonObject): boolean {
  if (body.status === "failed") return true;
  return body.error !== undefined && body.error !== null && body.status === undefined;
}

function notAResponse(): GatewayError {
  return new GatewayError("provider_protocol_error", "the provider's answer is not a Responses object");
}

/** Who answered, and when. */
export function head(response: JsonObject): Pick<ChatResponse, "id" | "model" | "createdAt"> {
  return {
    id: stringOf(response.id) ?? "",
    model: stringOf(response.model) ?? "",
    createdAt: tokenCount(response.created_at),
  };
}

function decodeCandidate(body: JsonObject): Candidate {
  const items: Item[] = [];
  for (const wire of listOf(body.output)) {
    if (isJsonObject(wire)) items.push(decodeOutputItem(wire, body, items.length));
  }
  const { reason, raw } = decodeFinish(
    body,
    items.some((item) => item.type === "tool_call"),
  );
  const candidate: Candidate = { index: 0, items, finishReason: reason, rawFinishReason: raw };
  const logprobs = gatherLogprobs(body);
  if (logprobs.length > 0) candidate.logprobs = { content: logprobs };
  return candidate;
}

/** The log probabilities of all text, in the order of the text; the form of each token is that of chat completions. */
function gatherLogprobs(body: JsonObject): Json[] {
  const all: Json[] = [];
  for (const item of listOf(body.output)) {
    for (const part of isJsonObject(item) ? listOf(item.content) : []) {
      if (isJsonObject(part)) all.push(...listOf(part.logprobs));
    }
  }
  return all;
}
