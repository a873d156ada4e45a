import type { CountTokensCodec, EncodedRequest, TargetContext } from "../../canonical/dialect.ts";
import { GatewayError } from "../../canonical/errors.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import type { ChatRequest } from "../../canonical/request.ts";
import { encodeRequest, MESSAGES_PATH } from "./encode-request.ts";
import { objectOf } from "./wire.ts";

/** Fields that the count endpoint takes (vendor SDK: `MessageCountTokensParams`, stable and beta); it refuses others. */
const FIELDS = [
  "model",
  "messages",
  "system",
  "tools",
  "tool_choice",
  "thinking",
  "output_config",
  "output_format",
  "cache_control",
  "context_management",
  "compaction",
  "billing_policy",
  "mcp_servers",
  "speed",
] as const;

/** `POST /messages/count_tokens`. */
export const countTokens: CountTokensCodec = { encodeRequest: encodeCount, decodeResponse, encodeResponse };

function encodeCount(request: ChatRequest, target: TargetContext): EncodedRequest {
  const { body, headers } = encodeRequest(request, target);
  const counted: JsonObject = {};
  for (const field of FIELDS) if (body[field] !== undefined) counted[field] = body[field];
  return { path: `${MESSAGES_PATH}/count_tokens`, body: counted, headers };
}

function decodeResponse(body: Json): number {
  const count = objectOf(body)["input_tokens"];
  if (typeof count === "number" && Number.isFinite(count) && count >= 0) return count;
  throw new GatewayError("provider_protocol_error", "the upstream's answer has no input_tokens");
}

function encodeResponse(inputTokens: number): JsonObject {
  return { input_tokens: inputTokens };
}
