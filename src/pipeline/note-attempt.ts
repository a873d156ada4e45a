import type { AttemptSummary, GatewayError } from "../canonical/errors.ts";
import type { Call } from "./call.ts";
import type { RequestContext } from "./context.ts";

/** Notes an upstream call that began at `started` (monotonic) on the request; before it settles, so that its record has it. */
export function noteAttempt(context: RequestContext, it: Call, started: number, failure: GatewayError | null): void {
  const status = failure === null ? 200 : (failure.fields.upstream?.status ?? 0);
  it.lane.calls += 1;
  context.attempts.push(summaryOf(context, it, started, status, failure?.code ?? null));
}

/** Notes a call that was given up because another answered first, and what it is known to cost (nano-dollars). */
export function noteLost(context: RequestContext, it: Call, started: number, costNano: number | null): void {
  it.lane.calls += 1;
  const summary = summaryOf(context, it, started, 0, "hedge_lost");
  context.attempts.push({ ...summary, cost_nano_usd: costNano });
}

function summaryOf(
  { runtime }: RequestContext,
  { target, key, lane }: Call,
  started: number,
  status: number,
  code: AttemptSummary["code"],
): AttemptSummary {
  const { provider, model } = target;
  const ms = Math.round((runtime.clock.monotonic() - started) * 1000) / 1000;
  const summary: AttemptSummary = { provider, model, key: key.data.name, status, code, ms };
  if (lane.isHedge) summary.hedge = true;
  return summary;
}
