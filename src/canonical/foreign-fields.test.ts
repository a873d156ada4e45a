import { expect, test } from "bun:test";
import type { Extensions } from "./content.ts";
import { foreignFields } from "./foreign-fields.ts";
import type { JsonObject } from "./json.ts";
import type { ChatRequest, Tool } from "./request.ts";

function request(extensions: Extensions): ChatRequest {
  return { model: "m", stream: false, items: [], tools: [], extensions, warnings: [] };
}

test("names what only another dialect knows", () => {
  const extensions: Extensions = {
    gemini: { safetySettings: [{}], cachedContent: null },
    "openai-chat": { prediction: { a: 1 } },
  };
  expect(foreignFields(request(extensions), "anthropic-messages")).toEqual(["safetySettings", "prediction"]);
  expect(foreignFields(request(extensions), "gemini")).toEqual(["prediction"]);
});

test("of fields whose sense the canonical form holds, names the rest", () => {
  const generationConfig = { thinkingConfig: { thinkingBudget: 1 }, speechConfig: { voice: 1 }, routingConfig: {} };
  expect(foreignFields(request({ gemini: { generationConfig } }), "openai-chat")).toEqual([
    "generationConfig.speechConfig",
  ]);
  const own = {
    thinking: { type: "enabled" },
    output_config: { effort: "high" },
    output_format: { type: "json_schema", schema: { type: "object" } },
    metadata: { user_id: "u" },
  };
  expect(foreignFields(request({ "anthropic-messages": own }), "openai-responses")).toEqual([]);
});

test("fields in which nothing stands are not named", () => {
  const bedrock = { inferenceConfig: {}, guardrailConfig: { a: 1 } };
  const responses = { instructions: "", tools: [], truncation: "auto", max_tool_calls: 0, background: false };
  expect(foreignFields(request({ "bedrock-converse": bedrock, "openai-responses": responses }), "gemini")).toEqual([
    "guardrailConfig",
    "truncation",
    "max_tool_calls",
  ]);
});

test("of the Responses API's fields, those that ask for what is so anyway are not named", () => {
  const told = {
    truncation: "disabled",
    top_logprobs: 0,
    stream_options: { include_obfuscation: false },
    safety_identifier: "u",
  };
  expect(foreignFields(request({ "openai-responses": told }), "gemini")).toEqual([]);
  expect(foreignFields(request({ "openai-responses": { background: true } }), "gemini")).toEqual(["background"]);
});

test("what libraries write out as null is not named", () => {
  const nulls = { reasoning: { effort: null, generate_summary: "auto" }, text: { format: { strict: null } } };
  expect(foreignFields(request({ "openai-responses": nulls }), "gemini")).toEqual([]);
  const more = { reasoning: { context: "x", summary: null }, text: { style: "x" } };
  expect(foreignFields(request({ "openai-responses": more }), "gemini")).toEqual(["reasoning.context", "text.style"]);
});

test("fields of tools are named once", () => {
  const tool = (fields: JsonObject): Tool => ({
    type: "function",
    name: "f",
    extensions: { "anthropic-messages": { type: "custom", ...fields } },
  });
  const tools = [
    tool({ input_examples: [{}] }),
    tool({ input_examples: [{}], defer_loading: true }),
    tool({ strict: false }),
  ];
  const asked = { ...request({}), tools };
  expect(foreignFields(asked, "gemini")).toEqual(["tools.input_examples", "tools.defer_loading"]);
  expect(foreignFields(asked, "anthropic-messages")).toEqual([]);
});

test("names of the prototype are fields like others", () => {
  const extensions: Extensions = { gemini: { constructor: 1 } };
  expect(foreignFields(request(extensions), "openai-chat")).toEqual(["constructor"]);
});

test("of very many it names some", () => {
  const many = Object.fromEntries(Array.from({ length: 100_000 }, (_, at) => [`field-${at}`, at]));
  const found = foreignFields(request({ gemini: many }), "openai-chat");
  expect(found.slice(-2)).toEqual(["field-31", "further fields"]);
});
