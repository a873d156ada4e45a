import { describe, expect, test } from "bun:test";
import type { JsonObject } from "../../canonical/json.ts";
import type { ChatResponse } from "../../canonical/response.ts";
import { emptyUsage } from "../../canonical/usage.ts";
import { decodeFinishReason } from "./finish-reason.ts";
import { gemini } from "./index.ts";
import { decodeUsage, encodeUsage } from "./usage.ts";
import { reply } from "./fixtures/answers.ts";

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
