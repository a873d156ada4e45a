import { expect, test } from "bun:test";
import type { Price } from "../../domain/catalog/index.ts";
import { decodeRates } from "../../domain/catalog/price.ts";
import type { RequestContext } from "../context.ts";
import { worstCost } from "./reserve.ts";

const RATES = { input: 10, output: 20, cache_write: 12.5, cache_write_1h: 20, audio_output: 80, image_output: 100 };
const price: Price = { rates: decodeRates(RATES), tiers: [] };
const size = { inputTokens: 1000, outputTokens: null, hasMedia: false, hasImages: false };
const worst = (more: object, chatRequest: object | null = null, at = price): number =>
  worstCost({ size: { ...size, ...more }, chatRequest } as unknown as RequestContext, at, 100);

const PLAIN = 10_000_000 + 2_000_000;

test("the worst of what is written to a cache is that all of it is", () => {
  expect(worst({ cacheWrite: "5m" })).toBe(14_500_000);
  expect(worst({ cacheWrite: "1h" })).toBe(22_000_000);
  expect(worst({})).toBe(PLAIN);
});

test("nor is it less than that nothing is, where writing is free", () => {
  const free: Price = { rates: decodeRates({ ...RATES, cache_write: 0 }), tiers: [] };
  expect(worst({ cacheWrite: "5m" }, null, free)).toBe(PLAIN);
});

test("output that is asked for as sound or image costs what that does", () => {
  expect(worst({}, { modalities: ["text", "audio"] })).toBe(18_000_000);
  expect(worst({}, { modalities: ["image"] })).toBe(20_000_000);
  expect(worst({}, { modalities: ["text"] })).toBe(PLAIN);
});
