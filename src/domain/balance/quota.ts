/** What a provider's headers say of a quota. */
export interface Quota {
  /** What is left of it, 0 to 1. */
  share: number;
  /** How long until it is full again, milliseconds. */
  resetMs: number;
}

interface QuotaHeaders {
  limit: string;
  remaining: string;
  reset: string;
}

const openai = (what: string): QuotaHeaders => ({
  limit: `x-ratelimit-limit-${what}`,
  remaining: `x-ratelimit-remaining-${what}`,
  reset: `x-ratelimit-reset-${what}`,
});
const anthropic = (what: string): QuotaHeaders => ({
  limit: `anthropic-ratelimit-${what}-limit`,
  remaining: `anthropic-ratelimit-${what}-remaining`,
  reset: `anthropic-ratelimit-${what}-reset`,
});

/**
 * OpenAI's, which Groq, Azure and others have too (https://platform.openai.com/docs/guides/rate-limits), and Anthropic's
 * (https://docs.claude.com/en/api/rate-limits).
 */
const FAMILIES: readonly (readonly QuotaHeaders[])[] = [
  [openai("requests"), openai("tokens")],
  [anthropic("requests"), anthropic("tokens"), anthropic("input-tokens"), anthropic("output-tokens")],
];

const DEFAULT_RESET_MS = 60_000;

/** The tightest quota that the headers of an answer tell of; null: they tell of none. `now`: Unix milliseconds. */
export function readQuota(header: (name: string) => string | null, now: number): Quota | null {
  let tightest: Quota | null = null;
  for (const family of FAMILIES) {
    for (const names of family) {
      const quota = oneQuota(header, names, now);
      if (quota !== null && (tightest === null || quota.share < tightest.share)) tightest = quota;
    }
  }
  return tightest;
}

function oneQuota(header: (name: string) => string | null, names: QuotaHeaders, now: number): Quota | null {
  const remaining = header(names.remaining);
  if (remaining === null) return null;
  const share = Number(remaining) / Number(header(names.limit) ?? Number.NaN);
  if (!Number.isFinite(share)) return null;
  return { share: Math.min(1, Math.max(0, share)), resetMs: resetMs(header(names.reset), now) };
}

const UNIT_MS: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 };
const DURATION = /^(?:\d+(?:\.\d+)?(?:ms|[dhms]))+$/;
const DURATION_PART = /(\d+(?:\.\d+)?)(ms|[dhms])/g;

/** A duration such as `6m0s` (OpenAI) or an RFC 3339 time (Anthropic). */
function resetMs(text: string | null, now: number): number {
  if (text === null) return DEFAULT_RESET_MS;
  if (!DURATION.test(text)) {
    const wait = Date.parse(text) - now;
    return Number.isFinite(wait) ? Math.max(0, wait) : DEFAULT_RESET_MS;
  }
  let sum = 0;
  for (const [, count, unit] of text.matchAll(DURATION_PART)) sum += Number(count) * (UNIT_MS[unit ?? ""] ?? 0);
  return sum;
}
