import { GatewayError } from "../../canonical/errors.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import type { Candidate, ChatResponse } from "../../canonical/response.ts";
import { decodeAssistant } from "./decode-assistant.ts";
import { bodyError, failureOf } from "./errors.ts";
import { decodeFinishReason } from "./finish-reason.ts";
import { decodeLogprobs } from "./logprobs.ts";
import { leftover } from "./own-fields.ts";
import { decodeUsage } from "./usage.ts";
import { DIALECT, textOf } from "./wire.ts";

const NAMED = new Set(["id", "message", "finish_reason", "usage", "logprobs"]);

/**
 * Decodes an answer (vendor SDK: `V2ChatResponse`), which names no model and no time. Throws `provider_protocol_error` when
 * the body is none, and the error that it stands for when the model failed while it answered.
 */
export function decodeResponse(body: Json): ChatResponse {
  if (!isJsonObject(body) || !isJsonObject(body["message"])) {
    if (isJsonObject(body) && textOf(body["message"]) !== "") throw bodyError(body);
    throw new GatewayError("provider_protocol_error", "the upstream's answer is not a chat message");
  }
  const reason = textOf(body["finish_reason"]);
  const failure = failureOf(reason, body["error"]);
  if (failure !== undefined) throw failure;
  const usage = decodeUsage(body["usage"]);
  return {
    id: textOf(body["id"]),
    model: "",
    createdAt: 0,
    candidates: [decodeCandidate(body, body["message"], reason)],
    extensions: leftover(body, NAMED) ?? { [DIALECT]: {} },
    ...(usage !== undefined && { usage }),
  };
}

function decodeCandidate(body: JsonObject, message: JsonObject, reason: string): Candidate {
  const logprobs = decodeLogprobs(body["logprobs"]);
  return {
    index: 0,
    items: decodeAssistant(message),
    finishReason: decodeFinishReason(reason),
    ...(reason !== "" && { rawFinishReason: reason }),
    ...(logprobs !== undefined && { logprobs }),
  };
}
