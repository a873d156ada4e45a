import type { Outcome } from "../../canonical/names.ts";
import type { RequestRecord } from "../../canonical/record.ts";
import type { RequestContext, Stage } from "../context.ts";

/** Writes the one record of a request. First in the table, so that it settles last and sees what all others settled. */
export const record: Stage = {
  name: "record",
  settle(context: RequestContext): void {
    context.runtime.record(recordOf(context));
  },
};

function recordOf(context: RequestContext): RequestRecord {
  const { arrival, runtime, caller, served, usage, error } = context;
  const now = runtime.clock.monotonic();
  return {
    id: arrival.id,
    time: arrival.wall,
    operation: arrival.operation,
    dialect: arrival.dialect.name,
    stream: context.request?.stream ?? false,
    outcome: outcomeOf(context),
    status: statusOf(context),
    error_code: error?.code ?? null,
    error_message: error?.message ?? null,
    requested_model: context.request?.model ?? "",
    provider: served?.provider ?? null,
    model: served?.model ?? null,
    provider_key: served?.key ?? null,
    virtual_key: caller?.data.name ?? null,
    team: caller?.data.team ?? null,
    customer: caller?.data.customer ?? null,
    user: caller?.data.user ?? null,
    input_tokens: usage?.inputTokens ?? null,
    cached_input_tokens: usage?.cachedInputTokens ?? null,
    cache_write_tokens: usage === null ? null : usage.cacheWriteTokens + usage.cacheWrite1hTokens,
    output_tokens: usage?.outputTokens ?? null,
    reasoning_tokens: usage?.reasoningTokens ?? null,
    cost_nano_usd: context.costNano,
    duration_ms: round(now - arrival.monotonic),
    first_content_ms: context.firstContentAt === null ? null : round(context.firstContentAt - arrival.monotonic),
    attempts: context.attempts,
    trace: context.trace,
    warnings: context.warnings,
    charges: context.charges,
    snapshot: context.snapshot.data.version,
    thread: runtime.thread,
  };
}

function outcomeOf(context: RequestContext): Outcome {
  return context.error?.outcome ?? "success";
}

/** What the client saw: a stream that failed after its head had gone was a 200. */
function statusOf(context: RequestContext): number {
  if (context.error?.code === "client_aborted") return context.error.status;
  return context.reply?.status ?? context.error?.status ?? 200;
}

function round(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}
