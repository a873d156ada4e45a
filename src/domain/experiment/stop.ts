import { rateOf } from "./intervals.ts";
import type { ArmCounts } from "./port.ts";

/** When an arm is given up. */
export interface StopRule {
  /** From 0 to 1. */
  errorRate: number;
  /** Fewest requests that say anything. */
  requests: number;
}

/** Why an arm is to take no more calls; null: it may go on. The interval of its rate must lie above the bound as a whole. */
export function stopReason({ errorRate, requests: least }: StopRule, counts: ArmCounts): string | null {
  const ended = counts.requests - counts.aborted;
  const rate = rateOf(counts.errors, ended);
  if (rate === null || ended < least || rate.low <= errorRate) return null;
  return `${counts.errors} of ${ended} requests failed, which is more than ${Math.round(errorRate * 1000) / 10} %`;
}
