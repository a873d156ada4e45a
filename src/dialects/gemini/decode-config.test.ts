import { expect, test } from "bun:test";
import { foreignFields } from "../../canonical/foreign-fields.ts";
import { gemini } from "./index.ts";

test.each([
  ["application/json", "json_schema", []],
  ["text/plain", "text", []],
  ["text/x.enum", undefined, ["generationConfig.responseMimeType"]],
])("answers as %s: format %p", (responseMimeType, format, foreign) => {
  const generationConfig = { responseMimeType, responseSchema: { type: "STRING", enum: ["a"] } };
  const request = gemini.decodeRequest({ body: { model: "m", contents: [], generationConfig } });
  expect(request.responseFormat?.type).toBe(format as never);
  expect(foreignFields(request, "openai-chat")).toEqual(foreign);
});
