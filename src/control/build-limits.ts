import type { BudgetConfig, RateLimitConfig } from "../domain/config/index.ts";
import { counterName, type LimitData } from "../domain/ledger/plan.ts";
import type { LedgerSlots } from "./ledger-slots.ts";

const NANO = 1e9;

/** Budgets and rate limits of one owner as limits of the ledger. */
export function buildLimits(
  scope: string,
  owner: { budgets: readonly BudgetConfig[]; rate_limits: readonly RateLimitConfig[] },
  ledger: LedgerSlots,
): LimitData[] {
  const budgets = owner.budgets.map(({ limit_usd, period }) => ({
    metric: "usd" as const,
    limit: Math.round(limit_usd * NANO),
    period,
  }));
  const rates = owner.rate_limits.map(({ metric, limit, window }) => ({ metric, limit, period: window }));
  return [...rates, ...budgets].map((limit) => {
    const counter = counterName(scope, limit.metric, limit.period);
    return { ...limit, scope, counter, slot: ledger.slotOf(counter, limit.period) };
  });
}
