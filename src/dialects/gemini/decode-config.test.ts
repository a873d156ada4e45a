import { expect, test } from "bun:test";
import { foreignFields } from "../../canonical/foreign-fields.ts";
import { gemini } from "./index.ts";
import type { JsonObject } from "../../canonical/json.ts";

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

const SCHEMA = { type: "object", properties: { a: { type: "string" } } };

test.each<[string, JsonObject | JsonObject[], string[]]>([
  ["one format", { text: { mimeType: "application/json", schema: SCHEMA } }, []],
  ["a list", [{ text: { mime_type: "APPLICATION_JSON", schema: SCHEMA } }], []],
  [
    "more than text",
    [{ text: { mimeType: "application/json", schema: SCHEMA } }, { image: {} }],
    ["generationConfig.responseFormat"],
  ],
])("the newer response format, as %s, is heard and comes out as it came", (_, responseFormat, foreign) => {
  const body = { contents: [{ role: "user", parts: [{ text: "hi" }] }], generationConfig: { responseFormat } };
  const request = gemini.decodeRequest({ body, pathModel: "m" });
  expect(request.responseFormat).toEqual({ type: "json_schema", schema: SCHEMA });
  expect(foreignFields(request, "openai-chat")).toEqual(foreign);
  expect(gemini.encodeRequest(request, { model: "m", warnings: [], flags: {} }).body).toEqual(body);
});
