import { describe, expect, test } from "bun:test";
import type { JsonObject } from "../../canonical/json.ts";
import type { ChatRequest, Item, ReasoningOptions, Tool } from "../../canonical/request.ts";
import { encode, say, tool } from "./fixtures/requests.ts";

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
    expect(body.tools?.[0]?.functionDeclarations?.[0]?.parametersJsonSchema?.["required"]).toEqual(["tl_custom_input"]);
    expect(body.contents[1]?.parts?.[0]?.functionCall?.["args"]).toEqual({ tl_custom_input: "*** x" });
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
    expect(body["toolConfig"]).toBeUndefined();
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
    expect(newer.body["toolConfig"]).toEqual({ includeServerSideToolInvocations: true });
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
    expect(encode({ tools: [tool("f"), tool("g")], toolChoice }).body["toolConfig"]).toEqual({
      functionCallingConfig: structuredClone(config) as JsonObject,
    });
  });

  test("that are strict are validated", () => {
    expect(encode({ tools: [{ ...tool("f"), strict: true } as Tool] }).body["toolConfig"]).toEqual({
      functionCallingConfig: { mode: "VALIDATED" },
    });
  });

  test("without functions there is nothing to choose", () => {
    expect(encode({ toolChoice: { type: "auto" } }).body["toolConfig"]).toBeUndefined();
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
      responseModalities: ["TEXT", "IMAGE"],
    });
    expect(body["serviceTier"]).toBe("flex");
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
    expect(body.generationConfig?.stopSequences).toHaveLength(5);
    expect(Math.abs(body.generationConfig?.seed ?? NaN)).toBeLessThan(2 ** 31);
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
      encode({ responseFormat, tools: [tool("f")] }, "gemini-3.1-pro-preview").body.generationConfig?.[
        "responseMimeType"
      ],
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
      expect(body.generationConfig?.["thinkingConfig"]).toEqual(config);
      expect(warnings).toHaveLength(warned);
    },
  );

  test("of a Gemini client fit a target of another generation", () => {
    const reasoning: ReasoningOptions = { effort: "low" };
    const extensions = { gemini: { generationConfig: { thinkingConfig: { thinkingLevel: "LOW" } } } };
    expect(encode({ reasoning, extensions }, "gemini-2.5-flash").body.generationConfig?.["thinkingConfig"]).toEqual({
      thinkingBudget: 1024,
    });
    expect(encode({ reasoning, extensions }, "gemini-3-flash").body.generationConfig?.["thinkingConfig"]).toEqual({
      thinkingLevel: "LOW",
    });
  });
});
