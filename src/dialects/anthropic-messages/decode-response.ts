import type { ChatSummary } from "../../canonical/dialect.ts";
import { GatewayError } from "../../canonical/errors.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import type { Candidate, ChatResponse } from "../../canonical/response.ts";
import { decodeBlocks } from "./decode-items.ts";
import { streamError } from "./errors.ts";
import { decodeFinishReason, isForClient } from "./finish-reason.ts";
import { leftover } from "./own-fields.ts";
import { decodeUsage } from "./usage.ts";
import { DIALECT, objectOf, objectsOf, textOf } from "./wire.ts";

const NAMED = new Set([
  "id",
  "type",
  "role",
  "model",
  "content",
  "stop_reason",
  "stop_sequence",
  "stop_details",
  "usage",
]);

/**
 * Decodes an answer of `POST /messages`. Throws `provider_protocol_error` when the body is none, and the error that it
 * stands for when it is an error body.
 */
export function decodeResponse(wire: Json): ChatResponse {
  const body = messageOf(wire);
  return {
    ...summaryOf(body),
    model: textOf(body["model"]),
    createdAt: 0,
    candidates: [decodeCandidate(body)],
    extensions: leftover(body, NAMED) ?? { [DIALECT]: {} },
  };
}

/** The same, without the content. */
export function summarizeResponse(wire: Json): ChatSummary {
  return summaryOf(messageOf(wire));
}

/** A body that is an answer. Throws what keeps others from being one. */
function messageOf(body: Json): JsonObject {
  if (isJsonObject(body) && Array.isArray(body["content"])) return body;
  if (isJsonObject(body) && (body["type"] === "error" || body["error"] !== undefined)) throw streamError(body);
  throw new GatewayError("provider_protocol_error", "the upstream's answer is not a message");
}

function summaryOf(body: JsonObject): ChatSummary {
  const summary: ChatSummary = { id: textOf(body["id"]) };
  const usage = decodeUsage(body["usage"]);
  if (usage !== undefined) summary.usage = usage;
  const tier = objectOf(body["usage"])["service_tier"];
  if (typeof tier === "string") summary.serviceTier = tier;
  return summary;
}

function decodeCandidate(body: JsonObject): Candidate {
  const candidate: Candidate = { index: 0, items: [], finishReason: "other" };
  const blocks = objectsOf(body["content"]);
  decodeBlocks(blocks, "assistant", candidate.items);
  const { stop_reason: reason, stop_sequence: sequence, stop_details: details } = body;
  if (typeof reason === "string") {
    candidate.finishReason = decodeFinishReason(reason, blocks.some(isForClient));
    candidate.rawFinishReason = reason;
  }
  if (typeof sequence === "string") candidate.stopSequence = sequence;
  const own: JsonObject = {};
  if (reason === null) own["stop_reason"] = null;
  if (details !== undefined) own["stop_details"] = details;
  if (Object.keys(own).length > 0) candidate.extensions = { [DIALECT]: own };
  return candidate;
}
