import { GatewayError } from "../../canonical/errors.ts";
import { isJsonObject, objectOf, type Json, type JsonObject } from "../../canonical/json.ts";
import type { Candidate, ChatResponse } from "../../canonical/response.ts";
import { decodeBlocks } from "./decode-items.ts";
import { streamError } from "./errors.ts";
import { decodeFinishReason, stopSequenceOf } from "./finish-reason.ts";
import { leftover } from "./own-fields.ts";
import { decodeUsage } from "./usage.ts";
import { DIALECT, objectsOf, textOf } from "./wire.ts";

const NAMED = new Set(["output", "stopReason", "usage", "serviceTier"]);
const MESSAGE_FIELDS = new Set(["role", "content"]);

/**
 * Decodes an answer of Converse (AWS SDK: `ConverseResponse`); metrics, trace and the additional fields go to the
 * extensions. Throws `provider_protocol_error` when the body is none, and the error that it stands for when it is one.
 */
export function decodeResponse(body: Json): ChatResponse {
  const fields = objectOf(body);
  const message = objectOf(objectOf(fields["output"])["message"]);
  if (!Array.isArray(message["content"])) {
    const type = textOf(fields["__type"]);
    if (type !== "") throw streamError(type.slice(type.indexOf("#") + 1), body);
    throw new GatewayError("provider_protocol_error", "the upstream's answer holds no message");
  }
  const response: ChatResponse = {
    id: "",
    model: invokedModel(fields["trace"]),
    createdAt: 0,
    candidates: [decodeCandidate(fields, message)],
    extensions: { [DIALECT]: leftover(fields, NAMED) ?? {} },
  };
  const usage = decodeUsage(fields["usage"]);
  if (usage !== undefined) response.usage = usage;
  const tier = textOf(objectOf(fields["serviceTier"])["type"]);
  if (tier !== "") response.serviceTier = tier;
  return response;
}

/** The wire names the model only where a prompt router chose it (AWS SDK: `PromptRouterTrace`). */
function invokedModel(trace: Json | undefined): string {
  return textOf(objectOf(objectOf(trace)["promptRouter"])["invokedModelId"]);
}

function decodeCandidate(body: JsonObject, message: JsonObject): Candidate {
  const candidate: Candidate = { index: 0, items: [], finishReason: "other" };
  decodeBlocks(objectsOf(message["content"]), "assistant", candidate.items);
  const { stopReason: reason } = body;
  if (typeof reason === "string") {
    const hasCalls = candidate.items.some(({ type }) => type === "tool_call");
    candidate.finishReason = decodeFinishReason(reason, hasCalls);
    candidate.rawFinishReason = reason;
  }
  const sequence = stopSequenceOf(body["additionalModelResponseFields"]);
  if (sequence !== undefined) candidate.stopSequence = sequence;
  const rest = leftover(message, MESSAGE_FIELDS);
  if (rest !== undefined && isJsonObject(rest)) candidate.extensions = { [DIALECT]: rest };
  return candidate;
}
