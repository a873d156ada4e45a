import { describe, expect, test } from "bun:test";
import type { ReplyContext } from "../../canonical/dialect.ts";
import type { JsonObject } from "../../canonical/json.ts";
import { replayResponse } from "../../canonical/replay.ts";
import type { FinishReason } from "../../canonical/response.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import { emptyUsage } from "../../canonical/usage.ts";
import { decodeRequest } from "./decode-request.ts";
import { decodeResponse } from "./decode-response.ts";
import { createStreamDecoder } from "./decode-stream.ts";
import { encodeResponse } from "./encode-response.ts";
import { createStreamEncoder } from "./encode-stream.ts";

const METRICS = { inputTokenCount: 8, outputTokenCount: 4, invocationLatency: 900, firstByteLatency: 300 };

interface Case {
  name: string;
  request: JsonObject;
  whole: JsonObject;
  /** What it counts; null: nothing in the body. */
  counts: [number, number] | null;
  chunks: JsonObject[];
  ending: FinishReason;
}

const last = (chunk: JsonObject): JsonObject => ({ ...chunk, "amazon-bedrock-invocationMetrics": METRICS });

/** As each family answers, whole and in chunks. */
const CASES: Case[] = [
  {
    name: "titan",
    request: { inputText: "Hi" },
    whole: { inputTextTokenCount: 8, results: [{ tokenCount: 4, outputText: "Hello!", completionReason: "FINISH" }] },
    counts: [8, 4],
    chunks: [
      { outputText: "Hel", index: 0, totalOutputTextTokenCount: null, completionReason: null, inputTextTokenCount: 8 },
      last({
        outputText: "lo!",
        index: 0,
        totalOutputTextTokenCount: 4,
        completionReason: "FINISH",
        inputTextTokenCount: null,
      }),
    ],
    ending: "stop",
  },
  {
    name: "llama",
    request: { prompt: "Hi", max_gen_len: 9 },
    whole: { generation: "Hello!", prompt_token_count: 8, generation_token_count: 4, stop_reason: "length" },
    counts: [8, 4],
    chunks: [
      { generation: "Hel", prompt_token_count: 8, generation_token_count: 1, stop_reason: null },
      { generation: "lo!", prompt_token_count: null, generation_token_count: 3, stop_reason: null },
      last({ generation: "", prompt_token_count: null, generation_token_count: 4, stop_reason: "length" }),
    ],
    ending: "length",
  },
  {
    name: "mistral",
    request: { prompt: "Hi", max_tokens: 9 },
    whole: { outputs: [{ text: "Hello!", stop_reason: "stop" }] },
    counts: null,
    chunks: [
      { outputs: [{ text: "Hello", stop_reason: null }] },
      last({ outputs: [{ text: "!", stop_reason: "stop" }] }),
    ],
    ending: "stop",
  },
  {
    name: "command",
    request: { prompt: "Hi", p: 0.5 },
    whole: {
      id: "c-1",
      generations: [{ id: "c-1-0", text: "Hello!", finish_reason: "MAX_TOKENS" }],
      prompt: "Hi",
    },
    counts: null,
    chunks: [
      { index: 0, text: "Hello", is_finished: false },
      { index: 0, text: "!", is_finished: false },
      last({ index: 0, is_finished: true, finish_reason: "MAX_TOKENS" }),
    ],
    ending: "length",
  },
  {
    name: "command-r",
    request: { message: "Hi" },
    whole: { response_id: "r-1", generation_id: "g-1", text: "Hello!", finish_reason: "COMPLETE", chat_history: [] },
    counts: null,
    chunks: [
      { is_finished: false, event_type: "text-generation", text: "Hel" },
      { is_finished: false, event_type: "text-generation", text: "lo!" },
      last({
        is_finished: true,
        event_type: "stream-end",
        finish_reason: "COMPLETE",
        response: { response_id: "r-1", text: "Hello!" },
      }),
    ],
    ending: "stop",
  },
];

function replyTo(request: JsonObject): ReplyContext {
  return {
    requestId: "req_1",
    model: "asked",
    createdAt: 0,
    request: decodeRequest({ body: request, pathModel: "asked" }),
  };
}

function decodeChunks(chunks: readonly (JsonObject | string)[]): StreamPart[] {
  const decoder = createStreamDecoder();
  const out: StreamPart[] = [];
  for (const chunk of chunks)
    decoder.push({ event: "", data: typeof chunk === "string" ? chunk : JSON.stringify(chunk) }, out);
  decoder.finish(out);
  return out;
}

function encodeParts(reply: ReplyContext, parts: readonly StreamPart[]): JsonObject[] {
  const encoder = createStreamEncoder(reply);
  const text = parts.map((part) => encoder.encode(part)).join("");
  return text
    .split("\n\n")
    .filter((event) => event !== "")
    .map((event) => JSON.parse(event.replace(/^data: /, "")));
}

const textOf = (parts: readonly StreamPart[]): string =>
  parts.map((part) => (part.type === "text_delta" ? part.text : "")).join("");

describe.each(CASES.map((it) => [it.name, it] as const))("%s", (_, { request, whole, counts, chunks, ending }) => {
  test("a whole answer is read, and comes out as it went in", () => {
    const response = decodeResponse(whole);
    const usage = counts === null ? undefined : { ...emptyUsage(), inputTokens: counts[0], outputTokens: counts[1] };
    expect(response).toMatchObject({
      candidates: [{ finishReason: ending, items: [{ content: [{ type: "text", text: "Hello!" }] }] }],
      ...(usage && { usage }),
    });
    if (usage === undefined) expect(response.usage).toBeUndefined();
    expect(encodeResponse(response, replyTo(request))).toMatchObject(whole);
  });

  test("a stream is read", () => {
    const parts = decodeChunks(chunks);
    expect(parts[0]).toMatchObject({ type: "start" });
    expect(textOf(parts)).toBe("Hello!");
    expect(parts.filter(({ type }) => type !== "text_delta").map(({ type }) => type)).toEqual([
      "start",
      "item_start",
      "item_end",
      "finish",
      "usage",
      "end",
    ]);
    expect(parts.find(({ type }) => type === "finish")).toMatchObject({ reason: ending });
    expect(parts.find(({ type }) => type === "usage")).toMatchObject({ usage: { inputTokens: 8, outputTokens: 4 } });
  });

  test("a stream of another dialect is written in the family's chunks, which it reads itself", () => {
    const parts = replayResponse({
      id: "x",
      model: "m",
      createdAt: 0,
      candidates: [
        {
          index: 0,
          finishReason: ending,
          items: [{ type: "message", role: "assistant", content: [{ type: "text", text: "Hello!" }] }],
        },
      ],
      usage: { ...emptyUsage(), inputTokens: 8, outputTokens: 4 },
    });
    const written = encodeParts(replyTo(request), parts);
    for (const chunk of written.slice(0, -1))
      expect(Object.keys(chunk).toSorted()).toEqual(Object.keys(chunks[0] ?? {}).toSorted());
    expect(written.at(-1)).toMatchObject({
      "amazon-bedrock-invocationMetrics": { inputTokenCount: 8, outputTokenCount: 4 },
    });
    const read = decodeChunks(written);
    expect(textOf(read)).toBe("Hello!");
    expect(read.find(({ type }) => type === "finish")).toMatchObject({ reason: ending });
  });

  test("a stream that breaks off says so", () => {
    expect(decodeChunks(chunks.slice(0, 1)).at(-1)).toMatchObject({
      type: "error",
      error: { code: "upstream_truncated" },
    });
  });
});

test("what is no answer is refused", () => {
  for (const body of [null, {}, [], "x", { results: [] }, { outputs: ["x"] }, { generation: 7 }])
    expect(() => decodeResponse(body)).toThrow("no known model");
});

test("chunks that are none end the stream; unknown ones pass", () => {
  expect(decodeChunks(["no JSON"]).at(-1)).toMatchObject({ type: "error", error: { code: "provider_protocol_error" } });
  expect(decodeChunks([{ future: 1 }, ...(CASES[0]?.chunks ?? [])])[0]).toMatchObject({ type: "unknown" });
});

test("several answers of Command are told apart", () => {
  const parts = decodeChunks([
    { index: 0, text: "One", is_finished: false },
    { index: 1, text: "Two", is_finished: false },
    { index: 0, is_finished: true, finish_reason: "COMPLETE" },
    last({ index: 1, is_finished: true, finish_reason: "COMPLETE" }),
  ]);
  expect(parts.filter(({ type }) => type === "finish")).toHaveLength(2);
  expect(parts.at(-1)).toEqual({ type: "end" });
});

test("what a guardrail says in the model's place is the whole answer", () => {
  const chunk = { outputText: "Blocked", index: 0, totalOutputTextTokenCount: 3, inputTextTokenCount: 6 };
  const parts = decodeChunks([{ ...chunk, "amazon-bedrock-guardrailAction": "INTERVENED" }]);
  expect(textOf(parts)).toBe("Blocked");
  expect(parts.slice(-4)).toMatchObject([
    { type: "item_end" },
    { type: "finish", reason: "content_filter" },
    { type: "usage", usage: { inputTokens: 6, outputTokens: 3 } },
    { type: "end" },
  ]);
  expect(decodeChunks([chunk]).at(-1)).toMatchObject({ type: "error" });
});
