import { describe, expect, test } from "bun:test";
import { stepText } from "../../canonical/trace.ts";
import { aliasOf, askRouter, namesOf, routerOf, ruleOf, variablesOf } from "./fixtures/question.ts";

const FAILING = "1 / input_tokens > 0";
const at = (text: string): { variables: ReturnType<typeof variablesOf> } => ({
  variables: variablesOf({ now: new Date(text) }),
});

describe("a rule's window", () => {
  const from = Date.parse("2027-03-01T00:00:00+01:00");
  const until = Date.parse("2027-04-01T00:00:00+02:00");
  const router = routerOf({ rules: [ruleOf({ validFrom: from, validUntil: until })] });

  test.each([
    ["2027-02-28T22:59:59.999Z", "one/m"],
    ["2027-02-28T23:00:00Z", "one/a"],
    ["2027-03-31T21:59:59.999Z", "one/a"],
    ["2027-03-31T22:00:00Z", "one/m"],
  ])("at %s it goes to %s first", (now, first) => {
    expect(namesOf(askRouter(router, at(now)))[0]).toBe(first);
  });

  test("outside of it the condition is not even evaluated", () => {
    const failing = routerOf({ rules: [ruleOf({ when: "1 / 0 == 1", validUntil: from, onError: "refuse" })] });
    expect(askRouter(failing, at("2027-03-01T00:00:00Z"))).toMatchObject({ refusal: null, trace: [], faults: [] });
  });
});

describe("a rule that cannot be evaluated", () => {
  const variables = variablesOf({ input_tokens: 0 });
  const fault = { rule: "r", scope: "global", kind: "error" } as const;

  test("is skipped by default, and the trace and the faults say so", () => {
    const route = askRouter(routerOf({ rules: [ruleOf({ when: FAILING })] }), { variables });
    expect(namesOf(route)).toEqual(["one/m", "two/m"]);
    expect(route.trace.map(stepText)).toEqual(["r: error, no match: division by zero"]);
    expect(route.faults).toEqual([fault]);
  });

  test("refuses the call with on_error: refuse, whatever rule comes after it", () => {
    const rules = [ruleOf({ when: FAILING, onError: "refuse" }), ruleOf({ name: "next", priority: 1 })];
    const route = askRouter(routerOf({ rules }), { variables });
    expect(route.targets).toEqual([]);
    expect(route.refusal).toMatchObject({ code: "rule_failed", status: 503 });
    expect(route.refusal?.message).toContain('"r"');
    expect(route.faults).toEqual([fault]);
  });

  test("what is absent is no error: the rule does not hold", () => {
    const rules = [ruleOf({ when: 'headers["x-tier"] == "gold"', onError: "refuse" })];
    expect(askRouter(routerOf({ rules }))).toMatchObject({ refusal: null, trace: [], faults: [] });
  });
});

describe("a refusing rule", () => {
  const refuse = { message: "data of this team stays in the EU", status: 451 };

  test("refuses with its message and status, and names itself", () => {
    const route = askRouter(routerOf({ rules: [ruleOf({ targets: [], refuse })], fallbacks: ["two/b"] }));
    expect(route.refusal).toMatchObject({ code: "refused_by_rule", status: 451 });
    expect(route.refusal?.message).toBe('data of this team stays in the EU (rule "r")');
    expect(route).toMatchObject({ targets: [], trace: [{ step: "rule", result: "r" }] });
  });

  test("refuses at the end of a chain too", () => {
    const rules = [
      ruleOf({ name: "first", chainRule: true, when: 'model == "m"' }),
      ruleOf({ name: "no a", targets: [], refuse, when: 'model == "a"' }),
    ];
    expect(askRouter(routerOf({ rules })).refusal?.message).toContain('"no a"');
  });
});

describe("a shadow rule", () => {
  test("is only traced, whatever it says", () => {
    const shadows = [
      ruleOf({ name: "s1", isShadow: true }),
      ruleOf({ name: "s2", isShadow: true, targets: [], refuse: { message: "no", status: 403 } }),
      ruleOf({ name: "s3", isShadow: true, when: "1 / 0 == 1", onError: "refuse" }),
      ruleOf({ name: "s4", isShadow: true, when: "false" }),
      ruleOf({ name: "real", priority: 1, targets: [{ provider: "two", model: "b", weight: 1 }] }),
    ];
    const route = askRouter(routerOf({ rules: shadows }));
    expect(namesOf(route)).toEqual(["two/b"]);
    expect(route.trace.map((step) => `${step.step}=${stepText(step)}`)).toEqual([
      "rule=s1: would match",
      "rule=s2: would match",
      "rule=s3: error, no match: division by zero",
      "rule=real",
    ]);
    expect(route.faults).toEqual([{ rule: "s3", scope: "global", kind: "error" }]);
  });

  test("that is slow takes nothing from the rules that count", () => {
    const list = Array.from({ length: 1000 }, (_, index) => index);
    const bomb = "params.list.all(a, params.list.all(b, params.list.all(c, a + b + c >= 0.0)))";
    const dear = "params.list.all(a, a >= 0.0) && params.list.all(a, a < 1000.0)";
    const shadows = Array.from({ length: 5 }, (_, index) => ruleOf({ name: `s${index}`, isShadow: true, when: bomb }));
    const router = routerOf({ rules: [...shadows, ruleOf({ name: "real", priority: 1, when: dear })] });
    const route = askRouter(router, { variables: variablesOf({ params: { list } }) });
    expect(namesOf(route)).toEqual(["one/a"]);
    expect(route.faults.map(({ rule }) => rule)).toEqual(["s0", "s1", "s2", "s3", "s4"]);
  });
});

describe("what rules may cost", () => {
  test("is limited for all of them together: cheap ones behind still count", () => {
    const list = Array.from({ length: 1000 }, (_, index) => index);
    const bomb = "params.list.all(a, params.list.all(b, params.list.all(c, a + b + c >= 0.0)))";
    const bombs = Array.from({ length: 50 }, (_, index) => ruleOf({ name: `b${index}`, when: bomb }));
    const router = routerOf({ rules: [...bombs, ruleOf({ name: "cheap", priority: 1, when: 'model == "m"' })] });
    const route = askRouter(router, { variables: variablesOf({ params: { list } }) });
    expect(namesOf(route)).toEqual(["one/a"]);
    expect(route.faults).toHaveLength(50);
    const told = route.trace.map(stepText);
    expect(told[0]).toContain("more than 100000 steps");
    expect(told[2]).toContain("the 0 steps that are left");
    expect(told.at(-1)).toBe("cheap");
  });
});

describe("a chain", () => {
  const hop = (from: string, to: string, fields = {}) =>
    ruleOf({
      name: `${from} to ${to}`,
      when: `model == "${from}"`,
      targets: [{ provider: "one", model: to, weight: 1 }],
      chainRule: true,
      ...fields,
    });

  test("ends with the last rule that holds", () => {
    const route = askRouter(routerOf({ rules: [hop("m", "n"), hop("n", "o")] }));
    expect(namesOf(route)).toEqual(["one/o"]);
    expect(route.faults).toEqual([]);
  });

  test("that comes back is stopped: what it had come to stands, trace and faults say so", () => {
    const route = askRouter(routerOf({ rules: [hop("m", "n"), hop("n", "m")] }));
    expect(namesOf(route)).toEqual(["one/m"]);
    expect(route.trace.at(-1)).toEqual({ step: "rule", result: "m to n", scope: "global", outcome: "chain_loop" });
    expect(route.faults).toEqual([{ rule: "m to n", scope: "global", kind: "loop" }]);
  });

  test("of more than eight rules is stopped at the ninth", () => {
    const rules = Array.from({ length: 12 }, (_, index) => hop(index === 0 ? "m" : `m${index}`, `m${index + 1}`));
    const route = askRouter(routerOf({ rules }));
    expect(namesOf(route)).toEqual(["one/m8"]);
    expect(route.faults).toEqual([{ rule: "m8 to m9", scope: "global", kind: "too_deep" }]);
    expect(route.trace.at(-1)).toMatchObject({ result: "m8 to m9", outcome: "chain_too_deep" });
  });
});

describe("a confining rule", () => {
  const confined = ruleOf({ isConfined: true, fallbacks: ["two/eu"] });

  test("keeps to its targets and fallbacks, whatever the request or the defaults say", () => {
    const router = routerOf({ rules: [confined], fallbacks: ["three/default"] });
    const route = askRouter(router, {
      fallbacks: ["three/x"],
      targets: [{ provider: "three", model: "y", weight: 1 }],
    });
    expect(namesOf(route)).toEqual(["one/a", "two/eu"]);
    expect(route.trace.at(-1)).toEqual({ step: "confined", result: "r: fallbacks of the request are ignored" });
  });

  test("without fallbacks takes neither those of the alias nor the defaults", () => {
    const aliases = { global: [aliasOf("m", [{ model: "two/b", weight: 1 }], { fallbacks: ["three/c"] })] };
    const router = routerOf({ rules: [ruleOf({ isConfined: true })], fallbacks: ["three/default"], aliases });
    expect(namesOf(askRouter(router))).toEqual(["one/a"]);
  });

  test("without targets that the caller may use leaves none", () => {
    const router = routerOf({ rules: [ruleOf({ isConfined: true })], fallbacks: ["three/default"] });
    const route = askRouter(router, { refuse: ({ provider }) => (provider === "one" ? "provider_not_allowed" : null) });
    expect(route.targets).toEqual([]);
    expect(route.refused).toHaveLength(1);
  });
});
