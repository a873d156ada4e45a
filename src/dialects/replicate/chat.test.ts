import { describe, expect, test } from "bun:test";
import type { Frame } from "../../canonical/dialect.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { ChatRequest, Item, ReasoningOptions } from "../../canonical/request.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import type { Warning } from "../../canonical/warning.ts";
import { decodeChat, followChat } from "./decode-chat.ts";
import { createStreamDecoder } from "./decode-stream.ts";
import { encodeChat } from "./encode-chat.ts";

const said = (role: "system" | "user" | "assistant", text: string): Item => ({
  type: "message",
  role,
  content: [{ type: "text", text }],
});

function encode(model: string, more: Partial<ChatRequest> = {}) {
  const warnings: Warning[] = [];
  const items = [said("system", "Be brief."), said("user", "Hello")];
  const request: ChatRequest = { model, stream: false, items, tools: [], extensions: {}, warnings: [], ...more };
  const encoded = encodeChat(request, { model, warnings, flags: {} });
  return { ...encoded, fields: warnings.map(({ field }) => field) };
}

const input = (body: JsonObject): JsonObject => body["input"] as JsonObject;

describe("requests", () => {
  test("an official model has a path of its own, and is waited for", () => {
    expect(
      encode("meta/meta-llama-3-70b-instruct", { temperature: 0.6, stop: ["<a>", "<b>"], maxOutputTokens: 512 }),
    ).toEqual({
      path: "/models/meta/meta-llama-3-70b-instruct/predictions",
      body: {
        input: {
          prompt: "Hello",
          system_prompt: "Be brief.",
          temperature: 0.6,
          max_tokens: 512,
          stop_sequences: "<a>,<b>",
        },
      },
      headers: { prefer: "wait=30" },
      fields: [],
    });
  });

  test("a stream is not waited for", () => {
    const { headers, body } = encode("meta/meta-llama-3-8b-instruct", { stream: true });
    expect([headers, body["stream"]]).toEqual([{}, true]);
  });

  test.each([
    ["a/b:5c7d5dc6", "/predictions", "5c7d5dc6"],
    ["5c7d5dc6dd8bf75c", "/predictions", "5c7d5dc6dd8bf75c"],
    ["deployments/acme/llm", "/deployments/acme/llm/predictions", undefined],
    ["a/b c", "/models/a/b%20c/predictions", undefined],
  ])("%s is asked at %s", (model, path, version) => {
    const encoded = encode(model);
    expect([encoded.path, encoded.body["version"] as unknown]).toEqual([path, version]);
  });

  test("conversations are messages where the model has them, else their transcript", () => {
    const items = [said("user", "Hi"), said("assistant", "Yes?"), said("user", "2+2?")];
    expect(input(encode("openai/gpt-4.1-mini", { items }).body)).toEqual({
      messages: [
        { role: "user", content: "Hi" },
        { role: "assistant", content: "Yes?" },
        { role: "user", content: "2+2?" },
      ],
    });
    const written = encode("anthropic/claude-3.5-sonnet", { items });
    expect(input(written.body)).toEqual({ prompt: "User: Hi\n\nAssistant: Yes?\n\nUser: 2+2?\n\nAssistant:" });
    expect(written.fields).toEqual(["messages"]);
    const begun = encode("meta/x", { items: items.slice(0, 2) });
    expect(input(begun.body)).toEqual({ prompt: "User: Hi\n\nAssistant: Yes?" });
  });

  test("a model without a field for instructions has them before the prompt", () => {
    expect(input(encode("deepseek-ai/deepseek-r1").body)).toEqual({ prompt: "Be brief.\n\nHello" });
  });

  test("images go where the model takes them", () => {
    const items: Item[] = [
      {
        type: "message",
        role: "user",
        content: [
          { type: "text", text: "What?" },
          { type: "image", source: { type: "url", url: "https://x/a.png" } },
          { type: "image", source: { type: "base64", data: "aGk=" }, mediaType: "image/jpeg" },
        ],
      },
    ];
    const both = ["https://x/a.png", "data:image/jpeg;base64,aGk="];
    expect(input(encode("google/gemini-2.5-flash", { items }).body)).toEqual({ prompt: "What?", images: both });
    const one = encode("anthropic/claude-3.5-sonnet", { items });
    expect(input(one.body)).toEqual({ prompt: "What?", image: both[1] ?? "" });
    expect(one.fields).toEqual(["messages"]);
    expect(encode("meta/x", { items }).fields).toEqual(["messages[0].content[1]", "messages[0].content[2]"]);
  });

  test("what has no place warns", () => {
    const lost = { temperature: 1, topK: 4, reasoning: { effort: "low" as const }, n: 2 };
    expect(encode("anthropic/claude-3.5-sonnet", lost).fields).toEqual(["reasoning", "temperature", "top_k", "n"]);
    const reasoned = encode("openai/o1", { reasoning: { effort: "low" }, verbosity: "low" });
    expect(reasoned.fields).toEqual([]);
    expect(input(reasoned.body)).toMatchObject({ reasoning_effort: "low", verbosity: "low" });
  });

  test.each<[string, ReasoningOptions, string | undefined, string[]]>([
    ["openai/o1", { budgetTokens: 4000 }, "low", ["thinking.budget_tokens"]],
    ["openai/gpt-5", { budgetTokens: 50_000, summary: "auto" }, "high", ["thinking.budget_tokens"]],
    ["openai/gpt-5.1", { budgetTokens: 0 }, "none", ["thinking.budget_tokens"]],
    ["openai/gpt-5.1", { effort: "none" }, "none", []],
    ["openai/gpt-5", { effort: "none" }, undefined, ["reasoning.effort"]],
    ["openai/o1", { budgetTokens: 0 }, undefined, ["reasoning.effort"]],
    ["openai/o4-mini", { adaptive: true }, undefined, ["reasoning"]],
    ["openai/o4-mini", { budgetTokens: -1 }, undefined, ["reasoning"]],
    ["openai/o4-mini", { effort: "high", summary: "detailed" }, "high", ["reasoning.summary"]],
  ])("%s, %j: effort %p", (model, reasoning, effort, lost) => {
    const { body, fields } = encode(model, { reasoning });
    expect(input(body)["reasoning_effort"]).toBe(effort);
    expect(fields).toEqual(lost);
  });
});

/** https://replicate.com/docs/reference/http#models.predictions.create */
const PREDICTION = {
  id: "gm3qorzdhgbfurvjtvhg6dckhu",
  model: "meta/meta-llama-3-70b-instruct",
  version: "hidden",
  input: { prompt: "Hello" },
  logs: "",
  error: null,
  status: "starting",
  created_at: "2023-09-08T16:19:34.765994657Z",
  urls: {
    cancel: "https://api.replicate.com/v1/predictions/gm3qorzdhgbfurvjtvhg6dckhu/cancel",
    get: "https://api.replicate.com/v1/predictions/gm3qorzdhgbfurvjtvhg6dckhu",
    stream: "https://stream.replicate.com/v1/files/abc",
  },
};

describe("answers", () => {
  test("a prediction under way is looked at again, or its stream is read", () => {
    expect(followChat(PREDICTION, false)).toEqual({
      path: "/predictions/gm3qorzdhgbfurvjtvhg6dckhu",
      headers: {},
      afterMs: 500,
    });
    expect(followChat(PREDICTION, true)).toMatchObject({ path: PREDICTION.urls.stream, afterMs: 0 });
    expect(followChat({ ...PREDICTION, urls: {} }, true)).toMatchObject({ afterMs: 500 });
    for (const done of [{ ...PREDICTION, status: "succeeded" }, { ...PREDICTION, id: 5 }, null, []])
      expect(followChat(done, true)).toBeNull();
  });

  test("a finished one is an answer, with its tokens", () => {
    const metrics = { input_token_count: 15, output_token_count: 3, predict_time: 0.4 };
    expect(decodeChat({ ...PREDICTION, status: "succeeded", output: ["Hi", "", " there"], metrics })).toEqual({
      id: PREDICTION.id,
      model: "",
      createdAt: 1694189974,
      candidates: [
        {
          index: 0,
          items: [{ type: "message", role: "assistant", content: [{ type: "text", text: "Hi there" }] }],
          finishReason: "stop",
        },
      ],
      usage: expect.objectContaining({ inputTokens: 15, outputTokens: 3, raw: metrics }),
    });
    expect(decodeChat({ ...PREDICTION, status: "succeeded", output: "One" }).usage).toBeUndefined();
  });

  test("a failed one says why; what is no text is no answer", () => {
    expect(() => decodeChat({ ...PREDICTION, status: "failed", error: "CUDA out of memory" })).toThrow("CUDA");
    expect(() => decodeChat({ ...PREDICTION, status: "canceled" })).toThrow("the prediction is canceled");
    expect(() => decodeChat({ ...PREDICTION, status: "succeeded", output: [5] })).toThrow("no text");
    for (const body of [null, [], {}, { id: "x", status: "toString" }])
      expect(() => decodeChat(body)).toThrow("no prediction");
  });
});

function streamed(frames: Frame[]): StreamPart[] {
  const decoder = createStreamDecoder();
  const parts: StreamPart[] = [];
  for (const frame of frames) decoder.push(frame, parts);
  decoder.finish(parts);
  return parts;
}

describe("streams", () => {
  test("each output is a piece of the text, as it is", () => {
    const parts = streamed([
      { event: "output", data: "Hi" },
      { event: "logs", data: "x" },
      { event: "output", data: "\nthere" },
      { event: "done", data: "{}" },
      { event: "output", data: "late" },
    ]);
    expect(parts.map(({ type }) => type)).toEqual([
      "start",
      "item_start",
      "text_delta",
      "text_delta",
      "item_end",
      "finish",
      "end",
    ]);
    expect(parts[3]).toMatchObject({ text: "\nthere" });
  });

  test.each([
    [{ event: "error", data: '{"detail":"Error generating response"}' }, "Error generating response"],
    [{ event: "error", data: "Out of memory" }, "Out of memory"],
    [{ event: "done", data: '{"reason":"canceled"}' }, "the prediction ended early: canceled"],
    [{ event: "done", data: '{"reason":"error"}' }, "the prediction ended early: error"],
  ])("%j is an error", (frame, message) => {
    const parts = streamed([{ event: "output", data: "Hi" }, frame]);
    expect(parts.filter(({ type }) => type === "error")).toMatchObject([{ error: { message } }]);
    expect(parts.at(-1)?.type).toBe("error");
  });

  test("one that breaks off is truncated; events of no known name pass by", () => {
    expect(streamed([{ event: "output", data: "Hi" }]).at(-1)).toMatchObject({ error: { code: "upstream_truncated" } });
    expect(streamed([{ event: "what", data: "x" }])[0]).toMatchObject({ type: "unknown", event: "what" });
  });
});
