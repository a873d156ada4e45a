import { describe, expect, test } from "bun:test";
import { check, problems } from "../fixtures/check.ts";
import type { LoadOptions } from "../index.ts";

describe("targets and aliases", () => {
  test("providers and keys that do not exist are refused, with the likely name", () => {
    const found = check(
      "aliases: { a: { targets: [{ provider: opanai, model: x }, { provider: openai, key: spare }, { key: b }] } }\nproviders: { openai: { keys: [{ name: main, value: x }] } }",
    );
    expect(found.problems).toEqual([
      'aliases.a.targets[0].provider: there is no provider "opanai"',
      'aliases.a.targets[1].key: openai has no key "spare"',
      'aliases.a.targets[2].key: no provider has key "b"',
    ]);
    expect(found.remedies[0]).toBe("did you mean openai?");
    expect(problems("aliases: { a: { targets: [{ model: x, weight: 0 }] } }")).toEqual([
      "aliases.a.targets: all weights are 0",
    ]);
  });

  test("a slip in a model string is a warning, since ids hold slashes too", () => {
    const found = check("aliases: { a: opnai/gpt-4o }\nrouting: { fallbacks: [meta-llama/Llama-3, antropic/x] }");
    expect(found.warnings).toEqual([
      'aliases.a.targets[0].model: there is no provider "opnai": read as a bare model name',
      'routing.fallbacks[1]: there is no provider "antropic": read as a bare model name',
    ]);
    expect(found.remedies).toEqual(["did you mean openai/gpt-4o?", "did you mean anthropic/x?"]);
  });

  test("cycles are refused, within and across scopes", () => {
    expect(problems("aliases: { a: a }")).toEqual(["aliases.a: leads back to itself: a → a"]);
    expect(problems("aliases: { a: b, b: { targets: [{ model: x }, { model: a }] } }")).toEqual([
      "aliases.a: leads back to itself: a → b → a",
      "aliases.b: leads back to itself: b → a → b",
    ]);
    const across = `aliases: { b: a }\ngovernance: { teams: [{ name: t, aliases: { a: b } }] }`;
    expect(problems(across)).toEqual(["governance.teams[0].aliases.a: leads back to itself: a → b → a"]);
    expect(problems("aliases: { gpt-4o: openai/gpt-4o, b: { targets: [{ provider: openai, model: b }] } }")).toEqual(
      [],
    );
    const chain = Array.from({ length: 12 }, (_, at) => `a${at}: a${at + 1}`).join(", ");
    expect(problems(`aliases: { ${chain} }`)[0]).toContain("leads through more than 8 aliases");
    expect(problems("aliases: { toString: constructor1 }")).toEqual([]);
  });
});

describe("conditions of aliases", () => {
  const checkCondition = (source: string) => (source === "stream" ? null : { message: "no such variable" });

  test("compile, in every scope", () => {
    const targets = "{ targets: [{ model: x, when: steam }, { model: y, when: stream }, { model: z }] }";
    const found = problems(
      `aliases: { a: ${targets} }\ngovernance: { customers: [{ name: c, aliases: { b: ${targets} } }] }`,
      { checkCondition },
    );
    expect(found).toEqual([
      "aliases.a.targets[0].when: no such variable",
      "governance.customers[0].aliases.b.targets[0].when: no such variable",
    ]);
  });

  test("on all targets without fallbacks are worth a warning", () => {
    expect(check("aliases: { a: { targets: [{ model: x, when: stream }] } }").warnings).toEqual([
      "aliases.a.targets: leads nowhere when none of the conditions holds",
    ]);
    expect(check("aliases: { a: { targets: [{ model: x, when: stream }], fallbacks: [y] } }").warnings).toEqual([]);
  });

  test("cycles through a customer's aliases are found", () => {
    const text = `aliases: { b: a }\ngovernance: { customers: [{ name: c, aliases: { a: x } }], teams: [{ name: t, customer: c, aliases: { x: b } }] }`;
    expect(problems(text)).toContain("governance.teams[0].aliases.x: leads back to itself: x → b → a → x");
  });
});

describe("rules", () => {
  const rule = (fields: string) => `{ name: r, when: 'true', targets: [{ model: x }], ${fields} }`;
  const rules = (list: string, options?: Partial<LoadOptions>) =>
    problems(`routing: { rules: [${list}] }\ngovernance: { teams: [{ name: ml }] }`, options);

  test("names are unique within a scope", () => {
    expect(rules(`${rule("")}, ${rule("")}`)).toEqual([
      "routing.rules[1].name: another rule of the scope global has this name",
    ]);
    expect(rules(`${rule("")}, ${rule("scope: 'team:ml'")}`)).toEqual([]);
  });

  test("scopes refer to something that exists", () => {
    expect(rules(rule("scope: 'team:mll'"))).toEqual(['routing.rules[0].scope: there is no team "mll"']);
    expect(rules(rule("scope: 'customer:x'"))).toEqual(['routing.rules[0].scope: there is no customer "x"']);
    expect(rules(rule("scope: 'virtual_key:x'"))).toEqual(['routing.rules[0].scope: there is no virtual_key "x"']);
    expect(rules(rule("scope: 'planet:x'"))).toEqual([
      "routing.rules[0].scope: must be global, customer:NAME, team:NAME or virtual_key:NAME",
    ]);
  });

  test("conditions are compiled by whom it concerns", () => {
    const checkCondition = (source: string) =>
      source === "true" ? null : { message: "no such variable", remedy: "look again" };
    expect(rules(rule(""), { checkCondition })).toEqual([]);
    expect(rules(rule("").replace("true", "modle == 1"), { checkCondition })).toEqual([
      "routing.rules[0].when: no such variable",
    ]);
  });

  const bare = (fields: string) => `{ name: r, when: 'true', ${fields} }`;
  const REFUSE = "refuse: { message: no }";

  test("each has targets or refuses", () => {
    expect(rules(bare(""))).toEqual(["routing.rules[0]: has neither targets nor refuse"]);
    expect(rules(bare("targets: []"))).toEqual(["routing.rules[0]: has neither targets nor refuse"]);
    expect(rules(bare(REFUSE))).toEqual([]);
    expect(rules(bare("refuse: { message: no, status: 503 }"))).toEqual([
      "routing.rules[0].refuse.status: must be at most 499",
    ]);
    expect(rules(bare("refuse: {}"))).toEqual(["routing.rules[0].refuse.message: is required"]);
  });

  test.each([
    "targets: [{ model: x }]",
    "policy: adaptive",
    "sticky: off",
    "fallbacks: [x]",
    "attempt_timeout_ms: 50",
    "hedging: false",
    "hedging: { after: 50 }",
    "confine: true",
    "chain_rule: true",
  ])("a refusing rule has no %s", (field) => {
    const found = check(`routing: { rules: [${bare(`${REFUSE}, ${field}`)}] }`);
    const name = field.slice(0, field.indexOf(":"));
    expect(found.problems[0]).toBe(`routing.rules[0].${name}: stands beside refuse`);
    expect(found.remedies[0]).toBeString();
  });

  test("a window has a length, and is worth a warning when it is over", () => {
    const window = (from: string, until: string) => rule(`valid_from: ${from}, valid_until: ${until}`);
    expect(rules(window("2098-01-01", "2098-01-02T00:00:00+02:00"))).toEqual([]);
    for (const until of ["2098-01-01", "2098-01-01T00:00:00+02:00", "2097-01-01"])
      expect(rules(window("2098-01-01", until))).toEqual(["routing.rules[0].valid_until: is not after valid_from"]);
    expect(rules(rule("valid_from: '2098-01-01 10:00'"))[0]).toStartWith("routing.rules[0].valid_from: must be");
    expect(check(`routing: { rules: [${rule("valid_until: 2001-01-01")}] }`).warnings).toEqual([
      "routing.rules[0].valid_until: lies in the past: the rule is no longer looked at",
    ]);
  });

  test("what confines says where, and does not hand the decision on", () => {
    const confine = (fields: string) =>
      problems(
        `aliases: { eu: { targets: [{ provider: openai, model: x }] }, any: { targets: [{ model: eu }, { model: x }] } }\nrouting: { rules: [${bare(`confine: true, ${fields}`)}] }`,
      );
    const open = "leaves open at which provider, beside confine";
    expect(
      confine("targets: [{ provider: openai }, { model: openai/x }, { model: eu }], fallbacks: [eu, demo/y]"),
    ).toEqual([]);
    expect(confine("targets: [{ model: x }, { model: any }], fallbacks: [y]")).toEqual([
      `routing.rules[0].targets[0]: ${open}`,
      `routing.rules[0].targets[1]: ${open}`,
      `routing.rules[0].fallbacks[0]: ${open}`,
    ]);
    expect(confine("targets: [{ model: eu }], chain_rule: true")).toEqual([
      "routing.rules[0].chain_rule: stands beside confine",
    ]);
  });

  test("targets are checked like those of aliases", () => {
    expect(rules("{ name: r, when: 'true', targets: [{ provider: x }] }")).toEqual([
      'routing.rules[0].targets[0].provider: there is no provider "x"',
    ]);
  });
});
