import { expect, test } from "bun:test";
import { exceedsValues } from "./json-values.ts";

test.each([
  ["[1,2,3]", 2, true],
  ["[1,2,3]", 3, false],
  ['{"a":1,"b":2,"c":3}', 2, true],
  ['{"a":1,"b":2,"c":3}', 3, false],
  ["[[[[[[[[]]]]]]]]", 7, true],
  ["[[[[[[[[]]]]]]]]", 8, false],
  ['"a,b,c,[[[{{{,,,"', 0, false],
  ['["a,b\\",c\\\\",1]', 2, false],
  ['["a,b\\",c\\\\",1]', 1, true],
  ['["never closed,,,,', 1, false],
  ["", 0, false],
])("%j holds more than %i values: %p", (text, most, expected) => {
  expect(exceedsValues(text, most)).toBe(expected);
});

test("long strings count as one value", () => {
  expect(exceedsValues(`["${",".repeat(100_000)}",1]`, 10)).toBe(false);
});
