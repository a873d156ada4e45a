import type { EncodedError } from "../../canonical/dialect.ts";
import { GatewayError, upstreamErrorCode, type ErrorCode, type UpstreamFault } from "../../canonical/errors.ts";
import { isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";
import { readList, readNumber, readObject, readString } from "./read.ts";

const MAX_TEXT = 2000;

const TYPE_URL = "type.googleapis.com/google.rpc.";

/**
 * Reads an error of the API: `google.rpc.Status` under `error` (https://cloud.google.com/apis/design/errors), the same
 * in a list (streams without `alt=sse`), OAuth's `error` and `error_description`, and text. `type` is the status word,
 * `code` the reason of an ErrorInfo; RetryInfo and the other details stay in `body`.
 *
 * A refused API key comes with status 400 and the reason API_KEY_INVALID; the fault says 401, so that it counts as
 * the key's fault and not as the request's.
 */
export function decodeError(status: number, body: Json): UpstreamFault {
  const outer = Array.isArray(body) ? (body.find(isJsonObject) ?? null) : body;
  if (!isJsonObject(outer)) return textFault(status, outer);
  const error = readObject(outer, "error");
  if (error === undefined) return flatFault(status, outer, body);
  const fault: UpstreamFault = { status: faultStatus(status, error), message: messageOf(error, status), body };
  const type = readString(error, "status");
  if (type !== undefined) fault.type = type;
  const code = readString(detail(error, "ErrorInfo") ?? {}, "reason") ?? codeText(error);
  if (code !== undefined) fault.code = code;
  const param = violatedField(error);
  if (param !== undefined) fault.param = param;
  if (fault.code === "API_KEY_INVALID") fault.status = 401;
  const wait = retryDelayMs(fault);
  if (wait !== undefined) fault.retryAfterMs = wait;
  return fault;
}

function messageOf(error: JsonObject, status: number): string {
  return readString(error, "message") || readString(error, "status") || `the provider answered ${status}`;
}

/** An error inside a 200 answer says its own status. */
function faultStatus(status: number, error: JsonObject): number {
  const code = readNumber(error, "code");
  return status < 400 && code !== undefined && code >= 400 && code < 600 ? code : status;
}

function codeText(error: JsonObject): string | undefined {
  const { code } = error;
  return typeof code === "string" || typeof code === "number" ? String(code) : undefined;
}

function textFault(status: number, body: Json): UpstreamFault {
  const text = typeof body === "string" ? body.slice(0, MAX_TEXT) : JSON.stringify(body);
  const title = /<title>([^<]*)<\/title>/i.exec(text)?.[1]?.trim();
  const plain = text.startsWith("<") ? title : text.trim();
  return { status, message: plain || `the provider answered ${status}`, body: text };
}

function flatFault(status: number, outer: JsonObject, body: Json): UpstreamFault {
  const type = readString(outer, "error") ?? readString(outer, "status");
  const message = readString(outer, "error_description") ?? readString(outer, "message") ?? type;
  const fault: UpstreamFault = { status, message: message || `the provider answered ${status}`, body };
  if (type !== undefined) fault.type = type;
  return fault;
}

function detail(error: JsonObject, name: string): JsonObject | undefined {
  const details = readList(error, "details")?.filter(isJsonObject);
  return details?.find((entry) => readString(entry, "@type") === TYPE_URL + name);
}

function violatedField(error: JsonObject): string | undefined {
  const violations = readList(detail(error, "BadRequest") ?? {}, "fieldViolations");
  const first = violations?.find(isJsonObject);
  return first === undefined ? undefined : readString(first, "field");
}

/**
 * The wait that an upstream asks for, in milliseconds: `google.rpc.RetryInfo.retryDelay`, a duration such as `34.07s`.
 * Undefined when the fault has none.
 */
export function retryDelayMs(fault: UpstreamFault): number | undefined {
  const body = Array.isArray(fault.body) ? (fault.body as Json[]).find(isJsonObject) : fault.body;
  const error = isJsonObject(body) ? readObject(body, "error") : undefined;
  const delay = error === undefined ? undefined : readString(detail(error, "RetryInfo") ?? {}, "retryDelay");
  const seconds = delay?.endsWith("s") === true ? Number(delay.slice(0, -1)) : Number.NaN;
  return Number.isFinite(seconds) && seconds >= 0 ? Math.round(seconds * 1000) : undefined;
}

/** Codes by status word (https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto). */
const BY_TYPE: Record<string, ErrorCode> = {
  INVALID_ARGUMENT: "upstream_invalid_request",
  FAILED_PRECONDITION: "upstream_invalid_request",
  OUT_OF_RANGE: "upstream_invalid_request",
  UNIMPLEMENTED: "upstream_invalid_request",
  UNAUTHENTICATED: "upstream_auth",
  PERMISSION_DENIED: "upstream_auth",
  NOT_FOUND: "upstream_not_found",
  RESOURCE_EXHAUSTED: "upstream_rate_limited",
  DEADLINE_EXCEEDED: "upstream_timeout",
  CANCELLED: "upstream_error",
  INTERNAL: "upstream_error",
  UNAVAILABLE: "upstream_error",
};

/** The error of a fault that came inside a 200 answer: its code by the status word, else by the status it names. */
export function faultError(fault: UpstreamFault): GatewayError {
  const retryAfterMs = retryDelayMs(fault);
  const fields = retryAfterMs === undefined ? { upstream: fault } : { upstream: fault, retryAfterMs };
  return new GatewayError(faultCode(fault), fault.message, fields);
}

function faultCode(fault: UpstreamFault): ErrorCode {
  if (fault.status === 401) return "upstream_auth";
  const byType = fault.type !== undefined && Object.hasOwn(BY_TYPE, fault.type) ? BY_TYPE[fault.type] : undefined;
  return byType ?? (fault.status >= 400 ? upstreamErrorCode(fault.status) : "upstream_error");
}

/** Status words by HTTP status, as the same page pairs them; others by their class. */
const TYPES: Record<number, string> = {
  401: "UNAUTHENTICATED",
  402: "RESOURCE_EXHAUSTED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  405: "UNIMPLEMENTED",
  429: "RESOURCE_EXHAUSTED",
  499: "CANCELLED",
  500: "INTERNAL",
  504: "DEADLINE_EXCEEDED",
};

function typeOf(status: number): string {
  return TYPES[status] ?? (status < 500 ? "INVALID_ARGUMENT" : "UNAVAILABLE");
}

/**
 * Encodes an error as `google.rpc.Status`. `code` is the HTTP status, as the SDKs demand; the stable code is the
 * `reason` of an ErrorInfo. `limit` and `attempts` stand beside the message. An upstream's own message is handed on,
 * and its status word and details when they are Google's.
 */
export function encodeError(error: GatewayError): EncodedError {
  const { upstream, limit, attempts } = error.fields;
  const own = googleError(upstream);
  const body: JsonObject = {
    code: error.status,
    message: upstream?.message ?? error.message,
    status: (own === undefined ? undefined : readString(own, "status")) ?? typeOf(error.status),
    details: encodeDetails(error, own),
  };
  if (limit !== undefined) body.limit = { ...limit };
  if (attempts !== undefined) body.attempts = attempts.map((attempt) => ({ ...attempt }));
  return { status: error.status, body: { error: body } };
}

/** The `error` object of an upstream that speaks Google's form: it has a known status word. */
function googleError(upstream: UpstreamFault | undefined): JsonObject | undefined {
  const body = Array.isArray(upstream?.body) ? (upstream.body as Json[]).find(isJsonObject) : upstream?.body;
  const error = isJsonObject(body) ? readObject(body, "error") : undefined;
  const status = error === undefined ? undefined : readString(error, "status");
  return status !== undefined && Object.hasOwn(BY_TYPE, status) ? error : undefined;
}

function encodeDetails(error: GatewayError, own: JsonObject | undefined): Json[] {
  const details: Json[] = [{ "@type": `${TYPE_URL}ErrorInfo`, reason: error.code, domain: "trunkline" }];
  const { param, retryAfterMs } = error.fields;
  if (param !== undefined) {
    const violation = { field: param, description: error.message };
    details.push({ "@type": `${TYPE_URL}BadRequest`, fieldViolations: [violation] });
  }
  const theirs = own === undefined ? [] : (readList(own, "details") ?? []);
  if (retryAfterMs !== undefined && !theirs.some(isRetryInfo)) {
    details.push({ "@type": `${TYPE_URL}RetryInfo`, retryDelay: `${retryAfterMs / 1000}s` });
  }
  return [...details, ...theirs];
}

function isRetryInfo(entry: Json): boolean {
  return isJsonObject(entry) && entry["@type"] === `${TYPE_URL}RetryInfo`;
}
