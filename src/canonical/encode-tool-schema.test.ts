import { expect, test } from "bun:test";
import { encodeToolSchema } from "./encode-tool-schema.ts";

test("an object stays as it is, and what says no type becomes one", () => {
  const schema = { type: "object", properties: { a: {} } };
  expect(encodeToolSchema(schema)).toEqual({ schema, changed: false });
  expect(encodeToolSchema({ properties: {} })).toEqual({ schema: { type: "object", properties: {} }, changed: false });
  expect(encodeToolSchema(undefined).schema).toEqual({ type: "object", properties: {} });
});

test("of variants only what each demands is required, of parts of a whole all", () => {
  const variants = [
    { properties: { a: {}, b: {} }, required: ["a", "b"] },
    { properties: { a: {}, c: {} }, required: ["c", "a"] },
  ];
  const properties = { a: {}, b: {}, c: {} };
  const merged = { type: "object", properties, required: ["a"] };
  expect(encodeToolSchema({ anyOf: variants })).toEqual({ schema: merged, changed: true });
  expect(encodeToolSchema({ oneOf: variants }).schema).toEqual(merged);
  expect(encodeToolSchema({ allOf: variants }).schema).toEqual({ ...merged, required: ["a", "b", "c"] });
  expect(encodeToolSchema({ anyOf: [variants[0] ?? {}, {}] }).schema).toEqual({
    type: "object",
    properties: { a: {}, b: {} },
  });
});

test("very many names are merged as well", () => {
  const required = Array.from({ length: 60_000 }, (_, at) => `k${at}`);
  const { schema } = encodeToolSchema({ anyOf: [{ required }, { required: required.toReversed() }] });
  expect(schema["required"]).toHaveLength(60_000);
});
