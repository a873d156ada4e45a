import { describe, expect, test } from "bun:test";
import type { TargetContext } from "../../canonical/dialect.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { ChatRequest, Item } from "../../canonical/request.ts";
import { bedrockConverse } from "./index.ts";

const CLAUDE = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";
const ASK: Item = { type: "message", role: "user", content: [{ type: "text", text: "hi" }] };

function encode(fields: Partial<ChatRequest>, model = CLAUDE): { body: JsonObject; warned: string[]; path: string } {
  const target: TargetContext = { model, warnings: [], flags: {} };
  const request: ChatRequest = {
    model,
    stream: false,
    items: [ASK],
    tools: [],
    extensions: {},
    warnings: [],
    ...fields,
  };
  const { body, path } = bedrockConverse.encodeRequest(request, target);
  return { body, path, warned: target.warnings.map(({ code, field }) => `${code} ${field}`) };
}

describe("paths", () => {
  test.each([
    [CLAUDE, false, "/model/us.anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse"],
    [
      "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.x",
      true,
      "/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Ainference-profile%2Fus.x/converse-stream",
    ],
  ])("%s", (model, stream, path) => {
    expect(encode({ stream }, model).path).toBe(path);
    expect(bedrockConverse.relayPath(model, stream)).toBe(path);
  });
});

test("a system message that stands alone gets a turn to answer", () => {
  const { body, warned } = encode({
    items: [{ type: "message", role: "system", content: [{ type: "text", text: "s" }] }],
  });
  expect(body).toMatchObject({
    system: [{ text: "s" }],
    messages: [{ role: "user", content: [{ text: "Continue." }] }],
  });
  expect(warned).toEqual(["changed_field messages"]);
});

describe("reasoning is asked for as the model's maker documents it", () => {
  test.each<[string, string, ChatRequest["reasoning"] & object, JsonObject, string[]]>([
    ["Claude with budgets", CLAUDE, { budgetTokens: 2000 }, { thinking: { type: "enabled", budget_tokens: 2000 } }, []],
    [
      "Nova 2",
      "us.amazon.nova-2-lite-v1:0",
      { effort: "low" },
      { reasoningConfig: { type: "enabled", maxReasoningEffort: "low" } },
      [],
    ],
    ["Nova 2, off", "amazon.nova-2-lite-v1:0", { effort: "none" }, { reasoningConfig: { type: "disabled" } }, []],
    [
      "gpt-oss",
      "openai.gpt-oss-120b-1:0",
      { effort: "xhigh" },
      { reasoning_effort: "high" },
      ["changed_field reasoning"],
    ],
    [
      "gpt-oss by a budget",
      "openai.gpt-oss-20b-1:0",
      { budgetTokens: 5000 },
      { reasoning_effort: "medium" },
      ["changed_field reasoning"],
    ],
  ])("%s", (_name, model, reasoning, additional, warned) => {
    const seen = encode({ reasoning }, model);
    expect(seen.body["additionalModelRequestFields"]).toEqual(additional);
    expect(seen.warned).toEqual(warned);
  });

  test("Claude with efforts", () => {
    const { body } = encode({ reasoning: { effort: "high", adaptive: true } }, "anthropic.claude-opus-4-6-v1");
    expect(body["additionalModelRequestFields"]).toEqual({ thinking: { type: "adaptive" } });
    expect(body["outputConfig"]).toEqual({ effort: "high" });
  });

  test("models without it get none, with a warning", () => {
    const { body, warned } = encode({ reasoning: { effort: "high" } }, "meta.llama3-3-70b-instruct-v1:0");
    expect(body["additionalModelRequestFields"]).toBeUndefined();
    expect(warned).toEqual(["unsupported_field reasoning"]);
  });

  test("a budget comes with the limit that it has to stay below", () => {
    const { body } = encode({ reasoning: { budgetTokens: 2000 } });
    expect(body["inferenceConfig"]).toEqual({ maxTokens: 64_000 });
  });
});

describe("what the wire has no field for goes where the maker takes it", () => {
  test.each<[string, Partial<ChatRequest>, JsonObject | undefined, string[]]>([
    ["anthropic.claude-3-haiku-20240307-v1:0", { topK: 5 }, { top_k: 5 }, []],
    ["amazon.nova-pro-v1:0", { topK: 5 }, { inferenceConfig: { topK: 5 } }, []],
    ["mistral.mistral-large-2407-v1:0", { topK: 5 }, { top_k: 5 }, []],
    ["cohere.command-r-v1:0", { topK: 5, seed: 1 }, { seed: 1, k: 5 }, []],
    ["meta.llama3-8b-instruct-v1:0", { topK: 5 }, undefined, ["unsupported_field top_k"]],
    [
      "openai.gpt-oss-120b-1:0",
      { seed: 1, presencePenalty: 0.5, frequencyPenalty: 0.25 },
      { seed: 1, presence_penalty: 0.5, frequency_penalty: 0.25 },
      [],
    ],
    [CLAUDE, { seed: 1 }, undefined, ["unsupported_field seed"]],
  ])("%s %j", (model, fields, additional, warned) => {
    const seen = encode(fields, model);
    expect(seen.body["additionalModelRequestFields"] as JsonObject | undefined).toEqual(additional);
    expect(seen.warned).toEqual(warned);
  });

  test("and is read from there", () => {
    const read = (additionalModelRequestFields: JsonObject): ChatRequest =>
      bedrockConverse.decodeRequest({ body: { messages: [], additionalModelRequestFields }, pathModel: "m" });
    expect(read({ inferenceConfig: { topK: 7 } }).topK).toBe(7);
    expect(read({ k: 7, seed: 2 })).toMatchObject({ topK: 7, seed: 2 });
    expect(read({ thinking: { type: "enabled", budget_tokens: 9 } }).reasoning).toEqual({ budgetTokens: 9 });
    expect(read({ reasoning_config: { type: "enabled", budget_tokens: 9 } }).reasoning).toEqual({ budgetTokens: 9 });
    expect(read({ reasoning_effort: "low" }).reasoning).toEqual({ effort: "low" });
    expect(read({ reasoningConfig: { type: "enabled", maxReasoningEffort: "high" } }).reasoning).toEqual({
      effort: "high",
    });
    expect(read({ reasoningConfig: { type: "disabled" } }).reasoning).toEqual({ effort: "none" });
  });
});

describe("tools", () => {
  const tool = { type: "function", name: "f", parameters: { type: "object" } } as const;
  const choiceFor = (model: string, toolChoice: ChatRequest["toolChoice"] & object): unknown =>
    (encode({ tools: [tool], toolChoice }, model).body["toolConfig"] as JsonObject)["toolChoice"];

  test("a forced call, as far as the model knows it", () => {
    expect(choiceFor(CLAUDE, { type: "tool", name: "f" })).toEqual({ tool: { name: "f" } });
    expect(choiceFor("mistral.mistral-large-2407-v1:0", { type: "tool", name: "f" })).toEqual({ any: {} });
    expect(choiceFor("anthropic.claude-opus-5-5-v1:0", { type: "required" })).toEqual({ auto: {} });
    expect(choiceFor("meta.llama3-3-70b-instruct-v1:0", { type: "required" })).toBeUndefined();
    expect(choiceFor("meta.llama3-3-70b-instruct-v1:0", { type: "auto" })).toBeUndefined();
  });

  test("calls of the past need their tools declared", () => {
    const call: Item = { type: "tool_call", callId: "c1", name: "old", kind: "function", arguments: "{}" };
    const result: Item = {
      type: "tool_result",
      callId: "c1",
      kind: "function",
      content: [{ type: "text", text: "x" }],
    };
    const { body, warned } = encode({ items: [ASK, call, result] });
    const inputSchema = { json: { type: "object", properties: {} } };
    expect(body["toolConfig"]).toEqual({ tools: [{ toolSpec: { name: "old", inputSchema } }] });
    expect(warned).toEqual(["changed_field tools"]);
  });

  test("ids of calls that the API refuses are made ones that it takes, alike for call and result", () => {
    const callId = `call.${"x".repeat(80)}`;
    const call: Item = { type: "tool_call", callId, name: "f", kind: "function", arguments: "{}" };
    const result: Item = { type: "tool_result", callId, kind: "function", content: [{ type: "text", text: "x" }] };
    const { body } = encode({ items: [ASK, call, result], tools: [tool] });
    const ids = [...JSON.stringify(body).matchAll(/"toolUseId":"([^"]+)"/g)].map(([, id]) => id);
    expect(ids).toHaveLength(2);
    expect(ids[0]).toBe(ids[1] ?? "");
    expect(ids[0]).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
  });

  test("web search where the model has it", () => {
    const search = { type: "web_search", dialect: "openai-responses", raw: { type: "web_search" } } as const;
    expect(encode({ tools: [search] }, "us.amazon.nova-premier-v1:0").body["toolConfig"]).toEqual({
      tools: [{ systemTool: { name: "nova_grounding" } }],
    });
    expect(encode({ tools: [search] }).warned).toEqual(["unsupported_tool tools"]);
  });
});

describe("caching", () => {
  const marked = (text: string): Item => ({
    type: "message",
    role: "user",
    content: [{ type: "text", text, cache: {} }],
  });
  const pointsIn = (body: JsonObject): number => JSON.stringify(body).split("cachePoint").length - 1;

  test("four points at most, and none where the model has no cache", () => {
    const items = [1, 2, 3, 4, 5, 6].map((number) => marked(String(number)));
    expect(pointsIn(encode({ items }).body)).toBe(4);
    expect(encode({ items }).warned).toEqual(["changed_field cache_control"]);
    const llama = encode({ items }, "meta.llama3-3-70b-instruct-v1:0");
    expect(pointsIn(llama.body)).toBe(0);
    expect(llama.warned).toEqual(["unsupported_field cache_control"]);
  });

  test("a marker of the whole request stands at its end", () => {
    expect(encode({ cache: { ttl: "1h" } }).body["messages"]).toEqual([
      { role: "user", content: [{ text: "hi" }, { cachePoint: { type: "default", ttl: "1h" } }] },
    ]);
  });
});

describe("documents", () => {
  const file = (fields: object): Item => ({
    type: "message",
    role: "user",
    content: [{ type: "file", source: { type: "base64", data: "JVBERi0x" }, ...fields } as never],
  });

  test("names are made ones that the API takes, no two alike, and words are put beside them", () => {
    const { body, warned } = encode({
      items: [file({ filename: "Q3: report/v2.pdf" }), file({ filename: "Q3: report/v2.pdf" })],
    });
    expect(body["messages"]).toMatchObject([
      {
        content: [
          { document: { name: "Q3- report-v2-pdf", format: "pdf" } },
          { document: { name: "Q3- report-v2-pdf (2)" } },
          { text: "See the document." },
        ],
      },
    ]);
    expect(warned).toEqual(["changed_field messages"]);
  });

  test("objects in S3 go by their address, other addresses do not go", () => {
    const s3 = file({ source: { type: "url", url: "s3://bucket/a.pdf" }, mediaType: "application/pdf" });
    expect(JSON.stringify(encode({ items: [ASK, s3] }).body)).toContain('{"s3Location":{"uri":"s3://bucket/a.pdf"}}');
    expect(encode({ items: [ASK, file({ source: { type: "url", url: "https://x.example/a.pdf" } })] }).warned).toEqual([
      "dropped_content messages",
    ]);
  });
});

test("a forced call switches thinking off at models that think by themselves", () => {
  const request: Partial<ChatRequest> = { tools: [{ type: "function", name: "f" }], toolChoice: { type: "required" } };
  const { body, warned } = encode(request, "anthropic.claude-sonnet-5");
  expect(body["additionalModelRequestFields"]).toEqual({ thinking: { type: "disabled" } });
  expect(warned).toEqual([]);
  const asked = encode({ ...request, reasoning: { effort: "max" } }, "anthropic.claude-sonnet-5");
  expect(JSON.stringify(asked.body)).toContain('"thinking":{"type":"disabled"}');
  expect(asked.warned).toContain("changed_field reasoning");
});

test("an answer that is begun already excludes a budget of thinking", () => {
  const begun: Item = { type: "message", role: "assistant", content: [{ type: "text", text: "The answer is (" }] };
  const { body, warned } = encode({ items: [ASK, begun], reasoning: { budgetTokens: 2000 } });
  expect(JSON.stringify(body)).not.toContain("budget_tokens");
  expect(warned).toContain("changed_field reasoning");
});

describe("reasoning of the past", () => {
  const thought = (maker: "anthropic-messages" | "openai-responses" | null): Item => ({
    type: "reasoning",
    summary: [],
    text: "hm",
    ...(maker !== null && { opaque: { maker, kind: "signature", value: "EqQB" } }),
  });
  const contentOf = (items: Item[], model = CLAUDE): { content: unknown; warned: string[] } => {
    const { body, warned } = encode({ items: [ASK, ...items, ASK] }, model);
    return {
      content: (body["messages"] as JsonObject[]).flatMap((message) => message["content"] as unknown[]),
      warned,
    };
  };

  test("Claude's signature is good here, wherever it was made", () => {
    const { content, warned } = contentOf([thought("anthropic-messages")]);
    expect(content).toContainEqual({ reasoningContent: { reasoningText: { text: "hm", signature: "EqQB" } } });
    expect(warned).toEqual([]);
  });

  test("that of another maker is left out, and so is thinking without one", () => {
    expect(contentOf([thought("openai-responses")])).toEqual({
      content: [{ text: "hi" }, { text: "hi" }],
      warned: ["dropped_opaque messages"],
    });
    expect(contentOf([thought(null)]).warned).toEqual(["dropped_content messages"]);
  });

  test("models that sign nothing take it as text", () => {
    const { content } = contentOf([thought(null)], "openai.gpt-oss-120b-1:0");
    expect(content).toContainEqual({ reasoningContent: { reasoningText: { text: "hm" } } });
  });
});

describe("count of tokens", () => {
  const target: TargetContext = { model: CLAUDE, warnings: [], flags: {} };
  const body = { messages: [{ role: "user", content: [{ text: "hi" }] }], inferenceConfig: { maxTokens: 5 } };

  test("a client's wrapped request is read, and wrapped for the provider without what is not counted", () => {
    const request = bedrockConverse.decodeRequest({ body: { input: { converse: body } }, pathModel: "m" });
    expect(request.items).toEqual([ASK]);
    const encoded = bedrockConverse.countTokens?.encodeRequest(request, target);
    expect(encoded?.path).toBe(`/model/${encodeURIComponent(CLAUDE)}/count-tokens`);
    expect(encoded?.body).toEqual({ input: { converse: { messages: body.messages } } });
  });

  test("an answer without a count is refused", () => {
    expect(bedrockConverse.countTokens?.decodeResponse({ inputTokens: 3 })).toBe(3);
    expect(() => bedrockConverse.countTokens?.decodeResponse({ inputTokens: "3" })).toThrow();
  });
});

test("results stand right behind their calls, whatever the assistant said in between", () => {
  const say = (text: string): Item => ({ type: "message", role: "assistant", content: [{ type: "text", text }] });
  const { body } = encode({
    items: [
      ASK,
      { type: "tool_call", callId: "A", name: "f", kind: "function", arguments: "{}" },
      { type: "message", role: "user", content: [{ type: "text", text: "quick" }] },
      say("soon"),
      { type: "tool_result", callId: "A", kind: "function", content: [{ type: "text", text: "done" }] },
    ],
  });
  expect(body["messages"]).toMatchObject([
    { role: "user" },
    { role: "assistant", content: [{ toolUse: { toolUseId: "A" } }] },
    { role: "user", content: [{ toolResult: { toolUseId: "A" } }, { text: "quick" }] },
    { role: "assistant", content: [{ text: "soon" }] },
  ]);
});
