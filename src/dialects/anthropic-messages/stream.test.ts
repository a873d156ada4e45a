import { describe, expect, test } from "bun:test";
import { Anthropic } from "@anthropic-ai/sdk";
import { collectParts, findError } from "../../canonical/collect.ts";
import type { Frame, ReplyContext } from "../../canonical/dialect.ts";
import { GatewayError } from "../../canonical/errors.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import { replayResponse } from "../../canonical/replay.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import { emptyUsage } from "../../canonical/usage.ts";
import { anthropicMessages } from "./index.ts";

const request = anthropicMessages.decodeRequest({ body: { model: "asked", messages: [] } });
const reply: ReplyContext = { requestId: "req1", model: "asked", createdAt: 5, request };

const frame = (event: JsonObject): Frame => ({ event: event["type"] as string, data: JSON.stringify(event) });
const MESSAGE: JsonObject = {
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "claude-x",
  content: [],
  stop_reason: null,
  stop_sequence: null,
  usage: { input_tokens: 10, cache_read_input_tokens: 4, output_tokens: 1 },
};
const START = frame({ type: "message_start", message: MESSAGE });
const blockStart = (index: number, block: JsonObject): Frame =>
  frame({ type: "content_block_start", index, content_block: block });
const delta = (index: number, change: JsonObject): Frame =>
  frame({ type: "content_block_delta", index, delta: change });
const blockStop = (index: number): Frame => frame({ type: "content_block_stop", index });
const stop = (reason: string, usage: JsonObject = { output_tokens: 9 }): Frame =>
  frame({ type: "message_delta", delta: { stop_reason: reason, stop_sequence: null }, usage });
const END = frame({ type: "message_stop" });

function decode(...frames: Frame[]): StreamPart[] {
  const decoder = anthropicMessages.createStreamDecoder();
  const parts: StreamPart[] = [];
  for (const entry of frames) decoder.push(entry, parts);
  decoder.finish(parts);
  return parts;
}

function encodeText(parts: readonly StreamPart[]): string {
  const encoder = anthropicMessages.createStreamEncoder(reply);
  return parts.map((part) => encoder.encode(part)).join("");
}

function encode(...parts: StreamPart[]): JsonObject[] {
  return encodeText(parts)
    .split("\n\n")
    .filter((event) => event !== "")
    .map((event) => {
      const [name, data] = event.split("\n");
      const value = JSON.parse((data ?? "").slice("data: ".length)) as JsonObject;
      expect(name).toBe(`event: ${value["type"] as string}`);
      return value;
    });
}

/** The vendor's own stream helper, fed with an encoded stream. */
function readWithSdk(text: string) {
  const fetch = () => Promise.resolve(new Response(text, { headers: { "content-type": "text/event-stream" } }));
  const client = new Anthropic({ apiKey: "k", fetch, maxRetries: 0 });
  return client.messages.stream({ model: "m", max_tokens: 1, messages: [{ role: "user", content: "x" }] });
}

/** Checks the strict order of blocks, and gives their types. */
function blockTypes(events: readonly JsonObject[]): unknown[] {
  let open = -1;
  let next = 0;
  const types: unknown[] = [];
  for (const event of events) {
    if (event["type"] === "content_block_start") {
      expect(open).toBe(-1);
      expect(event["index"]).toBe(next);
      open = next++;
      types.push((event["content_block"] as JsonObject)["type"]);
    } else if (event["type"] === "content_block_delta") expect(event["index"]).toBe(open);
    else if (event["type"] === "content_block_stop") {
      expect(event["index"]).toBe(open);
      open = -1;
    }
  }
  expect(open).toBe(-1);
  return types;
}

const S: StreamPart = { type: "start", id: "chatcmpl-1", model: "gpt", createdAt: 1 };
const begin = (index: number, kind: "message" | "reasoning", candidate = 0): StreamPart => ({
  type: "item_start",
  index,
  candidate,
  kind,
});
const call = (index: number, callId: string, name = "f"): StreamPart => ({
  type: "item_start",
  index,
  candidate: 0,
  kind: "tool_call",
  callId,
  name,
  toolKind: "function",
});
const args = (index: number, text: string): StreamPart => ({ type: "tool_delta", index, text });
const say = (index: number, text: string, part = 0): StreamPart => ({ type: "text_delta", index, part, text });
const think = (index: number, text: string, part = 0): StreamPart => ({
  type: "reasoning_delta",
  index,
  channel: "summary",
  part,
  text,
});
const done = (index: number): StreamPart => ({ type: "item_end", index });
const finish = (reason: "stop" | "tool_calls" | "length" = "stop"): StreamPart => ({
  type: "finish",
  candidate: 0,
  reason,
  raw: reason,
});
const usage: StreamPart = {
  type: "usage",
  usage: {
    ...emptyUsage(),
    inputTokens: 30,
    cachedInputTokens: 10,
    cacheWriteTokens: 5,
    outputTokens: 7,
    reasoningTokens: 3,
  },
};
const E: StreamPart = { type: "end" };

describe("decoding", () => {
  test("text, thinking and tools", () => {
    const parts = decode(
      START,
      frame({ type: "ping" }),
      blockStart(0, { type: "thinking", thinking: "", signature: "" }),
      delta(0, { type: "thinking_delta", thinking: "hm" }),
      delta(0, { type: "signature_delta", signature: "Eq/+=" }),
      blockStop(0),
      blockStart(1, { type: "text", text: "" }),
      delta(1, { type: "text_delta", text: "a" }),
      blockStop(1),
      blockStart(2, { type: "text", text: "" }),
      delta(2, { type: "text_delta", text: "b" }),
      delta(2, {
        type: "citations_delta",
        citation: { type: "web_search_result_location", url: "u", title: "t", cited_text: "c", encrypted_index: "e" },
      }),
      blockStop(2),
      blockStart(3, { type: "tool_use", id: "toolu_1", name: "f", input: {}, caller: { type: "direct" } }),
      delta(3, { type: "input_json_delta", partial_json: "" }),
      delta(3, { type: "input_json_delta", partial_json: '{"a"' }),
      delta(3, { type: "input_json_delta", partial_json: ": 1}" }),
      blockStop(3),
      stop("tool_use"),
      END,
    );
    expect(collectParts(parts)).toMatchObject({
      id: "msg_1",
      model: "claude-x",
      candidates: [
        {
          finishReason: "tool_calls",
          rawFinishReason: "tool_use",
          items: [
            {
              type: "reasoning",
              text: "hm",
              opaque: { maker: "anthropic-messages", kind: "signature", value: "Eq/+=" },
            },
            {
              type: "message",
              content: [
                { text: "a" },
                { text: "b", citations: [{ type: "url", url: "u", title: "t", citedText: "c" }] },
              ],
            },
            { type: "tool_call", callId: "toolu_1", name: "f", arguments: '{"a": 1}' },
          ],
        },
      ],
      usage: { inputTokens: 14, cachedInputTokens: 4, outputTokens: 9 },
    });
    expect(parts.map(({ type }) => type)).toEqual([
      "start",
      "usage",
      "ping",
      "item_start",
      "reasoning_delta",
      "item_opaque",
      "item_end",
      "item_start",
      "text_delta",
      "text_delta",
      "citation",
      "item_end",
      "item_start",
      "tool_delta",
      "tool_delta",
      "item_end",
      "finish",
      "usage",
      "end",
    ]);
  });

  test("redacted thinking and the vendor's own blocks come whole", () => {
    const parts = decode(
      START,
      blockStart(0, { type: "redacted_thinking", data: "Em=" }),
      blockStop(0),
      blockStart(1, { type: "server_tool_use", id: "s", name: "web_search", input: {} }),
      delta(1, { type: "input_json_delta", partial_json: '{"query":"x"}' }),
      blockStop(1),
      blockStart(2, { type: "new_block", log: "a", count: 1 }),
      delta(2, { type: "log_delta", log: "b", count: 2 }),
      blockStop(2),
      stop("pause_turn"),
      END,
    );
    expect(collectParts(parts).candidates[0]).toMatchObject({
      finishReason: "pause",
      items: [
        { type: "reasoning", opaque: { maker: "anthropic-messages", kind: "redacted", value: "Em=" } },
        { type: "opaque", value: { type: "server_tool_use", input: { query: "x" } } },
        { type: "opaque", value: { type: "new_block", log: "ab", count: 2 } },
      ],
    });
  });

  test("what compatible servers leave out or add", () => {
    const parts = decode(
      frame({ type: "content_block_delta", delta: { type: "text_delta", text: "hi" } }),
      blockStart(1, { type: "tool_use", id: "t", name: "f", input: { a: 1 } }),
      frame({ type: "content_block_stop", index: 1 }),
      { event: "", data: JSON.stringify({ type: "message_delta", delta: { stop_reason: "tool_use" } }) },
      { event: "", data: "[DONE]" },
    );
    expect(collectParts(parts).candidates[0]).toMatchObject({
      finishReason: "tool_calls",
      items: [{ content: [{ text: "hi" }] }, { callId: "t", arguments: '{"a":1}' }],
    });
    expect(parts.at(-1)?.type).toBe("end");
  });

  test("tool calls side by side", () => {
    const parts = decode(
      START,
      blockStart(0, { type: "tool_use", id: "a", name: "f", input: {} }),
      blockStart(1, { type: "tool_use", id: "b", name: "g", input: {} }),
      delta(0, { type: "input_json_delta", partial_json: '{"x":1}' }),
      delta(1, { type: "input_json_delta", partial_json: '{"y":2}' }),
      blockStop(0),
      blockStop(1),
      stop("tool_use"),
      END,
    );
    expect(collectParts(parts).candidates[0]?.items).toMatchObject([
      { callId: "a", arguments: '{"x":1}' },
      { callId: "b", arguments: '{"y":2}' },
    ]);
  });

  test("odd values harm nothing", () => {
    const parts = decode(
      frame({ type: "message_start", message: null }),
      blockStart(0, { type: "text", text: null, citations: [null, 3] }),
      delta(0, { type: "text_delta", text: null }),
      delta(0, { type: "citations_delta", citation: null }),
      frame({ type: "content_block_delta", index: "x", delta: null }),
      frame({ type: "content_block_start", index: 1 }),
      frame({ type: "content_block_stop", index: 7 }),
      frame({ type: "message_delta", delta: null, usage: "none" }),
      frame({ type: "__proto__" }),
      frame({ type: "constructor" }),
      stop("a_new_reason", { output_tokens: null, input_tokens: -3 }),
      END,
    );
    expect(findError(parts)).toBeUndefined();
    expect(collectParts(parts).candidates[0]).toMatchObject({ finishReason: "other", rawFinishReason: "a_new_reason" });
  });

  test("unknown events pass", () => {
    const event = frame({ type: "content_block_hint", index: 0 });
    expect(decode(START, event)[2]).toEqual({ type: "unknown", dialect: "anthropic-messages", ...event });
  });

  const failures: [string, Frame[], string, number | undefined][] = [
    [
      "overload",
      [START, frame({ type: "error", error: { type: "overloaded_error", message: "Overloaded" } })],
      "upstream_error",
      529,
    ],
    [
      "a rate limit",
      [START, frame({ type: "error", error: { type: "rate_limit_error", message: "slow" } })],
      "upstream_rate_limited",
      429,
    ],
    [
      "a bad request",
      [frame({ type: "error", error: { type: "invalid_request_error", message: "bad" } })],
      "upstream_invalid_request",
      400,
    ],
    ["an error of no known form", [START, { event: "error", data: "boom" }], "upstream_error", 500],
    ["an error object alone", [START, { event: "", data: '{"error":{"message":"boom"}}' }], "upstream_error", 500],
    ["no JSON", [START, { event: "message_delta", data: "{" }], "provider_protocol_error", undefined],
    ["a list", [START, { event: "message_delta", data: "[]" }], "provider_protocol_error", undefined],
  ];
  for (const [name, frames, code, status] of failures) {
    test(`fails at ${name} and ends there`, () => {
      const parts = decode(...frames, START, END);
      const error = findError(parts)?.error;
      expect(error?.code as string | undefined).toBe(code);
      expect(error?.fields.upstream?.status).toBe(status);
      expect(parts.at(-1)?.type).toBe("error");
    });
  }

  test("an early end is one", () => {
    const parts = decode(START, blockStart(0, { type: "text", text: "a" }));
    expect(parts.map(({ type }) => type)).toEqual(["start", "usage", "item_start", "text_delta", "item_end", "error"]);
    expect(findError(parts)?.error.code).toBe("upstream_truncated");
  });

  test("an empty stream is truncated", () => {
    expect(findError(decode())?.error.code).toBe("upstream_truncated");
  });
});

describe("encoding", () => {
  test("a plain text answer, event by event", () => {
    expect(encode(S, begin(0, "message"), say(0, "a"), say(0, "b"), done(0), finish(), usage, E)).toEqual([
      {
        type: "message_start",
        message: {
          id: "chatcmpl-1",
          type: "message",
          role: "assistant",
          model: "gpt",
          content: [],
          stop_reason: null,
          stop_sequence: null,
          usage: { input_tokens: 0, output_tokens: 0 },
        },
      },
      { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
      { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "a" } },
      { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "b" } },
      { type: "content_block_stop", index: 0 },
      {
        type: "message_delta",
        delta: { stop_reason: "end_turn", stop_sequence: null },
        usage: {
          input_tokens: 15,
          cache_creation_input_tokens: 5,
          cache_read_input_tokens: 10,
          output_tokens: 7,
          output_tokens_details: { thinking_tokens: 3 },
        },
      },
      { type: "message_stop" },
    ]);
  });

  test("interleaved tool calls become blocks in a row, the first at once", () => {
    const encoder = anthropicMessages.createStreamEncoder(reply);
    const parts = [
      S,
      call(0, "a"),
      call(1, "b"),
      args(0, '{"x"'),
      args(1, '{"y"'),
      args(0, ":1}"),
      args(1, ":2}"),
      done(1),
      done(0),
      finish("tool_calls"),
      E,
    ];
    const texts = parts.map((part) => encoder.encode(part));
    expect(texts[3]).toContain("x");
    expect(texts[4]).toBe("");
    expect(texts[8]).toContain("y");
    expect(blockTypes(encode(...parts))).toEqual(["tool_use", "tool_use"]);
  });

  test("text and thinking give way and go on", () => {
    const events = encode(
      S,
      begin(0, "reasoning"),
      think(0, "t"),
      begin(1, "message"),
      say(1, "a"),
      call(2, "c"),
      args(2, "{}"),
      say(1, "b"),
      think(0, "u"),
      done(2),
      done(1),
      done(0),
      finish(),
      E,
    );
    expect(blockTypes(events)).toEqual(["thinking", "text", "tool_use", "text", "thinking"]);
  });

  test("items that never end are closed", () => {
    const events = encode(
      S,
      begin(0, "message"),
      say(0, "a"),
      call(1, "c"),
      args(1, "{}"),
      call(2, "d"),
      args(2, '{"k":1}'),
      say(0, "z"),
      finish("tool_calls"),
      E,
    );
    expect(blockTypes(events)).toEqual(["text", "tool_use", "tool_use", "text"]);
    expect(JSON.stringify(events)).toContain('{\\"k\\":1}');
  });

  test("a stream of nothing but its start and end", () => {
    expect(encode(S, E).map(({ type }) => type)).toEqual(["message_start", "message_delta", "message_stop"]);
    expect(encode(E).map(({ type }) => type)).toEqual(["message_start", "message_delta", "message_stop"]);
    expect(encode(S).map(({ type }) => type)).toEqual(["message_start"]);
  });

  test("without a finish the calls say why it stopped", () => {
    expect(encode(S, call(0, "a"), done(0), E).at(-2)).toMatchObject({ delta: { stop_reason: "tool_use" } });
  });

  test("refusals are text that the stop reason tells of, further candidates and media have no place", () => {
    const events = encode(
      S,
      begin(0, "message"),
      { type: "refusal_delta", index: 0, part: 0, text: "no" },
      begin(1, "message", 1),
      say(1, "other"),
      { type: "media", index: 0, media: { type: "image", source: { type: "url", url: "u" } } },
      { type: "opaque_item", index: 2, candidate: 0, dialect: "openai-responses", value: { type: "web_search_call" } },
      done(0),
      { type: "finish", candidate: 1, reason: "length" },
      finish(),
      E,
    );
    expect(blockTypes(events)).toEqual(["text"]);
    expect(events.at(-2)).toMatchObject({ delta: { stop_reason: "refusal" } });
  });

  test("free text of a custom tool is JSON on this wire", async () => {
    const custom: StreamPart = {
      type: "item_start",
      index: 0,
      candidate: 0,
      kind: "tool_call",
      callId: "c",
      name: "patch",
      toolKind: "custom",
    };
    const message = await readWithSdk(
      encodeText([S, custom, args(0, 'say "hi"\n'), args(0, "\\end"), done(0), finish("tool_calls"), E]),
    ).finalMessage();
    expect(message.content[0]).toMatchObject({ type: "tool_use", name: "patch", input: { input: 'say "hi"\n\\end' } });
  });

  test("an error ends the stream in the vendor's form", async () => {
    const error = new GatewayError("upstream_error", "x", {
      upstream: { status: 529, type: "overloaded_error", message: "Overloaded" },
    });
    const encoder = anthropicMessages.createStreamEncoder(reply);
    const text = `${encoder.encode(S)}${encoder.encode({ type: "error", error })}`;
    expect(encoder.encode(E)).toBe("");
    expect(text).toEndWith(
      'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded","code":"upstream_error"}}\n\n',
    );
    let seen: unknown;
    await readWithSdk(text)
      .finalMessage()
      .catch((thrown: unknown) => (seen = thrown));
    expect(seen).toBeInstanceOf(Anthropic.APIError);
    expect((seen as InstanceType<typeof Anthropic.APIError>).type).toBe("overloaded_error");
  });
});

describe("the vendor's stream helper", () => {
  test("reads a foreign answer whole", async () => {
    const stream = readWithSdk(
      encodeText([
        S,
        { type: "ping" },
        begin(0, "reasoning"),
        think(0, "one"),
        think(0, "two", 1),
        {
          type: "item_opaque",
          index: 0,
          opaque: { maker: "openai-responses", kind: "encrypted", value: "gAAA", id: "rs_1" },
        },
        done(0),
        begin(1, "message"),
        say(1, "Hello "),
        say(1, "world"),
        {
          type: "citation",
          index: 1,
          part: 0,
          citation: { type: "url", url: "https://u.example", title: "U", citedText: "w" },
        },
        done(1),
        call(2, "c1", "f"),
        args(2, '{"a":'),
        args(2, "[1]}"),
        done(2),
        finish("tool_calls"),
        usage,
        E,
      ]),
    );
    const texts: string[] = [];
    stream.on("text", (text) => texts.push(text));
    const message = await stream.finalMessage();
    expect(texts).toEqual(["Hello ", "world"]);
    expect(message).toMatchObject({
      id: "chatcmpl-1",
      model: "gpt",
      stop_reason: "tool_use",
      usage: { input_tokens: 15, cache_read_input_tokens: 10, output_tokens: 7 },
    });
    expect(message.content).toMatchObject([
      { type: "thinking", thinking: "one\n\ntwo", signature: expect.stringMatching(/^tl1\.[\w.-]+$/) as string },
      {
        type: "text",
        text: "Hello world",
        citations: [{ type: "web_search_result_location", url: "https://u.example", title: "U", cited_text: "w" }],
      },
      { type: "tool_use", id: "c1", name: "f", input: { a: [1] } },
    ]);
  });

  test("reads this dialect's own answer as it was", async () => {
    const content: JsonObject[] = [
      { type: "thinking", thinking: "", signature: "c2ln" },
      { type: "redacted_thinking", data: "Em=" },
      { type: "server_tool_use", id: "s", name: "web_search", input: { query: "x" } },
      {
        type: "web_search_tool_result",
        tool_use_id: "s",
        content: [{ type: "web_search_result", url: "u", title: "t", encrypted_content: "e", page_age: null }],
      },
      {
        type: "text",
        text: "so",
        citations: [
          { type: "web_search_result_location", url: "u", title: "t", cited_text: "c", encrypted_index: "e" },
        ],
      },
      { type: "tool_use", id: "t", name: "f", input: {} },
    ];
    const body: JsonObject = { ...MESSAGE, content, stop_reason: "tool_use", container: null, stop_details: null };
    const decoded = anthropicMessages.decodeResponse(structuredClone(body));
    expect(anthropicMessages.encodeResponse(decoded, reply)).toEqual(body);
    const message = await readWithSdk(encodeText(replayResponse(decoded))).finalMessage();
    expect(JSON.parse(JSON.stringify(message.content))).toEqual(content);
    expect(message).toMatchObject({
      id: "msg_1",
      stop_reason: "tool_use",
      usage: { input_tokens: 10, cache_read_input_tokens: 4, output_tokens: 1 },
    });
  });
});

describe("state of other makers", () => {
  /** What a client that keeps its blocks without reading them sends back. */
  function sendBack(content: Json): unknown {
    const back = anthropicMessages.decodeRequest({ body: { model: "m", messages: [{ role: "assistant", content }] } });
    return back.items;
  }

  test("comes back from plain answers", () => {
    const items = [
      {
        type: "reasoning",
        summary: ["s"],
        text: "",
        id: "rs_1",
        opaque: { maker: "openai-responses", kind: "encrypted", value: "gA/+=", id: "rs_1" },
      },
      {
        type: "reasoning",
        summary: [],
        text: "",
        id: "rs_2",
        opaque: { maker: "openai-responses", kind: "encrypted", value: "gB", id: "rs_2" },
      },
      { type: "reasoning", summary: [], text: "t", opaque: { maker: "gemini", kind: "signature", value: "sig" } },
      {
        type: "message",
        role: "assistant",
        content: [{ type: "text", text: "x", opaque: { maker: "gemini", kind: "signature", value: "tx" } }],
      },
      {
        type: "tool_call",
        callId: "c.1",
        name: "f",
        kind: "function",
        arguments: "{}",
        opaque: { maker: "gemini", kind: "signature", value: "cs" },
      },
      { type: "tool_call", callId: "c2", name: "f", kind: "function", arguments: '{"a":1}' },
    ] as const;
    const body = anthropicMessages.encodeResponse(
      {
        id: "1",
        model: "m",
        createdAt: 0,
        candidates: [{ index: 0, items: structuredClone(items) as never, finishReason: "tool_calls" }],
      },
      reply,
    );
    expect(sendBack(body["content"] ?? null)).toEqual(items as unknown);
  });

  test("a refusal in words has a stop reason of its own", () => {
    const content = [{ type: "refusal" as const, text: "no" }];
    const body = anthropicMessages.encodeResponse(
      {
        id: "1",
        model: "m",
        createdAt: 0,
        candidates: [{ index: 0, items: [{ type: "message", role: "assistant", content }], finishReason: "stop" }],
      },
      reply,
    );
    expect(body).toMatchObject({ content: [{ type: "text", text: "no" }], stop_reason: "refusal" });
  });

  test("comes back from streams, however late it was known", async () => {
    const opaque = { maker: "gemini", kind: "signature", value: "cs" } as const;
    const message = await readWithSdk(
      encodeText([
        S,
        {
          type: "item_start",
          index: 0,
          candidate: 0,
          kind: "reasoning",
          opaque: { maker: "openai-responses", kind: "encrypted", value: "gB", id: "rs" },
        },
        think(0, "s"),
        done(0),
        { type: "item_start", index: 1, candidate: 0, kind: "tool_call", callId: "a", name: "f", opaque },
        done(1),
        call(2, "b"),
        args(2, '{"x":1}'),
        { type: "item_opaque", index: 2, opaque },
        done(2),
        finish("tool_calls"),
        E,
      ]),
    ).finalMessage();
    expect(sendBack(JSON.parse(JSON.stringify(message.content)) as Json)).toEqual([
      {
        type: "reasoning",
        summary: ["s"],
        text: "",
        id: "rs",
        opaque: { maker: "openai-responses", kind: "encrypted", value: "gB", id: "rs" },
      },
      { type: "tool_call", callId: "a", name: "f", kind: "function", arguments: "{}", opaque },
      { type: "tool_call", callId: "b", name: "f", kind: "function", arguments: '{"x":1}', opaque },
    ]);
  });
});
