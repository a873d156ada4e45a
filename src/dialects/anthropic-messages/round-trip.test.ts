import { describe, expect, test } from "bun:test";
import type { TargetContext } from "../../canonical/dialect.ts";
import { GatewayError } from "../../canonical/errors.ts";
import type { JsonObject } from "../../canonical/json.ts";
import { anthropicMessages } from "./index.ts";

const ephemeral = { type: "ephemeral" };

function roundTrip(body: JsonObject): { body: JsonObject; warnings: TargetContext["warnings"] } {
  const target: TargetContext = { model: body["model"] as string, warnings: [], flags: {} };
  const request = anthropicMessages.decodeRequest({ body: structuredClone(body) });
  return { body: anthropicMessages.encodeRequest(request, target).body, warnings: target.warnings };
}

const base = (fields: JsonObject): JsonObject => ({
  model: "claude-sonnet-4-6",
  max_tokens: 1024,
  messages: [{ role: "user", content: "hi" }],
  ...fields,
});
const turns = (...messages: JsonObject[]): JsonObject => base({ messages });
const user = (...content: JsonObject[]): JsonObject => ({ role: "user", content });
const assistant = (...content: JsonObject[]): JsonObject => ({ role: "assistant", content });
const text = (value: string): JsonObject => ({ type: "text", text: value });

const BODIES: Record<string, JsonObject> = {
  "the smallest": base({}),
  "a system string": base({ system: "Be brief." }),
  "an empty system string": base({ system: "" }),
  "system blocks": base({ system: [text("a"), { ...text("b"), cache_control: { type: "ephemeral", ttl: "1h" } }] }),
  "one system block": base({ system: [text("a")] }),
  "system messages among the turns": turns(
    user(text("hi")),
    { role: "system", content: "From now on, French.", clear_at: "never" },
    {
      role: "system",
      content: [text("x"), { type: "tool_addition", tool: { type: "tool_reference", tool_name: "t" } }],
    },
    assistant(text("oui")),
    user(text("x")),
  ),
  nulls: base({
    system: null,
    temperature: null,
    metadata: null,
    tools: null,
    container: null,
    stop_sequences: null,
    thinking: null,
  }),
  "stream false": base({ stream: false }),
  "stream true": base({ stream: true }),
  sampling: base({ temperature: 0.3, top_k: 5, stop_sequences: ["\n\nHuman:", "END"] }),
  "everything else at the top": base({
    metadata: { user_id: "u-1" },
    service_tier: "standard_only",
    cache_control: { type: "ephemeral", ttl: "5m" },
    container: { id: "c", skills: [{ skill_id: "pptx", type: "anthropic", version: "latest" }] },
    mcp_servers: [{ type: "url", url: "https://mcp.example/x", name: "x" }],
    context_management: { edits: [{ type: "clear_tool_uses_20250919" }] },
    inference_geo: "eu",
    speed: "fast",
    fallbacks: [{ model: "claude-opus-4-8" }],
    diagnostics: { previous_message_id: "msg_1" },
    anthropic_version: "vertex-2023-10-16",
    some_future_field: { a: [1, null] },
  }),
  "output config": base({
    output_config: {
      effort: "low",
      format: { type: "json_schema", schema: { type: "object", minProperties: 1 } },
      task_budget: { type: "tokens", total: 9 },
    },
  }),
  "a null effort": base({ output_config: { effort: null, format: null } }),
  "the older output format": base({
    output_format: { type: "json_schema", schema: { type: "object", additionalProperties: false } },
  }),
  "adaptive thinking": base({
    thinking: { type: "adaptive", display: "summarized" },
    output_config: { effort: "max" },
  }),
  "thinking with a budget": base({
    max_tokens: 4096,
    thinking: { type: "enabled", budget_tokens: 2000, display: "omitted" },
    temperature: 1,
  }),
  "thinking off": base({ thinking: { type: "disabled" } }),
  "thinking between tools": base({
    model: "claude-sonnet-5-5",
    thinking: { type: "between_tools" },
    output_config: { effort: "high" },
  }),
  "a thinking type of the future": base({ thinking: { type: "dreaming", depth: 3 } }),
  images: turns(
    user(
      {
        type: "image",
        source: { type: "base64", media_type: "image/png", data: "iVBORw0KGgo=" },
        cache_control: ephemeral,
      },
      { type: "image", source: { type: "url", url: "https://img.example/a.png" } },
      { type: "image", source: { type: "file", file_id: "file_1" }, transformations: { oversized_image: "downsize" } },
      { type: "image", source: { type: "hologram", x: 1 } },
    ),
  ),
  documents: turns(
    user(
      {
        type: "document",
        source: { type: "base64", media_type: "application/pdf", data: "JVBERi0x" },
        title: "T",
        context: "C",
        citations: { enabled: true },
      },
      {
        type: "document",
        source: { type: "text", media_type: "text/plain", data: "plain" },
        citations: { enabled: false },
        title: null,
      },
      { type: "document", source: { type: "url", url: "https://doc.example/a.pdf" }, cache_control: ephemeral },
      { type: "document", source: { type: "file", file_id: "file_2" } },
      {
        type: "document",
        source: {
          type: "content",
          content: [text("a"), { type: "image", source: { type: "url", url: "https://i.example" } }],
        },
        title: "N",
      },
      { type: "document", source: { type: "content", content: "just text" } },
      {
        type: "search_result",
        source: "https://s.example",
        title: "S",
        content: [text("found"), text("more")],
        citations: { enabled: true },
      },
    ),
  ),
  "tools in a conversation": turns(
    user(text("weather?")),
    assistant(
      { type: "thinking", thinking: "Let me see.", signature: "EqQBCkgIARAB/+==" },
      { type: "redacted_thinking", data: "EmwKAhgB" },
      text("I'll look."),
      {
        type: "tool_use",
        id: "toolu_1",
        name: "weather",
        input: { city: "Łódź", 1: "a", nested: { x: [1.5, true, null] } },
        caller: { type: "direct" },
      },
      { type: "tool_use", id: "toolu_2", name: "now", input: {}, cache_control: ephemeral },
    ),
    user(
      { type: "tool_result", tool_use_id: "toolu_1", content: "sunny", is_error: false },
      {
        type: "tool_result",
        tool_use_id: "toolu_2",
        content: [text("noon"), { type: "image", source: { type: "url", url: "https://i.example" } }],
        is_error: true,
        cache_control: ephemeral,
      },
      text("and?"),
    ),
  ),
  "odd tool results": turns(
    assistant({ type: "tool_use", id: "a", name: "f", input: {} }, { type: "tool_use", id: "b", name: "f", input: {} }),
    user(
      { type: "tool_result", tool_use_id: "a" },
      { type: "tool_result", tool_use_id: "b", content: [], toolset_name: "browser" },
    ),
    assistant({ type: "tool_use", id: "c", name: "f", input: {} }),
    user({
      type: "tool_result",
      tool_use_id: "c",
      content: [
        { type: "tool_reference", tool_name: "t" },
        { type: "search_result", source: "s", title: "t", content: [text("x")] },
      ],
    }),
  ),
  "thinking without text": turns(
    user(text("q")),
    assistant({ type: "thinking", thinking: "", signature: "c2ln" }, text("a")),
    user(text("q2")),
  ),
  citations: turns(
    user(text("q")),
    assistant({
      type: "text",
      text: "a",
      citations: [
        {
          type: "char_location",
          cited_text: "x",
          document_index: 0,
          document_title: null,
          start_char_index: 0,
          end_char_index: 1,
        },
        {
          type: "page_location",
          cited_text: "x",
          document_index: 0,
          document_title: "d",
          start_page_number: 1,
          end_page_number: 2,
        },
        {
          type: "content_block_location",
          cited_text: "x",
          document_index: 0,
          document_title: null,
          start_block_index: 0,
          end_block_index: 1,
        },
        {
          type: "web_search_result_location",
          cited_text: "x",
          url: "https://u.example",
          title: "t",
          encrypted_index: "Eo8B",
        },
        {
          type: "search_result_location",
          cited_text: "x",
          source: "s",
          title: null,
          search_result_index: 0,
          start_block_index: 0,
          end_block_index: 1,
        },
      ],
    }),
    user(text("q2")),
  ),
  "null citations and cache": turns(user({ type: "text", text: "q", citations: null, cache_control: null })),
  "the vendor's own blocks": turns(
    user(text("q"), { type: "container_upload", file_id: "file_3" }),
    assistant(
      { type: "server_tool_use", id: "srvtoolu_1", name: "web_search", input: { query: "x" } },
      {
        type: "web_search_tool_result",
        tool_use_id: "srvtoolu_1",
        content: [{ type: "web_search_result", url: "u", title: "t", encrypted_content: "e" }],
      },
      text("so"),
      { type: "mcp_tool_use", id: "mcptoolu_1", name: "echo", server_name: "x", input: {} },
      { type: "mcp_tool_result", tool_use_id: "mcptoolu_1", is_error: false, content: [text("y")] },
      { type: "compaction", content: "summary", encrypted_content: null },
      { type: "fallback", from: { model: "a" }, to: { model: "b" } },
      { type: "something_new", deep: { er: true } },
      text("done"),
    ),
  ),
  "turns of one side in a row": turns(
    user(text("a")),
    user(text("b")),
    { role: "user", content: "c" },
    assistant(text("d")),
    assistant(text("e")),
    user(text("f")),
  ),
  "an empty turn": turns(user(text("a")), { role: "assistant", content: [] }, user(text("b"))),
  "a prefill": base({
    model: "claude-haiku-4-5",
    messages: [
      { role: "user", content: "q" },
      { role: "assistant", content: "{" },
    ],
  }),
  "fields beside role and content": turns({ role: "user", content: "a", id: "m1" }),
  "own tools": base({
    tools: [
      { name: "a", input_schema: { type: "object", properties: {} } },
      {
        type: "custom",
        name: "b",
        description: "",
        input_schema: { type: "object", additionalProperties: false },
        strict: false,
        cache_control: { type: "ephemeral", ttl: "1h" },
      },
      {
        name: "c",
        input_schema: { type: "object" },
        defer_loading: true,
        allowed_callers: ["direct"],
        input_examples: [{}],
        eager_input_streaming: true,
        type: null,
      },
    ],
    tool_choice: { type: "auto", disable_parallel_tool_use: true },
  }),
  "the vendor's tools": base({
    tools: [
      {
        type: "web_search_20250305",
        name: "web_search",
        max_uses: 3,
        user_location: { type: "approximate", city: "Paris" },
      },
      { type: "bash_20250124", name: "bash" },
      { type: "text_editor_20250728", name: "str_replace_based_edit_tool", cache_control: ephemeral },
      { type: "computer_20250124", name: "computer", display_width_px: 1, display_height_px: 2 },
      { type: "memory_20250818", name: "memory" },
      { type: "code_execution_20250825", name: "code_execution" },
      { type: "mcp_toolset", mcp_server_name: "x" },
    ],
    tool_choice: { type: "any" },
  }),
  "a named tool choice": base({
    tools: [{ name: "a", input_schema: { type: "object" } }],
    tool_choice: { type: "tool", name: "a", disable_parallel_tool_use: false },
  }),
  "no tools wanted": base({ tools: [{ name: "a", input_schema: { type: "object" } }], tool_choice: { type: "none" } }),
  "a tool choice of the future": base({
    tools: [{ name: "a", input_schema: { type: "object" } }],
    tool_choice: { type: "auto", depth: 2 },
  }),
};

describe("a request of this dialect", () => {
  for (const [name, body] of Object.entries(BODIES)) {
    test(`keeps ${name}`, () => {
      expect(roundTrip(body)).toEqual({ body, warnings: [] });
    });
  }

  test("keeps prototype keys harmless", () => {
    const body = JSON.parse(
      '{"model":"m","max_tokens":1,"messages":[{"role":"user","content":"x"}],"__proto__":{"polluted":1}}',
    ) as JsonObject;
    const encoded = roundTrip(body).body;
    expect(Object.hasOwn(encoded, "__proto__")).toBe(true);
    expect(({} as JsonObject)["polluted"]).toBeUndefined();
    expect(Object.getPrototypeOf(encoded)).toBe(Object.prototype);
  });

  test("takes the older output format as structured output", () => {
    const request = anthropicMessages.decodeRequest({ body: BODIES["the older output format"] ?? {} });
    expect(request.responseFormat).toEqual({
      type: "json_schema",
      schema: { type: "object", additionalProperties: false },
    });
  });
});

describe("what no provider could accept", () => {
  const cases: [string, JsonObject, string][] = [
    ["no model", { messages: [] }, "model"],
    ["a model of the wrong type", { model: 3 }, "model"],
    ["messages that are no list", { model: "m", messages: "hi" }, "messages"],
    ["a message that is no object", { model: "m", messages: ["hi"] }, "messages[0]"],
    ["an unknown role", { model: "m", messages: [{ role: "tool", content: "x" }] }, "messages[0].role"],
    ["no content", { model: "m", messages: [{ role: "user" }] }, "messages[0].content"],
    ["a block that is no object", { model: "m", messages: [{ role: "user", content: [1] }] }, "messages[0].content[0]"],
    [
      "a block without a type",
      { model: "m", messages: [{ role: "user", content: [{}] }] },
      "messages[0].content[0].type",
    ],
    ["system of the wrong type", { model: "m", system: 3 }, "system"],
    ["max_tokens of the wrong type", { model: "m", max_tokens: "4" }, "max_tokens"],
    ["stop sequences of the wrong type", { model: "m", stop_sequences: [1] }, "stop_sequences"],
    ["tools that are no list", { model: "m", tools: {} }, "tools"],
    ["a tool that is no object", { model: "m", tools: [null] }, "tools[0]"],
    ["a tool choice of the wrong type", { model: "m", tool_choice: "auto" }, "tool_choice"],
  ];
  for (const [name, body, param] of cases) {
    test(name, () => {
      let error: unknown;
      try {
        anthropicMessages.decodeRequest({ body });
      } catch (thrown) {
        error = thrown;
      }
      expect(error).toBeInstanceOf(GatewayError);
      expect((error as GatewayError).code).toBe("invalid_request");
      expect((error as GatewayError).fields.param).toBe(param);
      expect((error as GatewayError).message).toStartWith(`${param}: `);
    });
  }
});

describe("what was changed since it was decoded", () => {
  const encode = (
    body: JsonObject,
    change: (request: ReturnType<typeof anthropicMessages.decodeRequest>) => void,
  ): JsonObject => {
    const request = anthropicMessages.decodeRequest({ body: structuredClone(body) });
    change(request);
    return anthropicMessages.encodeRequest(request, { model: request.model, warnings: [], flags: {} }).body;
  };

  test("a redacted search result does not bring its old text back", () => {
    const body = encode(BODIES["documents"] ?? {}, (request) => {
      for (const item of request.items) {
        if (item.type !== "message") continue;
        for (const part of item.content)
          if (part.type === "file" && part.source.type === "text") part.source.text = "[redacted]";
      }
    });
    expect(JSON.stringify(body)).not.toContain("found");
    expect(JSON.stringify(body)).not.toContain("just text");
    expect(JSON.stringify(body)).toContain("[redacted]");
  });

  test("reasoning set by a rule wins over what the caller wrote", () => {
    const body = encode(BODIES["thinking with a budget"] ?? {}, (request) => (request.reasoning = { effort: "none" }));
    expect(body["thinking"]).toBeUndefined();
  });

  test("a new end user takes the place of the old one", () => {
    const body = encode(base({ metadata: { user_id: "a", other: 1 } }), (request) => (request.endUser = "b"));
    expect(body["metadata"]).toEqual({ user_id: "b", other: 1 });
  });
});
