import { describe, expect, test } from "bun:test";
import type { ReplyContext } from "../../canonical/dialect.ts";
import { GatewayError } from "../../canonical/errors.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import type { ChatResponse } from "../../canonical/response.ts";
import { emptyUsage } from "../../canonical/usage.ts";
import { decodeFinishReason } from "./finish-reason.ts";
import { gemini } from "./index.ts";
import { utf16Offset, utf8Offset } from "./offsets.ts";
import { decodeUsage, encodeUsage } from "./usage.ts";

const reply: ReplyContext = {
  requestId: "req-1",
  model: "asked",
  createdAt: 1,
  request: gemini.decodeRequest({ body: {}, pathModel: "asked" }),
};

const model = (...parts: JsonObject[]): JsonObject => ({ role: "model", parts });

const SAME: Record<string, JsonObject> = {
  text: {
    candidates: [{ content: model({ text: "a" }), finishReason: "STOP", index: 0 }],
    modelVersion: "m",
    responseId: "r",
  },
  "a Vertex answer": {
    candidates: [{ content: model({ text: "a" }), finishReason: "STOP", avgLogprobs: -0.1 }],
    usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 2, totalTokenCount: 3, trafficType: "ON_DEMAND" },
    modelVersion: "m",
    createTime: "2026-04-07T16:49:58.333958Z",
    responseId: "r",
  },
  "several candidates": {
    candidates: [
      { content: model({ text: "a" }), finishReason: "STOP", index: 0 },
      {
        content: model({ text: "b" }),
        finishReason: "MAX_TOKENS",
        index: 1,
        safetyRatings: [{ category: "X", probability: "LOW" }],
      },
    ],
  },
  "no parts": { candidates: [{ content: { role: "model" }, finishReason: "MAX_TOKENS", index: 0 }] },
  "no content": { candidates: [{ finishReason: "SAFETY", index: 0, safetyRatings: [] }] },
  "empty parts and no role": {
    candidates: [{ content: { parts: [] }, finishReason: "RECITATION", finishMessage: "m" }],
  },
  "a blocked prompt": {
    promptFeedback: { blockReason: "PROHIBITED_CONTENT" },
    usageMetadata: { promptTokenCount: 9, totalTokenCount: 9 },
    modelVersion: "m",
  },
  "usage alone": { usageMetadata: { promptTokenCount: 9, totalTokenCount: 9 } },
  "usage without counts": {
    candidates: [{ content: model({ text: "a" }) }],
    usageMetadata: { trafficType: "ON_DEMAND" },
  },
  "unknown fields and reasons": {
    candidates: [{ content: model({ text: "a" }), finishReason: "NEW_REASON", index: 0, future: 1 }],
    future: { a: 1 },
  },
  "all kinds of parts": {
    candidates: [
      {
        content: model(
          { text: "hm", thought: true },
          { text: "a", thoughtSignature: "c2ln" },
          { functionCall: { name: "f", args: { a: 1 } }, thoughtSignature: "c2ln" },
          { functionCall: { id: "x", name: "g" } },
          { executableCode: { language: "PYTHON", code: "1" } },
          { codeExecutionResult: { outcome: "OUTCOME_OK", output: "1" } },
          { inlineData: { mimeType: "image/png", data: "aGk=" }, thoughtSignature: "c2ln" },
          { inlineData: { mimeType: "audio/L16;codec=pcm;rate=24000", data: "aGk=" } },
          { text: "" },
        ),
        finishReason: "STOP",
        index: 0,
      },
    ],
  },
  grounding: {
    candidates: [
      {
        content: model({ text: "hm", thought: true }, { text: "Zürich is €1. Yes." }),
        finishReason: "STOP",
        index: 0,
        groundingMetadata: {
          webSearchQueries: ["a", "b"],
          searchEntryPoint: { renderedContent: "<div>" },
          groundingChunks: [
            { web: { uri: "https://a", title: "A" } },
            { retrievedContext: { uri: "gs://b", title: "B", text: "quoted" } },
          ],
          groundingSupports: [
            {
              segment: { partIndex: 1, startIndex: 7, endIndex: 16, text: " is €1." },
              groundingChunkIndices: [0, 1],
              confidenceScores: [1, 1],
            },
          ],
        },
        urlContextMetadata: { urlMetadata: [] },
        citationMetadata: { citationSources: [{ endIndex: 7, uri: "https://c" }] },
      },
    ],
    usageMetadata: { promptTokenCount: 5, candidatesTokenCount: 1, totalTokenCount: 6 },
    modelVersion: "gemini-3-pro",
  },
  "log probabilities": {
    candidates: [
      {
        content: model({ text: "a" }),
        finishReason: "STOP",
        index: 0,
        logprobsResult: {
          chosenCandidates: [{ token: "a", tokenId: 1, logProbability: -0.5 }],
          topCandidates: [{ candidates: [{ token: "b", logProbability: -2 }] }],
        },
      },
    ],
  },
};

const decode = (name: string): ChatResponse => gemini.decodeResponse(structuredClone(SAME[name] ?? {}));

describe("an answer of Gemini", () => {
  test.each(Object.entries(SAME))("comes out as it came: %s", (_, body) => {
    expect(gemini.encodeResponse(gemini.decodeResponse(structuredClone(body)), reply)).toEqual(body);
  });

  test("has its calls named after the answer, and ends with them", () => {
    const response = gemini.decodeResponse({
      responseId: "a/b",
      candidates: [{ content: model({ functionCall: { name: "f" } }), finishReason: "STOP" }],
    });
    expect(response.candidates[0]).toMatchObject({
      finishReason: "tool_calls",
      rawFinishReason: "STOP",
      items: [{ callId: "call_a_b_1" }],
    });
  });

  test("has thoughts as summaries", () => {
    expect(decode("all kinds of parts").candidates[0]?.items[0]).toEqual({
      type: "reasoning",
      summary: ["hm"],
      text: "",
    });
  });

  test("keeps provider-run code as opaque items", () => {
    const items = decode("all kinds of parts").candidates[0]?.items ?? [];
    expect(items.map((item) => item.type)).toEqual([
      "reasoning",
      "message",
      "tool_call",
      "tool_call",
      "opaque",
      "opaque",
      "message",
    ]);
  });

  test("that was blocked is filtered", () => {
    expect(decode("a blocked prompt").candidates).toMatchObject([
      { items: [], finishReason: "content_filter", rawFinishReason: "PROHIBITED_CONTENT" },
    ]);
    expect(decode("a blocked prompt").usage).toMatchObject({ inputTokens: 9, outputTokens: 0 });
  });

  test("cites its sources, with offsets in characters", () => {
    const [candidate] = decode("grounding").candidates;
    const message = candidate?.items[1];
    const part = message?.type === "message" ? message.content[0] : undefined;
    const text = part?.type === "text" ? part.text : "";
    const citations = part?.type === "text" ? part.citations : [];
    expect(citations).toMatchObject([
      { type: "url", url: "https://a", title: "A" },
      { type: "document", url: "gs://b", title: "B", citedText: "quoted" },
      { type: "url", url: "https://c", start: 0, end: 6 },
    ]);
    expect(text.slice(citations?.[0]?.start, citations?.[0]?.end)).toBe(" is €1.");
    expect(decode("grounding").usage?.webSearches).toBe(2);
  });

  test("has log probabilities in the common form", () => {
    expect(decode("log probabilities").candidates[0]?.logprobs).toEqual({
      content: [{ token: "a", logprob: -0.5, bytes: null, top_logprobs: [{ token: "b", logprob: -2, bytes: null }] }],
    });
  });

  test("may have null and odd values anywhere", () => {
    const odd = {
      candidates: [
        null,
        {
          content: { parts: [null, { text: null }, { text: 5 }, { functionCall: null, text: "a" }, {}] },
          finishReason: null,
          groundingMetadata: { groundingSupports: [null, {}], groundingChunks: "x" },
        },
      ],
      usageMetadata: { promptTokenCount: null, totalTokenCount: "x", candidatesTokenCount: -3 },
      modelVersion: null,
      responseId: 7,
      createTime: "never",
    } as Json;
    const response = gemini.decodeResponse(odd);
    expect(response).toMatchObject({ id: "", model: "", createdAt: 0 });
    expect(JSON.stringify(response.candidates)).toContain('"a"');
    expect(() => gemini.encodeResponse(response, reply)).not.toThrow();
  });

  test.each([[null], ["<html>"], [[]], [{}], [{ choices: [] }]] as Json[][])("is not %j", (body) => {
    expect(() => gemini.decodeResponse(body ?? null)).toThrow(
      expect.objectContaining({ code: "provider_protocol_error" }),
    );
  });

  test("may be an error after all", () => {
    const body = { error: { code: 503, status: "UNAVAILABLE", message: "overloaded" } };
    expect(() => gemini.decodeResponse(body)).toThrow(
      expect.objectContaining({ code: "upstream_error", message: "overloaded" }),
    );
  });
});

describe("an answer of another provider", () => {
  const response: ChatResponse = {
    id: "",
    model: "",
    createdAt: 0,
    candidates: [
      {
        index: 0,
        finishReason: "refusal",
        logprobs: { content: [{ token: "a", logprob: -1, top_logprobs: [] }] },
        items: [
          {
            type: "reasoning",
            summary: [],
            text: "",
            opaque: { maker: "openai-responses", kind: "encrypted", value: "x".repeat(40), id: "rs_1" },
          },
          {
            type: "message",
            role: "assistant",
            content: [
              {
                type: "text",
                text: "Zürich.",
                citations: [
                  { type: "url", url: "https://a", title: "A", start: 0, end: 6 },
                  { type: "document", title: "D", citedText: "q" },
                ],
              },
              { type: "refusal", text: "no" },
              { type: "opaque", dialect: "openai-chat", value: {} },
            ],
          },
          { type: "tool_call", callId: "c1", name: "patch", kind: "custom", arguments: "raw" },
          { type: "opaque", dialect: "anthropic-messages", role: "assistant", value: {} },
        ],
      },
    ],
    usage: {
      ...emptyUsage(),
      inputTokens: 5,
      outputTokens: 9,
      reasoningTokens: 4,
      audioOutputTokens: 2,
      raw: { prompt_tokens: 5 },
    },
  };
  const body = gemini.encodeResponse(response, reply);

  test("has the fields that the SDKs read", () => {
    const sealed = expect.stringMatching(/^[A-Za-z0-9+/]+=*$/);
    expect(body).toEqual({
      candidates: [
        {
          content: {
            role: "model",
            parts: [
              { text: "", thought: true, thoughtSignature: sealed },
              { text: "Zürich." },
              { text: "no" },
              { functionCall: { id: "c1", name: "patch", args: { tl_custom_input: "raw" } } },
            ],
          },
          finishReason: "SAFETY",
          index: 0,
          groundingMetadata: {
            groundingChunks: [
              { web: { uri: "https://a", title: "A" } },
              { retrievedContext: { title: "D", text: "q" } },
            ],
            groundingSupports: [
              { segment: { partIndex: 1, startIndex: 0, endIndex: 7, text: "Zürich" }, groundingChunkIndices: [0] },
              { segment: { partIndex: 1, startIndex: 0, endIndex: 8, text: "Zürich." }, groundingChunkIndices: [1] },
            ],
          },
          logprobsResult: {
            chosenCandidates: [{ token: "a", logProbability: -1 }],
            topCandidates: [{ candidates: [] }],
          },
        },
      ],
      usageMetadata: {
        promptTokenCount: 5,
        candidatesTokenCount: 5,
        thoughtsTokenCount: 4,
        totalTokenCount: 14,
        candidatesTokensDetails: [
          { modality: "TEXT", tokenCount: 3 },
          { modality: "AUDIO", tokenCount: 2 },
        ],
      },
      modelVersion: "asked",
      responseId: "req-1",
    });
  });

  test("brings its sealed state back, also when the client re-encoded the bytes", () => {
    const content = (body.candidates as JsonObject[])[0]?.content as JsonObject;
    const urlSafe = JSON.parse(
      JSON.stringify(content).replaceAll(
        /"thoughtSignature":"([^"]*)"/g,
        (_, text: string) => `"thoughtSignature":"${Buffer.from(text, "base64").toString("base64url")}"`,
      ),
    ) as JsonObject;
    for (const form of [content, urlSafe]) {
      const { items } = gemini.decodeRequest({ body: { contents: [form] } });
      expect(items[0]).toEqual({
        type: "reasoning",
        summary: [],
        text: "",
        opaque: { maker: "openai-responses", kind: "encrypted", value: "x".repeat(40), id: "rs_1" },
      });
      expect(items[2]).toMatchObject({ type: "tool_call", kind: "custom", arguments: "raw", callId: "c1" });
    }
  });
});

describe("finish reasons", () => {
  test.each([
    ["STOP", false, "stop"],
    ["STOP", true, "tool_calls"],
    ["MAX_TOKENS", true, "length"],
    ["SAFETY", false, "content_filter"],
    ["RECITATION", false, "content_filter"],
    ["PROHIBITED_CONTENT", false, "content_filter"],
    ["MALFORMED_FUNCTION_CALL", false, "error"],
    ["LANGUAGE", false, "other"],
    ["CONTINUATION", false, "pause"],
    ["toString", false, "other"],
  ] as const)("%s with calls %p is %s", (wire, called, reason) => {
    expect(decodeFinishReason(wire, called)).toBe(reason);
  });
});

describe("usage", () => {
  test("counts every token once", () => {
    const wire = {
      promptTokenCount: 19,
      cachedContentTokenCount: 3,
      candidatesTokenCount: 4,
      toolUsePromptTokenCount: 63,
      thoughtsTokenCount: 56,
      totalTokenCount: 142,
      promptTokensDetails: [{ modality: "AUDIO", tokenCount: 6 }, { modality: "TEXT", tokenCount: 13 }, null],
      candidatesTokensDetails: [{ modality: "AUDIO", tokenCount: 2 }],
    };
    const usage = decodeUsage(wire, 1);
    expect(usage).toEqual({
      inputTokens: 82,
      cachedInputTokens: 3,
      cacheWriteTokens: 0,
      cacheWrite1hTokens: 0,
      outputTokens: 60,
      reasoningTokens: 56,
      audioInputTokens: 6,
      audioOutputTokens: 2,
      webSearches: 1,
      raw: wire,
    });
    expect(usage && encodeUsage(usage)).toBe(wire);
  });

  test("takes thoughts as included where the total says so", () => {
    expect(
      decodeUsage({ promptTokenCount: 10, candidatesTokenCount: 30, thoughtsTokenCount: 20, totalTokenCount: 40 }, 0),
    ).toMatchObject({ outputTokens: 30, reasoningTokens: 20 });
    expect(
      decodeUsage({ promptTokenCount: 10, candidatesTokenCount: 30, thoughtsTokenCount: 20, totalTokenCount: 60 }, 0),
    ).toMatchObject({ outputTokens: 50, reasoningTokens: 20 });
  });
});

test("offsets agree with the bytes of the text", () => {
  const text = "aé€😀z";
  for (const units of [0, 1, 2, 3, 5, 6]) expect(utf16Offset(text, utf8Offset(text, units))).toBe(units);
  expect(utf8Offset(text, 6)).toBe(Buffer.byteLength(text));
  expect(utf16Offset(text, 999)).toBe(text.length);
});

describe("errors", () => {
  const rate = {
    error: {
      code: 429,
      message: "Quota exceeded",
      status: "RESOURCE_EXHAUSTED",
      details: [
        { "@type": "type.googleapis.com/google.rpc.QuotaFailure" },
        { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "34.07s" },
      ],
    },
  };

  test.each([
    [429, rate, { status: 429, type: "RESOURCE_EXHAUSTED", code: "429", message: "Quota exceeded" }],
    [429, [rate], { status: 429, type: "RESOURCE_EXHAUSTED", message: "Quota exceeded" }],
    [
      400,
      {
        error: {
          code: 400,
          message: "API key not valid.",
          status: "INVALID_ARGUMENT",
          details: [{ "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason: "API_KEY_INVALID" }],
        },
      },
      { status: 401, code: "API_KEY_INVALID" },
    ],
    [
      400,
      {
        error: {
          message: "bad",
          status: "INVALID_ARGUMENT",
          details: [{ "@type": "type.googleapis.com/google.rpc.BadRequest", fieldViolations: [{ field: "contents" }] }],
        },
      },
      { param: "contents" },
    ],
    [401, { error: "invalid_grant", error_description: "expired" }, { type: "invalid_grant", message: "expired" }],
    [500, { message: "boom" }, { message: "boom" }],
    [502, "<html><head><title>502 Bad Gateway</title></head></html>", { message: "502 Bad Gateway" }],
    [503, "upstream connect error", { message: "upstream connect error" }],
    [500, null, { status: 500 }],
    [500, "", { message: "the provider answered 500" }],
    [400, { error: { message: null, details: "x" } }, { message: "the provider answered 400" }],
  ] as Array<[number, Json, object]>)("%d %j are read", (status, body, fault) => {
    expect(gemini.decodeError(status, body)).toMatchObject(fault);
  });

  test("have the form of google.rpc.Status, with our code and details", () => {
    const limit = { scope: "virtual_key:a", metric: "requests" as const, limit: 1, used: 1, reset_at: null };
    const attempts = [{ provider: "p", model: "m", status: 500, code: "upstream_error" as const, ms: 3 }];
    const { status, body } = gemini.encodeError(
      new GatewayError("rate_limited", "slow down", { limit, attempts, retryAfterMs: 1500, param: "model" }),
    );
    expect(status).toBe(429);
    expect(body).toEqual({
      error: {
        code: 429,
        message: "slow down",
        status: "RESOURCE_EXHAUSTED",
        limit,
        attempts,
        details: [
          { "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason: "rate_limited", domain: "trunkline" },
          {
            "@type": "type.googleapis.com/google.rpc.BadRequest",
            fieldViolations: [{ field: "model", description: "slow down" }],
          },
          { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "1.5s" },
        ],
      },
    });
  });

  test("of an upstream are handed on in its words", () => {
    const upstream = gemini.decodeError(429, rate);
    const { body } = gemini.encodeError(
      new GatewayError("upstream_rate_limited", "ours", { upstream, retryAfterMs: 34_070 }),
    );
    const error = body.error as JsonObject;
    expect(error).toMatchObject({ code: 429, message: "Quota exceeded", status: "RESOURCE_EXHAUSTED" });
    expect((error.details as Json[]).slice(1)).toEqual(rate.error.details);
    const foreign = { status: 400, type: "invalid_request_error", message: "theirs", body: { error: { type: "x" } } };
    expect(
      gemini.encodeError(new GatewayError("upstream_invalid_request", "ours", { upstream: foreign })).body.error,
    ).toMatchObject({ message: "theirs", status: "INVALID_ARGUMENT" });
  });
});
