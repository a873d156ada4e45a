/** Bounds of the wait before a retry, milliseconds. */
export interface BackoffBounds {
  backoffInitialMs: number;
  backoffMaxMs: number;
}

/**
 * How long to wait before retry number `retry` (from 0): doubling, with full jitter so that clients do not come back in step;
 * at least what the upstream asked for.
 */
export function backoffMs(bounds: BackoffBounds, retry: number, askedMs: number | null, draw: () => number): number {
  const ceiling = Math.min(bounds.backoffMaxMs, bounds.backoffInitialMs * 2 ** retry);
  return Math.max(askedMs ?? 0, ceiling / 2 + (ceiling / 2) * draw());
}

/**
 * Reads how long an upstream asks to wait, milliseconds: `retry-after-ms`, or `retry-after` in seconds or as an HTTP date
 * (RFC 9110, 10.2.3). Null when it does not say or says nonsense; never more than a day.
 */
export function retryAfterMs(header: (name: string) => string | null, now: number): number | null {
  const precise = numberIn(header("retry-after-ms"));
  if (precise >= 0) return Math.min(precise, DAY);
  const text = header("retry-after");
  if (text === null) return null;
  const seconds = numberIn(text);
  const wait = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(text) - now;
  return Number.isFinite(wait) && wait >= 0 ? Math.min(wait, DAY) : null;
}

const DAY = 86_400_000;

/** NaN for what is none: an empty text would count as 0, and a wait of 0 as an invitation. */
function numberIn(text: string | null): number {
  const number = text === null || text.trim() === "" ? Number.NaN : Number(text);
  return Number.isFinite(number) ? number : Number.NaN;
}
