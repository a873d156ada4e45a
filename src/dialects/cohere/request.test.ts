import { describe, expect, test } from "bun:test";
import type { JsonObject } from "../../canonical/json.ts";
import type { ChatRequest, Item } from "../../canonical/request.ts";
import type { Warning } from "../../canonical/warning.ts";
import { cohere } from "./index.ts";

const HELLO = { role: "user", content: "Hello" };

function decode(body: JsonObject): ChatRequest {
  return cohere.decodeRequest({ body: { model: "command-a", messages: [HELLO], ...body } });
}

function encode(request: Partial<ChatRequest>, model = "command-a-reasoning-08-2025"): [JsonObject, Warning[]] {
  const warnings: Warning[] = [];
  const items: Item[] = [{ type: "message", role: "user", content: [{ type: "text", text: "Hello" }] }];
  const base = { model: "m", stream: false, items, tools: [], extensions: {}, warnings: [] };
  const { body } = cohere.encodeRequest({ ...base, ...request }, { model, warnings, flags: {} });
  return [body, warnings];
}

/** A request that goes through this dialect on both sides. */
function again(body: JsonObject): JsonObject {
  const request = decode(body);
  return cohere.encodeRequest(request, { model: request.model, warnings: request.warnings, flags: {} }).body;
}

describe("within the dialect a request comes out as it went in", () => {
  test.each<[string, JsonObject]>([
    [
      "everything at the top",
      {
        stream: true,
        documents: ["Alice lives in Paris.", { id: "b", data: { title: "Notes", snippet: "Bob", year: 1999 } }],
        citation_options: { mode: "FAST" },
        safety_mode: "STRICT",
        max_tokens: 10,
        stop_sequences: ["a", "b", "c", "d", "e", "f"],
        temperature: 1.5,
        seed: 7,
        frequency_penalty: 0.5,
        presence_penalty: 0.5,
        k: 0,
        p: 1,
        logprobs: false,
        thinking: { type: "enabled", token_budget: 100 },
        priority: 3,
        raw_prompting: true,
      },
    ],
    [
      "tools",
      {
        tools: [
          { type: "function", function: { name: "f", parameters: { type: "object" }, examples: [1] } },
          { type: "function", function: { name: "g" } },
          { type: "retrieval", index: 1 },
        ],
        strict_tools: false,
        tool_choice: "NONE",
      },
    ],
    [
      "empty lists and nulls",
      { tools: [], documents: [], stop_sequences: [], seed: null, response_format: { type: "text" } },
    ],
    [
      "a schema with more beside it",
      { response_format: { type: "json_object", json_schema: { type: "object" }, x: 1 } },
    ],
    [
      "conversations",
      {
        messages: [
          { role: "system", content: [{ type: "text", text: "Be brief.", x: 1 }] },
          HELLO,
          { role: "assistant", content: "One." },
          { role: "assistant", content: [{ type: "text", text: "Two." }], citations: [] },
          { role: "assistant", content: [], tool_calls: [] },
          { role: "system", content: "" },
          {
            role: "user",
            content: [{ type: "image_url", image_url: { url: "data:image/png;base64,AA==", detail: "high" } }],
          },
          {
            role: "user",
            content: [{ type: "image_url", image_url: { url: "https://a/b.png", x: 1 } }, { type: "sound" }],
          },
          {
            role: "assistant",
            content: [
              { type: "thinking", thinking: "Hm." },
              { type: "text", text: "Paris." },
            ],
            tool_plan: "I will look.",
            tool_calls: [{ id: "c1", type: "function", function: { name: "f", arguments: '{"a": 1}' } }],
            citations: [
              {
                start: 0,
                end: 5,
                text: "Paris",
                sources: [
                  { type: "tool", id: "c0" },
                  { type: "document", id: "b" },
                ],
                content_index: 1,
              },
              { start: 0, end: 1, text: "I", sources: [], type: "PLAN" },
              { start: 0, end: 2, text: "Hm", type: "THINKING_CONTENT" },
            ],
          },
          {
            role: "tool",
            tool_call_id: "c1",
            content: [
              { type: "document", document: { id: "d", data: { text: "21" } } },
              { type: "text", text: "x" },
            ],
          },
        ],
      },
    ],
  ])("%s", (_, body) => {
    const wire = { model: "command-a", messages: [HELLO], ...body };
    expect(again(body)).toEqual(wire);
  });
});

describe("decodes", () => {
  test("documents as files of the last user message", () => {
    const { items } = decode({
      documents: ["Plain.", { id: "b", data: { title: "Notes", text: "Bob" } }, { data: { a: 1, b: "x" } }],
    });
    expect(items).toMatchObject([
      {
        content: [
          { type: "file", source: { text: "Plain." }, citations: true },
          { type: "file", source: { text: "Bob" }, title: "Notes" },
          { type: "file", source: { text: "a: 1\nb: x" } },
          { type: "text", text: "Hello" },
        ],
      },
    ]);
  });

  test("what is said before calls as a message, thoughts as reasoning", () => {
    const assistant = {
      role: "assistant",
      content: [{ type: "thinking", thinking: "Hm." }],
      tool_plan: "I will look.",
      tool_calls: [{ id: "c1", type: "function", function: { name: "f", arguments: "null" } }],
    };
    expect(decode({ messages: [HELLO, assistant] }).items.slice(1)).toMatchObject([
      { type: "reasoning", text: "Hm." },
      { type: "message", role: "assistant", content: [{ text: "I will look." }] },
      { type: "tool_call", callId: "c1", name: "f", arguments: "" },
    ]);
  });

  test("strict tools and thinking", () => {
    const tools = [{ type: "function", function: { name: "f" } }];
    expect(decode({ tools, strict_tools: true }).tools).toMatchObject([{ name: "f", strict: true }]);
    expect(decode({ thinking: { type: "disabled" } }).reasoning).toEqual({ effort: "none" });
    expect(decode({ thinking: { type: "enabled" } }).reasoning).toEqual({ budgetTokens: -1 });
  });

  test.each<[JsonObject, string]>([
    [{ model: "" }, "model"],
    [{ messages: "Hello" }, "messages"],
    [{ messages: [{ role: "developer", content: "x" }] }, "messages[0].role"],
    [{ messages: [{ role: "user", content: 1 }] }, "messages[0].content"],
    [{ messages: [{ role: "tool", content: "x" }] }, "messages[0].tool_call_id"],
    [{ temperature: "hot" }, "temperature"],
    [{ tool_choice: "auto" }, "tool_choice"],
    [{ tools: [{ type: "function" }] }, "tools[0].function.name"],
    [{ documents: [1] }, "documents[0]"],
    [{ response_format: { type: "json_schema" } }, "response_format.type"],
    [{ thinking: { type: "on" } }, "thinking.type"],
    [{ stop_sequences: "END" }, "stop_sequences"],
  ])("and refuses %p", (body, param) => {
    expect(() => decode(body)).toThrow(expect.objectContaining({ code: "invalid_request", fields: { param } }));
  });
});

describe("of other dialects", () => {
  test("settings are brought into the API's ranges", () => {
    const [body, warnings] = encode({ temperature: 1.8, topP: 1, topK: 900, presencePenalty: -1, frequencyPenalty: 0 });
    expect(body).toMatchObject({ temperature: 1, p: 0.99, k: 500 });
    expect(body).not.toContainKeys(["presence_penalty", "frequency_penalty"]);
    expect(warnings.map(({ field }) => field)).toEqual(["temperature", "top_k", "presence_penalty"]);
  });

  test("a schema is left out beside tools and documents", () => {
    const responseFormat = { type: "json_schema", schema: { type: "object" } } as const;
    expect(encode({ responseFormat })[0]).toMatchObject({
      response_format: { type: "json_object", json_schema: { type: "object" } },
    });
    const [body, warnings] = encode({ responseFormat, tools: [{ type: "function", name: "f" }] });
    expect(body).not.toContainKey("response_format");
    expect(warnings).toMatchObject([{ code: "unsupported_field", field: "response_format" }]);
  });

  test("a forced tool is the only one that is offered", () => {
    const tools = ["f", "g"].map((name) => ({ type: "function", name }) as const);
    const [body] = encode({ tools, toolChoice: { type: "tool", name: "g" } });
    const parameters = { type: "object", properties: {} };
    expect(body).toMatchObject({
      tools: [{ type: "function", function: { name: "g", parameters } }],
      tool_choice: "REQUIRED",
    });
    expect(encode({ tools, toolChoice: { type: "auto" } })[0]).not.toContainKey("tool_choice");
  });

  test("strict is for all tools or none", () => {
    const strict = { type: "function", name: "f", strict: true } as const;
    expect(encode({ tools: [strict] })[0]).toMatchObject({ strict_tools: true });
    const [body, warnings] = encode({ tools: [strict, { type: "function", name: "g" }] });
    expect(body).not.toContainKey("strict_tools");
    expect(warnings).toHaveLength(1);
  });

  test.each<[string, boolean]>([
    ["command-a-reasoning-08-2025", true],
    ["command-a-plus-05-2026", true],
    ["a-model-of-the-future", true],
    ["command-a-03-2025", false],
    ["command-r7b-12-2024", false],
    ["command-r-plus-08-2024", false],
    ["command-r", false],
  ])("%s is asked to think: %p", (model, thinks) => {
    const [body, warnings] = encode({ reasoning: { budgetTokens: 2000 } }, model);
    expect(body["thinking"]).toEqual(thinks ? { type: "enabled", token_budget: 2000 } : undefined);
    expect(warnings).toHaveLength(thinks ? 0 : 1);
    expect(encode({ reasoning: { summary: "auto" } }, model)[0]).not.toContainKey("thinking");
  });

  test("system messages become one, in front", () => {
    const say = (role: "system" | "developer" | "user", text: string): Item => ({
      type: "message",
      role,
      content: [{ type: "text", text }],
    });
    const [body, warnings] = encode({ items: [say("system", "A"), say("user", "B"), say("developer", "C")] });
    expect(body["messages"]).toEqual([
      {
        role: "system",
        content: [
          { type: "text", text: "A" },
          { type: "text", text: "C" },
        ],
      },
      { role: "user", content: "B" },
    ]);
    expect(warnings).toMatchObject([{ code: "changed_field", field: "messages" }]);
  });
});

test.each([
  ["auto", []],
  ["default", []],
  ["priority", ["service_tier"]],
])("the tier %p is left out with warnings about %j", (serviceTier, fields) => {
  const [body, warnings] = encode({ serviceTier });
  expect(body["service_tier"]).toBeUndefined();
  expect(warnings.map(({ field }) => field)).toEqual(fields);
});

test("results stand right behind their calls, whatever was said in between", () => {
  const [body] = encode({
    items: [
      { type: "message", role: "user", content: [{ type: "text", text: "Hello" }] },
      { type: "tool_call", callId: "A", name: "f", kind: "function", arguments: "{}" },
      { type: "message", role: "user", content: [{ type: "text", text: "quick" }] },
      { type: "tool_result", callId: "A", kind: "function", content: [{ type: "text", text: "done" }] },
    ],
  });
  expect(body["messages"]).toMatchObject([
    { role: "user", content: "Hello" },
    { role: "assistant", tool_calls: [{ id: "A" }] },
    { role: "tool", tool_call_id: "A" },
    { role: "user", content: "quick" },
  ]);
});
