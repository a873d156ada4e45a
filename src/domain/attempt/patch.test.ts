import { expect, test } from "bun:test";
import { scanTopLevel } from "../../lib/json-scan.ts";
import { patchBody } from "./patch.ts";

const patch = (text: string, edits: Record<string, string | null>) =>
  patchBody(
    { text, json: JSON.parse(text), scan: scanTopLevel(text, { maxDepth: 100 }), form: null },
    new Map(Object.entries(edits)),
  );

test("only the named value changes; spacing, order, number spelling and unknown fields stay", () => {
  const text = '{ "temperature": 1.0, "model" : "openai/gpt-4o", "seed":12345678901234567890, "x":{"model":"inner"} }';
  expect(patch(text, { model: '"gpt-4o"' })).toBe(text.replace("openai/gpt-4o", "gpt-4o"));
});

test.each([
  ['{"a":1,"fallbacks":["x"],"b":2}', '{"a":1,"b":2}'],
  ['{"fallbacks":["x"],"b":2}', '{"b":2}'],
  ['{"a":1,"fallbacks":["x"]}', '{"a":1}'],
  ['{"a":1 , "fallbacks" : ["x"] }', '{"a":1  }'],
  ['{"fallbacks":[]}', "{}"],
  [`{"fallbacks":["x"]${" ".repeat(100)},"b":2}`, '{"b":2}'],
  ['{"fall\\u0062acks":["x"],"a":1}', '{"a":1}'],
])("a field is removed whole: %s", (text, expected) => {
  expect(patch(text, { fallbacks: null })).toBe(expected);
});

test("fields are added in front", () => {
  expect(patch('{"a":1}', { stream_options: '{"include_usage":true}' })).toBe(
    '{"stream_options":{"include_usage":true},"a":1}',
  );
  expect(patch("{}", { a: "1" })).toBe('{"a":1}');
});

test("of duplicate keys the upstream sees the value that the gateway saw", () => {
  expect(patch('{"model":"cheap","model":"dear","m\\u006fdel":"last"}', { model: '"set"' })).toBe('{"model":"set"}');
  expect(patch('{"model":"m","user":"a","user":"b"}', { model: '"set"' })).toBe('{"model":"set","user":"b"}');
});

test("several edits in one body", () => {
  expect(patch('{"fallbacks":[1],"model":"a","z":0}', { model: '"b"', fallbacks: null, n: "1" })).toBe(
    '{"n":1,"model":"b","z":0}',
  );
});

test("a field takes the place of all that were there", () => {
  expect(patch('{"a":1}', { a: null, b: "2" })).toBe('{"b":2}');
  expect(patch('{ "a":1 , "c":3 }', { a: null, c: null, b: "2" })).toMatch(/^\{"b":2\s*\}$/);
});
