import { expect, test } from "bun:test";
import { z } from "zod";
import type { JsonObject } from "../../canonical/json.ts";
import { instanceOf } from "./schema-instance.ts";
import { seededDraw } from "./seed.ts";

const make = (schema: JsonObject, seed = "seed") => instanceOf(schema, "a prompt", seededDraw(seed));

/** Every instance of the schema that zod writes for a shape must pass that shape. */
test.each([
  z.object({ a: z.string(), b: z.number(), c: z.boolean(), d: z.null() }),
  z.object({
    low: z.number().gt(0).lt(1),
    high: z.number().min(1e6),
    negative: z.number().max(-5),
    step: z.number().multipleOf(0.25),
  }),
  z.object({ exact: z.int().min(7).max(7), small: z.int().gt(3).lt(5), plain: z.int() }),
  z.object({ long: z.string().min(80), short: z.string().max(2), both: z.string().min(3).max(3) }),
  z
    .array(z.enum(["x", "y"]))
    .min(3)
    .max(4),
  z.union([z.object({ kind: z.literal("a"), value: z.number() }), z.string()]),
  z.object({ when: z.iso.date(), at: z.iso.datetime(), mail: z.email(), link: z.url(), id: z.uuid() }),
  z.tuple([z.string(), z.number()]),
  z.object({ maybe: z.string().nullable(), optional: z.int().optional() }),
  z.object({ a: z.object({ b: z.object({ c: z.array(z.object({ d: z.boolean() })) }) }) }),
  z.intersection(z.object({ one: z.string() }), z.object({ two: z.number() })),
])("fits shape %#", (shape) => {
  const schema = z.toJSONSchema(shape) as JsonObject;
  for (const seed of ["a", "b", "c", "d", "e"])
    expect(shape.safeParse(make(schema, seed)).error?.issues).toBeUndefined();
});

test("references are followed, and a schema that refers to itself ends", () => {
  const tree = {
    $ref: "#/$defs/node",
    $defs: {
      node: {
        type: "object",
        properties: {
          name: { type: "string" },
          children: { type: "array", items: { $ref: "#/$defs/node" } },
          next: { anyOf: [{ $ref: "#/$defs/node" }, { type: "null" }] },
        },
        required: ["name", "children", "next"],
      },
    },
  };
  const made = make(tree) as JsonObject;
  expect(made["name"]).toBeString();
  expect(JSON.stringify(made).length).toBeLessThan(100_000);
  expect(make({ $ref: "#" })).toBeDefined();
  const endless = { type: "object", properties: { me: { $ref: "#" } }, required: ["me"] };
  expect(JSON.stringify(make(endless)).length).toBeLessThan(10_000);
});

test("schemas that multiply come to an end", () => {
  const names = Array.from({ length: 10 }, (_, at) => `p${at}`);
  const properties = Object.fromEntries(names.map((name) => [name, { $ref: "#" }]));
  for (const schema of [
    { type: "object", properties, required: names },
    { type: "array", minItems: 20, items: { $ref: "#" } },
    { allOf: names.map(() => ({ $ref: "#" })) },
    { anyOf: [{ allOf: names.map(() => ({ $ref: "#" })) }] },
  ]) {
    expect(JSON.stringify(make(schema)).length).toBeLessThan(200_000);
  }
});

test("constants, defaults, enums and examples are taken", () => {
  expect(make({ const: 0 })).toBe(0);
  expect(make({ type: "string", default: "d" })).toBe("d");
  expect(["a", "b"]).toContain(make({ enum: ["a", "b"] }) as string);
  expect(make({ type: "string", examples: ["e"] })).toBe("e");
});

test("odd schemas are harmless", () => {
  for (const schema of [
    { type: 5 },
    { type: "nothing" },
    { $ref: "#/__proto__/x" },
    { properties: [] },
    { enum: [] },
    { anyOf: [] },
  ]) {
    expect(() => JSON.stringify(make(schema as JsonObject))).not.toThrow();
  }
  const made = make(JSON.parse('{"type":"object","properties":{"__proto__":{"const":1}}}') as JsonObject);
  expect(JSON.stringify(made)).toBe('{"__proto__":1}');
  expect(({} as Record<string, unknown>)["const"]).toBeUndefined();
  expect((make({ type: "array", minItems: 1e9, items: { type: "null" } }) as unknown[]).length).toBeLessThanOrEqual(20);
});
