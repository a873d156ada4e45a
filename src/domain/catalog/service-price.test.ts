import { describe, expect, test } from "bun:test";
import { emptyUsage, type Usage } from "../../canonical/usage.ts";
import { costNano, isPriced } from "./cost.ts";
import type { RatesRow } from "./data.ts";
import { openCatalog } from "./index.ts";
import { decodeRates, type Price } from "./price.ts";
import { servicePrice } from "./service-price.ts";

const STANDARD: RatesRow = {
  input: 10,
  output: 40,
  cached_input: 1,
  cache_write: 12.5,
  cache_write_1h: 20,
  audio_input: 30,
  image_output: 200,
  web_search_per_thousand: 10,
  units: { images: 0.04 },
};
const standard: Price = {
  rates: decodeRates(STANDARD),
  tiers: [{ above: 200_000, rates: decodeRates({ ...STANDARD, input: 20, output: 60 }) }],
};

/** Nano-dollars of a call in a tier whose source states `rates`. */
function cost(rates: RatesRow, usage: Partial<Usage>): number {
  const price: Price = { ...standard, services: { flex: servicePrice({ rates }, standard) } };
  const whole = { ...emptyUsage(), ...usage };
  expect(isPriced(price, whole)).toBe(true);
  return costNano(price, whole, "flex");
}

describe("a service tier of which little is stated", () => {
  const HALF = { input: 5, output: 20 };

  test("is searched at the standard price, not for nothing", () => {
    expect(cost(HALF, { inputTokens: 1000, webSearches: 3 })).toBe(5_000_000 + 30_000_000);
    expect(cost({ ...HALF, web_search_per_thousand: 5 }, { webSearches: 3 })).toBe(15_000_000);
  });

  test("charges caches, media and pieces by the same factor as input and output", () => {
    expect(cost(HALF, { inputTokens: 1000, cachedInputTokens: 1000 })).toBe(500_000);
    expect(cost(HALF, { inputTokens: 1000, cacheWrite1hTokens: 1000 })).toBe(10_000_000);
    expect(cost(HALF, { inputTokens: 1000, audioInputTokens: 1000 })).toBe(15_000_000);
    expect(cost(HALF, { outputTokens: 1000, imageOutputTokens: 1000 })).toBe(100_000_000);
    expect(cost(HALF, { units: { images: 2 } })).toBe(40_000_000);
  });

  test("keeps what is stated", () => {
    const rates = { ...HALF, cached_input: 2, cache_write: 3, units: { images: 0.01 } };
    expect(cost(rates, { inputTokens: 2000, cachedInputTokens: 1000, cacheWriteTokens: 1000 })).toBe(5_000_000);
    expect(cost(rates, { units: { images: 1 } })).toBe(10_000_000);
  });

  test("its output costs by the factor of its input when only that is stated", () => {
    expect(cost({ input: 5 }, { outputTokens: 1000 })).toBe(20_000_000);
  });

  test("a long context costs more there, too", () => {
    expect(cost(HALF, { inputTokens: 300_000, outputTokens: 1000 })).toBe(300_000 * 10_000 + 1000 * 30_000);
  });
});

describe("service tiers in the catalog", () => {
  const catalog = openCatalog();
  const NOW = Date.UTC(2026, 10, 21);
  const costOf = (provider: string, model: string, tier: string, usage: Partial<Usage>): number => {
    const price = catalog.priceOf(provider, model, NOW);
    if (price === null) throw new Error(`${model} has no price`);
    return costNano(price, { ...emptyUsage(), ...usage }, tier);
  };

  test("batches of Claude pay searches in full, and half of what an hour's cache costs", () => {
    expect(costOf("anthropic", "claude-fable-5", "batch", { webSearches: 1 })).toBe(10_000_000);
    const written = { inputTokens: 1000, cacheWrite1hTokens: 1000 };
    expect(costOf("anthropic", "claude-fable-5", "batch", written)).toBe(10_000_000);
  });

  test("output is never free where it costs something in the standard tier", () => {
    expect(costOf("azure", "gpt-5.5", "flex", { outputTokens: 1000 })).toBe(15_000_000);
  });
});
