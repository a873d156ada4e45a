import { expect, test } from "bun:test";
import { fitFormat } from "./fit-format.ts";

test("JSON without a schema has to be spoken of", () => {
  const format = { type: "json_object" } as const;
  expect(fitFormat(format, ["As Json, please"])).toEqual({ format });
  expect(fitFormat(format, ["List colours"])).toMatchObject({ format, instruction: expect.stringContaining("JSON") });
});

test("a schema has to be one of an object", () => {
  const object = { type: "json_schema", schema: { type: "object", properties: {} } } as const;
  expect(fitFormat(object, undefined)).toEqual({ format: object });
  const list = { type: "json_schema", schema: { type: "array", items: { type: "string" } } } as const;
  expect(fitFormat(list, undefined)).toMatchObject({
    format: undefined,
    instruction: expect.stringContaining('{"type":"array","items":{"type":"string"}}'),
  });
});
