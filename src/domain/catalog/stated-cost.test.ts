import { expect, test } from "bun:test";
import { emptyUsage } from "../../canonical/usage.ts";
import { statedCostNano } from "./stated-cost.ts";

const usage = (raw: unknown) => ({ ...emptyUsage(), raw });
const OPENROUTER = {
  path: "cost",
  perUsd: 1,
  beside: { flag: "is_byok", path: "cost_details.upstream_inference_cost" },
};

test("dollars, ticks, and amounts deeper down", () => {
  expect(statedCostNano(OPENROUTER, usage({ cost: 0.000123456789 }))).toBe(123_457);
  // https://docs.x.ai/developers/cost-tracking
  expect(statedCostNano({ path: "cost_in_usd_ticks", perUsd: 1e10 }, usage({ cost_in_usd_ticks: 37_756_000 }))).toBe(
    3_775_600,
  );
  expect(statedCostNano({ path: "cost.total_cost", perUsd: 1 }, usage({ cost: { total_cost: "0.005" } }))).toBe(
    5_000_000,
  );
  expect(statedCostNano(OPENROUTER, usage({ cost: 0 }))).toBe(0);
});

test("what another account is billed counts where the provider says so", () => {
  const cost_details = { upstream_inference_cost: 0.002 };
  expect(statedCostNano(OPENROUTER, usage({ cost: 0.0001, cost_details }))).toBe(100_000);
  expect(statedCostNano(OPENROUTER, usage({ cost: 0.0001, is_byok: true, cost_details }))).toBe(2_100_000);
});

test("where another account is billed for nobody knows how much, the sum is unknown", () => {
  for (const cost_details of [null, {}, { upstream_inference_cost: null }, { upstream_inference_cost: -1 }])
    expect(statedCostNano(OPENROUTER, usage({ cost: 0.0001, is_byok: true, cost_details }))).toBeNull();
  expect(statedCostNano(OPENROUTER, usage({ cost: 0, is_byok: true }))).toBeNull();
});

test.each([[undefined], [null], [5], [[]], [{}], [{ cost: -1 }], [{ cost: "x" }], [{ cost: "" }], [{ cost: true }]])(
  "%j says nothing",
  (raw) => {
    expect(statedCostNano(OPENROUTER, usage(raw))).toBeNull();
  },
);

test("an amount beyond measure is none", () => {
  expect(statedCostNano(OPENROUTER, usage({ cost: 1e9 }))).toBeNull();
});
