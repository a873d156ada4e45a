import { describe, expect, test } from "bun:test";
import {
  CelError,
  CelEvalError,
  celTypes as t,
  compileCel,
  type CelEnvironment,
  type CelLimits,
  type CelValue,
} from "./index.ts";

const env: CelEnvironment = {
  variables: { body: t.dyn, labels: t.map(t.string, t.string), text: t.string, list: t.list(t.string), flag: t.bool },
};

const evaluate = (source: string, values: object, limits?: Partial<CelLimits>): CelValue =>
  compileCel(source, env, limits).evaluate(values);

function isTooDear(source: string, values: object): void {
  expect(() => evaluate(source, values)).toThrow("cost limit exceeded");
  expect(() => evaluate(`dyn(${source}) == null || true`, values)).toThrow("cost limit exceeded");
}

describe("names of prototypes", () => {
  const hostile = JSON.parse('{"__proto__": {"admin": true}, "constructor": 1}') as unknown;

  test.each(["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf"])(
    "%s is a key like any other",
    (name) => {
      const source = `has(body.${name}) || has(labels.${name}) || "${name}" in body || "${name}" in labels`;
      expect(evaluate(source, { body: {}, labels: {} })).toBe(false);
      expect(() => evaluate(`body.${name} == 1`, { body: {} })).toThrow(`no such key: "${name}"`);
      expect(() => evaluate(`labels["${name}"] == ""`, { labels: {} })).toThrow(`no such key: "${name}"`);
      expect(() => compileCel(`${name} == 1`, env)).toThrow(CelError);
      expect(() => compileCel(`${name}() == 1`, env)).toThrow(CelError);
      expect(() => compileCel(`text.${name}() == 1`, env)).toThrow(CelError);
      expect(() => compileCel(`text.${name} == 1`, env)).toThrow(CelError);
    },
  );

  test("of the sender's own are found", () => {
    expect(
      evaluate("body.__proto__.admin == true && body.constructor == 1 && !has(body.admin)", { body: hostile }),
    ).toBe(true);
    expect(evaluate('{"__proto__": 1}.__proto__ == 1 && !has({"__proto__": {"a": 1}}.a)', {})).toBe(true);
  });

  test("methods of JavaScript cannot be reached", () => {
    expect(() => evaluate("body.f == 1", { body: { f: () => 1 } })).toThrow('no such key: "f"');
    expect(() => evaluate("body.size == 1", { body: new Map() })).toThrow('no such key: "size"');
  });
});

describe("the size of a source", () => {
  const refused = (source: string, problem: string): void => expect(() => compileCel(source, env)).toThrow(problem);

  test("is limited in length, nesting and parts", () => {
    refused(`"${"a".repeat(20_000)}" == text`, "more than the 20000 allowed");
    refused(`${"(".repeat(5_000)}1${")".repeat(5_000)}`, "nests deeper");
    refused("[".repeat(5_000), "nests deeper");
    refused(`${"!".repeat(5_000)}flag`, "nests deeper");
    refused(`${"-".repeat(5_000)}1`, "nests deeper");
    refused(`1${" + 1".repeat(3_000)} == 1`, "nests deeper");
    refused(`body${".a".repeat(3_000)}`, "nests deeper");
    refused(`${"flag ? 1 : ".repeat(1_500)}1`, "nests deeper");
    expect(() => compileCel(`[${"1,".repeat(9_000)}]`, env, { maxNodes: 5_000 })).toThrow(
      "more than the 5000 parts allowed",
    );
  });

  test("a chain of 20,000 || or && is no nesting", () => {
    const limits = { maxLength: 400_000, maxNodes: 100_000 };
    const or = Array.from({ length: 20_000 }, () => "flag").join(" || ");
    expect(evaluate(or, { flag: false }, limits)).toBe(false);
    expect(evaluate(`${or} || text == ""`, { flag: false, text: "" }, limits)).toBe(true);
    const faults = Array.from({ length: 20_000 }, () => "body.x").join(" && ");
    expect(() => evaluate(faults, { body: {} }, limits)).toThrow('no such key: "x"');
    expect(() => compileCel(or, env)).toThrow(CelError);
  });

  test("numbers of any length are read or refused", () => {
    expect(() => compileCel(`${"9".repeat(19_000)} > 1`, env)).toThrow("does not fit");
    expect(() => compileCel(`0x${"f".repeat(19_000)} > 1`, env)).toThrow("does not fit");
    expect(evaluate(`${"9".repeat(19_000)}.0 > 1.0`, {})).toBe(true);
    expect(() => evaluate("int(text)", { text: "9".repeat(100_000) })).toThrow(CelEvalError);
  });
});

describe("the cost of an evaluation", () => {
  const numbers = { body: Array.from({ length: 1_000 }, (_, at) => at) };

  test("is limited in nested macros", () => {
    isTooDear("body.all(a, body.all(b, body.all(c, a + b + c >= 0.0)))", numbers);
    isTooDear("body.map(a, body.map(b, [a, b]))", numbers);
    isTooDear("body.map(a, body.map(b, {string(a): b}))", numbers);
    isTooDear("body.filter(a, body.exists(b, body.exists(c, a + b + c < 0.0))).size() > 0", numbers);
    isTooDear("body.exists_one(a, body.exists(b, a in body && b in body))", numbers);
  });

  test("leaves room for a plain macro over a large list", () => {
    expect(evaluate("body.all(a, a >= 0.0 && a < 1000.0)", numbers)).toBe(true);
  });

  test("is limited in texts that grow", () => {
    const doubled = (count: number): string =>
      Array.from({ length: count }, (_, at) => `cel.bind(s${at + 1}, s${at} + s${at}, `).join("") +
      `s${count}` +
      ")".repeat(count);
    isTooDear(`cel.bind(s0, "aaaaaaaaaaaaaaaa", ${doubled(30)})`, {});
    isTooDear(`cel.bind(s0, [1, 2, 3, 4], ${doubled(30)})`, {});
    isTooDear(`cel.bind(s0, b"aaaaaaaaaaaaaaaa", ${doubled(30)})`, {});
    isTooDear('text.replace("", text).replace("", text)', { text: "a".repeat(5_000) });
    isTooDear("list.join(text)", { list: Array.from({ length: 2_000 }, () => "a"), text: "a".repeat(10_000) });
    isTooDear('"%s%s%s%s".format([text, text, text, text])', { text: "a".repeat(500_000) });
  });

  test("is limited in values that are shared many times over", () => {
    const shared = Array.from(
      { length: 12 },
      (_, at) => `cel.bind(l${at + 1}, [${Array(8).fill(`l${at}`).join(", ")}], `,
    ).join("");
    const close = ")".repeat(12);
    isTooDear(`cel.bind(l0, [1], ${shared}l12 == l12${close})`, {});
    isTooDear(`cel.bind(l0, [1], ${shared}"%s".format([l12])${close})`, {});
  });

  test("is limited for values that nest deeper than the stack", () => {
    let body: unknown = [];
    for (let depth = 0; depth < 50_000; depth += 1) body = [body];
    isTooDear("body == [body]", { body });
    isTooDear('"%s".format([body])', { body });
  });

  test("is limited in long texts", () => {
    isTooDear("body.all(a, body.all(b, text == text + ''))", { ...numbers, text: "a".repeat(100_000) });
    isTooDear("body.all(a, text.contains('b') || true)", { ...numbers, text: "a".repeat(100_000) });
  });

  test("can be set", () => {
    expect(() => evaluate("body.all(a, a >= 0.0)", numbers, { maxSteps: 500 })).toThrow("takes more than 500 steps");
  });

  test("does not carry over to the next evaluation", () => {
    const program = compileCel("body.all(a, body.all(b, a >= 0.0))", env);
    expect(() => program.evaluate(numbers)).toThrow("cost limit exceeded");
    expect(program.evaluate({ body: [1] })).toBe(true);
  });
});

describe("regular expressions", () => {
  test("that blow up elsewhere are linear", () => {
    expect(evaluate('text.matches("^(a+)+$")', { text: `${"a".repeat(20_000)}!` })).toBe(false);
    expect(evaluate("text.matches(body)", { text: `${"a".repeat(5_000)}!`, body: "^(a|aa)+$" })).toBe(false);
  });

  test("are paid for by text, by states and by pattern", () => {
    isTooDear("text.matches('a+b')", { text: "a".repeat(1_000_000) });
    isTooDear("text.matches('a[ab]{500}[^ab]')", { text: "ab".repeat(10_000) });
    isTooDear("body.all(p, text.matches(p))", { text: "a", body: Array.from({ length: 5_000 }, () => "(a?){9}") });
    expect(() => compileCel(`text.matches('${"(a?){100}".repeat(30)}')`, env)).toThrow("too large a one");
    expect(() => evaluate("text.matches(body)", { text: "a", body: "a".repeat(100_000) })).toThrow(CelEvalError);
  });

  test("of a wrong syntax are a fault where they come with the values", () => {
    expect(() => evaluate("text.matches(body)", { text: "a", body: "(" })).toThrow(
      'no regular expression that RE2 takes: "("',
    );
    expect(() => evaluate("text.matches(body)", { text: "a", body: "(?=a)" })).toThrow(CelEvalError);
  });
});
