import { describe, expect, test } from "bun:test";
import type { JsonObject } from "../json.ts";
import { adaptSchema } from "./adapt-schema.ts";

describe("adaptSchema", () => {
  test("leaves accepted schemas as they are", () => {
    const schema: JsonObject = {
      type: "object",
      properties: {
        a: { type: "array", minItems: 1, items: { $ref: "#/$defs/x" } },
        b: { enum: ["p", "q"] },
        c: { type: "string", format: "uuid", pattern: "^a" },
      },
      required: ["a"],
      additionalProperties: false,
      $defs: { x: { anyOf: [{ type: "string" }, { type: "null" }] } },
    };
    const adapted = adaptSchema(schema);
    expect(adapted.schema).toBe(schema);
    expect(adapted.changed).toEqual([]);
  });

  test("changes what is refused, at every depth, and tells the model", () => {
    const { schema, changed } = adaptSchema({
      type: "object",
      description: "D",
      minProperties: 1,
      properties: {
        minimum: { type: "integer", minimum: 1, exclusiveMaximum: 9 },
        tuple: { type: "array", items: [{ type: "string" }], examples: [["a"]] },
        objects: { enum: [{ a: 1 }] },
        list: {
          type: "array",
          minItems: 2,
          maxItems: 3,
          items: {
            oneOf: [
              { type: "object", properties: {} },
              { type: "string", format: "phone" },
            ],
          },
        },
      },
      $defs: { d: { type: ["object", "null"], additionalProperties: { type: "string" } } },
    });
    expect(schema).toEqual({
      type: "object",
      description: "D\n\n{minProperties: 1}",
      properties: {
        minimum: { type: "integer", description: "{minimum: 1, exclusiveMaximum: 9}" },
        tuple: { type: "array", description: '{items: [{"type":"string"}], examples: [["a"]]}' },
        objects: { description: '{enum: [{"a":1}]}' },
        list: {
          type: "array",
          description: "{minItems: 2, maxItems: 3}",
          items: {
            anyOf: [
              { type: "object", properties: {}, additionalProperties: false },
              { type: "string", description: '{format: "phone"}' },
            ],
          },
        },
      },
      $defs: { d: { type: ["object", "null"], additionalProperties: false } },
      additionalProperties: false,
    });
    expect(changed).toEqual([
      "additionalProperties",
      "enum",
      "examples",
      "exclusiveMaximum",
      "format",
      "items",
      "maxItems",
      "minItems",
      "minProperties",
      "minimum",
      "oneOf",
    ]);
  });

  test("survives odd and bottomless schemas", () => {
    let deep: JsonObject = { type: "string", minLength: 1 };
    for (let level = 0; level < 5000; level++) deep = { type: "array", items: deep };
    expect(adaptSchema(deep).changed).toEqual([]);
    expect(adaptSchema({ properties: [1] as never, anyOf: [null, 3], items: true, $defs: null }).schema).toEqual({
      properties: [1],
      anyOf: [null, 3],
      items: true,
      $defs: null,
    } as never);
    const named = adaptSchema(
      JSON.parse('{"type":"object","properties":{"__proto__":{"type":"object"}}}') as JsonObject,
    ).schema;
    expect(JSON.stringify(named)).toContain('"__proto__":{"type":"object","additionalProperties":false}');
  });
});

test("closing objects that did not say is a change without a loss", () => {
  const adapted = adaptSchema({ type: "object", properties: { a: { type: "object" } } });
  expect(adapted).toEqual({
    schema: {
      type: "object",
      properties: { a: { type: "object", additionalProperties: false } },
      additionalProperties: false,
    },
    changed: [],
  });
});
