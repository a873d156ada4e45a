import { DEFAULT_RESET_MS } from "./quota-reset.ts";
import type { Quota } from "./quota.ts";

/** Longer headers are no limits. */
const MAX_LENGTH = 1000;
const PARAMETER = /([a-z]+)\s*=\s*(\d+)/g;
const NAME = /^\s*"([^"]*)"/;

/**
 * Quotas of the header `RateLimit`: `"name";r=50;t=30`, of which the header `RateLimit-Policy` says `"name";q=100`, and before
 * draft 08 `limit=100, remaining=50, reset=30`. Seconds.
 * https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/
 */
export function draftQuotas(text: string, policy: string): Quota[] {
  if (text.length > MAX_LENGTH || policy.length > MAX_LENGTH) return [];
  const whole = parametersOf(text);
  if (whole.has("remaining")) return quotaOf(whole.get("remaining"), whole.get("limit"), whole.get("reset"));
  const quotas = new Map(policy.split(",").map((item) => [nameOf(item), parametersOf(item).get("q")]));
  return text.split(",").flatMap((item) => {
    const values = parametersOf(item);
    return quotaOf(values.get("r"), quotas.get(nameOf(item)), values.get("t"));
  });
}

function quotaOf(left: number | undefined, limit: number | undefined, seconds: number | undefined): Quota[] {
  if (left === undefined || (left > 0 && (limit === undefined || limit === 0))) return [];
  const share = left === 0 ? 0 : Math.min(1, left / (limit ?? left));
  return [{ share, resetMs: seconds === undefined ? DEFAULT_RESET_MS : seconds * 1000 }];
}

function nameOf(item: string): string {
  return NAME.exec(item)?.[1] ?? "";
}

function parametersOf(item: string): Map<string, number> {
  return new Map([...item.matchAll(PARAMETER)].map(([, name = "", value]) => [name, Number(value)]));
}
