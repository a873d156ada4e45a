import { compileGlob, type Glob } from "../../lib/glob.ts";
import type { UsageUnit } from "../../canonical/usage.ts";
import type { RatesRow } from "./data.ts";
import { decodeRates, type Price } from "./price.ts";

/** A price that an operator sets, US dollars per million tokens; see the config file's `pricing`. */
export interface PriceOverride {
  input?: number | undefined;
  output?: number | undefined;
  cached_input?: number | undefined;
  cache_write?: number | undefined;
  cache_write_1h?: number | undefined;
  audio_input?: number | undefined;
  audio_output?: number | undefined;
  web_search_per_thousand?: number | undefined;
  /** US dollars per piece. */
  units?: Partial<Record<UsageUnit, number | undefined>> | undefined;
}

/** By provider, then by model id or glob. */
export type PriceOverrides = Record<string, Record<string, PriceOverride>>;

interface Ready {
  exact: Map<string, Price>;
  globs: { glob: Glob; price: Price }[];
}

const compiled = new WeakMap<PriceOverrides, Map<string, Ready>>();

/** The operator's price of a model: by its id, else by the first glob that matches; null when there is none. */
export function overriddenPrice(overrides: PriceOverrides, provider: string, model: string): Price | null {
  let ready = compiled.get(overrides);
  if (ready === undefined) {
    ready = new Map(Object.entries(overrides).map(([name, prices]) => [name, compileOverrides(prices)]));
    compiled.set(overrides, ready);
  }
  const found = ready.get(provider);
  if (found === undefined) return null;
  return found.exact.get(model) ?? found.globs.find(({ glob }) => glob.test(model))?.price ?? null;
}

function compileOverrides(prices: Record<string, PriceOverride>): Ready {
  const ready: Ready = { exact: new Map(), globs: [] };
  for (const [pattern, override] of Object.entries(prices)) {
    const price: Price = { rates: decodeRates(withoutGaps(override)), tiers: [] };
    if (pattern.includes("*")) ready.globs.push({ glob: compileGlob(pattern), price });
    else ready.exact.set(pattern, price);
  }
  return ready;
}

/** `undefined` from an optional field of a parsed file means absent. */
function withoutGaps({ units = {}, ...rates }: PriceOverride): RatesRow {
  const given = (fields: object) =>
    Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  const pieces = given(units);
  return { input: 0, ...given(rates), ...(Object.keys(pieces).length > 0 && { units: pieces }) };
}
