import type { EncodedError } from "../../canonical/dialect.ts";
import { ERRORS, GatewayError, upstreamErrorCode } from "../../canonical/errors.ts";
import type { ErrorCode, UpstreamFault } from "../../canonical/errors.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import { withRefusedKey } from "../../canonical/refused-key.ts";
import { stringOf } from "./wire.ts";

const MAX_BODY_TEXT = 2000;

/**
 * Reads an error body. Vendors of this dialect send `{ error: { message, type, code, param } }`; others `{ error: "…" }`,
 * `{ code, error }`, `{ detail }`, `{ message }`, `{ errors: […] }`, a list of one of these, or a page of HTML.
 */
export function decodeError(status: number, body: Json): UpstreamFault {
  const fault: UpstreamFault = {
    status,
    message: `the provider answered with status ${status}`,
    body: boundedBody(body),
  };
  const text = typeof body === "string" ? readableText(body) : undefined;
  if (text !== undefined) fault.message = text;
  else readFault(Array.isArray(body) ? body[0] : body, fault);
  return withRefusedKey(fault);
}

function boundedBody(body: Json): unknown {
  return typeof body === "string" ? body.slice(0, MAX_BODY_TEXT) : body;
}

/** HTML pages say nothing that a caller could use. */
function readableText(body: string): string | undefined {
  const text = body.trim();
  return text === "" || text.startsWith("<") ? undefined : text.slice(0, MAX_BODY_TEXT);
}

function readFault(wire: Json | undefined, fault: UpstreamFault): void {
  if (!isJsonObject(wire)) return;
  const nested = wire.error ?? wire.errors ?? wire.detail;
  const inner = Array.isArray(nested) ? nested[0] : nested;
  if (isJsonObject(inner)) {
    readFields(wire, fault);
    return readFields(inner, fault);
  }
  readFields(wire, fault);
  if (typeof inner === "string") fault.message = inner;
}

function readFields(wire: JsonObject, fault: UpstreamFault): void {
  const message = stringOf(wire.message) ?? stringOf(wire.msg);
  if (message !== undefined && message !== "") fault.message = message;
  if (typeof wire.type === "string" && wire.type !== "error") fault.type = wire.type;
  if (typeof wire.code === "string" || typeof wire.code === "number") fault.code = String(wire.code);
  if (typeof wire.param === "string") fault.param = wire.param;
}

const MEANINGS: readonly (readonly [ErrorCode, RegExp])[] = [
  ["upstream_rate_limited", /rate.?limit|insufficient_quota|too_many_requests|resource_exhausted/],
  ["upstream_auth", /authentication|invalid_api_key|permission|unauthorized|forbidden|billing/],
  ["upstream_not_found", /not_found/],
  ["upstream_timeout", /timeout/],
  ["upstream_error", /server_error|internal|overloaded|unavailable|processing/],
  [
    "upstream_invalid_request",
    /invalid|unsupported|content.?filter|too_(large|small|long)|exceeded|policy|empty_|failed_to_download|mismatch/,
  ],
];

const STATUS_TEXT = /^[1-5]\d\d$/;

/** The error of an answer that failed although its HTTP status was 200: a failed response, or an error within a stream. */
export function faultError(wire: Json): GatewayError {
  const fault = decodeError(200, wire);
  const code = faultCode(fault);
  fault.status = STATUS_TEXT.test(fault.code ?? "") ? Number(fault.code) : ERRORS[code].status;
  if (fault.message === "the provider answered with status 200") fault.message = "the provider reported an error";
  return new GatewayError(code, fault.message, { upstream: fault });
}

/** The vendor's codes are listed at `ResponseError` and among its error codes; the type decides where the code says nothing. */
function faultCode(fault: UpstreamFault): ErrorCode {
  for (const word of [fault.code, fault.type]) {
    if (word === undefined) continue;
    if (STATUS_TEXT.test(word)) return upstreamErrorCode(Number(word));
    const meaning = MEANINGS.find(([, pattern]) => pattern.test(word));
    if (meaning !== undefined) return meaning[0];
  }
  return "upstream_error";
}

const TYPES: Readonly<Record<number, string>> = {
  400: "invalid_request_error",
  401: "authentication_error",
  402: "insufficient_quota",
  403: "permission_error",
  404: "not_found_error",
  429: "rate_limit_error",
};

/** Type of an error in the vendor's words, by HTTP status. */
function errorType(status: number): string {
  return TYPES[status] ?? (status < 500 ? "invalid_request_error" : "server_error");
}

/**
 * The error object of this dialect. An upstream's own message is passed on, and its type and code when its error had the
 * form of the OpenAI dialects; `limit` and `attempts` are fields of ours.
 */
export function errorObject(error: GatewayError): JsonObject {
  const { upstream, param, limit, attempts } = error.fields;
  const kin = upstream !== undefined && isOpenAiError(upstream.body) ? upstream : undefined;
  const wire: JsonObject = {
    message: upstream?.message ?? error.message,
    type: kin?.type ?? errorType(error.status),
    param: param ?? kin?.param ?? null,
    code: kin?.code ?? error.code,
  };
  if (limit !== undefined) wire.limit = { ...limit };
  if (attempts !== undefined) wire.attempts = attempts.map((attempt) => ({ ...attempt }));
  return wire;
}

function isOpenAiError(body: unknown): boolean {
  if (!isJsonObject(body)) return false;
  const error = isJsonObject(body.error) ? body.error : body;
  return typeof error.message === "string" && ("param" in error || typeof error.code === "string");
}

/** Encodes an error answer: `{ error: { message, type, param, code } }` with the error's status. */
export function encodeError(error: GatewayError): EncodedError {
  return { status: error.status, body: { error: errorObject(error) } };
}
