import type { EncodedError } from "../../canonical/dialect.ts";
import { GatewayError, upstreamErrorCode, type ErrorCode, type UpstreamFault } from "../../canonical/errors.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import { objectOf, textOf } from "./wire.ts";

const MAX_TEXT = 2000;

/**
 * Status and body of an error in this dialect: `{ message }` with the id of the vendor's answer, if there is one
 * (https://docs.cohere.com/reference/errors). `code`, `param`, `limit` and `attempts` are ours, beside it.
 */
export function encodeError(error: GatewayError): EncodedError {
  const { upstream, param, limit, attempts } = error.fields;
  const id = objectOf(upstream?.body as Json)["id"];
  const body: JsonObject = {
    ...(typeof id === "string" && { id }),
    message: messageOf(error),
    code: error.code,
    ...(param !== undefined && { param }),
    ...(limit !== undefined && { limit: { ...limit } }),
    ...(attempts !== undefined && { attempts: attempts.map((attempt) => ({ ...attempt })) }),
  };
  return { status: error.status, body };
}

/** The upstream's own words where it had some. */
export function messageOf({ fields: { upstream }, message }: GatewayError): string {
  return upstream !== undefined && upstream.message !== "" ? upstream.message : message;
}

/** Reads an error body: `{ message, id }`, or what compatible servers and proxies send in its place. */
export function decodeError(status: number, body: Json): UpstreamFault {
  if (typeof body === "string") {
    const text = body.slice(0, MAX_TEXT);
    return { status, message: readableText(text) || `HTTP ${status}`, body: text };
  }
  const outer = objectOf(Array.isArray(body) ? body[0] : body);
  const inner = objectOf(outer["error"]);
  const said = [
    outer["message"],
    inner["message"],
    outer["error"],
    outer["detail"],
    objectOf(outer["data"])["message"],
  ];
  const message = said.find((each) => typeof each === "string" && each !== "");
  const code = inner["code"] ?? outer["code"];
  return {
    status,
    message: textOf(message) || `HTTP ${status}`,
    body,
    ...((typeof code === "string" || typeof code === "number") && { code: String(code) }),
  };
}

/** The text of an HTML page's title, or the text itself. */
function readableText(text: string): string {
  if (!text.trimStart().startsWith("<")) return text.trim();
  return /<title[^>]*>([^<]*)<\/title>/i.exec(text)?.[1]?.trim() ?? "";
}

/** Codes of the reasons that stand for an error (vendor SDK: `ChatFinishReason`). */
const FAILED: Record<string, ErrorCode> = { ERROR: "upstream_error", TIMEOUT: "upstream_timeout" };
const FAILED_STATUS = { ERROR: 500, TIMEOUT: 504 };

/** The error that an answer stands for which ends with this reason, or with an error text; undefined for a good one. */
export function failureOf(reason: string, error: Json | undefined): GatewayError | undefined {
  const text = textOf(error);
  const code = Object.hasOwn(FAILED, reason) ? FAILED[reason] : undefined;
  if (code === undefined && text === "") return undefined;
  const status = reason === "TIMEOUT" ? FAILED_STATUS.TIMEOUT : FAILED_STATUS.ERROR;
  const message = text || (reason === "TIMEOUT" ? "the upstream took too long" : "the upstream failed while answering");
  return new GatewayError(code ?? "upstream_error", message, { upstream: { status, message, type: reason } });
}

/** The error that an error body within a stream or a successful answer stands for. */
export function bodyError(body: JsonObject): GatewayError {
  const fault = decodeError(500, body);
  return new GatewayError(upstreamErrorCode(fault.status), fault.message, { upstream: fault });
}
