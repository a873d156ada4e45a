import type { Outcome } from "./names.ts";

interface ErrorKind {
  /** HTTP status towards the client. */
  status: number;
  /** Whether the same request may succeed on another try or another target. */
  retryable: boolean;
  outcome: Outcome;
}

const kind = (status: number, retryable: boolean, outcome: Outcome): ErrorKind => ({ status, retryable, outcome });

/** Every error that a client can see, by its stable code. */
export const ERRORS = {
  invalid_request: kind(400, false, "invalid_request"),
  invalid_json: kind(400, false, "invalid_request"),
  unsupported_operation: kind(400, false, "invalid_request"),
  body_timeout: kind(408, true, "invalid_request"),
  body_too_large: kind(413, false, "invalid_request"),
  unsupported_media_type: kind(415, false, "invalid_request"),
  method_not_allowed: kind(405, false, "invalid_request"),
  route_not_found: kind(404, false, "not_found"),
  not_found: kind(404, false, "not_found"),
  model_not_found: kind(404, false, "not_found"),
  unauthenticated: kind(401, false, "unauthenticated"),
  model_not_allowed: kind(403, false, "forbidden"),
  provider_not_allowed: kind(403, false, "forbidden"),
  refused_by_rule: kind(403, false, "forbidden"),
  rule_failed: kind(503, false, "internal_error"),
  budget_exceeded: kind(402, false, "budget_exceeded"),
  rate_limited: kind(429, false, "rate_limited"),
  no_target: kind(502, false, "upstream_failed"),
  upstream_invalid_request: kind(400, false, "upstream_rejected"),
  upstream_not_found: kind(404, false, "upstream_rejected"),
  upstream_too_large: kind(413, false, "upstream_rejected"),
  upstream_unprocessable: kind(422, false, "upstream_rejected"),
  upstream_auth: kind(502, true, "upstream_failed"),
  upstream_rate_limited: kind(429, true, "upstream_failed"),
  provider_limited: kind(429, true, "rate_limited"),
  upstream_error: kind(502, true, "upstream_failed"),
  upstream_unreachable: kind(502, true, "upstream_failed"),
  upstream_truncated: kind(502, true, "upstream_truncated"),
  upstream_timeout: kind(504, true, "upstream_stalled"),
  provider_protocol_error: kind(502, true, "provider_protocol_error"),
  deadline_exceeded: kind(504, false, "deadline_exceeded"),
  client_aborted: kind(499, false, "client_aborted"),
  overloaded: kind(503, true, "overloaded"),
  draining: kind(503, true, "drained"),
  internal_error: kind(500, false, "internal_error"),
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof ERRORS;

/** The limit that refused a request, as the client is told. */
export interface LimitDetails {
  /** Whose limit: `virtual_key:app-1`, `team:ml`, … */
  scope: string;
  metric: "usd" | "requests" | "tokens";
  limit: number;
  used: number;
  /** ISO 8601, or null for a budget that never resets. */
  reset_at: string | null;
}

/** One upstream call, as the record and the error of a request whose attempts all failed list it. */
export interface AttemptSummary {
  provider: string;
  model: string;
  key?: string;
  status: number;
  /** null: it succeeded. `hedge_lost`: it was given up because another attempt answered first. */
  code: ErrorCode | "hedge_lost" | null;
  ms: number;
  /** It was begun because another had brought nothing in time. */
  hedge?: true;
  /** Of one that was given up: the part of the record's cost that it is known to have cost; null: not known. */
  cost_nano_usd?: number | null;
}

export interface ErrorFields {
  /** Path of the offending field, such as `messages[0].role`. */
  param?: string;
  /** HTTP status that replaces the catalogue's (an upstream's own 4xx, say). */
  status?: number;
  retryAfterMs?: number;
  limit?: LimitDetails;
  /** The upstream's own error, as far as it could be read. */
  upstream?: UpstreamFault;
  attempts?: AttemptSummary[];
}

/** What an upstream said when it failed. */
export interface UpstreamFault {
  status: number;
  /** The provider's error type and code, in its own words. */
  type?: string;
  code?: string;
  message: string;
  param?: string;
  /** How long the body asks to wait, milliseconds (Gemini's RetryInfo). */
  retryAfterMs?: number;
  /** The body as parsed JSON, or the first 2,000 characters of text. Never holds a credential of ours. */
  body?: unknown;
}

/** An error of the catalogue. The message reaches the client: no secret, no internal address. */
export class GatewayError extends Error {
  readonly code: ErrorCode;
  readonly fields: ErrorFields;

  constructor(code: ErrorCode, message: string, fields: ErrorFields = {}) {
    super(message);
    this.name = "GatewayError";
    this.code = code;
    this.fields = fields;
  }

  get status(): number {
    return this.fields.status ?? ERRORS[this.code].status;
  }

  get outcome(): Outcome {
    return ERRORS[this.code].outcome;
  }
}

const BY_STATUS: Record<number, ErrorCode> = {
  400: "upstream_invalid_request",
  401: "upstream_auth",
  402: "upstream_auth",
  403: "upstream_auth",
  404: "upstream_not_found",
  413: "upstream_too_large",
  422: "upstream_unprocessable",
  429: "upstream_rate_limited",
};

/** The code of an upstream's HTTP status: other 4xx count as a rejected request, everything else as a failure. */
export function upstreamErrorCode(status: number): ErrorCode {
  const code = BY_STATUS[status];
  if (code !== undefined) return code;
  if (status === 408) return "upstream_timeout";
  return status >= 400 && status < 500 ? "upstream_invalid_request" : "upstream_error";
}
