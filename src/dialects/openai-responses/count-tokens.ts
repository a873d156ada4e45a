import type { CountTokensCodec, EncodedRequest, TargetContext } from "../../canonical/dialect.ts";
import { GatewayError } from "../../canonical/errors.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import type { ChatRequest } from "../../canonical/request.ts";
import { encodeRequest } from "./encode-request.ts";
import { RESPONSES_PATH } from "./wire.ts";

/** What `POST /responses/input_tokens` takes (SDK type `InputTokenCountParams`). */
const FIELDS = [
  "model",
  "input",
  "instructions",
  "tools",
  "tool_choice",
  "parallel_tool_calls",
  "reasoning",
  "text",
  "truncation",
  "previous_response_id",
  "conversation",
  "personality",
] as const;

/** Counting of input tokens, `POST /responses/input_tokens`. */
export const countTokens: CountTokensCodec = {
  encodeRequest: encodeCount,
  decodeResponse: decodeCount,
  encodeResponse: (inputTokens) => ({ object: "response.input_tokens", input_tokens: inputTokens }),
};

function encodeCount(request: ChatRequest, target: TargetContext): EncodedRequest {
  const { body, headers } = encodeRequest(request, target);
  const counted: JsonObject = {};
  for (const field of FIELDS) {
    const value = body[field];
    if (value !== undefined) counted[field] = value;
  }
  return { path: `${RESPONSES_PATH}/input_tokens`, body: counted, headers };
}

function decodeCount(body: Json): number {
  if (isJsonObject(body) && typeof body.input_tokens === "number") return body.input_tokens;
  throw new GatewayError("provider_protocol_error", "the provider's answer has no token count");
}
