import { describe, expect, test } from "bun:test";
import type { Json, JsonObject } from "../../canonical/json.ts";
import type { ChatResponse } from "../../canonical/response.ts";
import { gemini } from "./index.ts";
import { reply, model } from "./fixtures/answers.ts";

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
      items: [{ callId: "call_gemini_a_b_1" }],
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
