import { describe, expect, test } from "bun:test";
import { Anthropic } from "@anthropic-ai/sdk";
import { GatewayError } from "../../canonical/errors.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import { anthropicMessages } from "./index.ts";
import {
  reply,
  encodeText,
  encode,
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
