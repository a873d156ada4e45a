/** The closed lists of names that code, config, API, docs and UI share. */

/** Wire formats that a client or an upstream can speak. */
export type DialectName = "openai-chat" | "openai-responses" | "anthropic-messages" | "gemini";

/** What a request asks for. */
export type Operation = "chat" | "responses" | "count_tokens" | "models";

/** How a request ended; the same in records, metrics and logs. */
export const OUTCOMES = [
  "success",
  "invalid_request",
  "unauthenticated",
  "forbidden",
  "budget_exceeded",
  "rate_limited",
  "not_found",
  "upstream_rejected",
  "upstream_failed",
  "upstream_truncated",
  "upstream_stalled",
  "provider_protocol_error",
  "deadline_exceeded",
  "client_aborted",
  "overloaded",
  "drained",
  "internal_error",
] as const;
export type Outcome = (typeof OUTCOMES)[number];
