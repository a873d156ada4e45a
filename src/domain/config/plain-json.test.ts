import { expect, test } from "bun:test";
import { parsePlainJson } from "./plain-json.ts";

const parse = (text: string): unknown => parsePlainJson(text, 4, new Set(["__proto__"]));

test.each([
  ['{"a":1}', { a: 1 }],
  [' \n{"a": {"b": [1, {"c": "x:y"}]}}', { a: { b: [1, { c: "x:y" }] } }],
  [String.raw`{"a\":": "\\"}`, { 'a":': "\\" }],
  ["{}", {}],
])("is read: %s", (text, value) => {
  expect(parse(text)).toEqual(value);
});

test.each([
  ["a key twice", '{"a":1,"a":2}'],
  ["a key twice, once in escapes", String.raw`{"a":1,"\u0061":2}`],
  ["a key twice further below", '{"x":[{"a":1,"b":2,"a":3}]}'],
  ["a forbidden key", '{"x":{"__proto__":{}}}'],
  ["a merge key", '{"x":{"<<":{"a":1}}}'],
  ["nested too deeply", '{"a":[[[[[]]]]]}'],
  ["YAML", "a: 1"],
  ["a comment", '{"a":1} # one'],
  ["broken", '{"a":1'],
  ["a list", "[1]"],
  ["nothing", ""],
])("is left to YAML: %s", (_, text) => {
  expect(parse(text)).toBeUndefined();
});
