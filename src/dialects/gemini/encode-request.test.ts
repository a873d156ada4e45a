import { describe, expect, test } from "bun:test";
import type { JsonObject } from "../../canonical/json.ts";
import type { ChatRequest, Item, ReasoningItem, ReasoningOptions, Tool } from "../../canonical/request.ts";
import type { Warning } from "../../canonical/warning.ts";
import { SKIP_SIGNATURE } from "./encode-contents.ts";
import { encodeRequest } from "./encode-request.ts";

/** Requests as the decoders of other dialects give them. */
function request(fields: Partial<ChatRequest>): ChatRequest {
  const items: Item[] = [{ type: "message", role: "user", content: [{ type: "text", text: "hi" }] }];
  return { model: "m", stream: false, items, tools: [], extensions: {}, warnings: [], ...fields };
}

interface Encoded {
  // oxlint-disable-next-line typescript/no-explicit-any
  body: any;
  warnings: Warning[];
  codes: string[];
}

function encode(fields: Partial<ChatRequest>, model = "gemini-2.5-flash"): Encoded {
  const warnings: Warning[] = [];
  const { body } = encodeRequest(request(fields), { model, warnings, flags: {} });
  return { body, warnings, codes: warnings.map(({ code, field }) => `${code} ${field}`) };
}

const say = (role: "user" | "assistant" | "system" | "developer", text: string): Item => ({
  type: "message",
  role,
  content: [{ type: "text", text }],
});
const call = (callId: string, name: string, args = "{}"): Item => ({
  type: "tool_call",
  callId,
  name,
  kind: "function",
  arguments: args,
});
const result = (callId: string, text: string): Item => ({
  type: "tool_result",
  callId,
  kind: "function",
  content: [{ type: "text", text }],
});
const tool = (name: string, parameters?: JsonObject): Tool => ({
  type: "function",
  name,
  ...(parameters && { parameters }),
});

describe("a conversation of another dialect", () => {
  test("groups what the model made and the results of its calls", () => {
    const { body, warnings } = encode({
      items: [
        say("system", "be kind"),
        say("user", "go"),
        say("assistant", "a"),
        say("assistant", "b"),
        call("1", "f", '{"x":1}'),
        call("2", "g", ""),
        result("1", "one"),
        { ...result("2", "bad"), isError: true } as Item,
        say("user", "next"),
      ],
    });
    expect(body).toEqual({
      systemInstruction: { parts: [{ text: "be kind" }] },
      contents: [
        { role: "user", parts: [{ text: "go" }] },
        {
          role: "model",
          parts: [
            { text: "a" },
            { text: "b" },
            { functionCall: { id: "1", name: "f", args: { x: 1 } } },
            { functionCall: { id: "2", name: "g" } },
          ],
        },
        {
          role: "user",
          parts: [
            { functionResponse: { id: "1", name: "f", response: { output: "one" } } },
            { functionResponse: { id: "2", name: "g", response: { error: "bad" } } },
          ],
        },
        { role: "user", parts: [{ text: "next" }] },
      ],
    });
    expect(warnings).toEqual([]);
  });

  test("has one system instruction, also from messages in the middle", () => {
    const { body, codes } = encode({ items: [say("system", "a"), say("user", "b"), say("developer", "c")] });
    expect(body.systemInstruction).toEqual({ parts: [{ text: "a" }, { text: "c" }] });
    expect(codes).toEqual(["changed_field items[2].role"]);
  });

  test("of instructions alone is said by the user", () => {
    const { body, codes } = encode({ items: [say("system", "write a poem")] });
    expect(body).toEqual({ contents: [{ role: "user", parts: [{ text: "write a poem" }] }] });
    expect(codes).toEqual(["changed_field messages"]);
  });

  test("leaves empty text out", () => {
    const { body } = encode({ items: [say("user", "a"), say("assistant", ""), say("user", "b")] });
    expect(body.contents).toEqual([
      { role: "user", parts: [{ text: "a" }] },
      { role: "user", parts: [{ text: "b" }] },
    ]);
  });

  test("says when arguments are no object and when a result has no call", () => {
    const { body, codes } = encode({ items: [say("user", "a"), call("1", "f", '{"x":'), result("9", "r")] });
    expect(body.contents[1].parts[0].functionCall.args).toEqual({ raw_arguments: '{"x":' });
    expect(body.contents[2].parts[0].functionResponse.name).toBe("9");
    expect(codes).toEqual(["changed_field items[1].arguments", "changed_field items[2].name"]);
  });
});

describe("signatures", () => {
  const foreign = { maker: "anthropic-messages", kind: "signature", value: "s" } as const;
  const own = { maker: "gemini", kind: "signature", value: "c2ln" } as const;
  const parts = (items: Item[], model: string): JsonObject[] => encode({ items }, model).body.contents.at(-1).parts;

  test("of Gemini go back as they came; those of others are dropped with a warning", () => {
    const items: Item[] = [
      say("user", "a"),
      { type: "reasoning", summary: [], text: "hm", opaque: foreign },
      { type: "reasoning", summary: [], text: "", opaque: { ...foreign, kind: "redacted" } },
      { type: "message", role: "assistant", content: [{ type: "text", text: "b", opaque: own }] },
    ];
    const { body, codes } = encode({ items });
    expect(body.contents[1].parts).toEqual([
      { text: "hm", thought: true },
      { text: "b", thoughtSignature: "c2ln" },
    ]);
    expect(codes).toEqual(["dropped_opaque items[1]", "dropped_opaque items[2]"]);
  });

  test("are stood in for on the first call of each step of the current turn, for Gemini 3 only", () => {
    const items = [
      say("user", "a"),
      call("0", "f"),
      result("0", "r"),
      say("user", "b"),
      call("1", "f"),
      call("2", "f"),
      result("1", "r"),
      result("2", "r"),
      call("3", "g"),
    ];
    const signed = (model: string): unknown[] =>
      encode({ items }, model).body.contents.flatMap((content: { parts: JsonObject[] }) =>
        content.parts.filter((part) => part.functionCall).map((part) => part.thoughtSignature),
      );
    expect(signed("gemini-3-pro-preview")).toEqual([undefined, SKIP_SIGNATURE, undefined, SKIP_SIGNATURE]);
    expect(signed("gemini-flash-latest")).toEqual([undefined, SKIP_SIGNATURE, undefined, SKIP_SIGNATURE]);
    expect(signed("gemini-2.5-pro")).toEqual([undefined, undefined, undefined, undefined]);
    expect(signed("gemma-3-27b-it")).toEqual([undefined, undefined, undefined, undefined]);
  });

  test("come back to their call from a thought that carried them", () => {
    const thought: ReasoningItem = { type: "reasoning", summary: [], text: "", opaque: own };
    expect(parts([say("user", "a"), thought, call("1", "f")], "gemini-3.1-pro")).toEqual([
      { functionCall: { id: "1", name: "f", args: {} }, thoughtSignature: "c2ln" },
    ]);
    expect(parts([say("user", "a"), { ...thought, text: "hm" }, call("1", "f")], "gemini-3.1-pro")).toEqual([
      { text: "hm", thought: true },
      { functionCall: { id: "1", name: "f", args: {} }, thoughtSignature: "c2ln" },
    ]);
  });
});

describe("media", () => {
  const image = { type: "image", source: { type: "base64", data: "iVBORw0KGgoAAA" } } as const;

  test("get a media type from where they come", () => {
    const { body, codes } = encode({
      items: [
        {
          type: "message",
          role: "user",
          content: [
            image,
            { type: "image", source: { type: "url", url: "https://x.y/a.webp?z=1" }, detail: "high" },
            { type: "image", source: { type: "url", url: "data:image/gif;base64,R0lGOD" } },
            { type: "file", source: { type: "base64", data: "AAAA" }, filename: "a.csv" },
            { type: "file", source: { type: "text", text: "plain" }, title: "T", context: "C" },
            { type: "audio", source: { type: "base64", data: "AAAA" }, mediaType: "audio/mpeg" },
            { type: "file", source: { type: "file_id", id: "file-abc" } },
            { type: "file", source: { type: "file_id", id: "files/abc" }, mediaType: "application/pdf" },
            { type: "refusal", text: "no" },
            { type: "opaque", dialect: "openai-chat", value: {} },
          ],
        },
      ],
    });
    expect(body.contents[0].parts).toEqual([
      { inlineData: { mimeType: "image/png", data: "iVBORw0KGgoAAA" } },
      { fileData: { mimeType: "image/webp", fileUri: "https://x.y/a.webp?z=1" } },
      { inlineData: { mimeType: "image/gif", data: "R0lGOD" } },
      { inlineData: { mimeType: "text/csv", data: "AAAA" } },
      { text: "T\nC" },
      { text: "plain" },
      { inlineData: { mimeType: "audio/mpeg", data: "AAAA" } },
      {
        fileData: {
          mimeType: "application/pdf",
          fileUri: "https://generativelanguage.googleapis.com/v1beta/files/abc",
        },
      },
      { text: "no" },
    ]);
    expect(codes).toEqual([
      "unsupported_field items[0].content[1].detail",
      "dropped_content items[0].content[6]",
      "dropped_content items[0].content[9]",
    ]);
  });

  test("of tool results stand inside the response since Gemini 3, before that after all of them", () => {
    const withImage = (callId: string): Item => ({
      type: "tool_result",
      callId,
      kind: "function",
      content: [
        { type: "text", text: "see" },
        { ...image, mediaType: "image/png" },
      ],
    });
    const items = [say("user", "a"), call("1", "f"), call("2", "f"), withImage("1"), result("2", "r")];
    const blob = { inlineData: { mimeType: "image/png", data: "iVBORw0KGgoAAA" } };
    const first = { id: "1", name: "f", response: { output: "see" } };
    const second = { functionResponse: { id: "2", name: "f", response: { output: "r" } } };
    expect(encode({ items }, "gemini-3-flash-preview").body.contents[2].parts).toEqual([
      { functionResponse: { ...first, parts: [blob] } },
      second,
    ]);
    expect(encode({ items }, "gemini-2.5-flash").body.contents[2].parts).toEqual([
      { functionResponse: first },
      second,
      blob,
    ]);
  });
});

describe("tools", () => {
  test("take JSON Schema, always of an object", () => {
    const { body, warnings } = encode({
      tools: [
        tool("f", { properties: { a: { type: "string" } } }),
        tool("g"),
        { ...tool("h"), description: "d" } as Tool,
      ],
    });
    expect(body.tools).toEqual([
      {
        functionDeclarations: [
          { name: "f", parametersJsonSchema: { type: "object", properties: { a: { type: "string" } } } },
          { name: "g" },
          { name: "h", description: "d" },
        ],
      },
    ]);
    expect(warnings).toEqual([]);
  });

  test("that take free text become functions of one argument, and so do their calls", () => {
    const items: Item[] = [
      say("user", "a"),
      { type: "tool_call", callId: "1", name: "patch", kind: "custom", arguments: "*** x" },
    ];
    const { body, codes } = encode({ items, tools: [{ type: "custom", name: "patch", format: { type: "grammar" } }] });
    expect(body.tools[0].functionDeclarations[0].parametersJsonSchema.required).toEqual(["tl_custom_input"]);
    expect(body.contents[1].parts[0].functionCall.args).toEqual({ tl_custom_input: "*** x" });
    expect(codes).toEqual(["changed_field tools[0]", "unsupported_field tools[0].format"]);
  });

  test("of other providers are left out with a warning; web search becomes Google Search", () => {
    const search: Tool = {
      type: "web_search",
      dialect: "openai-responses",
      raw: { type: "web_search", user_location: {} },
    };
    const shell: Tool = { type: "opaque", dialect: "openai-responses", value: { type: "local_shell" } };
    const { body, codes } = encode({ tools: [search, shell] });
    expect(body.tools).toEqual([{ googleSearch: {} }]);
    expect(body.toolConfig).toBeUndefined();
    expect(codes).toEqual(["changed_field tools[0]", "unsupported_tool tools[1]"]);
  });

  test("may stand beside web search since Gemini 3", () => {
    const search: Tool = {
      type: "web_search",
      dialect: "anthropic-messages",
      raw: { type: "web_search_20250305", name: "web_search" },
    };
    const newer = encode({ tools: [tool("f"), search] }, "gemini-3-pro-preview");
    expect(newer.body.tools).toEqual([{ functionDeclarations: [{ name: "f" }] }, { googleSearch: {} }]);
    expect(newer.body.toolConfig).toEqual({ includeServerSideToolInvocations: true });
    const older = encode({ tools: [tool("f"), search] });
    expect(older.body.tools).toEqual([{ functionDeclarations: [{ name: "f" }] }]);
    expect(older.codes).toEqual(["unsupported_tool tools[1]"]);
  });

  test.each([
    [{ type: "auto" }, { mode: "AUTO" }],
    [{ type: "none" }, { mode: "NONE" }],
    [{ type: "required" }, { mode: "ANY" }],
    [
      { type: "tool", name: "f" },
      { mode: "ANY", allowedFunctionNames: ["f"] },
    ],
    [
      { type: "allowed", names: ["f", "g"], mode: "required" },
      { mode: "ANY", allowedFunctionNames: ["f", "g"] },
    ],
    [
      { type: "allowed", names: ["f", "g"], mode: "auto" },
      { mode: "VALIDATED", allowedFunctionNames: ["f", "g"] },
    ],
  ] as const)("are chosen: %j", (choice, config) => {
    const toolChoice = structuredClone(choice) as unknown as NonNullable<ChatRequest["toolChoice"]>;
    expect(encode({ tools: [tool("f"), tool("g")], toolChoice }).body.toolConfig).toEqual({
      functionCallingConfig: config,
    });
  });

  test("that are strict are validated", () => {
    expect(encode({ tools: [{ ...tool("f"), strict: true } as Tool] }).body.toolConfig).toEqual({
      functionCallingConfig: { mode: "VALIDATED" },
    });
  });

  test("without functions there is nothing to choose", () => {
    expect(encode({ toolChoice: { type: "auto" } }).body.toolConfig).toBeUndefined();
  });
});

describe("options", () => {
  test("have their Gemini names", () => {
    const { body, warnings } = encode({
      temperature: 1,
      topP: 0.5,
      topK: 3,
      n: 2,
      maxOutputTokens: 9,
      stop: ["x"],
      seed: 5,
      presencePenalty: 1,
      frequencyPenalty: 2,
      logprobs: true,
      topLogprobs: 4,
      modalities: ["text", "image"],
      serviceTier: "flex",
    });
    expect(body.generationConfig).toEqual({
      temperature: 1,
      topP: 0.5,
      topK: 3,
      candidateCount: 2,
      maxOutputTokens: 9,
      stopSequences: ["x"],
      seed: 5,
      presencePenalty: 1,
      frequencyPenalty: 2,
      responseLogprobs: true,
      logprobs: 4,
      responseModalities: ["TEXT", "IMAGE"],
    });
    expect(body.serviceTier).toBe("flex");
    expect(warnings).toEqual([]);
  });

  test("that Gemini does not have become warnings", () => {
    const cached: Item = {
      type: "message",
      role: "user",
      name: "bob",
      content: [
        { type: "text", text: "a", cache: {} },
        { type: "text", text: "b", cache: {} },
      ],
    };
    const { body, codes } = encode({
      items: [cached],
      stop: ["1", "2", "3", "4", "5", "6"],
      seed: 2 ** 40,
      logitBias: {},
      verbosity: "low",
      promptCacheKey: "k",
      cache: {},
      endUser: "u",
      metadata: {},
      previousResponseId: "r",
      store: true,
      serviceTier: "scale",
      parallelToolCalls: false,
      tools: [tool("f")],
    });
    expect(body.generationConfig.stopSequences).toHaveLength(5);
    expect(Math.abs(body.generationConfig.seed)).toBeLessThan(2 ** 31);
    expect(codes.toSorted()).toEqual([
      "changed_field seed",
      "changed_field stop",
      "unsupported_field cache_control",
      "unsupported_field logit_bias",
      "unsupported_field messages.name",
      "unsupported_field metadata",
      "unsupported_field parallel_tool_calls",
      "unsupported_field previous_response_id",
      "unsupported_field prompt_cache_key",
      "unsupported_field service_tier",
      "unsupported_field store",
      "unsupported_field user",
      "unsupported_field verbosity",
    ]);
  });

  test("ask for JSON by schema, but not beside functions before Gemini 3", () => {
    const responseFormat = { type: "json_schema", schema: { type: "object", $schema: "x" } } as const;
    expect(encode({ responseFormat }).body.generationConfig).toEqual({
      responseMimeType: "application/json",
      responseJsonSchema: { type: "object" },
    });
    expect(
      encode({ responseFormat, tools: [tool("f")] }, "gemini-3.1-pro-preview").body.generationConfig.responseMimeType,
    ).toBe("application/json");
    const older = encode({ responseFormat, tools: [tool("f")] });
    expect(older.body.generationConfig).toBeUndefined();
    expect(older.codes).toEqual(["unsupported_field response_format"]);
    expect(encode({ responseFormat: { type: "json_object" } }).body.generationConfig).toEqual({
      responseMimeType: "application/json",
    });
    expect(encode({ responseFormat: { type: "text" } }).body.generationConfig).toBeUndefined();
  });

  test.each([
    ["gemini-3-flash-preview", { effort: "low" }, { thinkingLevel: "LOW" }, 0],
    ["gemini-3-flash-preview", { effort: "none" }, { thinkingLevel: "MINIMAL" }, 1],
    ["gemini-3.1-pro-preview", { effort: "minimal" }, { thinkingLevel: "LOW" }, 1],
    ["gemini-3-pro-preview", { effort: "medium" }, { thinkingLevel: "HIGH" }, 1],
    [
      "gemini-3.1-pro-preview",
      { effort: "medium", summary: "auto" },
      { thinkingLevel: "MEDIUM", includeThoughts: true },
      0,
    ],
    ["gemini-flash-latest", { effort: "max" }, { thinkingLevel: "HIGH" }, 1],
    ["gemini-3-flash", { budgetTokens: 10_000 }, { thinkingLevel: "MEDIUM", includeThoughts: true }, 1],
    ["gemini-3-flash", { adaptive: true }, { includeThoughts: true }, 0],
    ["gemini-2.5-flash", { effort: "medium" }, { thinkingBudget: 8192 }, 0],
    ["gemini-2.5-flash", { effort: "none" }, { thinkingBudget: 0 }, 0],
    ["gemini-2.5-pro", { effort: "none" }, { thinkingBudget: 128 }, 1],
    [
      "gemini-2.5-pro",
      { budgetTokens: 99_999, summary: "none" },
      { thinkingBudget: 32_768, includeThoughts: false },
      1,
    ],
    ["gemini-2.5-flash-lite", { budgetTokens: 100 }, { thinkingBudget: 512, includeThoughts: true }, 1],
    ["gemini-2.5-flash", { budgetTokens: -1 }, { thinkingBudget: -1, includeThoughts: true }, 0],
    ["gemini-2.0-flash", { effort: "high" }, undefined, 1],
    ["gemini-2.0-flash", { effort: "none" }, undefined, 0],
  ] as Array<[string, ReasoningOptions, JsonObject | undefined, number]>)(
    "make %s think: %j",
    (model, reasoning, config, warned) => {
      const { body, warnings } = encode({ reasoning }, model);
      expect(body.generationConfig?.thinkingConfig).toEqual(config);
      expect(warnings).toHaveLength(warned);
    },
  );

  test("of a Gemini client fit a target of another generation", () => {
    const reasoning: ReasoningOptions = { effort: "low" };
    const extensions = { gemini: { generationConfig: { thinkingConfig: { thinkingLevel: "LOW" } } } };
    expect(encode({ reasoning, extensions }, "gemini-2.5-flash").body.generationConfig.thinkingConfig).toEqual({
      thinkingBudget: 1024,
    });
    expect(encode({ reasoning, extensions }, "gemini-3-flash").body.generationConfig.thinkingConfig).toEqual({
      thinkingLevel: "LOW",
    });
  });
});
