import { describe, expect, test } from "bun:test";
import type { TargetContext } from "../../canonical/dialect.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { ChatRequest, Item, ToolResultItem } from "../../canonical/request.ts";
import { anthropicMessages } from "./index.ts";

const SCHEMA: JsonObject = {
  type: "object",
  properties: { city: { type: "string" } },
  required: ["city"],
  additionalProperties: false,
};

function encode(fields: Partial<ChatRequest>, model = "claude-sonnet-4-5", maxOutputTokens?: number) {
  const request: ChatRequest = {
    model,
    stream: false,
    items: [says("user", "hi")],
    tools: [],
    extensions: {},
    warnings: [],
    ...fields,
  };
  const target: TargetContext = {
    model,
    warnings: [],
    flags: {},
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
  };
  const { body } = anthropicMessages.encodeRequest(request, target);
  return { body, fields: target.warnings.map((warning) => `${warning.code} ${warning.field}`) };
}

const says = (role: "user" | "assistant" | "system" | "developer", text: string): Item => ({
  type: "message",
  role,
  content: [{ type: "text", text }],
});
const calls = (callId: string, args = "{}"): Item => ({
  type: "tool_call",
  callId,
  name: "f",
  kind: "function",
  arguments: args,
});
const answers = (callId: string, text = "ok"): ToolResultItem => ({
  type: "tool_result",
  callId,
  kind: "function",
  content: [{ type: "text", text }],
});
const tool = { type: "function", name: "f", parameters: SCHEMA } as const;
const text = (value: string): JsonObject => ({ type: "text", text: value });

describe("turns", () => {
  const messages = (...items: Item[]): unknown => encode({ items }).body["messages"];

  test("items of one side become one turn", () => {
    expect(
      messages(
        says("user", "a"),
        says("user", "b"),
        says("assistant", "c"),
        calls("x"),
        calls("y"),
        answers("x"),
        answers("y"),
        says("user", "d"),
      ),
    ).toEqual([
      { role: "user", content: [text("a"), text("b")] },
      {
        role: "assistant",
        content: [
          text("c"),
          { type: "tool_use", id: "x", name: "f", input: {} },
          { type: "tool_use", id: "y", name: "f", input: {} },
        ],
      },
      {
        role: "user",
        content: [
          { type: "tool_result", tool_use_id: "x", content: [text("ok")] },
          { type: "tool_result", tool_use_id: "y", content: [text("ok")] },
          text("d"),
        ],
      },
    ]);
  });

  test("tool results come first in their turn", () => {
    const [, , turn] = messages(says("user", "a"), calls("x"), says("user", "b"), answers("x")) as {
      content: JsonObject[];
    }[];
    expect(turn?.content.map(({ type }) => type)).toEqual(["tool_result", "text"]);
  });

  test("system and developer messages are gathered", () => {
    const { body, fields } = encode({
      items: [says("system", "s"), says("developer", "d"), says("user", "u"), says("system", "late")],
    });
    expect(body["system"]).toEqual([text("s"), text("d"), text("late")]);
    expect(body["messages"]).toEqual([{ role: "user", content: [text("u")] }]);
    expect(fields).toEqual(["changed_field messages"]);
  });

  test("empty texts and turns vanish", () => {
    expect(messages(says("user", "a"), says("assistant", ""), says("user", "b"), answers("x", ""))).toEqual([
      { role: "user", content: [{ type: "tool_result", tool_use_id: "x" }, text("a"), text("b")] },
    ]);
  });

  test("a conversation begins with the user", () => {
    const { body, fields } = encode({ items: [says("assistant", "a"), says("user", "b")] });
    expect((body["messages"] as JsonObject[]).map(({ role }) => role)).toEqual(["user", "assistant", "user"]);
    expect(fields).toEqual(["changed_field messages"]);
  });

  test("prefill goes to models that take it, without white space at its end", () => {
    const items = [says("user", "a"), says("assistant", "b \n")];
    const old = encode({ items }, "claude-haiku-4-5");
    expect((old.body["messages"] as JsonObject[]).at(-1)).toEqual({ role: "assistant", content: [text("b")] });
    expect(old.fields).toEqual(["changed_field messages"]);
    const current = encode({ items: [says("user", "a"), says("assistant", "b")] }, "claude-opus-4-6");
    expect((current.body["messages"] as JsonObject[]).map(({ role }) => role)).toEqual(["user", "assistant", "user"]);
    expect(current.fields).toEqual(["changed_field messages"]);
  });

  test("call ids become safe, the same for a call and its result", () => {
    const [, call, result] = messages(says("user", "a"), calls("call.1|ä"), answers("call.1|ä")) as {
      content: JsonObject[];
    }[];
    const id = call?.content[0]?.["id"] as string;
    expect(id).toMatch(/^[a-zA-Z0-9_-]+$/);
    expect(result?.content[0]?.["tool_use_id"]).toBe(id);
    const [, other] = messages(says("user", "a"), calls("call_1_ä")) as { content: JsonObject[] }[];
    expect(other?.content[0]?.["id"]).not.toBe(id);
  });

  test("arguments that are no object still arrive", () => {
    for (const args of ["not json", "[1]", '"x"', "null"]) {
      const { body, fields } = encode({ items: [says("user", "a"), calls("x", args), answers("x")] });
      expect((body["messages"] as { content: JsonObject[] }[])[1]?.content[0]?.["input"]).toEqual({ input: args });
      expect(fields).toEqual(["changed_field messages"]);
    }
  });

  test("foreign reasoning stays behind, own reasoning goes back byte by byte", () => {
    const { body, fields } = encode({
      items: [
        says("user", "a"),
        {
          type: "reasoning",
          summary: ["s"],
          text: "",
          opaque: { maker: "openai-responses", kind: "encrypted", value: "gAAA", id: "rs_1" },
        },
        { type: "reasoning", summary: [], text: "unsigned" },
        {
          type: "reasoning",
          summary: [],
          text: "mine",
          opaque: { maker: "anthropic-messages", kind: "signature", value: "Eq/+==" },
        },
        {
          type: "reasoning",
          summary: [],
          text: "",
          opaque: { maker: "anthropic-messages", kind: "redacted", value: "Em/+==" },
        },
        { ...calls("x"), opaque: { maker: "gemini", kind: "signature", value: "g" } } as Item,
        answers("x"),
      ],
    });
    expect((body["messages"] as { content: JsonObject[] }[])[1]?.content).toEqual([
      { type: "thinking", thinking: "mine", signature: "Eq/+==" },
      { type: "redacted_thinking", data: "Em/+==" },
      { type: "tool_use", id: "x", name: "f", input: {} },
    ]);
    expect(fields).toEqual(["dropped_opaque messages", "dropped_content messages", "dropped_opaque messages"]);
  });

  test("servers of other models get thinking as text", () => {
    const items: Item[] = [
      says("user", "a"),
      { type: "reasoning", summary: [], text: "t" },
      says("assistant", "b"),
      says("user", "c"),
    ];
    const { body } = encode({ items }, "deepseek-reasoner");
    expect((body["messages"] as { content: JsonObject[] }[])[1]?.content[0]).toEqual({
      type: "thinking",
      thinking: "t",
      signature: "",
    });
  });
});

describe("media", () => {
  const content = (...parts: Extract<Item, { type: "message" }>["content"]) => {
    const { body, fields } = encode({ items: [{ type: "message", role: "user", content: parts }] });
    return { blocks: (body["messages"] as { content: JsonObject[] }[])[0]?.content ?? [], fields };
  };

  test("images by data, with a type that the data gives away, and by address", () => {
    const { blocks, fields } = content(
      { type: "image", source: { type: "base64", data: "/9j/4AAQ" } },
      { type: "image", source: { type: "url", url: "https://i.example/a" }, detail: "high" },
    );
    expect(blocks).toEqual([
      { type: "image", source: { type: "base64", media_type: "image/jpeg", data: "/9j/4AAQ" } },
      { type: "image", source: { type: "url", url: "https://i.example/a" } },
    ]);
    expect(fields).toEqual(["unsupported_field messages"]);
  });

  test("files: PDF, text, images in disguise", () => {
    const { blocks, fields } = content(
      { type: "file", source: { type: "base64", data: "JVBERi0xLjQ=" }, filename: "a.pdf" },
      {
        type: "file",
        source: { type: "base64", data: Buffer.from("héllo").toString("base64") },
        mediaType: "text/markdown",
        filename: "b.md",
      },
      { type: "file", source: { type: "base64", data: "R0lGODlh" }, mediaType: "image/gif" },
    );
    expect(blocks).toEqual([
      {
        type: "document",
        source: { type: "base64", media_type: "application/pdf", data: "JVBERi0xLjQ=" },
        title: "a.pdf",
      },
      { type: "document", source: { type: "text", media_type: "text/plain", data: "héllo" }, title: "b.md" },
      { type: "image", source: { type: "base64", media_type: "image/gif", data: "R0lGODlh" } },
    ]);
    expect(fields).toEqual([]);
  });

  test("what cannot go along is warned of", () => {
    const { blocks, fields } = content(
      { type: "text", text: "x" },
      { type: "audio", source: { type: "base64", data: "AA" }, mediaType: "audio/wav" },
      { type: "video", source: { type: "url", url: "https://v.example" } },
      { type: "file", source: { type: "base64", data: "UEsD" }, mediaType: "application/zip" },
      { type: "file", source: { type: "file_id", id: "file-openai" } },
      { type: "image", source: { type: "base64", data: "Qk0" }, mediaType: "image/bmp" },
      { type: "opaque", dialect: "gemini", value: {} },
    );
    expect(blocks).toEqual([text("x")]);
    expect(fields).toEqual(Array.from({ length: 6 }, () => "dropped_content messages"));
  });

  test("assistants say no images", () => {
    const items: Item[] = [
      says("user", "a"),
      {
        type: "message",
        role: "assistant",
        content: [{ type: "image", source: { type: "url", url: "https://i.example" } }],
      },
      says("user", "b"),
    ];
    const { body, fields } = encode({ items });
    expect(body["messages"]).toEqual([{ role: "user", content: [text("a"), text("b")] }]);
    expect(fields).toEqual(["dropped_content messages"]);
  });
});

describe("tools", () => {
  test("functions", () => {
    const { body } = encode({
      tools: [
        { ...tool, description: "d", strict: false },
        { type: "function", name: "g" },
      ],
    });
    expect(body["tools"]).toEqual([
      { name: "f", description: "d", input_schema: SCHEMA },
      { name: "g", input_schema: { type: "object", properties: {} } },
    ]);
  });

  test("strict schemas are adapted, where the model has them", () => {
    const parameters: JsonObject = {
      type: "object",
      properties: { n: { type: "integer", minimum: 1, description: "D" } },
      required: ["n"],
    };
    const { body, fields } = encode({ tools: [{ type: "function", name: "f", parameters, strict: true }] });
    expect(body["tools"]).toEqual([
      {
        name: "f",
        strict: true,
        input_schema: {
          type: "object",
          properties: { n: { type: "integer", description: "D\n\n{minimum: 1}" } },
          required: ["n"],
          additionalProperties: false,
        },
      },
    ]);
    expect(fields).toEqual(["changed_field tools"]);
    const old = encode(
      { tools: [{ type: "function", name: "f", parameters, strict: true }] },
      "claude-3-haiku-20240307",
    );
    expect(old.body["tools"]).toEqual([{ name: "f", input_schema: parameters }]);
    expect(old.fields).toEqual(["unsupported_field tools"]);
  });

  test("a union at the top is laid flat", () => {
    const variant = (name: string): JsonObject => ({
      type: "object",
      properties: { kind: { type: "string" }, [name]: { type: "number" } },
      required: ["kind", name],
    });
    const { body, fields } = encode({
      tools: [{ type: "function", name: "f", parameters: { anyOf: [variant("a"), variant("b")] } }],
    });
    expect(body["tools"]).toEqual([
      {
        name: "f",
        input_schema: {
          type: "object",
          properties: { kind: { type: "string" }, a: { type: "number" }, b: { type: "number" } },
          required: ["kind"],
        },
      },
    ]);
    expect(fields).toEqual(["changed_field tools"]);
  });

  test("free text, web search and tools of others", () => {
    const { body, fields } = encode({
      tools: [
        {
          type: "custom",
          name: "patch",
          description: "d",
          format: { type: "grammar", syntax: "lark", definition: "start: x" },
        },
        {
          type: "web_search",
          dialect: "openai-responses",
          raw: {
            type: "web_search",
            filters: { allowed_domains: ["a.example"] },
            user_location: { type: "approximate", city: "Rome" },
            search_context_size: "low",
          },
        },
        { type: "web_search", dialect: "gemini", raw: { google_search: {} } },
        { type: "opaque", dialect: "openai-responses", value: { type: "file_search" } },
      ],
    });
    expect(body["tools"]).toEqual([
      {
        name: "patch",
        description: "d",
        input_schema: {
          type: "object",
          properties: { input: { type: "string", description: "Must follow this grammar:\nstart: x" } },
          required: ["input"],
        },
      },
      {
        type: "web_search_20250305",
        name: "web_search",
        allowed_domains: ["a.example"],
        user_location: { type: "approximate", city: "Rome" },
      },
      { type: "web_search_20250305", name: "web_search" },
    ]);
    expect(fields).toEqual(["changed_field tools", "unsupported_field tools", "unsupported_tool tools"]);
  });

  test("choices", () => {
    const choice = (fields: Partial<ChatRequest>, model?: string) =>
      encode({ tools: [tool, { ...tool, name: "g" }], ...fields }, model).body["tool_choice"];
    expect(choice({})).toBeUndefined();
    expect(choice({ parallelToolCalls: true })).toBeUndefined();
    expect(choice({ parallelToolCalls: false })).toEqual({ type: "auto", disable_parallel_tool_use: true });
    expect(choice({ toolChoice: { type: "required" } })).toEqual({ type: "any" });
    expect(choice({ toolChoice: { type: "tool", name: "f" }, parallelToolCalls: false })).toEqual({
      type: "tool",
      name: "f",
      disable_parallel_tool_use: true,
    });
    expect(choice({ toolChoice: { type: "none" }, parallelToolCalls: false })).toEqual({ type: "none" });
    expect(choice({ toolChoice: { type: "required" } }, "claude-opus-5-5")).toEqual({ type: "auto" });
    expect(choice({ toolChoice: { type: "required" } }, "claude-opus-5")).toEqual({ type: "any" });
  });

  test("an allowed subset leaves the other tools out", () => {
    const { body } = encode({
      tools: [tool, { ...tool, name: "g" }],
      toolChoice: { type: "allowed", names: ["g"], mode: "required" },
    });
    expect((body["tools"] as JsonObject[]).map(({ name }) => name)).toEqual(["g"]);
    expect(body["tool_choice"]).toEqual({ type: "any" });
  });

  test("a choice needs tools", () => {
    const { body, fields } = encode({ toolChoice: { type: "required" } });
    expect(body["tool_choice"]).toBeUndefined();
    expect(fields).toEqual(["unsupported_field tool_choice"]);
  });
});

describe("thinking", () => {
  const table: [string, ChatRequest["reasoning"], JsonObject | undefined, JsonObject | undefined][] = [
    ["claude-sonnet-4-5", { effort: "minimal" }, { type: "enabled", budget_tokens: 1024 }, undefined],
    ["claude-sonnet-4-5", { effort: "low" }, { type: "enabled", budget_tokens: 2048 }, undefined],
    ["claude-sonnet-4-5", { effort: "medium" }, { type: "enabled", budget_tokens: 8192 }, undefined],
    ["claude-sonnet-4-5", { effort: "high" }, { type: "enabled", budget_tokens: 16_384 }, undefined],
    ["claude-sonnet-4-5", { budgetTokens: 500 }, { type: "enabled", budget_tokens: 1024 }, undefined],
    ["claude-sonnet-4-5", { budgetTokens: -1 }, { type: "enabled", budget_tokens: 8192 }, undefined],
    ["claude-sonnet-4-5", { adaptive: true }, { type: "enabled", budget_tokens: 8192 }, undefined],
    ["claude-sonnet-4-5", { effort: "none" }, undefined, undefined],
    ["claude-sonnet-4-5", { budgetTokens: 0 }, undefined, undefined],
    ["claude-opus-4-5", { effort: "high" }, { type: "enabled", budget_tokens: 16_384 }, { effort: "high" }],
    ["claude-opus-4-6", { effort: "minimal" }, { type: "adaptive" }, { effort: "low" }],
    ["claude-opus-4-6", { effort: "xhigh" }, { type: "adaptive" }, { effort: "high" }],
    ["claude-opus-4-6", { budgetTokens: 5000 }, { type: "enabled", budget_tokens: 5000 }, undefined],
    ["claude-opus-4-7", { effort: "xhigh" }, { type: "adaptive", display: "summarized" }, { effort: "xhigh" }],
    ["claude-opus-4-7", { effort: "none" }, undefined, undefined],
    ["claude-opus-4-7", { effort: "low", summary: "none" }, { type: "adaptive" }, { effort: "low" }],
    ["claude-opus-5", { budgetTokens: 9000 }, { type: "adaptive", display: "summarized" }, { effort: "high" }],
    ["claude-opus-5", { effort: "none" }, { type: "disabled" }, undefined],
    ["claude-sonnet-5-5", { effort: "none" }, { type: "between_tools" }, undefined],
    ["claude-opus-5-5", { effort: "none" }, undefined, { effort: "low" }],
    ["claude-3-5-haiku-20241022", { effort: "high" }, undefined, undefined],
    ["kimi-k2-thinking", { effort: "high" }, { type: "enabled", budget_tokens: 6553 }, undefined],
  ];
  for (const [model, reasoning, thinking, config] of table) {
    test(`${model} ${JSON.stringify(reasoning)}`, () => {
      const { body } = encode(reasoning === undefined ? {} : { reasoning }, model);
      expect(body["thinking"]).toEqual(thinking);
      expect(body["output_config"]).toEqual(config);
    });
  }

  test("a budget fits into max_tokens or goes", () => {
    const small = encode({ reasoning: { effort: "high" }, maxOutputTokens: 4000 });
    expect(small.body["thinking"]).toEqual({ type: "enabled", budget_tokens: 3200 });
    const tiny = encode({ reasoning: { effort: "high" }, maxOutputTokens: 500 });
    expect(tiny.body["thinking"]).toBeUndefined();
    expect(tiny.fields).toEqual(["unsupported_field reasoning"]);
  });

  test("a forced tool call excludes a thinking budget", () => {
    const { body, fields } = encode({ reasoning: { effort: "low" }, tools: [tool], toolChoice: { type: "required" } });
    expect(body["thinking"]).toBeUndefined();
    expect(body["tool_choice"]).toEqual({ type: "any" });
    expect(fields).toEqual(["changed_field reasoning"]);
    expect(
      encode({ reasoning: { effort: "low" }, tools: [tool], toolChoice: { type: "required" } }, "claude-opus-5").body[
        "thinking"
      ],
    ).toEqual({
      type: "adaptive",
      display: "summarized",
    });
  });

  test("pending tool calls without thinking exclude a thinking budget", () => {
    const items = [says("user", "a"), calls("x"), answers("x")];
    expect(encode({ reasoning: { effort: "low" }, tools: [tool], items }).body["thinking"]).toBeUndefined();
    const signed: Item = {
      type: "reasoning",
      summary: [],
      text: "t",
      opaque: { maker: "anthropic-messages", kind: "signature", value: "s" },
    };
    const whole = [says("user", "a"), signed, calls("x"), answers("x")];
    expect(encode({ reasoning: { effort: "low" }, tools: [tool], items: whole }).body["thinking"]).toEqual({
      type: "enabled",
      budget_tokens: 2048,
    });
  });

  test("a caller of this dialect whose model changed under it", () => {
    const decoded = anthropicMessages.decodeRequest({
      body: {
        model: "a",
        max_tokens: 20_000,
        messages: [{ role: "user", content: "x" }],
        thinking: { type: "enabled", budget_tokens: 10_000 },
        temperature: 0.2,
      },
    });
    const target: TargetContext = { model: "claude-opus-5-5", warnings: [], flags: {} };
    const { body } = anthropicMessages.encodeRequest(decoded, target);
    expect(body["thinking"]).toEqual({ type: "adaptive", display: "summarized" });
    expect(body["output_config"]).toEqual({ effort: "high" });
    expect(body["temperature"]).toBeUndefined();
    expect(target.warnings.map(({ code, field }) => `${code} ${field}`)).toEqual([
      "changed_field reasoning",
      "unsupported_field temperature",
    ]);
  });
});

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
