import { describe, expect, test } from "bun:test";
import type { AliasData, RouteData, RuleData } from "./data.ts";
import { aliasOf, askRouter, routerOf, ruleOf, variablesOf } from "./fixtures/question.ts";
import type { RouteInput } from "./router.ts";

const SCOPES = ["team:t", "global"];

function rule(name: string, when: string, fields: Partial<RuleData> = {}): RuleData {
  return ruleOf({ name, when, targets: [{ provider: "a", model: "m", weight: 1 }], ...fields });
}

const alias = (name: string, targets: AliasData["targets"]): AliasData => aliasOf(name, targets);

function routed(data: Partial<RouteData>, fields: Partial<RouteInput> = {}) {
  const router = routerOf({ providers: ["a", "b"], ...data });
  const input = {
    model: "a/asked",
    scopes: SCOPES,
    variables: variablesOf({ model: "asked", provider: "a" }),
    providersOf: () => [],
    ...fields,
  };
  return { router, input, route: askRouter(router, input) };
}

describe("what a route tells of rules", () => {
  const rules = [
    rule("team first", "false", { scope: "team:t" }),
    rule("elsewhere", "true", { scope: "team:other" }),
    rule("broken", "1 / int(model.size() - 5) == 1"),
    rule("hit", "true", { priority: 1 }),
    rule("behind", "true", { priority: 2 }),
  ];

  test("only the one that held and those that failed are in the trace; the others are counted", () => {
    const { router, input, route } = routed({ rules });
    expect(route.trace).toMatchObject([
      { step: "rule", result: "broken", scope: "global", outcome: "error" },
      { step: "rule", result: "hit", scope: "global" },
    ]);
    expect(router.countNotMatched(input.scopes, route.stops)).toBe(2);
    const [stop = null] = route.stops;
    expect([...router.rulesBefore(input.scopes, stop)].map(({ name }) => name)).toEqual(["team first", "broken"]);
  });

  test("without a match all of the caller's scopes count", () => {
    const { router, input, route } = routed({ rules: rules.slice(0, 3) });
    expect(route.stops).toEqual([null]);
    expect(router.countNotMatched(input.scopes, route.stops)).toBe(2);
  });

  test("a chain has a round for each of its rules", () => {
    const chain = [
      rule("one", 'model == "asked"', { chainRule: true }),
      rule("two", 'model == "m"', { chainRule: true }),
    ];
    const { route } = routed({ rules: chain });
    expect(route.stops.map((stop) => stop?.name)).toEqual(["one", "two", "two"]);
    expect(route.trace.at(-1)).toMatchObject({ result: "two", outcome: "chain_loop" });
  });
});

describe("candidates", () => {
  test("of an alias of aliases name the way there", () => {
    const aliases = {
      global: [
        alias("outer", [{ model: "inner", weight: 2 }]),
        alias("inner", [{ provider: "b", model: "x", weight: 1 }]),
      ],
    };
    const { route } = routed({ aliases, fallbacks: ["a/spare"] }, { model: "outer" });
    expect(route.aliases).toEqual(["outer", "inner"]);
    expect(route.candidates).toMatchObject([
      {
        target: { provider: "b", model: "x" },
        group: { from: "alias", name: "outer" },
        choice: { weight: 2, via: ["inner"] },
      },
      { target: { provider: "a", model: "spare" }, group: { from: "fallback", name: "a/spare" }, choice: null },
    ]);
  });

  test("that may not be used have a reason of the list", () => {
    const { route } = routed({}, { refuse: () => "model_not_allowed" });
    expect(route.targets).toEqual([]);
    expect(route.candidates).toMatchObject([{ group: { from: "model" }, reason: "model_not_allowed" }]);
    expect(route.trace).toEqual([
      { step: "left_out", result: "model_not_allowed", target: { provider: "a", model: "asked" } },
    ]);
  });
});
