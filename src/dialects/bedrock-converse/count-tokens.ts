import type { CountTokensCodec, EncodedRequest, TargetContext } from "../../canonical/dialect.ts";
import { GatewayError } from "../../canonical/errors.ts";
import { objectOf, type Json, type JsonObject } from "../../canonical/json.ts";
import type { ChatRequest } from "../../canonical/request.ts";
import { encodeRequest } from "./encode-request.ts";

/** Fields that are counted (AWS SDK: `ConverseTokensRequest`); the API refuses others. */
const FIELDS = ["messages", "system", "toolConfig", "additionalModelRequestFields"] as const;

/** `POST /model/{modelId}/count-tokens`: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_CountTokens.html. */
export const countTokens: CountTokensCodec = { encodeRequest: encodeCount, decodeResponse, encodeResponse };

function encodeCount(request: ChatRequest, target: TargetContext): EncodedRequest {
  const { body, headers } = encodeRequest(request, target);
  const converse: JsonObject = {};
  for (const field of FIELDS) if (body[field] !== undefined) converse[field] = body[field];
  return { path: `/model/${encodeURIComponent(target.model)}/count-tokens`, body: { input: { converse } }, headers };
}

function decodeResponse(body: Json): number {
  const count = objectOf(body)["inputTokens"];
  if (typeof count === "number" && Number.isFinite(count) && count >= 0) return count;
  throw new GatewayError("provider_protocol_error", "the upstream's answer has no inputTokens");
}

function encodeResponse(inputTokens: number): JsonObject {
  return { inputTokens };
}
