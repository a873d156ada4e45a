import { describe, expect, test } from "bun:test";
import { aliasOf, askRouter, namesOf, routerOf, ruleOf, variablesOf } from "./fixtures/question.ts";

describe("scopes of aliases", () => {
  test("the nearest counts: virtual key, team, customer, all", () => {
    const to = (model: string) => [aliasOf("x", [{ provider: "one", model, weight: 1 }])];
    const aliases = { global: to("g"), "customer:c": to("c"), "team:t": to("t"), "virtual_key:k": to("k") };
    const router = routerOf({ aliases });
    const first = (...scopes: string[]) => namesOf(askRouter(router, { model: "x", scopes: [...scopes, "global"] }))[0];
    expect(first()).toBe("one/g");
    expect(first("customer:c")).toBe("one/c");
    expect(first("team:t", "customer:c")).toBe("one/t");
    expect(first("virtual_key:k", "team:t", "customer:c")).toBe("one/k");
  });
});

test("a model has one name, with or without the folder that its provider has them in", () => {
  const aliases = {
    global: [aliasOf("x", [{ provider: "one", model: "models/m", weight: 1 }], { hidesTargets: true })],
  };
  const router = routerOf({ modelFolders: { one: "models/" }, aliases });
  const names = (model: string, fields = {}) => namesOf(askRouter(router, { model, ...fields }));
  expect(names("x")).toEqual(["one/m"]);
  expect(names("one/models/n")).toEqual(["one/n"]);
  expect(names("models/n")).toEqual(["one/n", "two/models/n"]);
  expect(names("two/models/n")).toEqual(["two/models/n"]);
  expect(names("two/n", { fallbacks: [{ provider: "one", model: "models/f", weight: 1 }] })).toEqual([
    "two/n",
    "one/f",
  ]);
  // Hidden by each of its spellings.
  expect(names("one/m")).toEqual([]);
  expect(names("one/models/m")).toEqual([]);
  expect(names("one/models/")).toEqual(["one/models/"]);
});

describe("an alias's target", () => {
  test("without a model is of the alias's own name", () => {
    const targets = [
      { provider: "three", weight: 1 },
      { key: "spare", weight: 1 },
    ];
    const route = askRouter(routerOf({ aliases: { global: [aliasOf("m", targets)] } }));
    expect(route.targets).toEqual([
      { provider: "three", model: "m" },
      { provider: "one", model: "m", key: "spare" },
    ]);
  });

  const conditional = aliasOf(
    "x",
    [
      { provider: "one", model: "long", weight: 1, when: "input_tokens > 1000" },
      { provider: "two", model: "odd", weight: 1, when: "1 / input_tokens > 2" },
      { provider: "three", model: "rest", weight: 1 },
    ],
    { fallbacks: ["two/f"] },
  );
  const router = routerOf({ aliases: { global: [conditional] } });
  const ask = (tokens: number) => askRouter(router, { model: "x", variables: variablesOf({ input_tokens: tokens }) });

  test("whose condition does not hold is left out, and the trace says so", () => {
    expect(namesOf(ask(2000))).toEqual(["one/long", "three/rest", "two/f"]);
    const route = ask(10);
    expect(namesOf(route)).toEqual(["three/rest", "two/f"]);
    expect(route.trace).toContainEqual({
      step: "left_out",
      result: "condition_false",
      target: { provider: "one", model: "long" },
    });
    expect(route.faults).toEqual([]);
  });

  test("whose condition cannot be evaluated is left out too, as a fault", () => {
    const route = ask(0);
    expect(namesOf(route)).toEqual(["three/rest", "two/f"]);
    expect(route.trace).toContainEqual({
      step: "left_out",
      result: "condition_false",
      target: { provider: "two", model: "odd" },
      text: "error: division by zero",
    });
    expect(route.faults).toEqual([{ rule: "x", scope: "global", kind: "error" }]);
  });

  test("may be the only one: then its alias has none, and its fallbacks serve", () => {
    const only = (fallbacks: string[]) =>
      routerOf({
        aliases: { global: [aliasOf("x", [{ model: "one/a", weight: 1, when: "stream" }], { fallbacks })] },
      });
    expect(askRouter(only([]), { model: "x" })).toMatchObject({ targets: [], emptyAlias: "x" });
    expect(namesOf(askRouter(only(["two/f"]), { model: "x" }))).toEqual(["two/f"]);
  });
});

describe("an alias that hides its targets", () => {
  const hiding = aliasOf(
    "assistant",
    [
      { provider: "one", model: "a", weight: 1 },
      { model: "two/b", weight: 1 },
      { model: "bare", weight: 1 },
      { model: "inner", weight: 1 },
    ],
    { hidesTargets: true },
  );
  const inner = aliasOf("inner", [{ provider: "three", model: "c", weight: 1 }]);
  const router = routerOf({
    aliases: {
      "team:t": [hiding],
      global: [inner, aliasOf("secret", [{ model: "one/z", weight: 1 }], { isHidden: true })],
    },
    rules: [ruleOf({ when: 'metadata.job == "nightly"', targets: [{ provider: "two", model: "b", weight: 1 }] })],
  });
  const member = ["team:t", "global"];
  const ask = (model: string, fields: Parameters<typeof askRouter>[1] = {}) =>
    namesOf(askRouter(router, { model, scopes: member, ...fields }));

  test("is itself reached", () => {
    expect(ask("assistant")).toEqual(["one/a", "two/b", "one/bare", "three/c"]);
  });

  test.each(["one/a", "two/b", "bare", "one/bare", "inner", "three/c"])("%s is not found by its own name", (model) => {
    expect(ask(model)).toEqual([]);
    expect(ask("one/other", { fallbacks: [model] })).toEqual(["one/other"]);
    expect(ask("one/other", { targets: [{ model, weight: 1 }] })).toEqual([]);
    expect(namesOf(askRouter(router, { model }))).not.toEqual([]);
  });

  test("no fallback serves in place of what is hidden", () => {
    expect(ask("one/a", { fallbacks: ["one/other"] })).toEqual([]);
    const strict = routerOf({ aliases: { global: [inner, hiding] }, fallbacks: ["one/other"] });
    expect(namesOf(askRouter(strict, { model: "one/a" }))).toEqual([]);
  });

  test("a place that the request spells out is none either, a rule's is", () => {
    expect(ask("one/other", { targets: [{ provider: "one", model: "a", weight: 1 }] })).toEqual([]);
    expect(ask("one/a", { variables: variablesOf({ metadata: { job: "nightly" } }) })).toEqual(["two/b"]);
  });

  test("lists show neither hidden aliases nor aliases among the targets", () => {
    expect(router.resolver.aliasNames(member)).toEqual(["assistant"]);
    expect(router.resolver.aliasNames(["global"])).toEqual(["inner"]);
    expect(router.resolver.hides({ provider: "three", model: "c" }, member)).toBe(true);
    expect(router.resolver.hides({ provider: "three", model: "c" }, ["global"])).toBe(false);
  });
});
