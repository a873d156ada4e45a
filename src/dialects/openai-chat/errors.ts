import type { EncodedError } from "../../canonical/dialect.ts";
import type { ErrorCode, UpstreamFault } from "../../canonical/errors.ts";
import { GatewayError, upstreamErrorCode } from "../../canonical/errors.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import { withRefusedKey } from "../../canonical/refused-key.ts";
import { readBaseResp } from "./base-resp.ts";
import { numberOf, objectOf, textOf } from "./wire.ts";

const LONGEST_TEXT = 2000;

/**
 * Reads an upstream's error body. Shapes seen: `{error: {message, type, param, code}}` (OpenAI and most), the same in a
 * list (Google's compatible endpoint), `{error: "…"}` (Hugging Face, Together, Ollama), `{code, error: "…"}` (xAI),
 * `{error: {code, message, metadata: {raw}}}` (OpenRouter), `{object: "error", message, type, code}` (Mistral, vLLM),
 * `{detail: "…" | [{loc, msg, type}]}` (FastAPI hosts), `{message: …}`, `{code, message, request_id}` (DashScope),
 * `{errors: [{code, message}]}` (Cloudflare), `{error_code, message}` (Databricks), `{statusCode, message}` (Azure's front),
 * `{base_resp: {status_code, status_msg}}` (MiniMax), HTML and plain text from proxies.
 */
export function decodeError(status: number, body: Json): UpstreamFault {
  if (typeof body === "string")
    return { status, message: plainMessage(body, status), body: body.slice(0, LONGEST_TEXT) };
  const whole = Array.isArray(body) ? body[0] : body;
  const outer = objectOf(whole) ?? {};
  const inner = innermost(outer);
  const fault: UpstreamFault = {
    status,
    message: messageOf(inner, outer) ?? `upstream answered with status ${status}`,
    body,
  };
  const type = textOf(inner["type"]) ?? textOf(inner["status"]) ?? textOf(outer["type"]);
  const code = wordOf(inner["code"]) ?? wordOf(outer["code"]) ?? wordOf(outer["error_code"]);
  const said = objectOf(inner["message"]) ?? outer;
  const param = textOf(inner["param"]) ?? pathOf(inner["detail"]) ?? pathOf(said["detail"]);
  if (type !== undefined) fault.type = type;
  if (code !== undefined) fault.code = code;
  if (param !== undefined) fault.param = param;
  return withRefusedKey(fault);
}

/** The object that holds the message: `error`, `error.error`, `base_resp`, the first of `errors`, or the body itself. */
function innermost(outer: JsonObject): JsonObject {
  const error = objectOf(outer["error"]);
  if (error !== undefined) return objectOf(error["error"]) ?? error;
  const base = readBaseResp(outer);
  if (base !== undefined) return base;
  const { errors } = outer;
  return (Array.isArray(errors) ? errors.find(isJsonObject) : undefined) ?? outer;
}

function wordOf(value: Json | undefined): string | undefined {
  return typeof value === "number" ? String(value) : textOf(value);
}

function messageOf(inner: JsonObject, outer: JsonObject): string | undefined {
  const own = sentence(inner["message"]) ?? textOf(inner["msg"]) ?? textOf(inner["error_description"]);
  const raw = upstreamMessage(inner);
  if (own !== undefined) return raw === undefined || own.includes(raw) ? own : `${own}: ${raw}`;
  return (
    raw ??
    sentence(outer["error"]) ??
    sentence(inner["detail"]) ??
    sentence(outer["message"]) ??
    sentence(outer["detail"]) ??
    sentence(outer["errors"]) ??
    textOf(outer["title"])
  );
}

/** What OpenRouter's own upstream said: `error.metadata.raw`, JSON as text. */
function upstreamMessage(inner: JsonObject): string | undefined {
  const raw = objectOf(inner["metadata"])?.["raw"];
  const text = textOf(raw);
  if (text === undefined) return isJsonObject(raw) ? decodeError(0, raw).message : undefined;
  try {
    const parsed: Json = JSON.parse(text);
    return isJsonObject(parsed) || Array.isArray(parsed) ? decodeError(0, parsed).message : text;
  } catch {
    return text.slice(0, LONGEST_TEXT);
  }
}

/** A message that may be text, a list of validation errors, or an object around either. */
function sentence(value: Json | undefined): string | undefined {
  if (typeof value === "string") return textOf(value.trim());
  if (Array.isArray(value))
    return textOf(
      value
        .map(complaint)
        .filter((text) => text !== "")
        .join("; "),
    );
  if (!isJsonObject(value)) return undefined;
  return sentence(value["message"]) ?? sentence(value["detail"]) ?? JSON.stringify(value).slice(0, LONGEST_TEXT);
}

function complaint(value: Json): string {
  if (!isJsonObject(value)) return typeof value === "string" ? value : "";
  const text = textOf(value["msg"]) ?? textOf(value["message"]) ?? textOf(value["error"]) ?? "";
  const path = pathOf([value]);
  return path === undefined || text === "" ? text : `${path}: ${text}`;
}

/** Where a FastAPI validation error points, `["body","messages",0]` as `messages.0`. */
function pathOf(detail: Json | undefined): string | undefined {
  const first = Array.isArray(detail) ? objectOf(detail[0]) : undefined;
  const loc = first?.["loc"];
  if (!Array.isArray(loc)) return undefined;
  const steps: string[] = [];
  for (const step of loc) {
    const word = wordOf(step);
    if (word !== undefined && word !== "body") steps.push(word);
  }
  return textOf(steps.join("."));
}

/** The words of an HTML page or plain text. */
function plainMessage(body: string, status: number): string {
  const text = body.slice(0, LONGEST_TEXT).trim();
  if (text === "") return `upstream answered with status ${status}`;
  if (!text.startsWith("<")) return text;
  const title = /<title[^>]*>([^<]*)<\/title>/iu.exec(text)?.[1]?.trim();
  const words =
    title ??
    text
      .replace(/<[^>]*>/gu, " ")
      .replace(/\s+/gu, " ")
      .trim();
  return words === "" ? `upstream answered with status ${status}` : words;
}

/** Meanings of error types and codes, by a piece of the word; the first that fits counts. */
const MEANINGS: readonly (readonly [RegExp, ErrorCode])[] = [
  [/rate.?limit|too.?many|quota|throttl|resource.?exhausted|insufficient.?balance/iu, "upstream_rate_limited"],
  [/auth|api.?key|permission|forbidden|credential|billing|payment/iu, "upstream_auth"],
  [/not.?found/iu, "upstream_not_found"],
  [/time.?out|timed.?out|deadline/iu, "upstream_timeout"],
  [/overload|unavailable|capacity|server.?error|internal|bad.?gateway/iu, "upstream_error"],
  [
    /invalid|bad.?request|unsupported|context.?length|too.?(long|large)|validation|content.?(filter|policy)/iu,
    "upstream_invalid_request",
  ],
];

/**
 * The error of a fault that came with status 200: in the stream, or as the whole answer. Its code goes by the number that
 * some hosts put in `code` or `status`, or else by the meaning of its words.
 */
export function faultToError(body: JsonObject): GatewayError {
  const fault = decodeError(200, body);
  const status = statusIn(fault, objectOf(body["error"]) ?? body);
  const code = status === undefined ? meaningOf(fault) : upstreamErrorCode(status);
  return new GatewayError(code, fault.message, { upstream: { ...fault, status: status ?? fault.status } });
}

function statusIn(fault: UpstreamFault, error: JsonObject): number | undefined {
  for (const value of [fault.code, error["status"], error["status_code"], error["http_status"]]) {
    const number = numberOf(typeof value === "string" && value !== "" ? Number(value) : value);
    if (number !== undefined && number >= 400 && number <= 599) return number;
  }
  return undefined;
}

function meaningOf(fault: UpstreamFault): ErrorCode {
  for (const words of [fault.code, fault.type]) {
    const found = words === undefined ? undefined : MEANINGS.find(([pattern]) => pattern.test(words));
    if (found !== undefined) return found[1];
  }
  return "upstream_error";
}

/** OpenAI's `error.type` by status (platform.openai.com, error codes). */
const TYPES: Record<number, string> = {
  401: "authentication_error",
  402: "insufficient_quota",
  403: "permission_error",
  404: "not_found_error",
  429: "rate_limit_error",
};

function typeOf(status: number): string {
  return TYPES[status] ?? (status >= 500 ? "server_error" : "invalid_request_error");
}

/**
 * An error in OpenAI's shape, `{error: {message, type, param, code}}`, with the limit and the attempts beside, and Azure's
 * `innererror`, which says what its content filter found.
 */
export function encodeError(error: GatewayError): EncodedError {
  const { status, fields } = error;
  const { upstream } = fields;
  const family = upstream !== undefined && isOwnFamily(upstream) ? upstream : undefined;
  const body: JsonObject = {
    message: textOf(upstream?.message) ?? error.message,
    type: family?.type ?? typeOf(status),
    param: fields.param ?? upstream?.param ?? null,
    code: family?.code ?? error.code,
  };
  addInner(family, body);
  if (fields.limit !== undefined) body["limit"] = { ...fields.limit };
  if (fields.attempts !== undefined) body["attempts"] = fields.attempts.map((attempt) => ({ ...attempt }));
  return { status, body: { error: body } };
}

function addInner(fault: UpstreamFault | undefined, body: JsonObject): void {
  const inner = objectOf(objectOf(objectOf(fault?.body)?.["error"])?.["innererror"]);
  if (inner !== undefined) body["innererror"] = inner;
}

/** True for the words of OpenAI's own shape: Anthropic has a `type` beside `error`, Google a `status` within. */
function isOwnFamily(fault: UpstreamFault): boolean {
  const body = objectOf(fault.body);
  const error = objectOf(body?.["error"]);
  return body !== undefined && error !== undefined && body["type"] !== "error" && typeof error["status"] !== "string";
}
