import type { StatedCost } from "../../canonical/provider.ts";
import type { Usage } from "../../canonical/usage.ts";

const NANO_PER_USD = 1e9;
/** No answer costs so many dollars: such a number is a fault. */
const MOST_USD = 10_000;

/**
 * What a provider says that an answer cost, in whole nano-dollars, rounded to the nearest; null: it does not say, or nothing
 * that could be true. Nothing is a cost like any other: models that are free say so.
 */
export function statedCostNano({ path, perUsd, beside }: StatedCost, { raw }: Usage): number | null {
  const own = amountAt(raw, path);
  const more = beside !== undefined && valueAt(raw, beside.flag) === true ? amountAt(raw, beside.path) : 0;
  if (own === null || more === null) return null;
  const usd = (own + more) / perUsd;
  return usd <= MOST_USD ? Math.round(usd * NANO_PER_USD) : null;
}

/** Some write their numbers as texts. */
function amountAt(raw: unknown, path: string): number | null {
  const value = valueAt(raw, path);
  const amount = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof amount === "number" && amount >= 0 && Number.isFinite(amount) ? amount : null;
}

function valueAt(raw: unknown, path: string): unknown {
  let at: unknown = raw;
  for (const step of path.split(".")) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, step)) return undefined;
    at = (at as Record<string, unknown>)[step];
  }
  return at;
}
