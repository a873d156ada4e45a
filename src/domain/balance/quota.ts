import { draftQuotas } from "./quota-draft.ts";
import { DEFAULT_RESET_MS, resetMs } from "./quota-reset.ts";

/** What a provider's headers say of a quota. */
export interface Quota {
  /** What is left of it, 0 to 1. */
  share: number;
  /** How long until it is full again, milliseconds. */
  resetMs: number;
}

interface QuotaHeaders {
  /** Null: the provider does not say; then only that nothing is left tells something. */
  limit: string | null;
  remaining: string;
  /** Null: the provider does not say. */
  reset: string | null;
}

type ReadHeader = (name: string) => string | null;

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
const bySize = (window: string): QuotaHeaders => ({
  limit: `x-ratelimitbysize-limit-${window}`,
  remaining: `x-ratelimitbysize-remaining-${window}`,
  reset: "ratelimitbysize-reset",
});
const plain = (prefix: string): QuotaHeaders => ({
  limit: `${prefix}-limit`,
  remaining: `${prefix}-remaining`,
  reset: `${prefix}-reset`,
});
/** Azure says what is left, of which limit it does not always say. */
const unlimited = (what: string): QuotaHeaders => ({ ...openai(what), limit: null });

/**
 * OpenAI's, which Groq, Azure and others have too (https://platform.openai.com/docs/guides/rate-limits); with the window in the
 * name those of Cerebras (https://inference-docs.cerebras.ai/support/rate-limits), by parts of a request those of Fireworks
 * (https://docs.fireworks.ai/serverless/rate-limits); Mistral's, older and newer; Anthropic's
 * (https://docs.claude.com/en/api/rate-limits); and those without a vendor's name, which OpenRouter, Together and older drafts
 * of the IETF have (https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/).
 */
const KNOWN: readonly QuotaHeaders[] = [
  ...["requests", "tokens", "tokens-prompt", "tokens-generated"].map(openai),
  ...["minute", "hour", "day"].flatMap((window) => [openai(`requests-${window}`), openai(`tokens-${window}`)]),
  openai("req-minute"),
  bySize("minute"),
  bySize("month"),
  ...["requests", "tokens", "input-tokens", "output-tokens"].map(anthropic),
  ...["x-ratelimit", "x-tokenlimit", "ratelimit"].map(plain),
  unlimited("requests"),
  unlimited("tokens"),
];

/** The tightest quota that the headers of an answer tell of; null: they tell of none. `now`: Unix milliseconds. */
export function readQuota(header: ReadHeader, now: number): Quota | null {
  let tightest: Quota | null = null;
  for (const names of KNOWN) tightest = tighter(tightest, oneQuota(header, names, now));
  const drafted = header("ratelimit");
  if (drafted === null) return tightest;
  for (const quota of draftQuotas(drafted, header("ratelimit-policy") ?? "")) tightest = tighter(tightest, quota);
  return tightest;
}

/** Of two that are used up the one that takes longer counts. */
function tighter(known: Quota | null, other: Quota | null): Quota | null {
  if (known === null || other === null) return known ?? other;
  if (other.share === known.share) return other.resetMs > known.resetMs ? other : known;
  return other.share < known.share ? other : known;
}

function oneQuota(header: ReadHeader, names: QuotaHeaders, now: number): Quota | null {
  const remaining = header(names.remaining);
  if (remaining === null) return null;
  const share = shareOf(remaining, names.limit === null ? null : (header(names.limit) ?? ""));
  if (share === null) return null;
  const reset = names.reset === null ? null : header(names.reset);
  return { share, resetMs: reset === null ? DEFAULT_RESET_MS : resetMs(reset, now) };
}

/** Null: it cannot be told. */
function shareOf(remaining: string, limit: string | null): number | null {
  const left = Number(remaining);
  if (limit === null) return remaining.trim() !== "" && left === 0 ? 0 : null;
  const share = limit === "" ? Number.NaN : left / Number(limit);
  return Number.isFinite(share) ? Math.min(1, Math.max(0, share)) : null;
}
