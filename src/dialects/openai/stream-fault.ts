import { GatewayError } from "../../canonical/errors.ts";
import { isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";

/** The error that an event of a task's stream carries, as `{error: {message, type, code}}`; null when it carries none. */
export function streamFault(event: JsonObject): GatewayError | null {
  const { error } = event;
  if (!isJsonObject(error)) return null;
  const { type, code } = error;
  const message = typeof error["message"] === "string" ? error["message"] : "the provider reported an error";
  const fault = { status: 200, message, body: event };
  return new GatewayError(codeOf(code), message, {
    upstream: { ...fault, ...(typeof type === "string" && { type }), ...(typeof code === "string" && { code }) },
  });
}

function codeOf(code: Json | undefined): "upstream_rate_limited" | "upstream_error" {
  return code === "rate_limit_exceeded" ? "upstream_rate_limited" : "upstream_error";
}
