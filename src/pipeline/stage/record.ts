import type { Outcome } from "../../canonical/names.ts";
import type { RequestRecord } from "../../canonical/record.ts";
import type { Usage } from "../../canonical/usage.ts";
import type { Warning } from "../../canonical/warning.ts";
import { noteRoute } from "../note-route.ts";
import type { RequestContext, Stage } from "../context.ts";

/** Writes the one record of a request. First in the table, so that it settles last and sees what all others settled. */
export const record: Stage = {
  name: "record",
  settle(context: RequestContext): void {
    context.runtime.record(recordOf(context));
  },
};

/** What stands on the record where a request had none. */
const NOBODY = { name: null, team: null, customer: null, user: null };
const NOWHERE = { provider: null, model: null, key: null };
const NO_REQUEST = { stream: false, model: "" };
const NO_ERROR = { code: null, message: null };

/** Fields are written out: spreading them made another kind of object of each record, which cost microseconds. */
function recordOf(context: RequestContext): RequestRecord {
  const { arrival, runtime } = context;
  const { stream, model } = context.request ?? NO_REQUEST;
  const served = context.served ?? NOWHERE;
  const caller = context.caller?.data ?? NOBODY;
  const error = context.error ?? NO_ERROR;
  const tokens = tokensOf(context.usage);
  return {
    id: arrival.id,
    time: arrival.wall,
    operation: arrival.operation,
    dialect: arrival.dialect.name,
    stream,
    outcome: outcomeOf(context),
    status: statusOf(context),
    error_code: error.code,
    error_message: error.message === null ? null : cut(error.message),
    requested_model: model,
    response_id: context.responseId,
    provider: served.provider,
    model: served.model,
    provider_key: served.key,
    virtual_key: caller.name,
    team: caller.team,
    customer: caller.customer,
    user: caller.user,
    experiment: context.experiment?.experiment ?? null,
    arm: context.experiment?.arm.name ?? null,
    input_tokens: tokens.input_tokens,
    cached_input_tokens: tokens.cached_input_tokens,
    cache_write_tokens: tokens.cache_write_tokens,
    output_tokens: tokens.output_tokens,
    reasoning_tokens: tokens.reasoning_tokens,
    cost_nano_usd: context.costNano,
    duration_ms: since(arrival.monotonic, runtime.clock.monotonic()),
    first_content_ms: context.firstContentAt === null ? null : since(arrival.monotonic, context.firstContentAt),
    attempts: context.attempts,
    trace: context.trace,
    rule_faults: context.ruleFaults.length === 0 ? undefined : [...context.ruleFaults],
    route: noteRoute(context),
    warnings: context.warnings.length === 0 ? context.warnings : boundedWarnings(context.warnings),
    classifications: context.classifications ?? undefined,
    charges: context.charges,
    snapshot: context.snapshot.data.version,
    thread: runtime.thread,
  };
}

/** Bounds on what callers and providers can write on a record. */
const MAX_TEXT = 2000;
const MAX_NAME = 512;
const MAX_WARNINGS = 20;

function cut(text: string): string {
  return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT)}…`;
}

function boundedWarnings(warnings: readonly Warning[]): Warning[] {
  const kept = warnings.slice(0, MAX_WARNINGS);
  return kept.map(({ code, field, message }) => ({ code, field: field.slice(0, MAX_NAME), message: cut(message) }));
}

type Tokens = Pick<
  RequestRecord,
  "input_tokens" | "cached_input_tokens" | "cache_write_tokens" | "output_tokens" | "reasoning_tokens"
>;

const UNKNOWN_TOKENS: Tokens = {
  input_tokens: null,
  cached_input_tokens: null,
  cache_write_tokens: null,
  output_tokens: null,
  reasoning_tokens: null,
};

function tokensOf(usage: Usage | null): Tokens {
  if (usage === null) return UNKNOWN_TOKENS;
  return {
    input_tokens: usage.inputTokens,
    cached_input_tokens: usage.cachedInputTokens,
    cache_write_tokens: usage.cacheWriteTokens + usage.cacheWrite1hTokens,
    output_tokens: usage.outputTokens,
    reasoning_tokens: usage.reasoningTokens,
  };
}

function outcomeOf(context: RequestContext): Outcome {
  return context.error?.outcome ?? context.outcome ?? "success";
}

/** What the client saw: a stream that failed after its head had gone was a 200. */
function statusOf(context: RequestContext): number {
  if (context.error?.code === "client_aborted") return context.error.status;
  return context.reply?.status ?? context.error?.status ?? 200;
}

/** Milliseconds with three decimals. */
function since(start: number, end: number): number {
  return Math.round((end - start) * 1000) / 1000;
}
