import type { LeftOutReason } from "../canonical/names.ts";
import type { TraceTarget } from "../canonical/trace.ts";
import type { Target } from "../domain/route/data.ts";
import type { RequestContext } from "./context.ts";
import { isShortOfMoney } from "./grant-limits.ts";

/** Whether other targets should be tried first: this one's breaker is open, or all keys that it could use rest. */
export function mustWait(context: RequestContext, target: Target): boolean {
  const reason = waitingFor(context, target, context.runtime.clock.wall());
  if (reason === null) return false;
  noteBehind(context, target, reason);
  return true;
}

/** Tells in the trace, once, that others are tried before a target. */
export function noteBehind({ trace }: RequestContext, target: Target, reason: LeftOutReason): void {
  if (!trace.some((each) => each.step === "target" && each.result === reason && isSame(each.target, target)))
    trace.push({ step: "target", result: reason, target });
}

function isSame(one: TraceTarget | undefined, { provider, model, key }: Target): boolean {
  return one !== undefined && one.provider === provider && one.model === model && one.key === key;
}

/** Why a target should be tried behind the others; null: it should not. */
export function waitingFor(context: RequestContext, target: Target, now: number): LeftOutReason | null {
  if (isResting(context, target, now)) return "keys_resting";
  if (isShortOfMoney(context, target)) return "budget_too_small";
  const { slot, isShared } = context.snapshot.slotOf(target);
  return isShared || context.runtime.targets.mayCall(slot, now) ? null : "breaker_open";
}

/** Whether every key that could serve the target rests, after a refusal for its quota or its credential. */
export function isResting(
  { snapshot, runtime }: RequestContext,
  { provider, model, key }: Target,
  now: number,
): boolean {
  let hasKey = false;
  for (const { data, allowed, blocked } of snapshot.providers.get(provider)?.keys ?? []) {
    if (key !== undefined && data.name !== key) continue;
    if (!allowed.test(model) || blocked.test(model)) continue;
    if (!runtime.health.isResting(data.slot, now)) return false;
    hasKey = true;
  }
  return hasKey;
}
