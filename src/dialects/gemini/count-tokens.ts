import type { CountTokensCodec, EncodedRequest, TargetContext } from "../../canonical/dialect.ts";
import { GatewayError } from "../../canonical/errors.ts";
import { isJsonObject, type JsonObject } from "../../canonical/json.ts";
import type { ChatRequest } from "../../canonical/request.ts";
import { encodeRequest } from "./encode-request.ts";
import { methodPath } from "./paths.ts";
import { readNumber } from "./read.ts";

/** What is counted; the rest of a request has no tokens, and thinking options would only be a reason to refuse. */
const COUNTED = ["systemInstruction", "contents", "tools", "toolConfig", "cachedContent"] as const;

/**
 * `models/{model}:countTokens` (https://ai.google.dev/api/tokens). The wrapped form is the one that counts
 * instructions and tools; it names its model.
 */
export const countTokens: CountTokensCodec = {
  encodeRequest(request: ChatRequest, target: TargetContext): EncodedRequest {
    const { body } = encodeRequest(request, target);
    if (target.flags.flatCountTokens === true) return encodeFlat(target.model, body);
    const wrapped: JsonObject = { model: target.model.includes("/") ? target.model : `models/${target.model}` };
    for (const key of COUNTED) if (body[key] !== undefined) wrapped[key] = body[key];
    return { path: methodPath(target.model, "countTokens"), body: { generateContentRequest: wrapped }, headers: {} };
  },
  decodeResponse(body) {
    const total = isJsonObject(body) ? readNumber(body, "totalTokens") : undefined;
    if (total === undefined) throw new GatewayError("provider_protocol_error", "the token count has no totalTokens");
    return total;
  },
  encodeResponse(inputTokens) {
    return { totalTokens: inputTokens };
  },
};

/** What Vertex AI counts (https://docs.cloud.google.com/vertex-ai/generative-ai/docs/model-reference/count-tokens). */
const COUNTED_FLAT = ["systemInstruction", "contents", "tools"] as const;

function encodeFlat(model: string, body: JsonObject): EncodedRequest {
  const counted: JsonObject = {};
  for (const key of COUNTED_FLAT) if (body[key] !== undefined) counted[key] = body[key];
  return { path: methodPath(model, "countTokens"), body: counted, headers: {} };
}
