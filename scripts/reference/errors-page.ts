import { ERRORS, GatewayError, type ErrorCode } from "../../src/canonical/errors.ts";
import { OUTCOMES, type Outcome } from "../../src/canonical/names.ts";
import type { Warning } from "../../src/canonical/warning.ts";
import { dialects } from "../../src/compose/dialects.ts";
import { code, page, table } from "./table.ts";

const MEANING: Readonly<Record<ErrorCode, string>> = {
  invalid_request: "The request is not one that any provider could accept; `param` names the field.",
  invalid_json:
    "The body is not a JSON object in UTF-8, nests too deep, or holds too many values or too long a number.",
  unsupported_operation: "The provider has no such operation.",
  body_timeout: "The body was not complete within `server.body_timeout_ms`; the connection is closed.",
  body_too_large: "The body exceeds `server.max_body_bytes`, as sent or decompressed.",
  unsupported_media_type: "`content-type` is not JSON, or `content-encoding` is none of gzip, deflate, br, zstd.",
  method_not_allowed: "The path exists and takes another method.",
  route_not_found: "There is no such path.",
  not_found: "The management API has no such object.",
  model_not_found: "No configured provider is known to have the model, or the provider named is not configured.",
  unauthenticated:
    "No virtual key where one is needed, or one that is unknown, disabled or expired. Management API: no or a wrong admin token.",
  model_not_allowed: "The virtual key may use the provider, but not this model.",
  provider_not_allowed: "The virtual key may not use the provider.",
  refused_by_rule: "A routing rule of the operator refuses such requests; message and status are the rule's.",
  rule_failed:
    "The condition of a routing rule could not be evaluated for the request, and the rule refuses then (`on_error: refuse`). The operator's trace says why.",
  budget_exceeded:
    "A budget has no room for the request, or `governance.unknown_price` is `refuse` and the price is unknown. `limit` says whose budget, how much, and when it resets.",
  rate_limited: "A rate limit of the caller has no room for the request. `limit` and `retry-after` say when it has.",
  no_target: "No provider key may serve the model.",
  upstream_invalid_request: "The provider refused the request; message and status are its own.",
  upstream_not_found: "The provider has no such model or object; message is its own.",
  upstream_too_large: "The provider refused the size of the request; message is its own.",
  upstream_unprocessable: "The provider refused the content of the request; message is its own.",
  upstream_auth:
    "The provider refused the gateway's credential or account (its 401, 402 or 403). Its words are kept back: they may quote the key.",
  provider_limited:
    "The limits that the operator set for the provider or its keys (`rate_limits`, `budgets`) are used up; `retry-after` says when the first of them has room again.",
  upstream_rate_limited: "The provider's rate limit; `retry-after` is what it asked for.",
  upstream_error: "The provider failed (its 5xx), or reported a failure within its answer.",
  upstream_unreachable: "No connection to the provider, or it closed the connection before it answered.",
  upstream_truncated: "The provider's answer broke off.",
  upstream_timeout: "The provider did not connect, answer or go on within the timeouts of `providers.NAME.network`.",
  provider_protocol_error: "The provider's answer is not what its dialect promises.",
  deadline_exceeded:
    "No complete answer, over all attempts, within `server.request_timeout_ms` or the [time that the caller gives](../guides/routing.md#deadlines) if that is shorter. Sessions: longer than `server.session_timeout_ms`, or silent for `server.session_idle_timeout_ms`.",
  client_aborted: "The client went away. Seen in records only.",
  overloaded:
    "No provider has room for the request and the queue is full or took too long, more requests are under way than `server.max_in_flight`, or the journal of records cannot be written.",
  draining: "The process is stopping.",
  internal_error: "A fault of the gateway; its log says more.",
};

const WARNINGS: Readonly<Record<Warning["code"], string>> = {
  unsupported_field: "The target's dialect has no such thing; it was left out.",
  changed_field: "A near equivalent was sent, or a budget capped the output.",
  dropped_content: "A part of the conversation could not go along.",
  dropped_opaque: "State that only another maker can read (a signature, encrypted reasoning) was left out.",
  unsupported_tool: "A tool of a kind that the target does not have was left out.",
  price_unknown: "A budget applies and the model's price is unknown: the call counts for nothing.",
  estimated: "The provider gave no usage or cannot count tokens: the figure is by length.",
};

const LEAD = `Every error of the gateway has a stable code. It stands in the error body of the client's own dialect: \`error.code\` for OpenAI and
Anthropic clients, the \`reason\` of \`error.details[0]\` for Gemini clients; what else SDKs of the three vendors look at stands on the right.
Where a provider refused a request and the client speaks the provider's own dialect, the client gets the provider's words: its message, type and
code. The record has the gateway's code in any case.

*again* means that the same request may succeed on another try or another target. An error after the first content of a stream comes as
the dialect's own error event, after the status 200 that was sent already. When several upstream calls were made, the body lists them under
\`attempts\`; a limit that refused describes itself under \`limit\`.`;

const OUTCOMES_LEAD = `How a request ended, the same in records, metrics and \`trunkline logs\`. Beside each the codes that lead to it.`;

const WARNINGS_LEAD = `What could not be carried over is never dropped silently: \`x-trunkline-warnings\` lists \`code field\` pairs, and the record has a sentence for each.`;

/** The reference page of errors, outcomes and warnings. */
export function errorsPage(): string {
  const codes = Object.keys(ERRORS) as ErrorCode[];
  const errors = codes.map((each) => [
    code(each),
    String(ERRORS[each].status),
    ERRORS[each].retryable ? "again" : "",
    MEANING[each],
    ...typesOf(each),
  ]);
  const outcomes = OUTCOMES.map((outcome) => [code(outcome), codesOf(outcome, codes)]);
  const warnings = Object.entries(WARNINGS).map(([name, meaning]) => [code(name), meaning]);
  return page(
    "Errors, outcomes, warnings",
    LEAD,
    table(
      ["code", "status", "", "meaning", "OpenAI `type`", "Anthropic `type`", "Gemini `status`", "Bedrock `__type`"],
      errors,
    ),
    `## Outcomes\n\n${OUTCOMES_LEAD}\n\n${table(["outcome", "codes"], outcomes)}`,
    `## Warnings\n\n${WARNINGS_LEAD}\n\n${table(["code", "meaning"], warnings)}`,
  );
}

function codesOf(outcome: Outcome, codes: readonly ErrorCode[]): string {
  return codes
    .filter((each) => ERRORS[each].outcome === outcome)
    .map(code)
    .join(", ");
}

/** What the encoders of the dialects make of an error. */
function typesOf(each: ErrorCode): string[] {
  const error = new GatewayError(each, "");
  const field = (dialect: "openai-chat" | "anthropic-messages" | "gemini", name: "type" | "status"): string => {
    const body = dialects.get(dialect)?.encodeError(error).body["error"] as Record<string, string>;
    return code(body[name] ?? "");
  };
  const exception = dialects.get("bedrock-converse")?.encodeError(error).body["__type"] as string;
  return [
    field("openai-chat", "type"),
    field("anthropic-messages", "type"),
    field("gemini", "status"),
    code(exception),
  ];
}
