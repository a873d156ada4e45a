import type { EncodedError, HeaderReader } from "../../canonical/dialect.ts";
import { GatewayError, type ErrorCode, type UpstreamFault } from "../../canonical/errors.ts";
import { isJsonObject, objectOf, type Json, type JsonObject } from "../../canonical/json.ts";
import { textOf } from "./wire.ts";

/**
 * The vendor's exceptions (AWS SDK: its error schemas; "Common errors" of AWS APIs): the status that says best what they
 * mean, where that is not their own, and the code of one within a stream.
 */
const TYPES: Readonly<Record<string, { status?: number; code: ErrorCode }>> = {
  AccessDeniedException: { code: "upstream_auth" },
  ConflictException: { code: "upstream_invalid_request" },
  ExpiredTokenException: { status: 403, code: "upstream_auth" },
  InternalServerException: { code: "upstream_error" },
  InvalidSignatureException: { status: 403, code: "upstream_auth" },
  ModelErrorException: { status: 500, code: "upstream_error" },
  ModelNotReadyException: { code: "upstream_rate_limited" },
  ModelStreamErrorException: { status: 500, code: "upstream_error" },
  ModelTimeoutException: { code: "upstream_timeout" },
  ResourceNotFoundException: { code: "upstream_not_found" },
  ServiceQuotaExceededException: { status: 429, code: "upstream_rate_limited" },
  ServiceUnavailableException: { code: "upstream_error" },
  ThrottlingException: { code: "upstream_rate_limited" },
  UnrecognizedClientException: { status: 403, code: "upstream_auth" },
  ValidationException: { code: "upstream_invalid_request" },
};

const TYPE_OF_STATUS: Readonly<Record<number, string>> = {
  401: "AccessDeniedException",
  402: "ServiceQuotaExceededException",
  403: "AccessDeniedException",
  404: "ResourceNotFoundException",
  408: "ModelTimeoutException",
  424: "ModelErrorException",
  429: "ThrottlingException",
  503: "ServiceUnavailableException",
  504: "ModelTimeoutException",
};

/** The exceptions that a stream may hold (AWS SDK: `ConverseStreamOutput`); all others are told as the nearest of them. */
const IN_STREAM: Readonly<Record<string, string>> = {
  ModelStreamErrorException: "modelStreamErrorException",
  ModelErrorException: "modelStreamErrorException",
  ServiceUnavailableException: "serviceUnavailableException",
  ThrottlingException: "throttlingException",
  ServiceQuotaExceededException: "throttlingException",
  ModelNotReadyException: "throttlingException",
  ValidationException: "validationException",
  AccessDeniedException: "validationException",
  ResourceNotFoundException: "validationException",
};

const MAX_TEXT = 2000;

function typeOfStatus(status: number): string {
  return TYPE_OF_STATUS[status] ?? (status >= 400 && status < 500 ? "ValidationException" : "InternalServerException");
}

function typeOf(error: GatewayError): string {
  const own = error.fields.upstream?.type;
  return own !== undefined && Object.hasOwn(TYPES, own) ? own : typeOfStatus(error.status);
}

/**
 * Status and body of an error in this dialect. `error` is ours: a `code` beside the message would be taken for the type of
 * the exception by AWS's SDKs.
 */
export function encodeError(error: GatewayError): EncodedError {
  return { status: error.status, body: { __type: typeOf(error), ...errorBody(error) } };
}

/** The name of the exception within a stream that tells of an error. */
export function streamExceptionOf(error: GatewayError): string {
  const type = typeOf(error);
  return Object.hasOwn(IN_STREAM, type) ? (IN_STREAM[type] ?? "") : "internalServerException";
}

/** Message and details, as bodies and the exceptions of streams hold them. */
export function errorBody(error: GatewayError): JsonObject {
  const { upstream, param, limit, attempts } = error.fields;
  return {
    message: upstream !== undefined && upstream.message !== "" ? upstream.message : error.message,
    error: {
      code: error.code,
      ...(param !== undefined && { param }),
      ...(limit !== undefined && { limit: { ...limit } }),
      ...(attempts !== undefined && { attempts: attempts.map((attempt) => ({ ...attempt })) }),
    },
  };
}

/**
 * Reads an error body. Its type stands in the header `x-amzn-ErrorType`, or in `__type` or `code` of the body, with what
 * belongs to a namespace around it: https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html.
 */
export function decodeError(status: number, body: Json, headers?: HeaderReader): UpstreamFault {
  const fields = objectOf(body);
  const told = headers?.get("x-amzn-errortype") ?? (textOf(fields["__type"]) || textOf(fields["code"]));
  const type = bareType(told);
  const known = Object.hasOwn(TYPES, type) ? TYPES[type]?.status : undefined;
  const meant = known ?? (status === 424 ? 500 : status);
  const message = messageOf(body) || (type === "" ? `HTTP ${status}` : type);
  const rest = typeof body === "string" ? body.slice(0, MAX_TEXT) : body;
  return { status: meant, message, body: rest, ...(type !== "" && { type }) };
}

/** `ValidationException` of `aws.protocoltests#ValidationException:http://internal.amazon.com/…`. */
function bareType(text: string): string {
  const first = text.split(",")[0]?.split(":")[0] ?? "";
  return first.slice(first.indexOf("#") + 1).trim();
}

function messageOf(body: Json): string {
  if (typeof body === "string") return readableText(body.slice(0, MAX_TEXT));
  const { message, Message: capital, error } = objectOf(body);
  const nested = isJsonObject(error) ? textOf(error["message"]) : textOf(error);
  return textOf(message) || textOf(capital) || nested;
}

/** The text of an HTML page's title, or the text itself. */
function readableText(text: string): string {
  if (!text.trimStart().startsWith("<")) return text.trim();
  return /<title[^>]*>([^<]*)<\/title>/i.exec(text)?.[1]?.trim() ?? "";
}

/** The error that an exception within a stream stands for; `name` as the wire gives it, such as `throttlingException`. */
export function streamError(name: string, body: Json): GatewayError {
  const type = name.charAt(0).toUpperCase() + name.slice(1);
  const known = Object.hasOwn(TYPES, type) ? TYPES[type] : undefined;
  const status = known?.status ?? STATUS_OF_CODE[known?.code ?? "upstream_error"] ?? 500;
  const message = messageOf(body) || type || "the upstream reported an error";
  const rest = typeof body === "string" ? body.slice(0, MAX_TEXT) : body;
  return new GatewayError(known?.code ?? "upstream_error", message, {
    upstream: { status, message, body: rest, ...(type !== "" && { type }) },
  });
}

const STATUS_OF_CODE: Partial<Record<ErrorCode, number>> = {
  upstream_auth: 403,
  upstream_invalid_request: 400,
  upstream_not_found: 404,
  upstream_rate_limited: 429,
  upstream_timeout: 408,
};
