import { describe, expect, test } from "bun:test";
import { configJsonSchema } from "./index.ts";

describe("the JSON Schema", () => {
  const schema = configJsonSchema();

  test("is closed everywhere and describes every field", () => {
    const open: string[] = [];
    const mute: string[] = [];
    let seen = 0;
    const walk = (node: Record<string, unknown>, path: string): void => {
      seen += 1;
      if (node["type"] === "object" && node["properties"] !== undefined && node["additionalProperties"] !== false)
        open.push(path);
      for (const [name, child] of Object.entries(
        (node["properties"] ?? {}) as Record<string, Record<string, unknown>>,
      )) {
        if (child["description"] === undefined) mute.push(`${path}.${name}`);
        walk(child, `${path}.${name}`);
      }
      if (typeof node["additionalProperties"] === "object")
        walk(node["additionalProperties"] as Record<string, unknown>, `${path}.*`);
      if (node["items"] !== undefined) walk(node["items"] as Record<string, unknown>, `${path}[]`);
      for (const child of (node["anyOf"] ?? []) as Record<string, unknown>[]) walk(child, path);
    };
    walk(schema, "");
    expect(open).toEqual([]);
    expect(mute).toEqual([]);
    expect(seen).toBeGreaterThan(150);
  });

  test("marks the places of credentials", () => {
    const text = JSON.stringify(schema);
    expect(schema["$schema"]).toBe("https://json-schema.org/draft/2020-12/schema");
    expect(text.split('"x-secret":true').length - 1).toBeGreaterThanOrEqual(6);
  });
});
