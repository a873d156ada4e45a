import { GatewayError } from "../../../canonical/errors.ts";
import type { TaskWire } from "../../../canonical/task.ts";

/** What a call of a model of this kind says beside its body (`getModelConfigHeaders` of @ai-sdk/gateway 3.0). */
export function modelHeaders(kind: string, model: string): Record<string, string> {
  return {
    [`ai-${kind}-model-specification-version`]: "3",
    "ai-model-id": model,
    "ai-gateway-protocol-version": "0.0.1",
  };
}

/** The model that a client names in its headers. */
export function modelIn({ headers }: TaskWire): string {
  const model = headers?.get("ai-model-id") ?? "";
  if (model !== "") return model;
  throw new GatewayError("invalid_request", "ai-model-id: must be a header that names a model", {
    param: "ai-model-id",
  });
}

/** Of an answer that is none of this wire. */
export function protocolError(what: string): GatewayError {
  return new GatewayError(
    "provider_protocol_error",
    `the provider's answer is not as the AI SDK's protocol has it: ${what}`,
  );
}
