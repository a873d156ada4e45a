import type { Measured } from "./peak-average.ts";
import type { TargetReading } from "./target-health.ts";

/** A tenth of failures leaves a fifth of the score, a fifth of them a thirtieth. */
const ERROR_EXPONENT = 16;
/** Half as fast as tolerated leaves a quarter of the score. */
const PACE_EXPONENT = 2;
/** Up to this many times its own baseline a target is not slow. */
const TOLERATED_SLOWNESS = 2;
/** Below this share of its quota a target is spared. */
const AMPLE_HEADROOM = 0.2;

/** How well a target is, from 0 (its breaker is open) to 1, by its failures, its pace against its own, and its quota. */
export function healthScore(reading: TargetReading): number {
  if (!reading.isClosed) return 0;
  const available = (1 - reading.errorRate) ** ERROR_EXPONENT;
  const pace = Math.min(paceOf(reading.firstContent), paceOf(reading.whole), paceOf(reading.perToken));
  return available * pace ** PACE_EXPONENT * Math.min(1, reading.headroom / AMPLE_HEADROOM);
}

function paceOf(measured: Measured | null): number {
  if (measured === null || measured.baseline === 0) return 1;
  return Math.min(1, (TOLERATED_SLOWNESS * measured.baseline) / measured.current);
}
