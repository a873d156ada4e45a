import type { EncodedError } from "../../canonical/dialect.ts";
import type { ErrorCode, UpstreamFault } from "../../canonical/errors.ts";
import { GatewayError } from "../../canonical/errors.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import { objectOf, textOf } from "./wire.ts";

/** The vendor's error types (vendor SDK: `ErrorType`; platform.claude.com, "Errors"): HTTP status, and the code they mean. */
const TYPES: Record<string, { status: number; code: ErrorCode }> = {
  invalid_request_error: { status: 400, code: "upstream_invalid_request" },
  authentication_error: { status: 401, code: "upstream_auth" },
  billing_error: { status: 402, code: "upstream_auth" },
  permission_error: { status: 403, code: "upstream_auth" },
  not_found_error: { status: 404, code: "upstream_not_found" },
  request_too_large: { status: 413, code: "upstream_too_large" },
  rate_limit_error: { status: 429, code: "upstream_rate_limited" },
  api_error: { status: 500, code: "upstream_error" },
  timeout_error: { status: 504, code: "upstream_timeout" },
  overloaded_error: { status: 529, code: "upstream_error" },
};

const TYPE_OF_STATUS: Record<number, string> = {
  401: "authentication_error",
  402: "billing_error",
  403: "permission_error",
  404: "not_found_error",
  408: "timeout_error",
  413: "request_too_large",
  429: "rate_limit_error",
  503: "overloaded_error",
  504: "timeout_error",
  529: "overloaded_error",
};

const MAX_TEXT = 2000;

function typeOfStatus(status: number): string {
  return TYPE_OF_STATUS[status] ?? (status >= 400 && status < 500 ? "invalid_request_error" : "api_error");
}

/**
 * Status and body of an error in this dialect. `code`, `limit` and `attempts` are ours, beside the vendor's fields; the
 * upstream's own message, and its type and details where it spoke this dialect, come first.
 */
export function encodeError(error: GatewayError): EncodedError {
  return { status: error.status, body: errorBody(error) };
}

/** The body of `encodeError`, which is also the data of a stream's error event. */
export function errorBody(error: GatewayError): JsonObject {
  const { upstream, param, limit, attempts } = error.fields;
  const details = objectOf(objectOf(upstream?.body as Json)["error"])["details"];
  const type =
    upstream?.type !== undefined && Object.hasOwn(TYPES, upstream.type) ? upstream.type : typeOfStatus(error.status);
  const message = upstream !== undefined && upstream.message !== "" ? upstream.message : error.message;
  return {
    type: "error",
    error: {
      type,
      message,
      code: error.code,
      ...(param !== undefined && { param }),
      ...(isJsonObject(details) && { details }),
      ...(limit !== undefined && { limit: { ...limit } }),
      ...(attempts !== undefined && { attempts: attempts.map((attempt) => ({ ...attempt })) }),
    },
  };
}

/** Words with which the vendor's 400 says that the account is at fault: its credit, or the limit that its owner set. */
const ACCOUNT_AT_FAULT =
  /^(?:Your credit balance is too low|You have reached your specified (?:workspace )?API usage limits)/;

/**
 * Reads an error body of any shape that servers of this dialect send: the vendor's own; `error` as an object or a string
 * (cloud hosts, compatible servers); `message`, `Message` or `detail` at the top; any of these in a list; text or HTML.
 *
 * An account without credit is answered with status 400; the fault says 402, so that it counts as the key's fault and not
 * as the request's.
 */
export function decodeError(status: number, body: Json): UpstreamFault {
  if (typeof body === "string") {
    const text = body.slice(0, MAX_TEXT);
    return { status, message: readableText(text) || `HTTP ${status}`, body: text };
  }
  const outer = objectOf(Array.isArray(body) ? body[0] : body);
  const nested = outer["error"];
  const inner = isJsonObject(nested) ? nested : outer;
  const message = messageOf(inner) || textOf(nested) || messageOf(outer) || `HTTP ${status}`;
  const isAccount = status === 400 && ACCOUNT_AT_FAULT.test(message);
  return { status: isAccount ? 402 : status, message, body, ...namesOf(inner) };
}

/** The provider's words for the error: cloud hosts say `status` or `__type` where the vendor says `type`. */
function namesOf(inner: JsonObject): Pick<UpstreamFault, "type" | "code" | "param"> {
  const type = textOf(inner["type"]) || textOf(inner["status"]) || textOf(inner["__type"]);
  const code = inner["code"] ?? objectOf(inner["details"])["error_code"];
  const param = textOf(inner["param"]);
  return {
    ...(type !== "" && type !== "error" && { type }),
    ...((typeof code === "string" || typeof code === "number") && { code: String(code) }),
    ...(param !== "" && { param }),
  };
}

function messageOf(body: JsonObject): string {
  const { message, Message: capital, detail, error_description: description } = body;
  return textOf(message) || textOf(capital) || textOf(detail) || textOf(description) || detailMessage(detail);
}

/** The first entry of a validation report: `[{ loc: ["body", "max_tokens"], msg: "field required" }]`. */
function detailMessage(detail: Json | undefined): string {
  const first = objectOf(Array.isArray(detail) ? detail[0] : detail);
  const where = Array.isArray(first["loc"])
    ? `${first["loc"].map((step) => (typeof step === "number" ? step : textOf(step))).join(".")}: `
    : "";
  const message = textOf(first["msg"]) || textOf(first["message"]);
  return message === "" ? "" : where + message;
}

/** The text of an HTML page's title, or the text itself. */
function readableText(text: string): string {
  if (!text.trimStart().startsWith("<")) return text.trim();
  return (
    /<title[^>]*>([^<]*)<\/title>/i.exec(text)?.[1]?.trim() ?? "the upstream answered with a page instead of an error"
  );
}

/** The error that an error event inside a stream, or an error body in a successful answer, stands for. */
export function streamError(body: Json): GatewayError {
  const fault = decodeError(0, body);
  const known = fault.type !== undefined && Object.hasOwn(TYPES, fault.type) ? TYPES[fault.type] : undefined;
  fault.status = known?.status ?? 500;
  if (fault.message === "HTTP 0") fault.message = fault.type ?? "the upstream reported an error";
  return new GatewayError(known?.code ?? "upstream_error", fault.message, { upstream: fault });
}
