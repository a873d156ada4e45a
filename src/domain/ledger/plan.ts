import type { PeriodSpec } from "./period.ts";

/** One limit as the snapshot carries it: plain data that a thread compiles. */
export interface LimitData {
  /** Stable over restarts; the store keeps balances under it. */
  counter: string;
  /** Place of the live counter in shared memory. */
  slot: number;
  /** Whose limit: `virtual_key:app-1`, `team:ml`, `customer:acme`, … */
  scope: string;
  metric: "usd" | "requests" | "tokens";
  /** Nano-dollars, requests or tokens. */
  limit: number;
  period: PeriodSpec;
}

/** Name of a limit's counter: the owner, what is counted and per what. */
export function counterName(scope: string, metric: LimitData["metric"], period: PeriodSpec): string {
  return `${metric}:${scope}:${period.unit === "never" ? "never" : `${period.count}${period.unit}`}`;
}
