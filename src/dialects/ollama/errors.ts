import type { EncodedError } from "../../canonical/dialect.ts";
import { GatewayError, upstreamErrorCode, type UpstreamFault } from "../../canonical/errors.ts";
import { isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";
import { numberOf, textOf } from "./wire.ts";

const LONGEST_TEXT = 2000;

/** Encodes an error as `{"error": "…"}` (https://docs.ollama.com/api/errors), with the stable code and what limits beside. */
export function encodeError(error: GatewayError): EncodedError {
  const { upstream, param, limit, attempts } = error.fields;
  const body: JsonObject = { error: textOf(upstream?.message) ?? error.message, code: error.code };
  const at = param ?? upstream?.param;
  if (at !== undefined) body["param"] = at;
  if (limit !== undefined) body["limit"] = { ...limit };
  if (attempts !== undefined) body["attempts"] = attempts.map((attempt) => ({ ...attempt }));
  return { status: error.status, body };
}

/** Reads an error body: `{"error": "…"}`, an object in its place (from proxies), or plain text. */
export function decodeError(status: number, body: Json): UpstreamFault {
  if (!isJsonObject(body)) {
    const text = typeof body === "string" ? body.slice(0, LONGEST_TEXT) : JSON.stringify(body);
    return { status, message: plainMessage(text, status), body: text };
  }
  const { error } = body;
  const inner = isJsonObject(error) ? error : body;
  const message = textOf(error) ?? textOf(inner["message"]) ?? textOf(inner["detail"]);
  const fault: UpstreamFault = { status, message: message ?? `the provider answered ${status}`, body };
  const code = textOf(inner["code"]);
  if (code !== undefined) fault.code = code;
  return fault;
}

function plainMessage(text: string, status: number): string {
  const words = text.startsWith("<") ? /<title[^>]*>([^<]*)<\/title>/iu.exec(text)?.[1] : text;
  return words?.trim() || `the provider answered ${status}`;
}

/** The error of a body, or of a line of a stream, that came with status 200. */
export function faultToError(body: JsonObject): GatewayError {
  const status = numberOf(body["status"]);
  const told = status !== undefined && status >= 400 && status < 600 ? status : undefined;
  const fault = decodeError(told ?? 200, body);
  return new GatewayError(told === undefined ? "upstream_error" : upstreamErrorCode(told), fault.message, {
    upstream: fault,
  });
}
