import { describe, expect, test } from "bun:test";
import type { JsonObject } from "../../canonical/json.ts";
import type { ChatRequest, Item } from "../../canonical/request.ts";
import { anthropicMessages } from "./index.ts";
import { SCHEMA, encode, says, tool, text } from "./fixtures/requests.ts";

describe("sampling", () => {
  const cases: [string, Partial<ChatRequest>, JsonObject, string[]][] = [
    ["claude-3-5-haiku", { temperature: 0.5, topP: 0.9, topK: 3 }, { temperature: 0.5, top_p: 0.9, top_k: 3 }, []],
    ["claude-sonnet-4-5", { temperature: 1.7 }, { temperature: 1 }, ["changed_field temperature"]],
    ["claude-sonnet-4-5", { temperature: 0.5, topP: 0.9 }, { temperature: 0.5 }, ["unsupported_field top_p"]],
    [
      "claude-sonnet-4-5",
      { temperature: 0.5, topP: 0.96, topK: 2, reasoning: { effort: "low" } },
      { top_p: 0.96 },
      ["unsupported_field temperature", "unsupported_field top_k"],
    ],
    [
      "claude-opus-5",
      { temperature: 0.5, topP: 0.9, topK: 2 },
      {},
      ["unsupported_field temperature", "unsupported_field top_p", "unsupported_field top_k"],
    ],
    ["claude-opus-5", { temperature: 1, topP: 1 }, {}, []],
    ["glm-5", { temperature: 1.7, topP: 0.9 }, { temperature: 1.7, top_p: 0.9 }, []],
  ];
  for (const [model, request, wanted, warned] of cases) {
    test(`${model} ${JSON.stringify(request)}`, () => {
      const { body, fields } = encode(request, model);
      const { temperature, top_p, top_k } = body;
      expect(JSON.parse(JSON.stringify({ temperature, top_p, top_k }))).toEqual(wanted);
      expect(fields).toEqual(warned);
    });
  }
});

describe("the rest of the request", () => {
  test("max_tokens is always there and within the model's limit", () => {
    expect(encode({}, "claude-sonnet-4-5", 5000).body["max_tokens"]).toBe(5000);
    expect(encode({}, "claude-sonnet-4-5").body["max_tokens"]).toBe(64_000);
    expect(encode({}, "claude-3-opus-20240229").body["max_tokens"]).toBe(4096);
    expect(encode({ maxOutputTokens: 7 }).body["max_tokens"]).toBe(7);
    expect(encode({ maxOutputTokens: 9000 }, "claude-sonnet-4-5", 5000)).toMatchObject({
      body: { max_tokens: 5000 },
      fields: ["changed_field max_tokens"],
    });
  });

  test("structured output, native and in words", () => {
    const responseFormat: ChatRequest["responseFormat"] = {
      type: "json_schema",
      name: "x",
      schema: { ...SCHEMA, properties: { city: { type: "string", maxLength: 9, format: "email" } } },
      strict: true,
    };
    const native = encode({ responseFormat });
    expect(native.body["output_config"]).toEqual({
      format: {
        type: "json_schema",
        schema: { ...SCHEMA, properties: { city: { type: "string", format: "email", description: "{maxLength: 9}" } } },
      },
    });
    expect(native.fields).toEqual(["changed_field response_format"]);
    const old = encode({ responseFormat, items: [says("system", "s"), says("user", "u")] }, "claude-sonnet-4-20250514");
    expect(old.body["output_config"]).toBeUndefined();
    expect(JSON.stringify(old.body["system"])).toContain("JSON Schema");
    expect((old.body["system"] as JsonObject[])[0]).toEqual(text("s"));
    const object = encode({ responseFormat: { type: "json_object" } });
    expect(JSON.stringify(object.body["system"])).toContain("JSON object");
    expect(object.fields).toEqual(["changed_field response_format"]);
  });

  test("at most four cache breakpoints, the last ones", () => {
    const marked = (value: string): Item => ({
      type: "message",
      role: "user",
      content: [{ type: "text", text: value, cache: { ttl: "1h" } }],
    });
    const items: Item[] = [{ ...marked("s"), role: "system" } as Item, marked("a"), marked("b"), marked("c")];
    const { body, fields } = encode({ tools: [{ ...tool, cache: {} }], items });
    expect((body["tools"] as JsonObject[])[0]?.["cache_control"]).toBeUndefined();
    expect(JSON.stringify(body).match(/"cache_control"/g)).toHaveLength(4);
    expect(fields).toEqual(["changed_field cache_control"]);
    const automatic = encode({ items, cache: {} });
    expect(JSON.stringify(automatic.body).match(/"cache_control"/g)).toHaveLength(4);
    expect(automatic.body["cache_control"]).toEqual({ type: "ephemeral" });
    expect(automatic.body["system"]).toEqual([text("s")]);
  });

  test("breakpoints of the caller's own objects are not touched in place", () => {
    const tools = Array.from({ length: 6 }, (_, index) => ({
      type: "bash_20250124",
      name: `b${index}`,
      cache_control: { type: "ephemeral" },
    }));
    const request = anthropicMessages.decodeRequest({
      body: { model: "claude-opus-5", max_tokens: 1, tools, messages: [] },
    });
    const { body } = anthropicMessages.encodeRequest(request, { model: "claude-opus-5", warnings: [], flags: {} });
    expect(JSON.stringify(body).match(/"cache_control"/g)).toHaveLength(4);
    expect(JSON.stringify(tools).match(/"cache_control"/g)).toHaveLength(6);
  });

  test("stop, user, tier, stream", () => {
    const { body, fields } = encode({ stop: ["END", " \n"], endUser: "u", serviceTier: "priority", stream: true });
    expect(body).toMatchObject({
      stop_sequences: ["END"],
      metadata: { user_id: "u" },
      service_tier: "auto",
      stream: true,
    });
    expect(fields).toEqual(["unsupported_field stop"]);
    expect(encode({ serviceTier: "flex" }).fields).toEqual(["unsupported_field service_tier"]);
  });

  test("an end user whose id is an address goes as a hash", () => {
    const { body, fields } = encode({ endUser: "ann@mail.example" });
    expect(body["metadata"]).toEqual({ user_id: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(fields).toEqual(["changed_field user"]);
  });

  test("settings without an equivalent are warned of, defaults are not", () => {
    const silent = encode({
      n: 1,
      presencePenalty: 0,
      logprobs: false,
      store: false,
      modalities: ["text"],
      verbosity: "medium",
      metadata: {},
    });
    expect(silent.fields).toEqual([]);
    const loud = encode({
      n: 2,
      seed: 1,
      presencePenalty: 0.1,
      frequencyPenalty: 0.1,
      logprobs: true,
      topLogprobs: 2,
      logitBias: { 1: 2 },
      verbosity: "low",
      promptCacheKey: "k",
      metadata: { a: "b" },
      store: true,
      previousResponseId: "resp_1",
      modalities: ["text", "audio"],
    });
    expect(loud.fields).toHaveLength(13);
    expect(new Set(loud.fields).size).toBe(13);
    expect(Object.keys(loud.body).toSorted()).toEqual(["max_tokens", "messages", "model"]);
  });
});

describe("counting tokens", () => {
  test("sends what the endpoint takes", () => {
    const body = {
      model: "claude-opus-5",
      messages: [{ role: "user", content: "x" }],
      system: "s",
      tools: [{ name: "a", input_schema: { type: "object" } }],
      thinking: { type: "adaptive" },
    };
    const request = anthropicMessages.decodeRequest({ body: { ...body, stream: true, temperature: 1 } });
    const encoded = anthropicMessages.countTokens?.encodeRequest(request, {
      model: "claude-opus-5",
      warnings: [],
      flags: {},
    });
    expect(encoded).toEqual({ path: "/messages/count_tokens", body, headers: {} });
  });
  test("reads and writes the count", () => {
    expect(anthropicMessages.countTokens?.decodeResponse({ input_tokens: 12 })).toBe(12);
    expect(anthropicMessages.countTokens?.encodeResponse(12)).toEqual({ input_tokens: 12 });
    expect(() => anthropicMessages.countTokens?.decodeResponse({ input_tokens: null })).toThrow("input_tokens");
  });
});
