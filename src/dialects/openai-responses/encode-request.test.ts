import { describe, expect, test } from "bun:test";
import type { Part, Source } from "../../canonical/content.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { ChatRequest } from "../../canonical/request.ts";
import { encode } from "./fixtures/encode-foreign.ts";

describe("encodeRequest of another dialect's request", () => {
  test("states what would otherwise default to something else", () => {
    const { body } = encode({
      items: [{ type: "message", role: "user", content: [{ type: "text", text: "hi" }] }],
      tools: [{ type: "function", name: "now" }],
    });
    expect(body).toEqual({
      model: "gpt-5",
      store: false,
      input: [{ role: "user", content: [{ type: "input_text", text: "hi" }] }],
      tools: [{ type: "function", name: "now", parameters: { type: "object", properties: {} }, strict: false }],
    });
  });

  test("encodes a conversation with tools", () => {
    const { body, told } = encode({
      items: [
        { type: "message", role: "system", content: [{ type: "text", text: "s" }] },
        { type: "message", role: "assistant", content: [], id: "msg_other" },
        { type: "tool_call", id: "x", callId: "toolu_1", name: "f", kind: "function", arguments: "" },
        { type: "tool_call", callId: "c2", name: "g", kind: "custom", arguments: "raw" },
        {
          type: "tool_result",
          callId: "toolu_1",
          kind: "function",
          content: [{ type: "text", text: "no" }],
          isError: true,
        },
        {
          type: "tool_result",
          callId: "c2",
          kind: "custom",
          content: [
            { type: "text", text: "see" },
            { type: "image", source: { type: "base64", data: "QUJD" }, mediaType: "image/jpeg" },
          ],
        },
      ],
    });
    expect(body.input).toEqual([
      { role: "system", content: [{ type: "input_text", text: "s" }] },
      { type: "function_call", call_id: "toolu_1", name: "f", arguments: "{}" },
      { type: "custom_tool_call", call_id: "c2", name: "g", input: "raw" },
      { type: "function_call_output", call_id: "toolu_1", output: "no" },
      {
        type: "custom_tool_call_output",
        call_id: "c2",
        output: [
          { type: "input_text", text: "see" },
          { type: "input_image", image_url: "data:image/jpeg;base64,QUJD", detail: "auto" },
        ],
      },
    ]);
    expect(told).toEqual(["unsupported_field input[4].is_error"]);
  });

  test("gives reasoning back to its maker only", () => {
    const own = { maker: "openai-responses", kind: "encrypted", value: "gAAA", id: "rs_9" } as const;
    const { body, told } = encode({
      items: [
        { type: "reasoning", summary: [], text: "shown", opaque: own },
        { type: "reasoning", summary: [], text: "t", opaque: { maker: "gemini", kind: "signature", value: "s" } },
        { type: "reasoning", summary: [], text: "t" },
        { type: "opaque", dialect: "gemini", role: "assistant", value: {} },
      ],
    });
    expect(body.input).toEqual([
      { type: "reasoning", id: "rs_9", summary: [{ type: "summary_text", text: "shown" }], encrypted_content: "gAAA" },
    ]);
    expect(body.include).toEqual(["reasoning.encrypted_content"]);
    expect(told).toEqual(["dropped_opaque input[1]", "dropped_content input[2]", "dropped_content input[3]"]);
  });

  test("asks for encrypted reasoning only where nothing is stored and reasoning is meant", () => {
    expect(encode({}).body.include).toBeUndefined();
    expect(encode({ reasoning: { effort: "none" } }).body.include).toBeUndefined();
    expect(encode({ reasoning: { budgetTokens: 0 } }).body.include).toBeUndefined();
    expect(encode({ reasoning: { effort: "low" }, store: true }).body.include).toBeUndefined();
    expect(encode({ reasoning: { effort: "low" } }).body.include).toEqual(["reasoning.encrypted_content"]);
    expect(encode({ logprobs: true, topLogprobs: 2 }, "m").body).toMatchObject({
      include: ["message.output_text.logprobs"],
      top_logprobs: 2,
    });
  });

  test("budgets become efforts, with a warning", () => {
    const { body, told } = encode({ reasoning: { budgetTokens: 10_000, summary: "auto" } });
    expect(body.reasoning).toEqual({ effort: "medium", summary: "auto" });
    expect(told).toEqual(["changed_field thinking.budget_tokens"]);
    expect(encode({ reasoning: { budgetTokens: -1 } }).body.reasoning).toBeUndefined();
    expect(encode({ reasoning: { adaptive: true, effort: "max" } }, "m").body.reasoning).toEqual({ effort: "max" });
  });

  test("reports what the API does not have", () => {
    const { body, told } = encode({
      stop: ["x"],
      seed: 1,
      topK: 2,
      n: 3,
      logitBias: { "50": 1 },
      presencePenalty: 1,
      frequencyPenalty: 1,
      modalities: ["text", "AUDIO"],
      serviceTier: "standard_only",
      maxOutputTokens: 5,
      endUser: "u".repeat(70),
      extensions: {
        "anthropic-messages": { container: "c", mcp_servers: null },
        "openai-chat": { prompt_cache_retention: "24h" },
      },
    });
    expect(body.max_output_tokens).toBe(16);
    expect(body.safety_identifier).toMatch(/^[0-9a-f]{64}$/);
    expect(body.prompt_cache_retention).toBe("24h");
    expect(Object.keys(body).toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
      "max_output_tokens",
      "model",
      "prompt_cache_retention",
      "safety_identifier",
      "store",
    ]);
    expect(told).toEqual([
      "changed_field max_tokens",
      "unsupported_field service_tier",
      "unsupported_field container",
      "unsupported_field stop",
      "unsupported_field seed",
      "unsupported_field top_k",
      "unsupported_field presence_penalty",
      "unsupported_field frequency_penalty",
      "unsupported_field logit_bias",
      "unsupported_field n",
      "unsupported_field modalities",
    ]);
  });

  test("defaults that are spelled out are no loss", () => {
    const { told } = encode({
      n: 1,
      stop: [],
      presencePenalty: 0,
      frequencyPenalty: 0,
      logitBias: {},
      modalities: ["text"],
      reasoning: { adaptive: true },
      extensions: { "anthropic-messages": { stream: false, thinking: { type: "adaptive" } } },
    });
    expect(told).toEqual([]);
  });

  test("tools of other makers", () => {
    const { body, told } = encode({
      tools: [
        {
          type: "web_search",
          dialect: "anthropic-messages",
          raw: { type: "web_search_20250305", allowed_domains: ["a.b"], max_uses: 2 },
        },
        {
          type: "web_search",
          dialect: "openai-chat",
          raw: { search_context_size: "low", user_location: { type: "approximate", approximate: { city: "Rome" } } },
        },
        { type: "opaque", dialect: "gemini", value: { codeExecution: {} } },
        {
          type: "custom",
          name: "sql",
          format: { type: "grammar", grammar: { syntax: "regex", definition: "SELECT .+" } },
        },
      ],
      toolChoice: { type: "tool", name: "sql" },
    });
    expect(body.tools).toEqual([
      { type: "web_search", filters: { allowed_domains: ["a.b"] } },
      { type: "web_search", search_context_size: "low", user_location: { type: "approximate", city: "Rome" } },
      { type: "custom", name: "sql", format: { type: "grammar", syntax: "regex", definition: "SELECT .+" } },
    ]);
    expect(body.tool_choice).toEqual({ type: "custom", name: "sql" });
    expect(told).toEqual(["unsupported_field tools[0].max_uses", "unsupported_tool tools[2]"]);
  });

  test("a tool choice goes only with tools", () => {
    expect(encode({ toolChoice: { type: "auto" } }).body.tool_choice).toBeUndefined();
    const opaque = encode({
      tools: [{ type: "custom", name: "a" }],
      toolChoice: { type: "opaque", dialect: "gemini", value: "x" },
    });
    expect(opaque.body.tool_choice).toBeUndefined();
    expect(opaque.told).toEqual(["unsupported_field tool_choice"]);
  });

  test("citations of another maker's documents stay behind", () => {
    const text = "said";
    const citations = [
      { type: "document", citedText: "p", title: "T" },
      { type: "url", url: "https://u", title: "U" },
    ] as const;
    const item = (kept: readonly (typeof citations)[number][]): ChatRequest["items"][number] => ({
      type: "message",
      role: "assistant",
      content: [{ type: "text", text, citations: [...kept] }],
    });
    const { body, told } = encode({ items: [item(citations), item(citations.slice(0, 1))] });
    const url = { type: "url_citation", url: "https://u", title: "U", start_index: 0, end_index: 4 };
    expect(body.input).toEqual([
      { role: "assistant", content: [{ type: "output_text", text, annotations: [url] }] },
      { role: "assistant", content: "said" },
    ]);
    expect(told).toEqual([
      "unsupported_field input[0].content[0].citations",
      "unsupported_field input[1].content[0].citations",
    ]);
  });

  test("content that has no place", () => {
    const { body, told } = encode({
      items: [
        {
          type: "message",
          role: "user",
          name: "Ann",
          content: [
            {
              type: "file",
              source: { type: "text", text: "body" },
              title: "Doc",
              citations: true,
              cache: { ttl: "5m" },
            },
            { type: "file", source: { type: "base64", data: "UERG" }, mediaType: "application/pdf", context: "c" },
            { type: "video", source: { type: "url", url: "u" } },
            { type: "audio", source: { type: "url", url: "u" } },
            { type: "opaque", dialect: "gemini", value: {} },
            { type: "text", text: "a", cache: {} },
          ],
        },
        {
          type: "message",
          role: "assistant",
          content: [
            { type: "image", source: { type: "base64", data: "QQ==" } },
            { type: "audio", source: { type: "base64", data: "QQ==" }, transcript: "said" },
            {
              type: "text",
              text: "t",
              opaque: { maker: "gemini", kind: "signature", value: "s" },
              citations: [{ type: "url", url: "https://u" }],
            },
          ],
        },
      ],
    });
    expect(body.input).toEqual([
      {
        role: "user",
        content: [
          { type: "input_text", text: "Doc\n\nbody" },
          { type: "input_file", file_data: "data:application/pdf;base64,UERG", filename: "document" },
          { type: "input_text", text: "a" },
        ],
      },
      {
        role: "assistant",
        content: [
          { type: "output_text", text: "said", annotations: [] },
          {
            type: "output_text",
            text: "t",
            annotations: [{ type: "url_citation", url: "https://u", title: "", start_index: 0, end_index: 1 }],
          },
        ],
      },
    ]);
    expect(told).toEqual([
      "unsupported_field input[0].name",
      "unsupported_field input[0].content[0].citations",
      "unsupported_field cache_control",
      "dropped_content input[0].content[1].context",
      "dropped_content input[0].content[2]",
      "dropped_content input[0].content[3]",
      "dropped_content input[0].content[4]",
      "dropped_content input[1].content[0]",
      "dropped_content input[1].content[1]",
      "dropped_opaque input[1].content[2]",
    ]);
  });

  test("a chat caller's cache breakpoints and schema go along", () => {
    const marked: Partial<ChatRequest> = {
      extensions: { "openai-chat": {} },
      items: [{ type: "message", role: "user", content: [{ type: "text", text: "a", cache: {} }] }],
      responseFormat: { type: "json_schema", schema: { type: "object" } },
      verbosity: "high",
    };
    const { body, told } = encode(marked, "gpt-5.6");
    expect(body.input).toEqual([
      { role: "user", content: [{ type: "input_text", text: "a", prompt_cache_breakpoint: { mode: "explicit" } }] },
    ]);
    expect(body.text).toEqual({
      format: { type: "json_schema", name: "response", schema: { type: "object" } },
      verbosity: "high",
    });
    expect(told).toEqual([]);
    expect(encode(marked).told).toEqual(["unsupported_field cache_control"]);
  });

  test("call ids that are too long stay a pair", () => {
    const callId = "c".repeat(80);
    const { body } = encode({
      items: [
        { type: "tool_call", callId, name: "f", kind: "function", arguments: "{}" },
        { type: "tool_result", callId, kind: "function", content: [] },
      ],
    });
    const [call, result] = body.input as JsonObject[];
    expect(call?.call_id).toHaveLength(64);
    expect(result?.call_id).toBe(call?.call_id ?? "");
  });

  test("the result of a free-text tool's call answers it in kind", () => {
    const { body } = encode({
      items: [
        { type: "tool_call", callId: "c1", name: "sql", kind: "custom", arguments: "SELECT 1" },
        { type: "tool_call", callId: "c2", name: "f", kind: "function", arguments: "{}" },
        { type: "tool_result", callId: "c1", kind: "function", content: [{ type: "text", text: "1" }] },
        { type: "tool_result", callId: "c2", kind: "function", content: [] },
      ],
    });
    expect((body.input as JsonObject[]).slice(2)).toMatchObject([
      { type: "custom_tool_call_output", call_id: "c1", output: "1" },
      { type: "function_call_output", call_id: "c2" },
    ]);
  });

  test("files by reference go without a name, which the API takes beside bytes alone", () => {
    const file = (source: Source): Part => ({ type: "file", source, mediaType: "application/pdf", filename: "a.pdf" });
    const content = [file({ type: "url", url: "https://a" }), file({ type: "file_id", id: "file-1" })];
    const bytes = file({ type: "base64", data: "UERG" });
    const { body, told } = encode({ items: [{ type: "message", role: "user", content: [...content, bytes] }] });
    expect(body.input).toEqual([
      {
        role: "user",
        content: [
          { type: "input_file", file_url: "https://a" },
          { type: "input_file", file_id: "file-1" },
          { type: "input_file", file_data: "data:application/pdf;base64,UERG", filename: "a.pdf" },
        ],
      },
    ]);
    expect(told).toEqual([
      "unsupported_field input[0].content[0].filename",
      "unsupported_field input[0].content[1].filename",
    ]);
  });

  test("a chat's two names of its user go along", () => {
    const both = { "openai-chat": { safety_identifier: "hash" } };
    const { body, told } = encode({ extensions: both, endUser: "ann" });
    expect(body).toMatchObject({ safety_identifier: "hash", user: "ann" });
    expect(told).toEqual([]);
  });
});
