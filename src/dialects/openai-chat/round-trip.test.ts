import { describe, expect, test } from "bun:test";
import type { JsonObject } from "../../canonical/json.ts";
import { decodeRequest } from "./decode-request.ts";
import everything from "./fixtures/everything.json";
import { user, roundTrip } from "./fixtures/requests.ts";

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
    [
      "file_url",
      { role: "user", content: [{ type: "file_url", file_url: { url: "https://x/a.pdf" }, file_name: "a.pdf" }] },
    ],
    [
      "file_url, bare",
      { role: "user", content: [{ type: "file_url", file_url: { url: "AAAA", x: 1 }, file_name: null }] },
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
    ["DashScope's switch", { enable_thinking: true }],
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
