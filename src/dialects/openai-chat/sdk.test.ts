import { describe, expect, test } from "bun:test";
import OpenAI, { APIError } from "openai";
import type { ReplyContext } from "../../canonical/dialect.ts";
import { GatewayError } from "../../canonical/errors.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import { emptyUsage } from "../../canonical/usage.ts";
import { decodeRequest } from "./decode-request.ts";
import { createStreamEncoder } from "./encode-stream.ts";

const messages = [{ role: "user" as const, content: "hi" }];

function reply(includeUsage: boolean, more = {}): ReplyContext {
  const body = { model: "m", messages, stream: true, stream_options: { include_usage: includeUsage }, ...more };
  return { requestId: "r1", model: "alias", createdAt: 5, request: decodeRequest({ body }) };
}

function encode(parts: StreamPart[], context = reply(true)): string {
  const encoder = createStreamEncoder(context);
  return parts.map((part) => encoder.encode(part)).join("");
}

/** What the official SDK's stream helper makes of the encoded stream. */
async function accumulate(parts: StreamPart[], context = reply(true)): Promise<OpenAI.ChatCompletion> {
  const fetch = (): Promise<Response> =>
    Promise.resolve(new Response(encode(parts, context), { headers: { "content-type": "text/event-stream" } }));
  const client = new OpenAI({ apiKey: "none", baseURL: "http://gateway.test/v1", fetch, maxRetries: 0 });
  return client.chat.completions.stream({ model: "m", messages }).finalChatCompletion();
}

const start: StreamPart = { type: "start", id: "c1", model: "m1", createdAt: 9 };
const end: StreamPart = { type: "end" };
const finish = (reason: "stop" | "tool_calls", candidate = 0): StreamPart => ({ type: "finish", candidate, reason });
const usage: StreamPart = { type: "usage", usage: { ...emptyUsage(), inputTokens: 3, outputTokens: 4 } };

describe("the official SDK's stream helper", () => {
  test("text, logprobs, usage", async () => {
    const logprobs = { content: [{ token: "a", logprob: -1, bytes: null, top_logprobs: [] }], refusal: null };
    const completion = await accumulate([
      start,
      { type: "item_start", index: 0, candidate: 0, kind: "message" },
      { type: "text_delta", index: 0, part: 0, text: 'a\n"', logprobs },
      { type: "ping" },
      { type: "text_delta", index: 0, part: 0, text: "b" },
      { type: "item_end", index: 0 },
      usage,
      finish("stop"),
      end,
    ]);
    expect(completion).toMatchObject({
      id: "c1",
      model: "m1",
      created: 9,
      usage: { prompt_tokens: 3, completion_tokens: 4 },
    });
    expect(completion.choices[0]).toMatchObject({
      finish_reason: "stop",
      logprobs,
      message: { role: "assistant", content: 'a\n"b' },
    });
  });

  test("interleaved calls, one without arguments", async () => {
    const begin = (index: number, callId: string): StreamPart => ({
      type: "item_start",
      index,
      candidate: 0,
      kind: "tool_call",
      callId,
      name: `f${index}`,
      toolKind: "function",
    });
    const completion = await accumulate([
      start,
      begin(0, "a"),
      begin(1, "b"),
      { type: "tool_delta", index: 1, text: "{" },
      { type: "tool_delta", index: 1, text: "}" },
      { type: "item_end", index: 0 },
      { type: "item_end", index: 1 },
      finish("tool_calls"),
      end,
    ]);
    expect(completion.choices[0]?.message.tool_calls).toMatchObject([
      { id: "a", type: "function", function: { name: "f0", arguments: "{}" } },
      { id: "b", type: "function", function: { name: "f1", arguments: "{}" } },
    ]);
  });

  test("reasoning with state, citations, images, refusal", async () => {
    const completion = await accumulate([
      start,
      { type: "item_start", index: 0, candidate: 0, kind: "reasoning" },
      { type: "reasoning_delta", index: 0, channel: "text", part: 0, text: "hm" },
      { type: "item_opaque", index: 0, opaque: { maker: "anthropic-messages", kind: "signature", value: "sig" } },
      { type: "item_end", index: 0 },
      { type: "item_start", index: 1, candidate: 0, kind: "message" },
      { type: "text_delta", index: 1, part: 0, text: "ab" },
      { type: "citation", index: 1, part: 0, citation: { type: "url", url: "https://x", title: "X" } },
      {
        type: "media",
        index: 1,
        media: { type: "image", source: { type: "base64", data: "AA" }, mediaType: "image/png" },
      },
      { type: "refusal_delta", index: 1, part: 1, text: "no" },
      { type: "item_end", index: 1 },
      finish("stop"),
      end,
    ]);
    const message = completion.choices[0]?.message;
    expect(message).toMatchObject({
      content: "ab",
      refusal: "no",
      annotations: [
        { type: "url_citation", url_citation: { start_index: 0, end_index: 2, url: "https://x", title: "X" } },
      ],
      images: [{ type: "image_url", image_url: { url: "data:image/png;base64,AA" } }],
      reasoning_details: [{ type: "reasoning.text", text: "hm", index: 0 }],
    });
    const body = { model: "m", messages: [...messages, { ...message }] };
    const [, item] = decodeRequest({ body: JSON.parse(JSON.stringify(body)) }).items;
    expect(item).toMatchObject({
      type: "reasoning",
      text: "hm",
      opaque: { maker: "anthropic-messages", value: "sig" },
    });
  });

  test("several candidates, and a stream without a finish", async () => {
    const say = (index: number, candidate: number): StreamPart[] => [
      { type: "item_start", index, candidate, kind: "message" },
      { type: "text_delta", index, part: 0, text: `t${candidate}` },
      { type: "item_end", index },
    ];
    const completion = await accumulate([start, ...say(0, 0), ...say(1, 1), finish("stop", 1), end]);
    expect(completion.choices.map(({ message, finish_reason }) => [message.content, finish_reason])).toEqual([
      ["t0", "stop"],
      ["t1", "stop"],
    ]);
  });

  test("a start and an end alone", async () => {
    expect((await accumulate([start, end])).choices[0]).toMatchObject({ finish_reason: "stop" });
    expect((await accumulate([end])).id).toBe("chatcmpl-r1");
  });

  test("an error is thrown", async () => {
    const error = new GatewayError("upstream_truncated", "it broke off");
    const failure = await accumulate([start, { type: "error", error }, end]).catch((thrown: unknown) => thrown);
    expect(failure).toBeInstanceOf(APIError);
    expect(failure).toMatchObject({ message: expect.stringContaining("it broke off"), code: "upstream_truncated" });
  });
});

describe("what goes over the wire", () => {
  const chunks = (text: string): unknown[] =>
    text
      .split("\n\n")
      .filter((event) => event.startsWith("data: {"))
      .map((event) => JSON.parse(event.slice(6)));

  test("ends with [DONE], also after an error, and nothing follows", () => {
    const encoder = createStreamEncoder(reply(true));
    const error = new GatewayError("upstream_error", "x");
    expect(encoder.encode({ type: "error", error })).toBe(
      'data: {"error":{"message":"x","type":"server_error","param":null,"code":"upstream_error"}}\n\ndata: [DONE]\n\n',
    );
    expect(encoder.encode(end)).toBe("");
    expect(encode([start, end]).endsWith("data: [DONE]\n\n")).toBe(true);
  });

  test("usage has no choices when asked for, and an empty one when not", () => {
    const last = (asked: boolean): unknown =>
      chunks(encode([start, usage, usage, finish("stop"), end], reply(asked))).at(-1);
    expect(last(true)).toMatchObject({ choices: [], usage: { total_tokens: 7 } });
    expect(last(false)).toMatchObject({
      choices: [{ index: 0, delta: {}, finish_reason: null }],
      usage: { total_tokens: 7 },
    });
    expect(
      chunks(encode([start, usage, usage, finish("stop"), end])).filter((chunk) =>
        JSON.stringify(chunk).includes("usage"),
      ),
    ).toHaveLength(1);
  });

  test("a client that sent functions gets function_call", () => {
    const text = encode(
      [
        start,
        { type: "item_start", index: 0, candidate: 0, kind: "tool_call", callId: "a", name: "f", toolKind: "function" },
        { type: "tool_delta", index: 0, text: "{}" },
        { type: "item_end", index: 0 },
        finish("tool_calls"),
        end,
      ],
      reply(true, { functions: [{ name: "f" }] }),
    );
    expect(chunks(text).slice(1)).toMatchObject([
      { choices: [{ delta: { function_call: { name: "f", arguments: "" } } }] },
      { choices: [{ delta: { function_call: { arguments: "{}" } } }] },
      { choices: [{ finish_reason: "function_call" }] },
    ]);
  });

  test("events of other dialects and opaque items have no form", () => {
    const encoder = createStreamEncoder(reply(true));
    const value = { type: "server_tool_use" };
    expect(encoder.encode({ type: "opaque_item", index: 0, candidate: 0, dialect: "anthropic-messages", value })).toBe(
      "",
    );
    expect(encoder.encode({ type: "unknown", dialect: "gemini", event: "x", data: "{}" })).toBe("");
    expect(encoder.encode({ type: "unknown", dialect: "openai-chat", event: "x", data: "{}" })).toBe(
      "event: x\ndata: {}\n\n",
    );
    expect(encoder.encode({ type: "text_delta", index: 9, part: 0, text: "x" })).toBe("");
  });

  test("a keep-alive is a comment", () => expect(encode([{ type: "ping" }])).toBe(": keep-alive\n\n"));
});
