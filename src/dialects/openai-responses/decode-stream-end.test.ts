import { describe, expect, test } from "bun:test";
import { collectParts, findError } from "../../canonical/collect.ts";
import type { JsonObject } from "../../canonical/json.ts";
import { decode, created, completed, added, done, textDelta, message, bare } from "./fixtures/stream-events.ts";

describe("how a stream ends", () => {
  test("refusals, empty parts and unknown parts", () => {
    const content = [
      { type: "refusal", refusal: "No" },
      { type: "output_text", text: "", annotations: [] },
      { type: "output_smell", notes: 3 },
    ];
    const parts = decode([
      created(),
      added(0, bare),
      { type: "response.refusal.delta", output_index: 0, content_index: 0, delta: "N" },
      { type: "response.refusal.done", output_index: 0, content_index: 0, refusal: "No" },
      done(0, message("", { content })),
      completed(),
    ]);
    expect(collectParts(parts).candidates[0]?.items[0]).toMatchObject({
      content: [
        { type: "refusal", text: "No" },
        { type: "text", text: "" },
        { type: "opaque", value: { notes: 3 } },
      ],
    });
  });

  test("provider-run tools: progress is relayed, the item comes whole", () => {
    const search = { type: "web_search_call", id: "ws_1", status: "completed" };
    const parts = decode([
      created({ tools: [{ type: "x_search" }] }),
      added(0, { ...search, status: "in_progress" }),
      { type: "response.web_search_call.searching", output_index: 0, item_id: "ws_1" },
      done(0, search),
      added(1, { type: "custom_tool_call", id: "ctc", call_id: "xs_1", name: "x_semantic_search", input: "" }),
      { type: "response.custom_tool_call_input.delta", output_index: 1, delta: "{}" },
      done(1, { type: "custom_tool_call", id: "ctc", call_id: "xs_1", name: "x_semantic_search", input: "{}" }),
      completed(),
    ]);
    expect(parts.map((part) => part.type)).toEqual([
      "start",
      "unknown",
      "unknown",
      "opaque_item",
      "unknown",
      "unknown",
      "opaque_item",
      "finish",
      "end",
    ]);
    expect(parts[3]).toEqual({
      type: "opaque_item",
      index: 0,
      candidate: 0,
      dialect: "openai-responses",
      value: search,
    });
    expect(parts[7]).toMatchObject({ reason: "stop" });
  });

  test("a custom tool of the caller's is the caller's to run", () => {
    const call = { type: "custom_tool_call", id: "ctc", call_id: "c", name: "sql", input: "SELECT 1" };
    const parts = decode([created({ tools: [{ type: "custom", name: "sql" }] }), done(0, call), completed()]);
    expect(collectParts(parts).candidates[0]).toMatchObject({
      finishReason: "tool_calls",
      items: [{ kind: "custom", arguments: "SELECT 1" }],
    });
  });

  test("an answer cut short", () => {
    const response = { status: "incomplete", incomplete_details: { reason: "max_output_tokens" }, output: [] };
    const parts = decode([created(), { type: "response.incomplete", response }]);
    expect(parts.at(-2)).toEqual({ type: "finish", candidate: 0, reason: "length", raw: "max_output_tokens" });
  });

  test("a final event that says little", () => {
    expect(decode([created(), { type: "response.completed" }]).at(-2)).toMatchObject({
      type: "finish",
      reason: "stop",
    });
    const cut = decode([
      created(),
      { type: "response.incomplete", response: { incomplete_details: { reason: "content_filter" } } },
    ]);
    expect(cut.at(-2)).toMatchObject({ reason: "content_filter" });
    expect(decode([{ type: "response.completed" }]).map((part) => part.type)).toEqual(["start", "finish", "end"]);
  });

  const ERRORS: [string, JsonObject | string, object][] = [
    [
      "flat",
      { type: "error", code: "rate_limit_exceeded", message: "slow", param: null },
      { code: "upstream_rate_limited", message: "slow", fields: { upstream: { status: 429 } } },
    ],
    [
      "nested",
      { type: "error", error: { type: "invalid_request_error", code: null, message: "bad", param: "input" } },
      { code: "upstream_invalid_request", fields: { upstream: { param: "input" } } },
    ],
    [
      "failed response",
      { type: "response.failed", response: { status: "failed", error: { code: "server_error", message: "oops" } } },
      { code: "upstream_error", message: "oops" },
    ],
    [
      "failed without a word",
      { type: "response.failed" },
      { code: "upstream_error", message: "the provider reported an error" },
    ],
    [
      "another host's",
      { error: { message: "overloaded", code: 503 } },
      { code: "upstream_error", fields: { upstream: { status: 503 } } },
    ],
    ["a string", { error: "no such model" }, { message: "no such model" }],
    ["not JSON", "<html>", { code: "provider_protocol_error" }],
    ["no object", "[1]", { code: "provider_protocol_error" }],
  ];
  for (const [name, event, expected] of ERRORS) {
    test(`an error inside the stream: ${name}`, () => {
      const parts = decode([created(), event, textDelta("late"), completed()]);
      expect(parts.map((part) => part.type)).toEqual(["start", "error"]);
      expect(findError(parts)?.error).toMatchObject(expected);
    });
  }

  test("a failed response still tells its usage", () => {
    const response = {
      status: "failed",
      error: { code: "server_error", message: "x" },
      usage: { input_tokens: 4, output_tokens: 0 },
    };
    const parts = decode([created(), { type: "response.failed", response }]);
    expect(parts[1]).toMatchObject({ type: "usage", usage: { inputTokens: 4 } });
  });

  test("a stream that ends early is truncated", () => {
    const parts = decode([created(), added(0, bare), textDelta("a")]);
    expect(parts.map((part) => part.type)).toEqual(["start", "item_start", "text_delta", "item_end", "error"]);
    expect(findError(parts)?.error.code).toBe("upstream_truncated");
    expect(findError(decode([]))?.error.code).toBe("upstream_truncated");
    expect(findError(decode(["[DONE]"]))?.error.code).toBe("upstream_truncated");
  });

  test("[DONE] ends an answer whose items have ended", () => {
    const parts = decode([created(), added(0, bare), textDelta("a"), done(0, message("a")), "[DONE]"]);
    expect(parts.slice(-2).map((part) => part.type)).toEqual(["finish", "end"]);
  });

  test("keep-alive events are pings, unknown events pass", () => {
    const parts = decode([
      created(),
      { type: "keepalive", sequence_number: 3 },
      { type: "response.new.thing", a: 1 },
      completed(),
    ]);
    expect(parts[1]).toEqual({ type: "ping" });
    expect(parts[2]).toMatchObject({
      type: "unknown",
      event: "response.new.thing",
      data: '{"type":"response.new.thing","a":1}',
    });
  });
});
