import { describe, expect, test } from "bun:test";
import { stepText } from "../../canonical/trace.ts";
import type { ExperimentData } from "./data.ts";
import { askRouter, namesOf, routerOf, ruleOf, variablesOf } from "./fixtures/question.ts";

const LIST = Array.from({ length: 1000 }, (_, index) => index);
const BOMB = "params.list.all(a, params.list.all(b, params.list.all(c, a + b + c >= 0.0)))";
const DEAR = "params.list.all(a, a >= 0.0)";

/** An experiment that always holds and has one arm, at `two/b`. */
function experimentOf(fields: Partial<ExperimentData> = {}): ExperimentData {
  const policy = { name: "priority", slot: 0 } as const;
  const arm = { name: "b", weight: 1, targets: [{ provider: "two", model: "b", weight: 1 }], policy, fallbacks: [] };
  return { name: "e", scope: "global", when: "true", unit: "user", arms: [arm], ramp: [], ...fields };
}

describe("the condition of an experiment", () => {
  test("that cannot be evaluated does not hold, and the trace and the faults say so", () => {
    const failing = experimentOf({ name: "broken", when: "1 / input_tokens > 0" });
    const router = routerOf({ experiments: [failing, experimentOf()] });
    const route = askRouter(router, { variables: variablesOf({ input_tokens: 0 }) });
    expect(namesOf(route)).toEqual(["two/b"]);
    expect(route.trace.map(stepText)).toEqual(["broken: error, no part in it: division by zero", "e: b"]);
    expect(route.faults).toEqual([{ rule: "broken", scope: "global", kind: "error" }]);
  });

  test("that reads what is absent is no error: it does not hold", () => {
    const router = routerOf({ experiments: [experimentOf({ when: 'headers["x-tier"] == "gold"' })] });
    expect(askRouter(router)).toMatchObject({ experiment: null, trace: [], faults: [] });
  });

  test("takes its steps from what all conditions of the request may cost together", () => {
    const bombs = ["b1", "b2"].map((name) => ruleOf({ name, when: BOMB }));
    const cheap = experimentOf({ name: "cheap", when: 'model == "m"' });
    const router = routerOf({ rules: bombs, experiments: [experimentOf({ when: DEAR }), cheap] });
    const route = askRouter(router, { variables: variablesOf({ params: { list: LIST } }) });
    expect(route.faults.map(({ rule }) => rule)).toEqual(["b1", "b2", "e"]);
    expect(route.trace.map(stepText).at(-2)).toContain("the 0 steps that are left");
    expect(route.experiment).toMatchObject({ experiment: "cheap" });
  });
});
