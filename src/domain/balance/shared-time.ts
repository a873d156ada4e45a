/**
 * Times in shared memory: Unix milliseconds modulo 2^32 as signed 32-bit integers. They are only ever compared with times less
 * than 24 days away.
 */
export function sharedTime(wall: number): number {
  return wall | 0;
}

/** Milliseconds from `then` to `now`; 0 when the clock was set back. */
export function elapsed(then: number, now: number): number {
  return Math.max(0, (now - then) | 0);
}

export function isPast(until: number, now: number): boolean {
  return ((now - until) | 0) >= 0;
}
