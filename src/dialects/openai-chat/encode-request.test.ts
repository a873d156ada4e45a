import { describe, expect, test } from "bun:test";
import type { FilePart, Part } from "../../canonical/content.ts";
import type { ProviderFlags } from "../../canonical/dialect.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import type { Item, ReasoningOptions, ResponseFormat, Tool, ToolChoice } from "../../canonical/request.ts";
import type { Warning } from "../../canonical/warning.ts";
import { decodeRequest } from "./decode-request.ts";
import { encodeRequest } from "./encode-request.ts";
import { user, encode, roundTrip, request } from "./fixtures/requests.ts";

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

test("shortCallIds: calls and their results keep one id that the host takes", () => {
  const call = (id: string): JsonObject => ({ id, type: "function", function: { name: "f", arguments: "{}" } });
  const messages = [
    user,
    { role: "assistant", content: null, tool_calls: [call("call_1"), call("abcdef123")] },
    { role: "tool", tool_call_id: "call_1", content: "a" },
    { role: "tool", tool_call_id: "abcdef123", content: "b" },
  ];
  const sent = JSON.stringify(roundTrip({ model: "m", messages }, { shortCallIds: true })["messages"]);
  const ids = [...sent.matchAll(/"(?:tool_call_)?id":"([^"]*)"/g)].map(([, id]) => id);
  expect(ids).toEqual([expect.stringMatching(/^[a-zA-Z0-9]{9}$/), "abcdef123", ids[0], "abcdef123"]);
});

describe("a document by its address", () => {
  const url = "https://example.com/a.pdf";
  const file: FilePart = {
    type: "file",
    source: { type: "url", url },
    mediaType: "application/pdf",
    filename: "a.pdf",
  };
  const partOf = (part: FilePart, flags: ProviderFlags): { part: Json; warned: string[] } => {
    const { body, warnings } = encode(request([{ type: "message", role: "user", content: [part] }]), flags);
    const [message] = body["messages"] as [{ content: [Json] }];
    return { part: message.content[0], warned: warnings.map(({ code, field }) => `${code} ${field}`) };
  };

  test.each([
    ["file_data", { type: "file", file: { file_data: url, filename: "a.pdf" } }],
    ["file_url", { type: "file_url", file_url: { url }, file_name: "a.pdf" }],
    ["document_url", { type: "document_url", document_url: url, document_name: "a.pdf" }],
  ] as const)("as %s", (documents, part) => {
    expect(partOf(file, { documents })).toEqual({ part, warned: [] });
  });

  test("OpenAI has no form for it: the model is told where it is", () => {
    expect(partOf(file, {})).toEqual({
      part: { type: "text", text: `A document that could not be attached: a.pdf, ${url}` },
      warned: ["changed_field content.file"],
    });
  });

  test("bytes and ids go in the host's own form, too", () => {
    const bytes: FilePart = { ...file, source: { type: "base64", data: "JVBE" } };
    const id: FilePart = { type: "file", source: { type: "file_id", id: "f1" } };
    expect(partOf(bytes, { documents: "file_url" }).part).toMatchObject({ file_url: { url: "JVBE" } });
    expect(partOf(bytes, { documents: "document_url" }).part).toMatchObject({
      document_url: "data:application/pdf;base64,JVBE",
    });
    expect(partOf(id, { documents: "document_url" }).part).toEqual({ type: "file", file_id: "f1" });
    expect(partOf(bytes, {}).part).toMatchObject({ file: { file_data: "data:application/pdf;base64,JVBE" } });
  });
});

const TWO = ["f", "g"].map((name) => ({ type: "function", function: { name } }));

describe("from another dialect", () => {
  const call = (callId: string): Item => ({ type: "tool_call", callId, name: "f", kind: "function", arguments: "" });
  const messagesOf = (items: Item[]): Json => encode(request(items)).body["messages"] ?? null;

  test.each([
    ["gpt-4o", 4],
    ["m", 5],
  ])("%s takes %p stop sequences", (model, count) => {
    const stop = ["1", "2", "3", "4", "5"];
    const { body, warnings } = encode(request([], { stop, model }));
    expect(body["stop"]).toEqual(stop.slice(0, count));
    expect(warnings.map(({ field }) => field)).toEqual(count < stop.length ? ["stop"] : []);
  });

  test.each([
    ["gpt-4o", { type: "object", properties: { a: { type: "string" } } }],
    ["m", { oneOf: [{ properties: { a: { type: "string" } } }] }],
  ])("a union at the top of a tool's schema at %s", (model, parameters) => {
    const union = { oneOf: [{ properties: { a: { type: "string" } } }] };
    const { body, warnings } = encode(
      request([], { model, tools: [{ type: "function", name: "f", parameters: union }] }),
    );
    expect(body["tools"]).toEqual([{ type: "function", function: { name: "f", parameters } }]);
    expect(warnings.map(({ field }) => field)).toEqual(model === "m" ? [] : ["tools"]);
  });

  test("the end user of a coding agent, whose id is long, goes as a hash", () => {
    const { body, warnings } = encode(request([], { endUser: `user_${"a".repeat(150)}` }));
    expect(body["user"]).toMatch(/^[0-9a-f]{64}$/);
    expect(warnings).toMatchObject([{ code: "changed_field", field: "user" }]);
    expect(encode(request([], { endUser: "team:42" })).body["user"]).toBe("team:42");
  });

  test("no more output is asked for than the model has", () => {
    const warnings: Warning[] = [];
    const asked = request([], { maxOutputTokens: 32_000 });
    const { body } = encodeRequest(asked, { model: "m", flags: {}, warnings, maxOutputTokens: 16_384 });
    expect(body["max_completion_tokens"]).toBe(16_384);
    expect(warnings).toMatchObject([{ code: "changed_field", field: "max_tokens" }]);
    const own = decodeRequest({ body: { model: "m", messages: [user], max_tokens: 32_000 } });
    expect(encodeRequest(own, { model: "m", flags: {}, warnings: [], maxOutputTokens: 9 }).body["max_tokens"]).toBe(
      32_000,
    );
  });

  test("OpenAI's models are told of formats that they do not take as said", () => {
    const array = { type: "json_schema", schema: { type: "array" } } as const;
    const of = (model: string, responseFormat: ResponseFormat): JsonObject =>
      encode(request([], { model, responseFormat })).body;
    expect(of("gpt-4o", { type: "json_object" })).toMatchObject({
      messages: [{ role: "system", content: "Answer with one JSON object and nothing else." }],
      response_format: { type: "json_object" },
    });
    expect(JSON.stringify(of("gpt-4o", array)["messages"])).toContain("valid under this JSON Schema");
    expect(Object.keys(of("gpt-4o", array))).not.toContain("response_format");
    expect(of("m", array)).toMatchObject({ response_format: { json_schema: { schema: { type: "array" } } } });
  });

  test("citations of documents are for clients, not for upstreams", () => {
    const citations = [{ type: "document", citedText: "p" } as const];
    const items: Item[] = [{ type: "message", role: "assistant", content: [{ type: "text", text: "a", citations }] }];
    const { body, warnings } = encode(request(items));
    expect(body["messages"]).toEqual([{ role: "assistant", content: "a" }]);
    expect(warnings).toMatchObject([{ code: "unsupported_field", field: "content.citations" }]);
  });

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

  const sound = (mediaType: string): Part => ({ type: "audio", source: { type: "base64", data: "AA" }, mediaType });
  const film: Part = { type: "video", source: { type: "base64", data: "AA" }, mediaType: "video/mp4" };

  test.each([
    ["gpt-4o", film, "content.video"],
    ["m", film, undefined],
    ["gpt-audio", sound("audio/flac"), "content.audio"],
    ["gpt-audio", sound("audio/mpeg"), undefined],
    ["m", sound("audio/flac"), undefined],
  ])("to %s goes what it takes of %j", (model, part, dropped) => {
    const { body, warnings } = encode(request([{ type: "message", role: "user", content: [part] }], { model }));
    const [{ content }] = body["messages"] as [{ content: Json }];
    expect(warnings.map(({ field }) => field)).toEqual(dropped === undefined ? [] : [dropped]);
    expect(dropped === undefined ? Array.isArray(content) : content).toBe(dropped === undefined ? true : "");
  });

  test.each([
    [{ topLogprobs: 2 }, { top_logprobs: 2, logprobs: true }],
    [{ topLogprobs: 0 }, {}],
    [
      { topLogprobs: 0, logprobs: true },
      { top_logprobs: 0, logprobs: true },
    ],
  ])("log probabilities %j", (asked, sent) => {
    expect(encode(request([], asked))).toEqual({ body: { model: "m", ...sent }, warnings: [] });
  });

  test("identifiers that are too long are hashed, the client's own are its affair", () => {
    const long = "user_".repeat(30);
    const { body } = encode(request([], { endUser: long, promptCacheKey: long }));
    expect(body).toMatchObject({ user: expect.stringMatching(/^[0-9a-f]{64}$/), prompt_cache_key: body["user"] });
    expect(encode(request([], { endUser: "u", promptCacheKey: "k" })).body).toMatchObject({
      user: "u",
      prompt_cache_key: "k",
    });
    expect(roundTrip({ model: "m", messages: [user], user: long })["user"]).toBe(long);
  });

  test("top_k goes to hosts that are known to take it", () => {
    expect(encode(request([], { topK: 5 }), { topK: true })).toEqual({ body: { model: "m", top_k: 5 }, warnings: [] });
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

  test.each([
    [{}, ["f", "g", "h"], { type: "allowed_tools", allowed_tools: { mode: "required", tools: TWO } }, []],
    [{ noCustomTools: true }, ["f", "g"], "required", ["changed_field tool_choice"]],
  ])("a choice of several tools, with flags %j", (flags, names, choice, warned) => {
    const tools: Tool[] = ["f", "g", "h"].map((name) => ({ type: "function", name }));
    const toolChoice: ToolChoice = { type: "allowed", names: ["f", "g"], mode: "required" };
    const { body, warnings } = encode(request([], { tools, toolChoice }), flags);
    expect((body["tools"] as { function: { name: string } }[]).map((tool) => tool.function.name)).toEqual(names);
    expect(body["tool_choice"]).toEqual(choice as Json);
    expect(warnings.map(({ code, field }) => `${code} ${field}`)).toEqual(warned);
  });

  test.each([
    ["gpt-4o", undefined],
    ["m", { type: "object", properties: {} }],
  ])("a function without a schema at %s", (model, parameters) => {
    const { body } = encode(request([], { model, tools: [{ type: "function", name: "f" }] }));
    expect(body["tools"]).toEqual([{ type: "function", function: { name: "f", ...(parameters && { parameters }) } }]);
  });

  test.each([
    ["gpt-4o", undefined, false],
    ["gpt-4o", false, false],
    ["gpt-4o", true, true],
    ["m", undefined, true],
  ])("metadata at %s, store %p", (model, store, sent) => {
    const metadata = { a: "b" };
    const { body, warnings } = encode(request([], { model, metadata, ...(store !== undefined && { store }) }));
    expect(body["metadata"]).toEqual(sent ? metadata : (undefined as never));
    expect(warnings.map(({ field }) => field)).toEqual(sent ? [] : ["metadata"]);
  });

  test.each([
    [false, "wav"],
    [true, "pcm16"],
  ])("sound, streamed: %p", (stream, format) => {
    const { body, warnings } = encode(request([], { modalities: ["AUDIO"], stream }));
    expect(body).toMatchObject({ modalities: ["text", "audio"], audio: { voice: "alloy", format } });
    expect(warnings).toMatchObject([{ code: "changed_field", field: "audio" }]);
  });

  test.each([
    ["gpt-4o", { role: "assistant", content: "", refusal: "No." }],
    ["m", { role: "assistant", content: "No." }],
  ])("what was refused before, to %s", (model, message) => {
    const said: Item = { type: "message", role: "assistant", content: [{ type: "refusal", text: "No." }] };
    expect(encode(request([said], { model })).body["messages"]).toEqual([message]);
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
