import type { EncodedError } from "../../canonical/dialect.ts";
import { ERRORS, GatewayError, upstreamErrorCode, type ErrorCode, type UpstreamFault } from "../../canonical/errors.ts";
import { isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";
import { numberOf, objectOf, textOf } from "./wire.ts";

const LONGEST_TEXT = 2000;

/** The types that the AI SDK has error classes for (`create-gateway-error.ts` of @ai-sdk/gateway 3.0), by our codes. */
const TYPES: Partial<Record<ErrorCode, string>> = {
  unauthenticated: "authentication_error",
  model_not_found: "model_not_found",
  model_not_allowed: "forbidden",
  refused_by_rule: "forbidden",
  provider_not_allowed: "forbidden",
  budget_exceeded: "forbidden",
  rate_limited: "rate_limit_exceeded",
  provider_limited: "rate_limit_exceeded",
  upstream_rate_limited: "rate_limit_exceeded",
  upstream_not_found: "model_not_found",
};

function typeOf(code: ErrorCode): string {
  const { status } = ERRORS[code];
  return TYPES[code] ?? (status < 500 ? "invalid_request_error" : "internal_server_error");
}

/** Encodes an error as `{"error": {message, type, param, code}}`, with what limits and the attempts beside. */
export function encodeError(error: GatewayError): EncodedError {
  return { status: error.status, body: { error: encodeFault(error) } };
}

/** The object that says what went wrong. */
export function encodeFault(error: GatewayError): JsonObject {
  const { upstream, param, limit, attempts } = error.fields;
  const at = param ?? upstream?.param;
  return {
    message: textOf(upstream?.message) ?? error.message,
    type: typeOf(error.code),
    code: error.code,
    ...(at !== undefined && { param: at }),
    ...(limit !== undefined && { limit: { ...limit } }),
    ...(attempts !== undefined && { attempts: attempts.map((attempt) => ({ ...attempt })) }),
  };
}

/** Reads an error body, or plain text. */
export function decodeError(status: number, body: Json): UpstreamFault {
  if (!isJsonObject(body)) {
    const text = typeof body === "string" ? body.slice(0, LONGEST_TEXT) : JSON.stringify(body);
    return { status, message: text.trim() || `the provider answered ${status}`, body: text };
  }
  const inner = objectOf(body["error"]) ?? body;
  const message = textOf(inner["message"]) ?? textOf(body["error"]);
  const fault: UpstreamFault = { status, message: message ?? `the provider answered ${status}`, body };
  const type = textOf(inner["type"]);
  const code = textOf(inner["code"]);
  const param = textOf(inner["param"]);
  if (type !== undefined) fault.type = type;
  if (code !== undefined) fault.code = code;
  if (param !== undefined) fault.param = param;
  return fault;
}

const STATUS_OF: Readonly<Record<string, number>> = {
  authentication_error: 401,
  forbidden: 403,
  invalid_request_error: 400,
  model_not_found: 404,
  rate_limit_exceeded: 429,
};

/** The error of a stream part, or of a body that came with status 200. */
export function faultToError(value: Json | undefined): GatewayError {
  const inner = objectOf(value);
  const type = textOf(inner?.["type"]) ?? "";
  const told = numberOf(inner?.["statusCode"]) ?? (Object.hasOwn(STATUS_OF, type) ? STATUS_OF[type] : undefined);
  const known = told !== undefined && told >= 400 && told < 600 ? told : undefined;
  const fault = decodeError(known ?? 200, inner === undefined ? { error: value ?? null } : { error: inner });
  return new GatewayError(known === undefined ? "upstream_error" : upstreamErrorCode(known), fault.message, {
    upstream: fault,
  });
}
