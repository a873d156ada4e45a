import type { GatewayError } from "../../canonical/errors.ts";
import type { DialectName } from "../../canonical/names.ts";
import { stepText } from "../../canonical/trace.ts";
import { explainedReply } from "./explained-reply.ts";
import type { Reply, RequestContext } from "../../pipeline/context.ts";

const MAX_HEADER = 1000;
/** Statuses whose answers have no body (RFC 9110, 15). */
const BODILESS: ReadonlySet<number> = new Set([204, 205, 304]);

/** The HTTP response of a request that went through the pipeline; `isLast`: the connection is not kept. */
export function responseOf(context: RequestContext, plain: Reply, isLast: boolean): Response {
  const reply = context.explains ? explainedReply(context, plain) : plain;
  const headers = headersOf(context, reply);
  if (isLast) headers["connection"] = "close";
  if (reply.contentType === "") delete headers["content-type"];
  const body = BODILESS.has(reply.status) ? null : (reply.body as BodyInit);
  return new Response(body, { status: reply.status, headers });
}

/**
 * Where vendors' SDKs look for the id of a request, to show it with the answer and with errors (`request_id`, `_request_id`,
 * `requestID`, `$metadata.requestId`): the gateway's leads to the record.
 */
const ID_HEADERS: Partial<Record<DialectName, string>> = {
  "anthropic-messages": "request-id",
  "bedrock-converse": "x-amzn-requestid",
  openai: "x-request-id",
  "openai-chat": "x-request-id",
  "openai-completions": "x-request-id",
  "openai-responses": "x-request-id",
};

/** The response of a request that was refused before the pipeline. */
export function errorResponse(
  dialect: DialectName,
  id: string,
  status: number,
  body: unknown,
  error: GatewayError,
): Response {
  const headers: Record<string, string> = { "content-type": "application/json", "x-trunkline-request-id": id };
  addId(headers, dialect, id);
  addRetryAfter(headers, error);
  return new Response(JSON.stringify(body), { status, headers });
}

function headersOf(context: RequestContext, reply: Reply): Record<string, string> {
  const { trace, warnings, costNano } = context;
  const headers = servedHeaders(context, reply);
  addId(headers, context.arrival.dialect.name, context.arrival.id);
  if (trace.length > 0) {
    headers["x-trunkline-route"] = printable(trace.map((step) => `${step.step}=${stepText(step)}`).join("; "));
  }
  if (warnings.length > 0) {
    headers["x-trunkline-warnings"] = printable(warnings.map(({ code, field }) => `${code} ${field}`).join("; "));
  }
  if (costNano !== null && context.isSettled && context.served !== null) headers["x-trunkline-cost"] = usd(costNano);
  if (context.arrival.replyHeaders !== null) Object.assign(headers, context.arrival.replyHeaders(context));
  if (context.isStreaming) headers["cache-control"] = "no-cache";
  for (const name in reply.headers) headers[name] = reply.headers[name] ?? "";
  if (reply.location !== undefined) headers["location"] = reply.location;
  if (reply.error !== undefined) addRetryAfter(headers, reply.error);
  return headers;
}

function addId(headers: Record<string, string>, dialect: DialectName, id: string): void {
  const name = ID_HEADERS[dialect];
  if (name !== undefined) headers[name] = id;
}

/** What nearly every response has, in one literal: engines build those at once. */
function servedHeaders({ arrival, served, attempts }: RequestContext, { contentType }: Reply): Record<string, string> {
  if (served === null) {
    const headers: Record<string, string> = { "content-type": contentType, "x-trunkline-request-id": arrival.id };
    if (attempts.length > 0) headers["x-trunkline-attempts"] = String(attempts.length);
    return headers;
  }
  return {
    "content-type": contentType,
    "x-trunkline-request-id": arrival.id,
    "x-trunkline-provider": served.provider,
    "x-trunkline-model": printable(served.model),
    "x-trunkline-key": printable(served.key),
    "x-trunkline-attempts": String(Math.max(1, attempts.length)),
  };
}

/** Whole seconds, rounded up (RFC 9110, 10.2.3). */
function addRetryAfter(headers: Record<string, string>, error: GatewayError): void {
  const wait = error.fields.retryAfterMs;
  if (wait !== undefined) headers["retry-after"] = String(Math.max(1, Math.ceil(wait / 1000)));
}

const NANO = 1e9;

/** US dollars from whole nano-dollars, exact, trailing zeros cut: never in exponent form. */
export function usd(nano: number): string {
  const whole = String(Math.floor(nano / NANO));
  const rest = nano % NANO;
  if (rest === 0) return whole;
  const digits = String(rest).padStart(9, "0");
  let end = digits.length;
  while (digits.charCodeAt(end - 1) === ZERO) end -= 1;
  return `${whole}.${digits.slice(0, end)}`;
}

const ZERO = 48;
const UNPRINTABLE = /[^\x20-\x7e]/g;

function printable(text: string): string {
  const short = text.length > MAX_HEADER ? `${text.slice(0, MAX_HEADER)}...` : text;
  return isPrintable(short) ? short : short.replace(UNPRINTABLE, "?");
}

function isPrintable(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 0x20 || code > 0x7e) return false;
  }
  return true;
}
