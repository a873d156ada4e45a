import { describe, expect, test } from "bun:test";
import { celTypes as t, compileCel } from "../index.ts";

const environment = {
  variables: { classes: t.map(t.string, t.object("class", { label: t.string })), name: t.string, count: t.int },
};

function keysOf(source: string): string[] | null {
  const keys = compileCel(source, environment).keysOf("classes");
  return keys === null ? null : [...keys].toSorted();
}

describe("keysOf", () => {
  test.each<[string, string[] | null]>([
    ['classes["intent"].label == "code"', ["intent"]],
    ['classes.intent.label == "code" || classes["tone"].label == "rude"', ["intent", "tone"]],
    ['"intent" in classes', ["intent"]],
    ["has(classes.intent)", ["intent"]],
    ['classes[?"intent"].hasValue()', ["intent"]],
    ["[1, 2].exists(n, classes.intent.label == string(n))", ["intent"]],
    ["name == 'classes'", []],
    ["count > 1", []],
  ])("%s reads %p", (source, keys) => {
    expect(keysOf(source)).toEqual(keys);
  });

  test.each(['classes[name].label == "code"', 'classes.exists(c, c == "a")', "size(classes) > 0", "name in classes"])(
    "only an evaluation knows what %s reads",
    (source) => {
      expect(keysOf(source)).toBeNull();
    },
  );

  test("a macro's variable of the same name hides it", () => {
    expect(keysOf('[{"x": name}].exists(classes, classes.x == "a")')).toEqual([]);
  });
});
