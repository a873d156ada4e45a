import type { EncodedError, ErrorCodec } from "../../canonical/dialect.ts";
import type { GatewayError, UpstreamFault } from "../../canonical/errors.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";

/** https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModel.html#API_runtime_InvokeModel_Errors */
const TYPE_OF_STATUS: Readonly<Record<number, string>> = {
  400: "ValidationException",
  401: "AccessDeniedException",
  402: "ServiceQuotaExceededException",
  403: "AccessDeniedException",
  404: "ResourceNotFoundException",
  408: "ModelTimeoutException",
  413: "ValidationException",
  422: "ValidationException",
  424: "ModelErrorException",
  429: "ThrottlingException",
  503: "ServiceUnavailableException",
  504: "ModelTimeoutException",
};

const MAX_TEXT = 2000;

function typeOf(error: GatewayError): string {
  const own = error.fields.upstream?.type;
  if (own !== undefined && own.endsWith("Exception")) return own[0]?.toUpperCase() + own.slice(1);
  return TYPE_OF_STATUS[error.status] ?? (error.status < 500 ? "ValidationException" : "InternalServerException");
}

/**
 * An error as AWS's SDKs read it: they take the exception's name from `__type` where the header `x-amzn-errortype` is
 * missing (https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html#operation-error-serialization). What follows it
 * is ours; `code` would be taken for the name.
 */
export function encodeError(error: GatewayError): EncodedError {
  const { upstream, param, limit, attempts } = error.fields;
  const said = upstream !== undefined && upstream.message !== "" ? upstream.message : error.message;
  const body: JsonObject = {
    message: said,
    __type: typeOf(error),
    reason: error.code,
    ...(param !== undefined && { param }),
    ...(limit !== undefined && { limit: { ...limit } }),
    ...(attempts !== undefined && { attempts: attempts.map((attempt) => ({ ...attempt })) }),
  };
  return { status: error.status, body };
}

/** Reads `{"message": …}`, with `Message` or `error` in its place, or text. */
export function decodeError(status: number, body: Json): UpstreamFault {
  if (!isJsonObject(body)) {
    const text = typeof body === "string" ? body.trim().slice(0, MAX_TEXT) : "";
    return { status, message: text || `HTTP ${status}`, ...(text !== "" && { body: text }) };
  }
  const inner = isJsonObject(body["error"]) ? body["error"] : body;
  const message = [inner["message"], inner["Message"], body["error"]].find((each) => typeof each === "string" && each);
  const type = inner["__type"] ?? inner["type"];
  return {
    status,
    message: typeof message === "string" ? message : `HTTP ${status}`,
    body,
    ...(typeof type === "string" && type !== "" && { type: type.slice(type.lastIndexOf("#") + 1) }),
  };
}

/** Errors of Bedrock's InvokeModel, whatever dialect the bodies of its models are in. */
export const bedrockErrors: ErrorCodec = { encodeError, decodeError };
