import type { GatewayError } from "../canonical/errors.ts";
import { backoffMs } from "../domain/attempt/backoff.ts";
import type { Call } from "./call.ts";
import type { RequestContext } from "./context.ts";
import { noTime, timeLeft } from "./deadline.ts";

/**
 * How long to wait before a target is tried again, milliseconds; null: it is not, because the wait would not fit into the time
 * that is left, or because retries there have used up their budget. Throws `deadline_exceeded` when the time is over and
 * nobody else is left to try; a limit that cannot be waited out is the provider's own answer.
 */
export function retryPause(
  context: RequestContext,
  { target, provider, isLast }: Pick<Call, "target" | "provider" | "isLast">,
  failure: GatewayError,
  retries: number,
): number | null {
  const { runtime } = context;
  const pause = backoffMs(provider.data.network, retries, failure.fields.retryAfterMs ?? null, runtime.draw);
  if (pause >= timeLeft(context)) {
    if (isLast && failure.code !== "upstream_rate_limited") throw noTime();
    return null;
  }
  return takeRetry(context, target, "retry") ? pause : null;
}

/** Counts one more call at the expense of a target's retry budget; false, with a word in the trace, when it is used up. */
export function takeRetry(
  { snapshot, runtime, trace }: RequestContext,
  target: Call["target"],
  step: "retry" | "hedge",
): boolean {
  const { slot } = snapshot.slotOf(target);
  if (runtime.retries.take(slot, snapshot.data.retryBudget, runtime.clock.wall())) return true;
  trace.push({ step, result: `${target.provider}/${target.model}: not made, the retry budget is used up` });
  return false;
}
