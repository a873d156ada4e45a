import type { Config } from "../domain/config/index.ts";
import type { RetryBounds } from "../domain/attempt/retry-budget.ts";
import type { AttemptData, HedgeData, RouteData } from "../domain/route/data.ts";

type Stated = Pick<Config["routing"], "attempt_timeout_ms" | "hedging">;

/** What an alias, a rule or the whole configuration says of attempts; empty where it says nothing. */
export function buildAttempts({ attempt_timeout_ms: timeout, hedging }: Stated): { attempts?: AttemptData } {
  if (timeout === undefined && hedging === undefined) return {};
  return {
    attempts: {
      ...(timeout !== undefined && { attemptTimeoutMs: timeout }),
      ...(hedging !== undefined && { hedging: hedging === false ? null : buildHedging(hedging) }),
    },
  };
}

function buildHedging({ after, max }: Exclude<NonNullable<Stated["hedging"]>, false>): HedgeData {
  if (typeof after === "number") return { afterMs: after, percentile: null, max };
  return { afterMs: null, percentile: Number(after.slice(1)) / 100, max };
}

/** Whether some route hedges by percentiles, for which times have to be kept. */
export function measuresLatency({ attempts, aliases, rules }: RouteData): boolean {
  const all = [attempts, ...[...Object.values(aliases).flat(), ...rules].map((each) => each.attempts)];
  return all.some((each) => each?.hedging?.percentile != null);
}

export function buildRetryBudget(stated: Config["routing"]["retry_budget"]): RetryBounds {
  return { share: stated.share, minPerSecond: stated.min_per_second, windowMs: stated.window_ms };
}
