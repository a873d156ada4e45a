import type { TargetReading } from "../target-health.ts";

/**
 * Milliseconds that a client of this kind waits: for the first content of a stream, or for a whole answer. What was measured of
 * the other kind stands in for what was not; null when nothing was.
 */
export function latencyOf({ firstContent, whole }: TargetReading, isStream: boolean): number | null {
  const [own, other] = isStream ? [firstContent, whole] : [whole, firstContent];
  return (own ?? other)?.peak ?? null;
}
