import { describe, expect, test } from "bun:test";
import type { ReplyContext } from "../../canonical/dialect.ts";
import { GatewayError } from "../../canonical/errors.ts";
import { isJsonObject, type JsonObject } from "../../canonical/json.ts";
import { replayResponse } from "../../canonical/replay.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import { emptyUsage } from "../../canonical/usage.ts";
import { createStreamEncoder } from "./encode-stream.ts";
import { createJsonArrayEncoder, gemini } from "./index.ts";
import { decode, chunk, STOP } from "./fixtures/stream.ts";
import type { AnswerShape } from "./fixtures/wire-shapes.ts";

const reply: ReplyContext = {
  requestId: "req-1",
  model: "asked",
  createdAt: 1,
  request: gemini.decodeRequest({ body: {} }),
};

function encode(parts: StreamPart[], create = createStreamEncoder): string {
  const encoder = create(reply);
  return parts.map((part) => encoder.encode(part)).join("");
}

function events(text: string): AnswerShape[] {
  const list = text.split("\n\n").filter((event) => event !== "");
  return list.map((event) => JSON.parse(event.replace(/^data: /, "")) as AnswerShape);
}

describe("the stream encoder", () => {
  const foreign: StreamPart[] = [
    { type: "start", id: "", model: "", createdAt: 0 },
    { type: "item_start", index: 0, candidate: 0, kind: "tool_call", callId: "a", name: "f" },
    { type: "item_start", index: 1, candidate: 0, kind: "tool_call", callId: "b", name: "g", toolKind: "custom" },
    { type: "tool_delta", index: 1, text: "free " },
    { type: "tool_delta", index: 0, text: '{"x":' },
    { type: "tool_delta", index: 1, text: "text" },
    { type: "tool_delta", index: 0, text: "1}" },
    { type: "item_end", index: 1 },
    { type: "finish", candidate: 0, reason: "tool_calls", raw: "tool_use" },
    { type: "usage", usage: { ...emptyUsage(), inputTokens: 3, outputTokens: 2 } },
    { type: "end" },
  ];

  test("gives calls whole, also those that never ended, and usage with the finish", () => {
    const list = events(encode(foreign));
    expect(list.map((event) => event.candidates?.[0]?.content?.parts?.[0])).toEqual([
      { functionCall: { id: "b", name: "g", args: { tl_custom_input: "free text" } } },
      { functionCall: { id: "a", name: "f", args: { x: 1 } } },
      { text: "" },
    ]);
    expect(list.at(-1)).toMatchObject({
      candidates: [{ finishReason: "STOP", index: 0 }],
      usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 2, totalTokenCount: 5 },
      modelVersion: "asked",
      responseId: "req-1",
    });
  });

  test("frames the same chunks as one JSON list", () => {
    const list = JSON.parse(encode(foreign, createJsonArrayEncoder)) as unknown;
    expect(list).toEqual(events(encode(foreign)));
    expect(JSON.parse(encode([{ type: "end" }], createJsonArrayEncoder))).toHaveLength(1);
    const failed = encode(
      [...foreign.slice(0, 8), { type: "error", error: new GatewayError("upstream_truncated", "cut") }],
      createJsonArrayEncoder,
    );
    expect(JSON.parse(failed)).toMatchObject([{ candidates: [{}] }, { error: { code: 502 } }]);
  });

  test("ends with an error and says nothing after it", () => {
    const error = new GatewayError("upstream_error", "line\nbreak");
    const text = encode([...foreign.slice(0, 1), { type: "error", error }, ...foreign.slice(1)]);
    expect(events(text)).toMatchObject([{ error: { code: 502, message: "line\nbreak", status: "UNAVAILABLE" } }]);
  });

  test("carries state that was there from the start, and drops what it cannot say", () => {
    const text = encode([
      { type: "start", id: "i", model: "m", createdAt: 0 },
      {
        type: "item_start",
        index: 0,
        candidate: 0,
        kind: "reasoning",
        opaque: { maker: "anthropic-messages", kind: "redacted", value: "zz" },
      },
      { type: "item_end", index: 0 },
      { type: "opaque_item", index: 1, candidate: 0, dialect: "anthropic-messages", value: { a: 1 } },
      { type: "ping" },
      { type: "unknown", dialect: "openai-chat", event: "x", data: "{}" },
      { type: "unknown", dialect: "gemini", event: "", data: '{"novelty":1}' },
      { type: "item_start", index: 2, candidate: 0, kind: "message" },
      { type: "refusal_delta", index: 2, part: 0, text: "no" },
      { type: "item_end", index: 2 },
      { type: "finish", candidate: 0, reason: "refusal" },
      { type: "end" },
    ]);
    const list = events(text);
    expect(list).toMatchObject([
      { candidates: [{ content: { parts: [{ text: "", thought: true, thoughtSignature: expect.any(String) }] } }] },
      { novelty: 1 },
      { candidates: [{ content: { parts: [{ text: "no" }] } }] },
      { candidates: [{ finishReason: "SAFETY" }] },
    ]);
  });

  test("sets summary parts apart, as a whole answer does", () => {
    const parts: StreamPart[] = [
      { type: "start", id: "i", model: "m", createdAt: 0 },
      { type: "item_start", index: 0, candidate: 0, kind: "reasoning" },
      { type: "reasoning_delta", index: 0, channel: "summary", part: 0, text: "a" },
      { type: "reasoning_delta", index: 0, channel: "summary", part: 0, text: "b" },
      { type: "reasoning_delta", index: 0, channel: "summary", part: 1, text: "c" },
      { type: "item_end", index: 0 },
      { type: "finish", candidate: 0, reason: "stop" },
      { type: "end" },
    ];
    const thoughts = events(encode(parts)).flatMap((event) => event.candidates?.[0]?.content?.parts ?? []);
    expect(thoughts.map((part) => part.text).join("")).toBe("ab\n\nc");
  });

  test("places citations in the whole text, each counted from its own part", () => {
    const list = events(
      encode([
        { type: "start", id: "i", model: "m", createdAt: 0 },
        { type: "item_start", index: 0, candidate: 0, kind: "message" },
        { type: "text_delta", index: 0, part: 0, text: "é " },
        { type: "citation", index: 0, part: 1, citation: { type: "url", url: "https://a" } },
        { type: "text_delta", index: 0, part: 1, text: "cit" },
        { type: "text_delta", index: 0, part: 1, text: "ed" },
        { type: "citation", index: 0, part: 1, citation: { type: "url", url: "https://b", start: 1, end: 3 } },
        { type: "item_end", index: 0 },
        { type: "finish", candidate: 0, reason: "stop" },
        { type: "end" },
      ]),
    );
    expect(list.at(-1)?.candidates?.[0]?.groundingMetadata?.["groundingSupports"]).toEqual([
      { segment: { startIndex: 3, endIndex: 8, text: "cited" }, groundingChunkIndices: [0] },
      { segment: { startIndex: 4, endIndex: 6, text: "it" }, groundingChunkIndices: [1] },
    ]);
  });

  test("keeps an answer of Gemini as it was", () => {
    const groundingMetadata = { webSearchQueries: ["q"] };
    const chunks: JsonObject[] = [
      { ...chunk([{ text: "a" }]), createTime: "2026-01-01T00:00:00Z" },
      {
        ...chunk([{ inlineData: { mimeType: "image/png", data: "aGk=" }, thoughtSignature: "c2ln" }]),
        createTime: "2026-01-01T00:00:00Z",
      },
      { ...chunk([{ codeExecutionResult: { outcome: "OUTCOME_OK" } }]), createTime: "2026-01-01T00:00:00Z" },
      {
        ...chunk([{ functionCall: { name: "f", args: {} }, thoughtSignature: "c2ln" }]),
        createTime: "2026-01-01T00:00:00Z",
      },
      { ...chunk([{ text: "" }], { ...STOP, groundingMetadata }), createTime: "2026-01-01T00:00:00Z" },
    ];
    expect(events(encode(decode(...chunks)))).toEqual(chunks);
  });

  test("replays a whole answer, also a blocked one", () => {
    const blocked = { promptFeedback: { blockReason: "SAFETY" }, modelVersion: "m", responseId: "r" };
    expect(events(encode(replayResponse(gemini.decodeResponse(blocked))))).toEqual([blocked]);
    const whole = chunk([{ text: "a" }, { functionCall: { name: "f", args: { x: 1 } } }], STOP);
    const parts = events(encode(replayResponse(gemini.decodeResponse(whole)))).flatMap(
      (event) => event.candidates?.[0]?.content?.parts ?? [],
    );
    expect(parts.filter(isJsonObject)).toEqual([
      { text: "a" },
      { functionCall: { name: "f", args: { x: 1 } } },
      { text: "" },
    ]);
  });
});
