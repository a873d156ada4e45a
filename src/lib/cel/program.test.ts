import { describe, expect, test } from "bun:test";
import {
  CelError,
  CelEvalError,
  CelUint,
  celTypes as t,
  compileCel,
  formatType,
  type CelEnvironment,
  type CelValue,
} from "./index.ts";

const owner = t.object("owner", { name: t.string, age: t.int, tags: t.map(t.string, t.string) });
const env: CelEnvironment = {
  variables: {
    name: t.string,
    count: t.int,
    used: t.double,
    open: t.bool,
    labels: t.map(t.string, t.string),
    body: t.dyn,
    owner,
    parent: owner,
    numbers: t.list(t.int),
    scores: t.map(t.string, t.double),
    now: t.timestamp,
    "build.version": t.string,
  },
};

const values = {
  name: "gpt-4o",
  count: 1500,
  used: 42.5,
  open: true,
  labels: { tier: "gold" } as object,
  body: JSON.parse('{"temperature":0.3,"n":2,"stop":null,"messages":[{"role":"user","content":"hi"}]}') as unknown,
  owner: { name: "ada", age: 36, tags: { env: "prod" } } as object | null,
  parent: null as object | null | undefined,
  numbers: [1, 2, 3] as unknown,
  scores: { a: 0.5 },
  now: new Date("2026-03-29T01:30:00.250Z"),
  "build.version": "7",
};

const evaluate = (source: string, given: object = values): CelValue => compileCel(source, env).evaluate(given);

function problemOf(source: string, given: object = values): string {
  try {
    return `no problem: ${Bun.inspect(evaluate(source, given))}`;
  } catch (error) {
    if (!(error instanceof CelEvalError)) throw error;
    return error.message;
  }
}

describe("variables", () => {
  test.each([
    ['name == "gpt-4o" && used < 80.0 && labels["tier"] == "gold"', true],
    ["count > 1000 && count * 2 == 3000", true],
    ["used < 80 && used == 42.5", true],
    ['"tier" in labels && !("x" in labels) && has(labels.tier) && !has(labels.x)', true],
    ["body.temperature < 0.5 && body.n == 2 && body.n >= 1.5", true],
    ['body.messages.exists(m, m.role == "user" && m.content.size() == 2)', true],
    ["body.stop == null && !has(body.missing)", true],
    ["owner.age + 1 == 37 && owner.tags.env == 'prod'", true],
    ["numbers.map(n, n * 2) == [2, 4, 6] && numbers[1] == 2 && 3 in numbers", true],
    ["scores.a > 0.1", true],
    ['build.version == "7"', true],
    ["type(count) == int && type(body.n) == double && type(dyn(numbers)[0]) == int", true],
  ])("%s", (source, wanted) => {
    expect(evaluate(source)).toBe(wanted);
  });

  test("come as maps and as objects without a prototype, too", () => {
    const labels = new Proxy(Object.create(null) as object, { get: (_, key) => (key === "tier" ? "gold" : undefined) });
    expect(evaluate('labels.tier == "gold" && !has(labels.constructor)', { labels })).toBe(true);
    expect(evaluate('labels.tier == "gold" && labels.size() == 1', { labels: new Map([["tier", "gold"]]) })).toBe(true);
  });

  test("are read only when they are needed, from getters as well", () => {
    const read: string[] = [];
    class Lazy {
      get name(): string {
        read.push("name");
        return "x";
      }
      get open(): boolean {
        read.push("open");
        return true;
      }
    }
    expect(compileCel('name == "x" || open', env).test(new Lazy())).toBe(true);
    expect(read).toEqual(["name"]);
  });

  test("are listed", () => {
    expect([
      ...compileCel('name == "" || [1].exists(count, count > 1) || build.version == ""', env).references,
    ]).toEqual(["name", "build.version"]);
  });

  test("may be big integers", () => {
    expect(evaluate("count + 1", { count: 2n ** 53n })).toBe(2n ** 53n + 1n);
    expect(evaluate("count * 3", { count: 2 ** 52 })).toBe(3n * 2n ** 52n);
    expect(evaluate("count - 1", { count: 2n ** 53n })).toBe(2n ** 53n - 1n);
    expect(problemOf("count + 1", { count: 2n ** 63n - 1n })).toContain("out of the range of int");
    expect(problemOf("count", { count: 2n ** 63n })).toBe("variable count is no int");
    expect(problemOf("count", { count: 1.5 })).toBe("variable count is no int");
  });

  test("no integer is ever minus zero", () => {
    for (const source of ["0 * -5", "-(0)", "-1 / 2", "-4 % 2", "count * 0"]) {
      expect(evaluate(`1.0 / double(${source}) > 0.0`, { count: -3 })).toBe(true);
    }
  });
});

describe("absence", () => {
  test.each([
    ['labels["x"] == "y"', 'no such key: "x"'],
    ['labels.x == "y"', 'no such key: "x"'],
    ["parent.name == ''", "parent is absent, it has no field name"],
    ["parent.tags.env == ''", "parent is absent, it has no field tags"],
    ["body.missing.deep == 1", 'no such key: "missing"'],
    ["body.stop.deep == 1", 'null_type has no fields: "deep"'],
    ["body.messages[5].role == ''", "index out of range of a list of 1: 5"],
    ["body.n.deep == 1", 'double has no fields: "deep"'],
  ])("%s", (source, problem) => {
    expect(problemOf(source)).toBe(problem);
  });

  test("of a variable names it", () => {
    expect(problemOf("name == ''", {})).toBe("variable name is absent");
    expect(problemOf("body == null", {})).toBe("variable body is absent");
    expect(problemOf("name == ''", { name: 5 })).toBe("variable name is no string");
    expect(problemOf("labels.x == ''", { labels: { x: 5 } })).toBe("the value found is a double");
  });

  test("is what has() finds in what has no fields", () => {
    expect(evaluate("!has(body.stop.deep) && !has(body.n.deep) && !has(body.messages.deep)")).toBe(true);
  });

  test("is all there is to the insides of values", () => {
    for (const value of ["timestamp(0)", "duration('1s')", "1u", "b'a'", "int", "[1]"]) {
      for (const field of ["seconds", "value", "name", "length", "nanos"]) {
        expect(evaluate(`has(dyn(${value}).${field})`)).toBe(false);
        expect(problemOf(`dyn(${value}).${field} == 1`)).toContain("has no fields");
        expect(problemOf(`dyn(${value})["${field}"] == 1`)).toContain("has no elements");
      }
    }
  });

  test("of an object is null, and has() is false along the chain", () => {
    expect(evaluate("parent == null && !has(parent.name) && !has(parent.tags) && !has(parent.tags.env)")).toBe(true);
    expect(evaluate("parent == null && !has(parent.tags.env)", {})).toBe(true);
    expect(evaluate("has(owner.name) && has(owner.tags.env) && !has(owner.tags.x)")).toBe(true);
    expect(evaluate("!has(owner.name) && !has(owner.tags.env)", { owner: {} })).toBe(true);
  });

  test("is looked past by what decides anyway, on either side", () => {
    expect(evaluate('labels.x == "y" || open')).toBe(true);
    expect(evaluate('open || labels.x == "y"')).toBe(true);
    expect(evaluate('labels.x == "y" && !open')).toBe(false);
    expect(evaluate('labels.x == "y" || labels.z == "y" || open')).toBe(true);
    expect(evaluate("[0, 1].exists(i, 1 / i == 1)")).toBe(true);
  });

  test("is reported for the operand that lacked, not for one looked past later", () => {
    expect(problemOf('labels.x == "y" || (labels.z == "y" && !open)')).toBe('no such key: "x"');
    expect(problemOf('labels.x == "y" && open && (labels.z == "y" || open)')).toBe('no such key: "x"');
  });

  test("has its place in the source", () => {
    try {
      evaluate('open &&\n  labels["x"] == "y"');
      throw new Error("evaluated");
    } catch (error) {
      expect(error).toMatchObject({ name: "CelEvalError", line: 2, column: 3, offset: 10, end: 21 });
    }
  });
});

describe("time", () => {
  test.each([
    ["now.getHours()", 1n],
    ['now.getHours("Europe/Berlin")', 3n],
    ['now.getHours("+05:30")', 7n],
    ['now.getMinutes("Asia/Kathmandu")', 15n],
    ["now.getDayOfWeek()", 0n],
    ['now.getDate("America/New_York")', 28n],
    ["now.getDayOfYear()", 87n],
    ["now.getMilliseconds()", 250n],
    ['(now - timestamp("2026-03-29T00:00:00Z")).getMinutes()', 90n],
    ["string(now)", "2026-03-29T01:30:00.250Z".replace("250Z", "25Z")],
    ['string(duration("-1m0.5s"))', "-60.5s"],
  ])("%s", (source, wanted) => {
    expect(evaluate(source)).toBe(wanted);
  });

  test("follows a zone over its change of the clock within one program", () => {
    const program = compileCel('now.getHours("Europe/Berlin")', env);
    const hours = ["2026-03-29T00:59:59Z", "2026-03-29T01:00:00Z", "2026-10-25T00:59:59Z", "2026-10-25T01:00:00Z"];
    expect(hours.map((now) => program.evaluate({ now: new Date(now) }))).toEqual([1n, 3n, 2n, 2n]);
  });

  test("refuses zones that do not exist", () => {
    expect(problemOf("now.getHours(name)", { ...values, name: "Mars/Base" })).toBe('unknown time zone: "Mars/Base"');
    expect(problemOf("now.getHours(name)", { ...values, name: "+25:00" })).toBe('unknown time zone: "+25:00"');
  });
});

describe("results", () => {
  test("are values of CEL", () => {
    expect(evaluate("count")).toBe(1500n);
    expect(evaluate("2u")).toEqual(new CelUint(2n));
    expect(evaluate("used")).toBe(42.5);
    expect(evaluate("[1, 2.0, 'a', null]")).toEqual([1n, 2, "a", null]);
    expect([...(evaluate("{'a': 1}") as Iterable<unknown>)]).toEqual([["a", 1n]]);
  });

  test("have a type that is known beforehand", () => {
    const typeOf = (source: string): string => formatType(compileCel(source, env).resultType);
    expect(typeOf("numbers.map(n, string(n))")).toBe("list(string)");
    expect(typeOf("open ? owner.age : 0")).toBe("int");
    expect(typeOf("body.n")).toBe("dyn");
    expect(typeOf("{'a': [1u]}")).toBe("map(string, list(uint))");
  });

  test("of conditions are bools", () => {
    expect(compileCel("body.flag", env).test({ body: { flag: true } })).toBe(true);
    expect(() => compileCel("body.flag", env).test({ body: { flag: 1 } })).toThrow("expected bool, found double");
    expect(() => compileCel("count", env).test(values)).toThrow(CelEvalError);
    expect(() => compileCel("count", { ...env, result: t.bool })).toThrow(
      "the expression is int, not bool; compare it",
    );
    expect(compileCel("body.flag", { ...env, result: t.bool }).resultType).toEqual(t.dyn);
  });

  test("do not mix between evaluations, even of one program inside itself", () => {
    let depth = 0;
    const program = compileCel("[1, 2].map(x, x + twice(x))", {
      variables: {},
      functions: [{ name: "twice", params: [t.int], result: t.int, call: (value: number) => inner(value) }],
    });
    const inner = (value: number): number => {
      depth += 1;
      if (depth < 3) program.evaluate({});
      return value * 2;
    };
    expect(program.evaluate({})).toEqual([3n, 6n]);
  });
});

describe("functions of the host", () => {
  const functions: CelEnvironment["functions"] = [
    { name: "half", params: [t.double], result: t.double, call: (value: number) => value / 2 },
    { name: "net.inside", params: [t.string], result: t.bool, call: (address: string) => address.startsWith("10.") },
    { name: "shout", method: true, params: [t.string], result: t.string, call: (text: string) => text.toUpperCase() },
    {
      name: "fail",
      params: [],
      result: t.int,
      call: () => {
        throw new Error("out of order");
      },
    },
    { name: "wrong", params: [], result: t.int, call: () => "text" },
  ];
  const withFunctions = { variables: { body: t.dyn }, functions };
  const run = (source: string): CelValue => compileCel(source, withFunctions).evaluate({ body: { text: "a", n: 3 } });

  test("are called as they are declared", () => {
    expect(run("half(5.0)")).toBe(2.5);
    expect(run('net.inside("10.0.0.1") && "a".shout() == "A"')).toBe(true);
    expect(run("body.text.shout()")).toBe("A");
    expect(run("half(body.n)")).toBe(1.5);
  });

  test("fail as faults", () => {
    expect(() => run("fail()")).toThrow("out of order");
    expect(run("fail() == 1 || true")).toBe(true);
    expect(() => run("wrong()")).toThrow("wrong() gave no int");
    expect(() => run("body.n.shout()")).toThrow("expected string, found double");
  });

  test("are checked", () => {
    expect(() => run("half('a')")).toThrow(CelError);
    expect(() => run("net.insid('a')")).toThrow("did you mean net.inside?");
  });
});
