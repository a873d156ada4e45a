import { describe, expect, test } from "bun:test";
import type { JsonObject } from "../../canonical/json.ts";
import type { ChatRequest } from "../../canonical/request.ts";
import { encode } from "./fixtures/encode-foreign.ts";

describe("what OpenAI's models take of another dialect's request", () => {
  test.each<[string, Partial<ChatRequest>, JsonObject, string[]]>([
    ["gpt-5", { reasoning: { effort: "max" } }, { effort: "high" }, ["changed_field reasoning.effort"]],
    ["gpt-5", { reasoning: { effort: "none" } }, { effort: "minimal" }, ["changed_field reasoning.effort"]],
    ["o3", { reasoning: { effort: "minimal" } }, { effort: "low" }, ["changed_field reasoning.effort"]],
    ["gpt-5.1", { reasoning: { effort: "none" } }, { effort: "none" }, []],
    ["gpt-6-sol", { reasoning: { effort: "max" } }, { effort: "max" }, []],
  ])("%s takes %j as %j", (model, fields, reasoning, told) => {
    expect(encode(fields, model)).toMatchObject({ body: { reasoning }, told });
  });

  test("a model that does not reason is sent nothing about reasoning", () => {
    const asked = encode({ reasoning: { effort: "high", summary: "auto" } }, "gpt-4o");
    expect(asked).toMatchObject({ body: { model: "gpt-4o", store: false }, told: ["unsupported_field reasoning"] });
    expect(Object.keys(asked.body)).not.toContain("reasoning");
    expect(Object.keys(asked.body)).not.toContain("include");
    expect(encode({ reasoning: { budgetTokens: 0 } }, "gpt-4o").told).toEqual([]);
  });

  const sampling = { temperature: 0.2, topP: 1, logprobs: true, topLogprobs: 2 };
  test.each<[string, Partial<ChatRequest>]>([
    ["gpt-5", {}],
    ["gpt-5.1", { reasoning: { effort: "low" } }],
    ["gpt-6-luna", {}],
  ])("%s takes no sampling beside reasoning", (model, fields) => {
    const { body, told } = encode({ ...sampling, ...fields }, model);
    for (const field of ["temperature", "top_p", "top_logprobs"]) expect(Object.keys(body)).not.toContain(field);
    expect(JSON.stringify(body)).not.toContain("logprobs");
    expect(told).toEqual([
      "unsupported_field temperature",
      "unsupported_field top_logprobs",
      "unsupported_field logprobs",
    ]);
  });

  test("sampling goes along where the model does not reason", () => {
    const { body, told } = encode(sampling, "gpt-5.1");
    expect(body).toMatchObject({
      temperature: 0.2,
      top_p: 1,
      top_logprobs: 2,
      include: ["message.output_text.logprobs"],
    });
    expect(told).toEqual([]);
  });

  test("OpenAI's models are told of formats that they do not take as said", () => {
    const array = encode({ responseFormat: { type: "json_schema", schema: { type: "array" } } });
    expect(array.told).toEqual(["changed_field response_format"]);
    expect(JSON.stringify(array.body.input)).toContain("valid under this JSON Schema");
    expect(Object.keys(array.body)).not.toContain("text");
    expect(encode({ responseFormat: { type: "json_object" } }).body).toMatchObject({
      input: [{ role: "system" }],
      text: { format: { type: "json_object" } },
    });
  });

  test("OpenAI's models get an object at the top of a tool's schema", () => {
    const parameters = { anyOf: [{ properties: { a: { type: "string" } }, required: ["a"] }] };
    const tools = [{ type: "function", name: "f", parameters }] as const;
    const { body, told } = encode({ tools: [...tools] });
    const schema = { type: "object", properties: { a: { type: "string" } }, required: ["a"] };
    expect(body.tools).toMatchObject([{ name: "f", parameters: schema }]);
    expect(told).toEqual(["changed_field tools"]);
    expect(encode({ tools: [...tools] }, "m").body.tools).toMatchObject([{ parameters }]);
  });
});
