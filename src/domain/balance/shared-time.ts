/** Times in shared memory: Unix milliseconds modulo 2^32 as signed 32-bit integers, which come round every 50 days. */
export function sharedTime(wall: number): number {
  return wall | 0;
}

/** Milliseconds from `then` to `now`; 0 when the clock was set back. */
export function elapsed(then: number, now: number): number {
  return Math.max(0, (now - then) | 0);
}

/**
 * Whether `until` is still to come, where it was never set further ahead than `most` milliseconds: what lies further ahead was
 * left over from weeks ago, or the clock was set back.
 */
export function isAhead(until: number, now: number, most: number): boolean {
  const left = (until - now) | 0;
  return left > 0 && left <= most;
}
