import { reserveAll } from "../../domain/ledger/reserve.ts";
import type { Target } from "../../domain/route/data.ts";
import type { RequestContext } from "../context.ts";
import { limitTime } from "../limit-time.ts";
import { worstOf } from "../stage/reserve.ts";

/**
 * Reserves the worst case of a rival, wherever among `targets` it ends up, beside that of the request: no budget is overspent
 * when both are billed. False: some budget has no room for it. It is given back when the request settles.
 */
export function reserveRival(context: RequestContext, targets: readonly Target[]): boolean {
  const { caller, runtime, hedgeHeld } = context;
  if (caller === null || caller.budgets.length === 0) return true;
  const need = { nanoUsd: Math.max(1, worstOf(context, targets)), requests: 0, tokens: 0 };
  return reserveAll(caller.budgets, runtime.counters, limitTime(context), need, hedgeHeld) === undefined;
}
