import { describe, expect, test } from "bun:test";
import { CelError, celTypes as t, compileCel, type CelEnvironment } from "./index.ts";

const env: CelEnvironment = {
  variables: {
    model: t.string,
    count: t.int,
    used: t.double,
    labels: t.map(t.string, t.string),
    body: t.dyn,
    team: t.object("team", { name: t.string, id: t.string }),
    now: t.timestamp,
    tags: t.list(t.string),
  },
};

function errorOf(source: string): CelError {
  try {
    compileCel(source, env);
  } catch (error) {
    if (error instanceof CelError) return error;
    throw error;
  }
  throw new Error(`${source} compiles`);
}

describe("a source that cannot be compiled is refused with the place and a remedy", () => {
  test.each([
    ["modle == 'x'", 1, "unknown variable modle", "did you mean model?"],
    ["team.nme == 'x'", 6, "team has no field nme", "did you mean name?"],
    ["model.startWith('x')", 7, "unknown method startWith()", "did you mean startsWith?"],
    ["len(model) > 3", 1, "unknown function len()", "write size(x)"],
    ["model.toLowerCase() == 'x'", 7, "unknown method toLowerCase()", "write lowerAscii()"],
    ["contains(model, 'x')", 1, "there is no contains(string, string)", "there is string.contains(string)"],
    ["model.startsWith(5)", 7, "there is no string.startsWith(int)", "there is string.startsWith(string)"],
    ["model == 5", 1, "string and int are never equal", 'write "5" to compare with a text'],
    ["count == '5'", 1, "int and string are never equal", "write 5 without quotes"],
    ["count > '5'", 1, "> does not take int and string", "write the number without quotes"],
    ["used + 5 > 1.0", 1, "+ does not take double and int", "write 5.0"],
    ["model + 5 == 'x'", 1, "+ does not take string and int", "write string(x) to join it to a text"],
    [
      "now > '2026-01-01'",
      1,
      "> does not take timestamp and string",
      'write timestamp("2026-01-01T00:00:00Z") or duration("1h")',
    ],
    ["model && true", 1, "&& needs bool, this is string", 'compare it, as in x == "text" or x != ""'],
    ["!count", 2, "! needs a bool, this is int", "compare it, as in x > 0"],
    ["count ? 1 : 2", 1, "the condition before ? must be bool, this is int", "compare it, as in x > 0"],
    [
      "true ? 1 : 'a'",
      1,
      "both sides of : must have one type, these are int and string",
      "wrap both in dyn() if that is meant",
    ],
    ["'x' in model", 1, "in needs a list or a map on its right, this is string", "write text.contains(part)"],
    ["5 in tags", 1, "list(string) never has a int", ""],
    ["labels[5] == 'x'", 8, "the keys of this map are string, not int", ""],
    ["tags['a'] == 'x'", 6, "the index of a list must be int, this is string", ""],
    ["team['name'] == 'x'", 1, "team has fields, not keys", "write .name"],
    ["tags.length > 1", 1, "list(string) has no fields", "write .size()"],
    ["model.size > 1", 1, "string has no fields", "size is a method, write .size(...)"],
    ["size == 1", 1, "unknown variable size", "it is a function, write size(...)"],
    ["model.exists(c, true)", 1, "the macro needs a list or a map, this is string", ""],
    [
      "tags.exists(x, x)",
      16,
      "the condition of the macro must be bool, this is string",
      'compare it, as in x == "text" or x != ""',
    ],
    [
      "tags.exists(x)",
      1,
      "exists() does not take 1 arguments",
      "write list.exists(x, condition) or list.exists(i, x, condition)",
    ],
    ["tags.all(x.y, true)", 10, "a variable of a macro must be a plain name", "as in list.all(x, condition)"],
    ["has(labels)", 1, "has() takes one field selection", "write has(value.field)"],
    ["has(labels['x'])", 1, "has() takes one field selection", 'write has(map.field), or "key" in map'],
    ["model = 'x'", 7, 'unexpected character "="', "write == to compare"],
    ["model == 'x' & true", 14, 'unexpected character "&"', "write &&"],
    ["model == 'x' and true", 14, '"and" stands where the end of the expression is expected', "write &&"],
    ["model == “x”", 10, 'unexpected character "“"', "write plain quotes"],
    ["model == 'x", 10, "this text has no closing quote", "close it with '"],
    ["model == '\\d'", 11, "unknown escape \\d", 'write \\\\ for a backslash, or a raw string: r"..."'],
    ["(count > 1", 11, "the expression ends where ) is expected", ""],
    ["", 1, "the expression is empty", "write a condition, or true"],
    [
      "count > 99999999999999999999",
      9,
      "99999999999999999999 does not fit into 64 bits of int",
      "write it as a double, as in 1e20",
    ],
    ["Model{a: 1}", 1, "messages cannot be built here", 'write a map: {"key": value}'],
    ["if > 1", 1, "if is a reserved word", "choose another name"],
    ["model.matches('(')", 1, '"(" is no regular expression that RE2 takes, or too large a one', ""],
    [
      "now > timestamp('tomorrow')",
      7,
      '"tomorrow" is no timestamp: write one as in 2026-01-31T12:00:00Z, in the years 1 to 9999',
      "",
    ],
    ["now.getHours('Mars')", 1, '"Mars" is no time zone: write one as in Europe/Berlin, UTC or +05:30', ""],
  ])("%s", (source, column, problem, hint) => {
    const { line, column: found, problem: said, hint: remedy, message } = errorOf(source);
    expect({ line, column: found, problem: said, hint: remedy }).toEqual({ line: 1, column, problem, hint });
    expect(message).toBe(`line 1, column ${column}: ${problem}${hint === "" ? "" : `; ${hint}`}`);
  });

  test("lines and the end are counted", () => {
    expect(errorOf("count > 1 &&\n  // why\n  modle == 'x'")).toMatchObject({
      line: 3,
      column: 3,
      offset: 24,
      end: 29,
    });
  });

  test("all known variables are listed when none is near", () => {
    expect(errorOf("banana == 1").hint).toBe(
      'known are body, count, labels, model, now, tags, team, used; write "banana" if a text is meant',
    );
  });
});

describe("white space and comments", () => {
  test("stand anywhere", () => {
    const source = "// first\n(\t1 +\f2 // and\r\n ) == 3 && [ 1 , ].size() == 1 // last";
    expect(compileCel(source, env).evaluate({})).toBe(true);
  });
});
