import { expect, test } from "bun:test";
import { bedrockConverse } from "./index.ts";

const decode = (schema: string) =>
  bedrockConverse.decodeRequest({
    pathModel: "m",
    body: {
      messages: [{ role: "user", content: [{ text: "x" }] }],
      outputConfig: { textFormat: { type: "json_schema", structure: { jsonSchema: { name: "n", schema } } } },
    },
  });

test("the schema of an answer is read from its text", () => {
  expect(decode('{"type":"object"}').responseFormat).toEqual({
    type: "json_schema",
    name: "n",
    schema: { type: "object" },
  });
});

test.each(["", "{", "[]", "5", `{"a":${"[".repeat(20_000)}${"]".repeat(20_000)}}`])("%# is refused", (schema) => {
  expect(() => decode(schema)).toThrow("outputConfig.textFormat.structure.jsonSchema.schema");
});
