import { describe, expect, test } from "bun:test";
import { SCENARIOS, type Scenario } from "../../bench/balance/scenarios.ts";
import { simulate } from "../../bench/balance/simulate.ts";

const named = (name: string): Scenario => {
  const found = SCENARIOS.find((scenario) => scenario.name === name);
  if (found === undefined) throw new Error(`there is no scenario ${name}`);
  return found;
};

describe.each(SCENARIOS.map((scenario) => [scenario.name, scenario] as const))("adaptive, %s", (_, scenario) => {
  test.each([1, 2, 3])("loses less than one request in a hundred (seed %d)", (seed) => {
    expect(simulate(scenario, "adaptive", seed).success).toBeGreaterThan(0.99);
  });

  test("is back within 30 s", () => {
    const { recoverSeconds } = simulate(scenario, "adaptive");
    expect(recoverSeconds ?? 0).toBeLessThanOrEqual(30);
    expect(recoverSeconds === null).toBe(scenario.trouble === null);
  });
});

test("adaptive turns away from a target that slows down long before it fails; by weight that happens when it fails", () => {
  const scenario = named("slow degradation");
  expect(simulate(scenario, "adaptive").shiftSeconds).toBeLessThan(30);
  expect(simulate(scenario, "weighted").shiftSeconds).toBeGreaterThan(60);
});

test("errors that a breaker does not see cost adaptive far less than turns or weights", () => {
  const scenario = named("20 % errors, half of them mid-stream");
  const lost = (policy: "adaptive" | "round_robin" | "weighted") => 1 - simulate(scenario, policy).success;
  expect(lost("adaptive")).toBeLessThan(lost("round_robin") / 2);
  expect(lost("adaptive")).toBeLessThan(lost("weighted") / 2);
});

test("where all is well, weights hold", () => {
  const { cost, success } = simulate(named("all well"), "adaptive");
  expect(success).toBe(1);
  expect(cost).toBeGreaterThan(1450);
  expect(cost).toBeLessThan(1550);
});

test("the same seed gives the same run", () => {
  const run = () => simulate(named("flapping every 10 s"), "adaptive", 5);
  expect(run()).toEqual(run());
});
