import { describe, expect, test } from "bun:test";
import type { JsonObject } from "../../canonical/json.ts";
import { adaptSchema } from "./adapt-schema.ts";
import { decodeSchema } from "./decode-schema.ts";

function adapt(schema: JsonObject): { schema: JsonObject; reports: string[] } {
  const reports: string[] = [];
  return { schema: adaptSchema(schema, (message) => reports.push(message)), reports };
}

describe("adaptSchema", () => {
  test("leaves an accepted schema as it is", () => {
    const schema = {
      type: "object",
      properties: { a: { $ref: "#/$defs/A" } },
      $defs: { A: { type: ["string", "null"], enum: ["x", null] } },
    };
    expect(adapt(schema).schema).toBe(schema);
  });

  test("puts a reference with neighbours in place", () => {
    const result = adapt({
      properties: { a: { $ref: "#/$defs/A", description: "mine" }, b: { allOf: [{ $ref: "#/$defs/A" }], default: 1 } },
      $defs: { A: { type: "string", description: "theirs" } },
    });
    expect(result.schema.properties).toEqual({
      a: { type: "string", description: "mine" },
      b: { type: "string", description: "theirs", default: 1 },
    });
    expect(result.reports).toEqual([]);
  });

  test("leaves out references that lead nowhere, for which the whole request would be refused", () => {
    const { schema, reports } = adapt({
      properties: {
        a: { $ref: "#/$defs/B", description: "d" },
        b: { items: { $ref: "https://schemas.example/b.json" } },
        c: { $ref: "#/definitions/a%20b~1c" },
        d: { $ref: "#anchor" },
      },
      definitions: { "a b/c": { type: "string" } },
    });
    expect(schema.properties).toEqual({
      a: { description: "d" },
      b: { items: {} },
      c: { $ref: "#/definitions/a%20b~1c" },
      d: { $ref: "#anchor" },
    });
    expect(reports).toHaveLength(2);
  });

  test("puts a reference at the top in place", () => {
    const $defs = { A: { type: "object", properties: { a: { $ref: "#/$defs/A" } } } };
    const { schema, reports } = adapt({ $ref: "#/$defs/A", $defs });
    expect(schema).toEqual({ ...$defs.A, $defs });
    expect(reports).toEqual([]);
    expect(adapt({ $ref: "#/$defs/B", $defs: {} }).schema).toEqual({ $defs: {} });
  });

  test("keeps the bare reference where it cannot be put in place", () => {
    const recursive = adapt({ properties: { a: { $ref: "#", description: "d" } } });
    expect(recursive.schema).toEqual({ properties: { a: { properties: { a: { $ref: "#" } }, description: "d" } } });
    expect(recursive.reports).toHaveLength(1);
  });

  test("does not grow without bound", () => {
    const $defs: JsonObject = {};
    const twice = (name: string): JsonObject => ({
      properties: { a: { $ref: `#/$defs/${name}`, title: "1" }, b: { $ref: `#/$defs/${name}`, title: "2" } },
    });
    for (let level = 0; level < 40; level += 1) $defs[`d${level}`] = twice(`d${level + 1}`);
    expect(JSON.stringify(adapt({ ...twice("d0"), $defs }).schema).length).toBeLessThan(1_000_000);
  });

  test.each<[string, JsonObject, JsonObject]>([
    ["by its whole", { $ref: "#" }, {}],
    ["in allOf", { type: "object", allOf: [{ $ref: "#" }] }, { type: "object" }],
    [
      "by turns",
      { $ref: "#/$defs/a", $defs: { a: { $ref: "#/$defs/b" }, b: { $ref: "#/$defs/a" } } },
      { $defs: { a: { $ref: "#/$defs/b" }, b: { $ref: "#/$defs/a" } } },
    ],
  ])("comes to an end where the top refers to itself: %s", (_, schema, adapted) => {
    expect(adapt(schema)).toEqual({ schema: adapted, reports: [expect.stringContaining("at the top was left out")] });
  });

  test("adds no more than so much by references to a large schema", () => {
    const large = Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [`k${at}`, { type: "string" }]));
    const users = Array.from({ length: 400 }, (_, at) => [`r${at}`, { $ref: "#/$defs/L", description: "x" }]);
    const schema = { $defs: { L: { properties: large } }, properties: Object.fromEntries(users) };
    const { length } = JSON.stringify(schema);
    expect(JSON.stringify(adapt(schema).schema).length).toBeLessThan(length + 512 * 1024);
  });

  test("merges very many entries, and a property of any name", () => {
    const entries = Array.from({ length: 20_000 }, (_, at) => ({
      properties: { [`k${at}`]: {} },
      required: [`k${at}`],
    }));
    const own = JSON.parse('{"properties":{"__proto__":{"type":"string"}}}') as JsonObject;
    const { properties, required } = adapt({ allOf: [...entries, own] }).schema as { properties: object; required: [] };
    expect(Object.keys(properties)).toHaveLength(20_001);
    expect(required).toHaveLength(20_000);
  });

  test("merges allOf, and says what it could not merge", () => {
    const result = adapt({
      allOf: [
        { properties: { a: { const: "x" } }, required: ["a"] },
        { properties: { b: { const: 1 } }, required: ["b"] },
        { type: "object", minItems: 1 },
      ],
      minItems: 2,
    });
    expect(result.schema).toEqual({
      minItems: 2,
      type: "object",
      required: ["a", "b"],
      properties: { a: { type: "string", enum: ["x"] }, b: { type: "number", enum: [1] } },
    });
    expect(result.reports).toHaveLength(1);
  });

  test("knows booleans as schemas, and drops the name of the draft", () => {
    expect(adapt({ $schema: "d", properties: { a: true }, items: { anyOf: [true] } }).schema).toEqual({
      properties: { a: {} },
      items: { anyOf: [{}] },
    });
  });
});

describe("decodeSchema", () => {
  test("reads the OpenAPI form as JSON Schema", () => {
    const wire = {
      type: "OBJECT",
      property_ordering: ["a"],
      properties: {
        a: { type: "STRING", format: "enum", enum: ["x"], nullable: true, max_length: "5" },
        b: { type: "ARRAY", items: { type: "INTEGER", format: "int32" }, minItems: "1", example: [1] },
        any_name: { anyOf: [{ type: "NUMBER" }, { type: "TYPE_UNSPECIFIED" }], nullable: true },
      },
      required: ["a"],
    };
    expect(decodeSchema(wire)).toEqual({
      type: "object",
      properties: {
        a: { type: ["string", "null"], enum: ["x", null], maxLength: 5 },
        b: { type: "array", items: { type: "integer", format: "int32" }, minItems: 1, examples: [[1]] },
        any_name: { anyOf: [{ type: "number" }, {}, { type: "null" }] },
      },
      required: ["a"],
    });
  });

  test("reads the values of numbers, which stand there as text", () => {
    expect(decodeSchema({ type: "INTEGER", format: "enum", enum: ["101", "201"] })).toEqual({
      type: "integer",
      enum: [101, 201],
    });
    expect(decodeSchema({ type: "NUMBER", enum: ["0.5", "much"], nullable: true })).toEqual({
      type: ["number", "null"],
      enum: [0.5, "much", null],
    });
    expect(decodeSchema({ type: "STRING", enum: ["1"] })).toEqual({ type: "string", enum: ["1"] });
  });

  test("reads references of Vertex AI", () => {
    const wire = {
      type: "OBJECT",
      properties: { pet: { ref: "#/defs/Pet" }, ref: { type: "STRING" } },
      defs: { Pet: { type: "OBJECT", properties: { name: { type: "STRING" } } } },
    };
    expect(decodeSchema(wire)).toEqual({
      type: "object",
      properties: { pet: { $ref: "#/$defs/Pet" }, ref: { type: "string" } },
      $defs: { Pet: { type: "object", properties: { name: { type: "string" } } } },
    });
  });

  test("survives depth", () => {
    let schema: JsonObject = { type: "STRING" };
    for (let level = 0; level < 5000; level += 1) schema = { items: schema };
    expect(decodeSchema(schema).items).toBeDefined();
    expect(adapt(schema).schema).toBe(schema);
  });
});
