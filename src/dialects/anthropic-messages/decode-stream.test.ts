import { describe, expect, test } from "bun:test";
import { collectParts, findError } from "../../canonical/collect.ts";
import type { Frame } from "../../canonical/dialect.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import { anthropicMessages } from "./index.ts";
import { frame, MESSAGE, delta, stop } from "./fixtures/stream-frames.ts";

const START = frame({ type: "message_start", message: MESSAGE });

const blockStart = (index: number, block: JsonObject): Frame =>
  frame({ type: "content_block_start", index, content_block: block });

const blockStop = (index: number): Frame => frame({ type: "content_block_stop", index });

const END = frame({ type: "message_stop" });

function decode(...frames: Frame[]): StreamPart[] {
  const decoder = anthropicMessages.createStreamDecoder();
  const parts: StreamPart[] = [];
  for (const entry of frames) decoder.push(entry, parts);
  decoder.finish(parts);
  return parts;
}

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

  test("input that only the start tells stays, whatever zeros follow", () => {
    const said = (usage: JsonObject): unknown => collectParts(decode(START, stop("end_turn", usage), END)).usage;
    const zeros = { input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 9 };
    expect(said(zeros)).toMatchObject({ inputTokens: 14, cachedInputTokens: 4, outputTokens: 9 });
    const exact = { input_tokens: 0, cache_read_input_tokens: 20, output_tokens: 9 };
    expect(said(exact)).toMatchObject({ inputTokens: 20, cachedInputTokens: 20, outputTokens: 9 });
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
