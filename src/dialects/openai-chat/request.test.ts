import { describe, expect, test } from "bun:test";
import type { ProviderFlags } from "../../canonical/dialect.ts";
import { GatewayError } from "../../canonical/errors.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import { sealOpaque } from "../../canonical/opaque.ts";
import type { ChatRequest, Item, ReasoningOptions } from "../../canonical/request.ts";
import type { Warning } from "../../canonical/warning.ts";
import { decodeRequest } from "./decode-request.ts";
import { encodeRequest } from "./encode-request.ts";
import everything from "./fixtures/everything.json";

const user = { role: "user", content: "hi" };

function encode(decoded: ChatRequest, flags: ProviderFlags = {}): { body: JsonObject; warnings: Warning[] } {
  const warnings: Warning[] = [];
  const { body } = encodeRequest(decoded, { model: decoded.model, warnings, flags });
  return { body, warnings };
}

function roundTrip(body: JsonObject, flags: ProviderFlags = {}): JsonObject {
  const { body: encoded, warnings } = encode(decodeRequest({ body: structuredClone(body) }), flags);
  expect(warnings).toEqual([]);
  return encoded;
}

function request(items: Item[], more: Partial<ChatRequest> = {}): ChatRequest {
  return { model: "m", stream: false, items, tools: [], extensions: {}, warnings: [], ...more };
}

describe("same dialect in and out", () => {
  test("a request with everything is deep equal", () =>
    expect(roundTrip(everything as JsonObject)).toEqual(everything));

  const cases: [string, JsonObject][] = [
    ["an empty user message", { role: "user", content: "" }],
    ["a list of one text", { role: "user", content: [{ type: "text", text: "a" }] }],
    ["an empty list", { role: "user", content: [] }],
    ["unknown fields", { role: "user", content: "a", metadata: { x: 1 }, name: "bob" }],
    ["an unknown role", { role: "latest_reminder", content: "a" }],
    ["an unknown part", { role: "user", content: [{ type: "hologram", hologram: { x: 1 } }] }],
    [
      "a part with a wrong type",
      {
        role: "user",
        content: [
          { type: "text", text: 5 },
          { type: "image_url", image_url: null },
        ],
      },
    ],
    [
      "Mistral's bare URLs",
      {
        role: "user",
        content: [
          { type: "image_url", image_url: "https://x/y.png" },
          { type: "document_url", document_url: "https://x/y.pdf", document_name: "y" },
        ],
      },
    ],
    ["DashScope audio", { role: "user", content: [{ type: "input_audio", input_audio: { data: "https://x/y.mp3" } }] }],
    [
      "a data URL without a type",
      { role: "user", content: [{ type: "image_url", image_url: { url: "data:;base64,AA" } }] },
    ],
    ["bare file data", { role: "user", content: [{ type: "file", file: { file_data: "AAAA", filename: "a.pdf" } }] }],
    ["a message marker", { role: "user", content: "a", cache_control: { type: "ephemeral", ttl: "1h" } }],
    [
      "a marker on both",
      {
        role: "user",
        content: [{ type: "text", text: "a", cache_control: { type: "ephemeral" } }],
        cache_control: { type: "ephemeral" },
      },
    ],
    ["an odd marker", { role: "user", content: [{ type: "text", text: "a", cache_control: { type: "permanent" } }] }],
    [
      "OpenAI's marker",
      { role: "user", content: [{ type: "text", text: "a", prompt_cache_breakpoint: { mode: "explicit" } }] },
    ],
    [
      "no content",
      { role: "assistant", tool_calls: [{ id: "c", type: "function", function: { name: "f", arguments: "" } }] },
    ],
    [
      "null content",
      {
        role: "assistant",
        content: null,
        refusal: null,
        audio: null,
        tool_calls: [{ id: "c", type: "function", function: { name: "f", arguments: "{}" } }],
      },
    ],
    [
      "a marker on calls",
      {
        role: "assistant",
        content: "",
        cache_control: { type: "ephemeral" },
        tool_calls: [{ id: "c", type: "function", function: { name: "f", arguments: "{}" } }],
      },
    ],
    [
      "a custom call",
      {
        role: "assistant",
        content: null,
        tool_calls: [{ id: "c", type: "custom", custom: { name: "f", input: "free text" } }],
      },
    ],
    [
      "Google's signature",
      {
        role: "assistant",
        content: null,
        tool_calls: [
          {
            id: "c",
            type: "function",
            function: { name: "f", arguments: "{}" },
            extra_content: { google: { thought_signature: "sig" } },
          },
        ],
      },
    ],
    ["a refusal", { role: "assistant", content: null, refusal: "no" }],
    ["a refusal part", { role: "assistant", content: [{ type: "refusal", refusal: "no" }] }],
    ["a prefix", { role: "assistant", content: "Once", prefix: true }],
    ["spoken audio", { role: "assistant", audio: { id: "audio_1" } }],
    [
      "annotations",
      {
        role: "assistant",
        content: "a [1]",
        annotations: [
          { type: "url_citation", url_citation: { url: "https://x", title: "X", start_index: 2, end_index: 5 } },
          { type: "file", file: { hash: "h", name: "n" } },
        ],
      },
    ],
    [
      "images",
      {
        role: "assistant",
        content: "a",
        images: [{ type: "image_url", image_url: { url: "data:image/png;base64,AA" } }],
      },
    ],
    ["DeepSeek reasoning", { role: "assistant", content: "a", reasoning_content: "hm" }],
    ["Groq reasoning", { role: "assistant", content: "a", reasoning: "hm" }],
    ["both, the same", { role: "assistant", content: "a", reasoning: "hm", reasoning_content: "hm" }],
    ["both, different", { role: "assistant", content: "a", reasoning: "hm", reasoning_content: "well" }],
    ["null reasoning", { role: "assistant", content: "a", reasoning: null, reasoning_content: "" }],
    [
      "OpenRouter details",
      {
        role: "assistant",
        content: "a",
        reasoning: "hmwell",
        reasoning_details: [
          { type: "reasoning.text", text: "hm", signature: "s", format: "anthropic-claude-v1", index: 0 },
          { type: "reasoning.summary", summary: "well", id: "rs_1", index: 1 },
          { type: "reasoning.encrypted", data: "d", id: "rs_1", index: 1 },
          { type: "reasoning.encrypted", format: "google-gemini-v1", index: 0 },
        ],
      },
    ],
    [
      "Mistral thinking",
      {
        role: "assistant",
        content: [
          { type: "thinking", thinking: [{ type: "text", text: "hm" }], closed: true },
          { type: "text", text: "a" },
        ],
      },
    ],
    [
      "thinking in between",
      {
        role: "assistant",
        content: [
          { type: "text", text: "a" },
          { type: "thinking", thinking: [{ type: "text", text: "hm" }] },
          { type: "text", text: "b" },
        ],
      },
    ],
    [
      "an image in a result",
      {
        role: "tool",
        tool_call_id: "c",
        content: [
          { type: "text", text: "a" },
          { type: "image_url", image_url: { url: "https://x/y.png" } },
        ],
      },
    ],
    [
      "a named result",
      { role: "tool", tool_call_id: "c", name: "f", content: "a", cache_control: { type: "ephemeral" } },
    ],
  ];
  test.each(cases)("message with %s", (_name, message) => {
    const body = {
      model: "m",
      messages: [user, message, { role: "assistant", content: "x" }, { role: "assistant", content: "y" }],
    };
    expect(roundTrip(body)).toEqual(body);
  });

  const fields: [string, JsonObject][] = [
    [
      "null everywhere",
      { temperature: null, tools: null, tool_choice: null, stop: null, stream: null, metadata: null },
    ],
    ["empty lists", { tools: [], stop: [] }],
    ["max_tokens", { max_tokens: 5 }],
    ["max_completion_tokens", { max_completion_tokens: 5 }],
    ["both limits", { max_tokens: 5, max_completion_tokens: 6 }],
    ["one stop", { stop: "a" }],
    ["stops", { stop: ["a"] }],
    ["user", { user: "u" }],
    ["safety_identifier", { safety_identifier: "s" }],
    ["both identities", { user: "u", safety_identifier: "s" }],
    ["effort", { reasoning_effort: "high" }],
    ["an effort of the future", { reasoning_effort: "ultra" }],
    ["OpenRouter reasoning", { reasoning: { effort: "low", exclude: true }, provider: { order: ["a"] } }],
    ["thinking", { thinking: { type: "enabled", budget_tokens: 100 } }],
    ["DashScope thinking", { enable_thinking: true, thinking_budget: 50 }],
    [
      "Mistral",
      { random_seed: 3, safe_prompt: true, tool_choice: "any", tools: [{ type: "function", function: { name: "f" } }] },
    ],
    ["Z.ai search", { tools: [{ type: "web_search", web_search: { enable: true } }] }],
    ["OpenAI search", { web_search_options: { search_context_size: "low" } }],
    ["an unknown tool choice", { tools: [{ type: "x" }], tool_choice: { type: "x" } }],
    ["an unknown format", { response_format: { type: "grammar", grammar: "x" } }],
    [
      "a format with more",
      { response_format: { type: "json_schema", json_schema: { name: "a", schema: {}, x: 1 }, y: 2 } },
    ],
    ["text format", { response_format: { type: "text" } }],
    ["no stream", { stream: false }],
    ["a stream", { stream: true, stream_options: { include_usage: true, include_obfuscation: false } }],
    ["functions", { functions: [{ name: "f", parameters: { type: "object" }, x: 1 }], function_call: { name: "f" } }],
    ["the top marker", { cache_control: { type: "ephemeral" } }],
  ];
  test.each(fields)("field: %s", (_name, more) => {
    const body = { model: "m", messages: [user], ...more };
    expect(roundTrip(body)).toEqual(body);
  });

  test("function messages share the id of their call", () => {
    const body = {
      model: "m",
      messages: [
        user,
        { role: "assistant", content: null, function_call: { name: "f", arguments: "{}" } },
        { role: "function", name: "f", content: "1" },
      ],
      functions: [{ name: "f" }],
    };
    const decoded = decodeRequest({ body });
    const ids = decoded.items.flatMap((item) =>
      item.type === "tool_call" || item.type === "tool_result" ? [item.callId] : [],
    );
    expect(ids[0]).toBe(ids[1] as string);
    expect(roundTrip(body)).toEqual(body);
  });

  test("a result without an id belongs to the first open call", () => {
    const calls = ["a", "b"].map((id) => ({ id, type: "function", function: { name: id, arguments: "{}" } }));
    const conversation = [
      user,
      { role: "assistant", tool_calls: calls },
      { role: "tool", content: "1" },
      { role: "tool", content: "2" },
    ];
    const { items } = decodeRequest({ body: { model: "m", messages: conversation } });
    expect(items.flatMap((item) => (item.type === "tool_result" ? [item.callId] : []))).toEqual(["a", "b"]);
  });

  test("missing messages stay missing: hosts have calls that need none", () => {
    expect(roundTrip({ model: "m", stream: false })).toEqual({ model: "m", stream: false });
  });

  test("usage is always asked for on streams", () => {
    const body = { model: "m", messages: [user], stream: true };
    expect(roundTrip(body)).toEqual({ ...body, stream_options: { include_usage: true } });
    expect(roundTrip(body, { noStreamOptions: true })).toEqual(body);
  });

  test("__proto__ is harmless", () => {
    const body: JsonObject = JSON.parse(
      `{"model":"m","__proto__":{"polluted":1},"messages":[{"role":"user","content":"a","__proto__":{"polluted":1}}],"tools":[{"type":"function","function":{"name":"f","__proto__":{"polluted":1}}}]}`,
    );
    expect(roundTrip(body)).toEqual({
      model: "m",
      messages: [{ role: "user", content: "a" }],
      tools: [{ type: "function", function: { name: "f" } }],
    });
    expect(({} as JsonObject)["polluted"]).toBeUndefined();
  });
});

describe("what no provider could accept", () => {
  const cases: [JsonObject, string][] = [
    [{ messages: [user] }, "model"],
    [{ model: 5, messages: [user] }, "model"],
    [{ model: "m", messages: null }, "messages"],
    [{ model: "m", messages: {} }, "messages"],
    [{ model: "m", messages: [] }, "messages"],
    [{ model: "m", messages: ["hi"] }, "messages[0]"],
    [{ model: "m", messages: [user, { content: "x" }] }, "messages[1].role"],
    [{ model: "m", messages: [{ role: "user", content: 5 }] }, "messages[0].content"],
    [{ model: "m", messages: [{ role: "user", content: ["x"] }] }, "messages[0].content[0]"],
    [{ model: "m", messages: [{ role: "user", content: [{ text: "x" }] }] }, "messages[0].content[0].type"],
    [{ model: "m", messages: [user], temperature: "hot" }, "temperature"],
    [{ model: "m", messages: [user], stream: "yes" }, "stream"],
    [{ model: "m", messages: [user], stop: [1] }, "stop[0]"],
    [{ model: "m", messages: [user], tools: {} }, "tools"],
    [{ model: "m", messages: [user], tools: [{ type: "function" }] }, "tools[0].function"],
    [{ model: "m", messages: [user], tools: [{ type: "function", function: {} }] }, "tools[0].function.name"],
    [{ model: "m", messages: [user], functions: ["f"] }, "functions[0]"],
  ];
  test.each(cases)("%j: %s", (body, param) => {
    let thrown: unknown;
    try {
      decodeRequest({ body });
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(GatewayError);
    expect((thrown as GatewayError).code).toBe("invalid_request");
    expect((thrown as GatewayError).fields.param).toBe(param);
    expect((thrown as GatewayError).message).toContain(param);
  });
});

describe("the neutral form", () => {
  test("of a request with everything", () => {
    const decoded = decodeRequest({ body: structuredClone(everything) as JsonObject });
    expect(decoded.items.map((item) => (item.type === "message" ? item.role : item.type))).toEqual([
      "system",
      "developer",
      "user",
      "reasoning",
      "assistant",
      "tool_call",
      "tool_call",
      "tool_result",
      "tool_result",
    ]);
    expect(decoded).toMatchObject({
      maxOutputTokens: 100,
      toolChoice: { type: "allowed", names: ["weather", "script"], mode: "required" },
      responseFormat: { type: "json_schema", name: "answer", strict: true },
      reasoning: { effort: "high" },
      stop: ["END"],
      topLogprobs: 2,
      endUser: "u1",
      includeUsage: true,
      modalities: ["text", "audio"],
    });
    expect(decoded.extensions["openai-chat"]).toEqual({
      audio: { voice: "alloy", format: "wav" },
      prediction: { type: "content", content: "x" },
      future_field: { a: 1 },
    });
    const third = decoded.items[2];
    expect(third?.type === "message" && third.content).toMatchObject([
      { type: "text", text: "Look", cache: {} },
      { type: "image", source: { type: "base64", data: "iVBO" }, mediaType: "image/png", detail: "low" },
      { type: "audio", source: { type: "base64", data: "UklG" }, mediaType: "audio/wav" },
      { type: "file", source: { type: "base64", data: "JVBE" }, mediaType: "application/pdf", filename: "a.pdf" },
    ]);
  });

  test("sealed state of another maker comes back, with its text, on the right item", () => {
    const thought = sealOpaque({ maker: "anthropic-messages", kind: "signature", value: "sig" }, "openai-chat");
    const called = sealOpaque({ maker: "gemini", kind: "signature", value: "call" }, "openai-chat");
    const said = sealOpaque({ maker: "gemini", kind: "signature", value: "text" }, "openai-chat");
    const message = {
      role: "assistant",
      content: "a",
      reasoning_content: "hm",
      reasoning_details: [
        { type: "reasoning.text", text: "hm", signature: thought, format: "unknown", index: 0 },
        { type: "reasoning.encrypted", data: called, id: "c1", format: "unknown", index: 1 },
        { type: "reasoning.encrypted", data: said, id: "content", format: "unknown", index: 2 },
      ],
      tool_calls: [{ id: "c1", type: "function", function: { name: "f", arguments: "{}" } }],
    };
    const { items } = decodeRequest({ body: { model: "m", messages: [user, message] } });
    expect(items.slice(1)).toMatchObject([
      { type: "reasoning", text: "hm", opaque: { maker: "anthropic-messages", kind: "signature", value: "sig" } },
      { type: "message", content: [{ text: "a", opaque: { maker: "gemini", kind: "signature", value: "text" } }] },
      { type: "tool_call", opaque: { maker: "gemini", kind: "signature", value: "call" } },
    ]);
    expect(items).toHaveLength(4);
  });

  test("beside sealed state, readable reasoning is the gateway's own copy or the same maker's thoughts", () => {
    const thought = sealOpaque({ maker: "anthropic-messages", kind: "signature", value: "sig" }, "openai-chat");
    const called = sealOpaque({ maker: "gemini", kind: "signature", value: "call" }, "openai-chat");
    const tool_calls = [{ id: "c1", type: "function", function: { name: "f", arguments: "{}" } }];
    const reasoningOf = (message: JsonObject): Item[] =>
      decodeRequest({ body: { model: "m", messages: [{ role: "assistant", ...message }] } }).items.filter(
        ({ type }) => type === "reasoning",
      );
    const whole = { type: "reasoning.text", text: "hm, well", signature: thought, format: "unknown", index: 0 };
    expect(reasoningOf({ content: "a", reasoning_content: "well", reasoning_details: [whole] })).toMatchObject([
      { text: "hm, well", opaque: { maker: "anthropic-messages", value: "sig" } },
    ]);
    const state = { type: "reasoning.encrypted", data: called, id: "c1", format: "unknown", index: 0 };
    expect(reasoningOf({ reasoning_content: "hm", reasoning_details: [state], tool_calls })).toEqual([
      { type: "reasoning", summary: [], text: "hm" },
    ]);
  });
});

describe("provider flags", () => {
  test("legacyMaxTokens", () => {
    const body = { model: "m", messages: [user], max_completion_tokens: 7 };
    expect(roundTrip(body, { legacyMaxTokens: true })).toEqual({ model: "m", messages: [user], max_tokens: 7 });
  });

  test("noDeveloperRole", () => {
    const body = { model: "m", messages: [{ role: "developer", content: "a" }, user] };
    expect(roundTrip(body, { noDeveloperRole: true })["messages"]).toEqual([{ role: "system", content: "a" }, user]);
  });

  test("noJsonSchema", () => {
    const schema = { type: "object", properties: { a: { type: "string" } } };
    const body = {
      model: "m",
      messages: [user],
      response_format: { type: "json_schema", json_schema: { name: "x", schema } },
    };
    const { body: encoded, warnings } = encode(decodeRequest({ body }), { noJsonSchema: true });
    expect(encoded["response_format"]).toEqual({ type: "json_object" });
    expect(JSON.stringify(encoded["messages"])).toContain("JSON Schema");
    expect(warnings).toMatchObject([{ code: "changed_field", field: "response_format" }]);
  });
});

describe("from another dialect", () => {
  const call = (callId: string): Item => ({ type: "tool_call", callId, name: "f", kind: "function", arguments: "" });
  const messagesOf = (items: Item[]): Json => encode(request(items)).body["messages"] ?? null;

  test("consecutive assistant items are one message", () => {
    const items: Item[] = [
      { type: "message", role: "user", content: [{ type: "text", text: "q" }] },
      {
        type: "message",
        role: "assistant",
        content: [
          { type: "text", text: "a" },
          { type: "text", text: "b" },
        ],
      },
      call("c1"),
      call("c2"),
      { type: "tool_result", callId: "c1", kind: "function", content: [{ type: "text", text: "1" }] },
      { type: "tool_result", callId: "c2", kind: "function", content: [] },
    ];
    expect(messagesOf(items)).toEqual([
      { role: "user", content: "q" },
      {
        role: "assistant",
        content: "ab",
        tool_calls: ["c1", "c2"].map((id) => ({ id, type: "function", function: { name: "f", arguments: "{}" } })),
      },
      { role: "tool", tool_call_id: "c1", content: "1" },
      { role: "tool", tool_call_id: "c2", content: "" },
    ]);
  });

  test("media of results follow the last result as a user message", () => {
    const image = { type: "image", source: { type: "base64", data: "AA" }, mediaType: "image/png" } as const;
    const items: Item[] = [
      call("c1"),
      call("c2"),
      { type: "tool_result", callId: "c1", kind: "function", content: [image] },
      { type: "tool_result", callId: "c2", kind: "function", content: [{ type: "text", text: "2" }] },
      { type: "message", role: "user", content: [{ type: "text", text: "go on" }] },
    ];
    const { body, warnings } = encode(request(items));
    const messages = body["messages"] as JsonObject[];
    expect(messages.map((message) => message["role"])).toEqual(["assistant", "tool", "tool", "user", "user"]);
    expect(messages[3]?.["content"]).toEqual([{ type: "image_url", image_url: { url: "data:image/png;base64,AA" } }]);
    expect(warnings).toMatchObject([{ code: "changed_field", field: "tool_result.content" }]);
  });

  test("reasoning that no host of this dialect said stays behind, with a warning", () => {
    const opaque = { maker: "anthropic-messages", kind: "signature", value: "s" } as const;
    const items: Item[] = [
      { type: "reasoning", summary: [], text: "hm", opaque },
      { type: "message", role: "assistant", content: [{ type: "text", text: "a" }] },
    ];
    const { body, warnings } = encode(request(items));
    expect(body["messages"]).toEqual([{ role: "assistant", content: "a" }]);
    expect(warnings).toMatchObject([{ code: "dropped_opaque", field: "reasoning" }]);
  });

  test("long call ids are cut to what OpenAI takes, alike in call and result", () => {
    const id = "x".repeat(64);
    const result: Item = { type: "tool_result", callId: id, kind: "function", content: [{ type: "text", text: "1" }] };
    const [assistant, tool] = messagesOf([call(id), result]) as JsonObject[];
    const [sent] = (assistant?.["tool_calls"] ?? []) as JsonObject[];
    expect(sent?.["id"]).toEqual(expect.stringMatching(/^call_.{1,35}$/u));
    expect(tool?.["tool_call_id"]).toBe(sent?.["id"] as string);
  });

  test("what the wire cannot say is a warning", () => {
    const { body, warnings } = encode(
      request([{ type: "message", role: "user", content: [{ type: "text", text: "q", cache: {} }] }], {
        topK: 5,
        serviceTier: "standard_only",
        cache: {},
        previousResponseId: "r",
        reasoning: { budgetTokens: 10_000 },
        tools: [
          { type: "opaque", dialect: "anthropic-messages", value: { type: "computer_20250124" } },
          {
            type: "web_search",
            dialect: "anthropic-messages",
            raw: { type: "web_search_20250305", name: "web_search", max_uses: 2 },
          },
        ],
        toolChoice: { type: "auto" },
        extensions: { "anthropic-messages": { container: "c" } },
      }),
    );
    expect(warnings.map(({ code, field }) => `${code} ${field}`).toSorted()).toEqual([
      "changed_field reasoning.budget_tokens",
      "unsupported_field cache_control",
      "unsupported_field container",
      "unsupported_field previous_response_id",
      "unsupported_field service_tier",
      "unsupported_field tools.web_search.max_uses",
      "unsupported_field top_k",
      "unsupported_tool tools.computer_20250124",
    ]);
    expect(body).toEqual({
      model: "m",
      messages: [{ role: "user", content: "q" }],
      reasoning_effort: "medium",
      web_search_options: {},
    });
  });

  test.each([
    [{ effort: "none" }, undefined],
    [{ budgetTokens: 0 }, undefined],
    [{ budgetTokens: -1 }, undefined],
    [{ adaptive: true }, undefined],
    [{ budgetTokens: 1024 }, "low"],
    [{ budgetTokens: 32_000 }, "high"],
    [{ effort: "xhigh" }, "xhigh"],
  ] as [ReasoningOptions, string | undefined][])("reasoning %j is effort %s", (reasoning, effort) => {
    expect(encode(request([], { reasoning })).body["reasoning_effort"]).toBe(effort as string);
  });

  test("plain text documents go along as text", () => {
    const items: Item[] = [
      {
        type: "message",
        role: "user",
        content: [{ type: "file", source: { type: "text", text: "body" }, title: "T" }],
      },
    ];
    expect(messagesOf(items)).toEqual([{ role: "user", content: [{ type: "text", text: "T\n\nbody" }] }]);
  });

  test("tool choice and grammar take this wire's form", () => {
    const format = { type: "grammar", syntax: "lark", definition: "d" };
    const { body } = encode(
      request([{ type: "message", role: "user", content: [{ type: "text", text: "q" }] }], {
        tools: [{ type: "custom", name: "c", format }],
        toolChoice: { type: "tool", name: "c" },
      }),
    );
    expect(body["tools"]).toEqual([
      {
        type: "custom",
        custom: { name: "c", format: { type: "grammar", grammar: { syntax: "lark", definition: "d" } } },
      },
    ]);
    expect(body["tool_choice"]).toEqual({ type: "custom", custom: { name: "c" } });
  });
});
