import { describe, expect, test } from "bun:test";
import { collectParts } from "../../canonical/collect.ts";
import type { Frame } from "../../canonical/dialect.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import { createStreamDecoder } from "./decode-stream.ts";
import { head, chunk, frame, done, stop, decode, items, checkOrder } from "./fixtures/stream-frames.ts";

const errorOf = (parts: StreamPart[]): string | undefined => {
  const last = parts.at(-1);
  return last?.type === "error" ? last.error.code : undefined;
};

const CALL = { id: "c", type: "function", function: { name: "f", arguments: "{}" } };

describe("reasoning", () => {
  const detail = (value: JsonObject, more: JsonObject = {}): Frame => chunk({ reasoning_details: [value], ...more });

  test("string fields, once when repeated", () => {
    const frames = [
      chunk({ reasoning: "a", reasoning_content: "a" }),
      chunk({ reasoning: "b", reasoning_content: "b" }),
      chunk({ content: "x" }),
    ];
    expect(items(...frames, stop, done)).toMatchObject([{ type: "reasoning", text: "ab" }, { type: "message" }]);
  });

  test("text and signature of one entry are one item", () => {
    const frames = [
      detail({ type: "reasoning.text", text: "a", index: 0 }, { reasoning: "a" }),
      detail({ type: "reasoning.text", text: "b", signature: "", index: 0 }, { reasoning: "b" }),
      detail({ type: "reasoning.text", signature: "sig", index: 0 }),
    ];
    const [item, ...rest] = items(...frames, stop, done);
    expect(rest).toEqual([]);
    expect(item).toMatchObject({ type: "reasoning", text: "ab", opaque: { maker: "openai-chat", kind: "signature" } });
    expect(item?.type === "reasoning" && item.opaque?.value).toContain('"signature":"sig"');
  });

  test("summary and encrypted data of one index are two", () => {
    const frames = [
      detail({ type: "reasoning.summary", summary: "a", index: 0 }),
      detail({ type: "reasoning.encrypted", data: "d", id: "rs", index: 0 }),
      detail({ type: "reasoning.encrypted", data: "e", id: "rt", index: 0 }),
    ];
    expect(items(...frames, stop, done)).toMatchObject([
      { summary: ["a"], text: "" },
      { opaque: { kind: "encrypted" } },
      { opaque: { kind: "encrypted" } },
    ]);
  });

  test("Mistral's thinking parts, mixed with strings", () => {
    const thinking = (text: string): Frame =>
      chunk({ content: [{ type: "thinking", thinking: [{ type: "text", text }] }] });
    const frames = [
      thinking("a"),
      thinking("b"),
      chunk({ content: [{ type: "text", text: "x" }] }),
      chunk({ content: "y" }),
    ];
    expect(items(...frames, stop, done)).toMatchObject([
      { type: "reasoning", text: "ab" },
      { type: "message", content: [{ text: "xy" }] },
    ]);
  });

  test("an empty piece begins nothing", () => {
    expect(
      items(
        chunk({ reasoning_content: "", content: "" }),
        chunk({ reasoning_content: null, content: "x" }),
        stop,
        done,
      ),
    ).toMatchObject([{ type: "message" }]);
  });
});

describe("content", () => {
  test("refusal, images, audio, annotations, logprobs", () => {
    const logprobs = { content: [{ token: "a" }], refusal: null };
    const frames = [
      chunk({ content: "a" }, { logprobs }),
      chunk({ images: [{ type: "image_url", image_url: { url: "data:image/png;base64,AA" } }] }),
      chunk({
        annotations: [{ type: "url_citation", url_citation: { url: "u", title: "t", start_index: 0, end_index: 1 } }],
      }),
      chunk({ audio: { id: "au", transcript: "he" } }),
      chunk({ audio: { data: "AA", transcript: "y" } }),
      chunk({ refusal: "no" }),
    ];
    const response = collectParts(decode(...frames, stop, done));
    expect(response.candidates[0]?.logprobs).toEqual(logprobs);
    expect(response.candidates[0]?.items).toMatchObject([
      {
        content: [
          { type: "text", text: "a", citations: [{ url: "u", title: "t" }] },
          { type: "image", mediaType: "image/png" },
          { type: "audio", id: "au", transcript: "hey", source: { data: "AA" } },
          { type: "refusal", text: "no" },
        ],
      },
    ]);
  });

  test("several choices keep apart", () => {
    const piece = (index: number, content: string): Frame =>
      frame({ ...head, choices: [{ index, delta: { content } }] });
    const frames = [piece(0, "a"), piece(1, "b"), piece(0, "c"), piece(1, "d")];
    const ends = [0, 1].map((index) => frame({ ...head, choices: [{ index, delta: {}, finish_reason: "stop" }] }));
    const { candidates } = collectParts(decode(...frames, ...ends, done));
    expect(candidates.map(({ items: [item] }) => item?.type === "message" && item.content)).toMatchObject([
      [{ text: "ac" }],
      [{ text: "bd" }],
    ]);
    checkOrder(decode(...frames, ...ends, done));
  });

  test("text that comes behind finish_reason is not lost", () => {
    const parts = decode(stop, chunk({ content: "late" }), done);
    expect(collectParts(parts).candidates[0]).toMatchObject({
      finishReason: "stop",
      items: [{ content: [{ text: "late" }] }],
    });
    checkOrder(parts);
  });

  test("a whole message in place of deltas", () => {
    const body = frame({
      ...head,
      choices: [{ index: 0, message: { role: "assistant", content: "hi" }, finish_reason: "stop" }],
    });
    expect(items(body, done)).toMatchObject([{ content: [{ text: "hi" }] }]);
  });

  test.each([
    ["text", chunk({ content: "hi" }), { content: "hi" }],
    ["a call", chunk({ tool_calls: [{ index: 0, ...CALL }] }), { content: null, tool_calls: [CALL] }],
    ["reasoning", chunk({ reasoning_content: "hm" }), { content: "", reasoning_content: "hm" }],
  ])("MiniMax's closing event says %s again", (_name, piece, message) => {
    const closing = frame({
      ...head,
      object: "chat.completion",
      choices: [{ index: 0, message, finish_reason: "stop" }],
    });
    const decoder = createStreamDecoder({ thinkTags: true });
    const parts: StreamPart[] = [];
    for (const each of [piece, closing]) decoder.push(each, parts);
    decoder.finish(parts);
    expect(parts.filter((part) => part.type.endsWith("_delta"))).toHaveLength(1);
    expect(collectParts(parts).candidates[0]).toMatchObject({ rawFinishReason: "stop" });
  });

  test("calls that only the closing event has are not lost", () => {
    const message = { content: "hi", tool_calls: [CALL] };
    const closing = frame({ ...head, choices: [{ index: 0, message, finish_reason: "tool_calls" }] });
    expect(items(chunk({ content: "hi" }), closing, done)).toMatchObject([
      { type: "message", content: [{ text: "hi" }] },
      { type: "tool_call", callId: "c" },
    ]);
  });

  test("log probabilities of no token begin no text", () => {
    const none = { logprobs: { content: [], refusal: null } };
    const call = chunk({ tool_calls: [{ index: 0, ...CALL }] }, none);
    expect(items(chunk({ role: "assistant", content: "" }, none), call, stop, done)).toMatchObject([
      { type: "tool_call" },
    ]);
  });
});

describe("the frame around it", () => {
  test("Azure's first chunk has neither id nor choices", () => {
    const first = frame({ id: "", object: "", created: 0, model: "", choices: [], prompt_filter_results: [1] });
    const parts = decode(first, chunk({ content: "a" }), stop, done);
    expect(parts[0]).toEqual({
      type: "start",
      id: "c1",
      model: "m",
      createdAt: 9,
      extensions: { "openai-chat": { prompt_filter_results: [1] } },
    });
  });

  test("usage of every kind of place, the last one wins", () => {
    const usage = (prompt: number): JsonObject => ({
      prompt_tokens: prompt,
      completion_tokens: 1,
      total_tokens: prompt + 1,
    });
    const parts = decode(
      chunk({ content: "a" }, {}, { usage: usage(1) }),
      chunk({}, { finish_reason: "stop", usage: usage(2) }),
      frame({ ...head, choices: [], x_groq: { usage: usage(3) } }),
      done,
    );
    expect(parts.filter((part) => part.type === "usage").map((part) => part.usage.inputTokens)).toEqual([1, 2, 3]);
    expect(collectParts(decode(stop, frame({ ...head, choices: [], usage: usage(4) }), done)).usage?.inputTokens).toBe(
      4,
    );
  });

  test("a chunk without choices, after finish_reason, finishes before [DONE]", () => {
    const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
    const decoder = createStreamDecoder();
    const parts: StreamPart[] = [];
    for (const one of [chunk({ content: "a" }), stop, frame({ ...head, choices: [], usage })]) decoder.push(one, parts);
    expect(parts.slice(-2).map((part) => part.type)).toEqual(["finish", "usage"]);
  });

  test("fields that come late stand on the end", () => {
    const parts = decode(
      chunk({ content: "a" }, {}, { citations: ["u"] }),
      stop,
      frame({ ...head, choices: [], usage: {}, timings: { n: 1 } }),
      done,
    );
    expect(parts.at(-1)).toEqual({ type: "end", extensions: { "openai-chat": { timings: { n: 1 } } } });
  });

  test.each([
    ["[DONE] without finish_reason", [chunk({ content: "a" }), done]],
    ["finish_reason without [DONE]", [chunk({ content: "a" }), stop]],
  ])("%s is complete", (_name, frames) => expect(decode(...frames).at(-1)?.type).toBe("end"));

  test.each([
    ["nothing at all", [], "upstream_truncated"],
    ["[DONE] alone", [done], "provider_protocol_error"],
    ["no finish_reason", [chunk({ content: "a" })], "upstream_truncated"],
    [
      "one choice of two finished",
      [stop, frame({ ...head, choices: [{ index: 1, delta: { content: "b" } }] })],
      "upstream_truncated",
    ],
    ["broken JSON", [{ event: "", data: '{"id":' }], "provider_protocol_error"],
    ["an error object", [frame({ error: { message: "m", type: "rate_limit_error" } })], "upstream_rate_limited"],
    ["an error event", [frame({ message: "m", code: "server_error" }, "error")], "upstream_error"],
    ["an error event in plain text", [{ event: "error", data: "gone" }], "upstream_error"],
    ["Cloudflare's errors", [frame({ errors: [{ code: 7009, message: "gone" }], success: false })], "upstream_error"],
    ["vLLM's error", [frame({ object: "error", message: "too long", code: 400 })], "upstream_invalid_request"],
    [
      "DashScope's error",
      [frame({ code: "Throttling", message: "slow down", request_id: "r" })],
      "upstream_rate_limited",
    ],
    [
      "OpenRouter's error",
      [
        frame({
          ...head,
          error: { code: 502, message: "gone" },
          choices: [{ index: 0, delta: { content: "" }, finish_reason: "error" }],
        }),
      ],
      "upstream_error",
    ],
    ["an error in the choice", [chunk({}, { error: { code: 429, message: "m" } })], "upstream_rate_limited"],
  ] as [string, Frame[], string][])("%s is an error", (_name, frames, code) => {
    const parts = decode(...frames);
    expect(errorOf(parts)).toBe(code);
    expect(parts.filter((part) => part.type === "error")).toHaveLength(1);
  });

  test("nothing follows an error", () => {
    const parts = decode(chunk({ content: "a" }), frame({ error: "x" }), chunk({ content: "b" }), done);
    expect(errorOf(parts)).toBe("upstream_error");
    expect(collectParts(parts).candidates[0]?.items).toMatchObject([{ content: [{ text: "a" }] }]);
  });

  test("pings and unknown events pass", () => {
    const parts = decode(
      { event: "ping", data: "{}" },
      { event: "", data: "" },
      { event: "x", data: '{"a":1}' },
      { event: "", data: "5" },
      chunk({ content: "a" }),
      stop,
      done,
    );
    expect(parts.slice(0, 4)).toEqual([
      { type: "ping" },
      { type: "ping" },
      { type: "unknown", dialect: "openai-chat", event: "x", data: '{"a":1}' },
      { type: "unknown", dialect: "openai-chat", event: "", data: "5" },
    ]);
  });

  test("wrong types anywhere are tolerated", () => {
    const odd = frame({
      id: 5,
      created: null,
      choices: [
        null,
        3,
        {
          index: "0",
          delta: { content: 5, tool_calls: [7, {}], images: [null], annotations: "x", reasoning_details: [1] },
        },
      ],
    });
    const parts = decode(odd, chunk({ content: "a" }), stop, done);
    expect(parts.at(-1)?.type).toBe("end");
    checkOrder(parts);
  });
});
