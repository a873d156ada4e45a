import { describe, expect, test } from "bun:test";
import type { Json, JsonObject } from "../../canonical/json.ts";
import { replayResponse } from "../../canonical/replay.ts";
import { anthropicMessages } from "./index.ts";
import {
  reply,
  MESSAGE,
  encodeText,
  readWithSdk,
  S,
  begin,
  call,
  args,
  say,
  think,
  done,
  finish,
  usage,
  E,
} from "./fixtures/stream-frames.ts";

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
