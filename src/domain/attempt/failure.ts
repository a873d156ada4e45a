import { GatewayError, upstreamErrorCode, type ErrorCode, type UpstreamFault } from "../../canonical/errors.ts";
import type { HttpErrorKind } from "../../lib/http-client/index.ts";

const NETWORK: Record<HttpErrorKind, { code: ErrorCode; text: string }> = {
  dns: { code: "upstream_unreachable", text: "its host name could not be resolved" },
  connect_refused: { code: "upstream_unreachable", text: "it refused the connection" },
  connect_timeout: { code: "upstream_timeout", text: "no connection within the connect timeout" },
  tls: { code: "upstream_unreachable", text: "the TLS handshake failed" },
  reset: { code: "upstream_unreachable", text: "it closed the connection before it answered" },
  first_byte_timeout: { code: "upstream_timeout", text: "no answer within the first-byte timeout" },
  idle_timeout: { code: "upstream_timeout", text: "it went silent within its answer for longer than the idle timeout" },
  truncated: { code: "upstream_truncated", text: "its answer broke off" },
  protocol: { code: "provider_protocol_error", text: "its answer was not valid HTTP" },
  too_large: { code: "provider_protocol_error", text: "its answer exceeded the size limit" },
  aborted: { code: "client_aborted", text: "the call was given up" },
};

/** The error of a call that failed below HTTP. */
export function networkFailure(provider: string, kind: HttpErrorKind): GatewayError {
  const { code, text } = NETWORK[kind];
  return new GatewayError(code, `provider ${provider}: ${text}`);
}

const AUTH_TEXT = "it refused the gateway's credential or account";

/**
 * The error of a call that the upstream answered with an error; `fault.status` may be more exact than the status on the wire. The upstream's own words reach the client, except
 * about our credential: those may quote parts of the key.
 */
export function statusFailure(provider: string, fault: UpstreamFault, retryAfterMs: number | null): GatewayError {
  const { status } = fault;
  const code = upstreamErrorCode(status);
  const wait = retryAfterMs ?? fault.retryAfterMs;
  const retry = wait === undefined ? {} : { retryAfterMs: wait };
  if (code === "upstream_auth") {
    const message = `provider ${provider}: ${AUTH_TEXT} (status ${status})`;
    return new GatewayError(code, message, { upstream: { status, message }, ...retry });
  }
  const own = status >= 400 && status < 500 && code !== "upstream_timeout" ? { status } : {};
  const param = fault.param === undefined ? {} : { param: fault.param };
  return new GatewayError(code, fault.message, { upstream: fault, ...own, ...param, ...retry });
}

/** The error of an answer that is not what the dialect promises. */
export function protocolFailure(provider: string, what: string): GatewayError {
  return new GatewayError("provider_protocol_error", `provider ${provider}: ${what}`);
}

/** What to do after a failed attempt. */
export type Next = "same_key" | "other_key" | "next_target" | "stop";

const POLICY: Partial<Record<ErrorCode, Next>> = {
  upstream_unreachable: "same_key",
  upstream_error: "same_key",
  upstream_truncated: "same_key",
  provider_protocol_error: "same_key",
  upstream_timeout: "next_target",
  upstream_rate_limited: "other_key",
  upstream_auth: "other_key",
};

const CLIENT_FAULTS: ReadonlySet<ErrorCode> = new Set([
  "upstream_invalid_request",
  "upstream_not_found",
  "upstream_too_large",
  "upstream_unprocessable",
]);

/** The first choice by kind of failure; the caller turns to the next one when it is used up. */
export function nextAfter(code: ErrorCode, fallbackOnClientError: boolean): Next {
  if (CLIENT_FAULTS.has(code)) return fallbackOnClientError ? "next_target" : "stop";
  return POLICY[code] ?? "stop";
}
