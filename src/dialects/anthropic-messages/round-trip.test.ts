import { describe, expect, test } from "bun:test";
import type { TargetContext } from "../../canonical/dialect.ts";
import type { JsonObject } from "../../canonical/json.ts";
import { anthropicMessages } from "./index.ts";
import { BODIES } from "./fixtures/round-trip.ts";

function roundTrip(body: JsonObject): { body: JsonObject; warnings: TargetContext["warnings"] } {
  const target: TargetContext = { model: body["model"] as string, warnings: [], flags: {} };
  const request = anthropicMessages.decodeRequest({ body: structuredClone(body) });
  return { body: anthropicMessages.encodeRequest(request, target).body, warnings: target.warnings };
}

describe("a request of this dialect", () => {
  for (const [name, body] of Object.entries(BODIES)) {
    test(`keeps ${name}`, () => {
      expect(roundTrip(body)).toEqual({ body, warnings: [] });
    });
  }

  test("keeps prototype keys harmless", () => {
    const body = JSON.parse(
      '{"model":"m","max_tokens":1,"messages":[{"role":"user","content":"x"}],"__proto__":{"polluted":1}}',
    ) as JsonObject;
    const encoded = roundTrip(body).body;
    expect(Object.hasOwn(encoded, "__proto__")).toBe(true);
    expect(({} as JsonObject)["polluted"]).toBeUndefined();
    expect(Object.getPrototypeOf(encoded)).toBe(Object.prototype);
  });

  test("takes the older output format as structured output", () => {
    const request = anthropicMessages.decodeRequest({ body: BODIES["the older output format"] ?? {} });
    expect(request.responseFormat).toEqual({
      type: "json_schema",
      schema: { type: "object", additionalProperties: false },
    });
  });
});
