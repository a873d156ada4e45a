import type { GatewayError } from "../../canonical/errors.ts";
import type { Reply, RequestContext } from "../../pipeline/context.ts";

const MAX_HEADER = 1000;

/** The HTTP response of a request that went through the pipeline; `isLast`: the connection is not kept. */
export function responseOf(context: RequestContext, reply: Reply, isLast: boolean): Response {
  const headers = headersOf(context, reply);
  if (isLast) headers["connection"] = "close";
  return new Response(reply.body as BodyInit, { status: reply.status, headers });
}

/** The response of a request that was refused before the pipeline. */
export function errorResponse(id: string, status: number, body: unknown, error: GatewayError): Response {
  const headers: Record<string, string> = { "content-type": "application/json", "x-trunkline-request-id": id };
  addRetryAfter(headers, error);
  return new Response(JSON.stringify(body), { status, headers });
}

function headersOf(context: RequestContext, reply: Reply): Record<string, string> {
  const headers: Record<string, string> = {
    "content-type": reply.contentType,
    "x-trunkline-request-id": context.arrival.id,
  };
  const { served, attempts, trace, warnings, costNano } = context;
  if (served !== null) {
    headers["x-trunkline-provider"] = served.provider;
    headers["x-trunkline-model"] = printable(served.model);
    headers["x-trunkline-key"] = printable(served.key);
  }
  if (attempts.length > 0) headers["x-trunkline-attempts"] = String(attempts.length);
  if (trace.length > 0)
    headers["x-trunkline-route"] = printable(trace.map(({ step, result }) => `${step}=${result}`).join("; "));
  if (warnings.length > 0)
    headers["x-trunkline-warnings"] = printable(warnings.map(({ code, field }) => `${code} ${field}`).join("; "));
  if (costNano !== null && context.isSettled && served !== null) headers["x-trunkline-cost"] = usd(costNano);
  if (context.isStreaming) headers["cache-control"] = "no-cache";
  if (reply.error !== undefined) addRetryAfter(headers, reply.error);
  return headers;
}

/** Whole seconds, rounded up (RFC 9110, 10.2.3). */
function addRetryAfter(headers: Record<string, string>, error: GatewayError): void {
  const wait = error.fields.retryAfterMs;
  if (wait !== undefined) headers["retry-after"] = String(Math.max(1, Math.ceil(wait / 1000)));
}

/** US dollars with nine decimals, trailing zeros cut: never in exponent form. */
export function usd(nano: number): string {
  const text = (nano / 1e9).toFixed(9);
  return text.replace(/\.?0+$/, "") || "0";
}

const UNPRINTABLE = /[^\x20-\x7e]/g;

function printable(text: string): string {
  const short = text.length > MAX_HEADER ? `${text.slice(0, MAX_HEADER)}…` : text;
  return short.replace(UNPRINTABLE, "?");
}
