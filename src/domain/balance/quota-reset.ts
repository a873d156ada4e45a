/** Where a provider does not say when its quota is full again. */
export const DEFAULT_RESET_MS = 60_000;

const UNIT_MS: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 };
const DURATION = /^(?:\d+(?:\.\d+)?(?:ms|[dhms]))+$/;
const DURATION_PART = /(\d+(?:\.\d+)?)(ms|[dhms])/g;
const NUMBER = /^\d+(?:\.\d+)?$/;
/** Larger numbers are no durations but times: seconds since 1970, from a further bound on milliseconds. */
const FIRST_TIME_S = 1e9;
const FIRST_TIME_MS = 1e12;

/**
 * How long until a quota is full again, milliseconds: from a duration with units such as `6m0s` (OpenAI, Groq), seconds
 * (Cerebras, Together, the IETF's drafts), seconds or milliseconds since 1970 (OpenRouter), or an RFC 3339 time (Anthropic).
 */
export function resetMs(text: string, now: number): number {
  if (NUMBER.test(text)) return numberMs(Number(text), now);
  if (!DURATION.test(text)) {
    const wait = Date.parse(text) - now;
    return Number.isFinite(wait) ? Math.max(0, wait) : DEFAULT_RESET_MS;
  }
  let sum = 0;
  for (const [, count, unit] of text.matchAll(DURATION_PART)) sum += Number(count) * (UNIT_MS[unit ?? ""] ?? 0);
  return sum;
}

function numberMs(value: number, now: number): number {
  if (value < FIRST_TIME_S) return value * 1000;
  return Math.max(0, (value < FIRST_TIME_MS ? value * 1000 : value) - now);
}
