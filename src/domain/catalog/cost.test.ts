import { expect, test } from "bun:test";
import { emptyUsage, type Usage } from "../../canonical/usage.ts";
import { costNano, isPriced } from "./cost.ts";
import { decodeRates, type Price } from "./price.ts";

const priced = (rates: Parameters<typeof decodeRates>[0]): Price => ({ rates: decodeRates(rates), tiers: [] });
const usage = (fields: Partial<Usage>): Usage => ({ ...emptyUsage(), ...fields });

/** Each kind has a price of its own power of ten, so that the sum shows how often each token was charged. */
const APART = priced({
  input: 1,
  cached_input: 10,
  cache_write: 100,
  cache_write_1h: 1000,
  audio_input: 10_000,
  output: 0.1,
  reasoning: 0.01,
  audio_output: 0.001,
});

test("every token is charged once, at the rate of its own kind", () => {
  const fields = {
    inputTokens: 15,
    cachedInputTokens: 1,
    cacheWriteTokens: 2,
    cacheWrite1hTokens: 3,
    audioInputTokens: 4,
    outputTokens: 9,
    reasoningTokens: 3,
    audioOutputTokens: 2,
  };
  // 5 plain, 1 cached, 2 and 3 written, 4 audio; out: 4 plain, 3 reasoning, 2 audio
  expect(costNano(APART, usage(fields))).toBe(5000 + 10_000 + 200_000 + 3_000_000 + 40_000_000 + 400 + 30 + 2);
});

test("parts that exceed their whole are cut to it, never charged twice or below zero", () => {
  expect(costNano(APART, usage({ inputTokens: 5, cachedInputTokens: 9, audioInputTokens: 9 }))).toBe(50_000);
  expect(costNano(APART, usage({ inputTokens: 5, cachedInputTokens: 3, cacheWriteTokens: 9 }))).toBe(30_000 + 200_000);
  expect(costNano(APART, usage({ outputTokens: 2, reasoningTokens: 7 }))).toBe(20);
});

test("fractions of a nano-dollar are rounded once, at the end", () => {
  const cheap = priced({ input: 0.0004, output: 0.0001 });
  expect(costNano(cheap, usage({ inputTokens: 1 }))).toBe(0);
  expect(costNano(cheap, usage({ inputTokens: 1, outputTokens: 1 }))).toBe(1);
  expect(costNano(cheap, usage({ inputTokens: 1000 }))).toBe(400);
});

test("absurd counts stay a whole number", () => {
  expect(costNano(APART, usage({ inputTokens: 1e300 }))).toBe(Number.MAX_SAFE_INTEGER);
});

test("a search without a known rate makes the cost unknown", () => {
  const price = priced({ input: 1, output: 1 });
  expect(isPriced(price, usage({ inputTokens: 5 }))).toBe(true);
  expect(isPriced(price, usage({ inputTokens: 5, webSearches: 1 }))).toBe(false);
  expect(isPriced(priced({ input: 1, output: 1, web_search_per_thousand: 5 }), usage({ webSearches: 1 }))).toBe(true);
  expect(isPriced(priced({ input: 1, output: 1, request_per_thousand: 5 }), usage({ webSearches: 1 }))).toBe(true);
});
