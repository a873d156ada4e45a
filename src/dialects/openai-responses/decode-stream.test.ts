import { describe, expect, test } from "bun:test";
import { collectParts } from "../../canonical/collect.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import { decode, created, completed, added, done, textDelta, message, bare, nameOf } from "./fixtures/stream-events.ts";

function textOf(parts: readonly StreamPart[]): string {
  return parts.map((part) => (part.type === "text_delta" ? part.text : "")).join("");
}

describe("createStreamDecoder", () => {
  test("text, usage and the end, in the promised order", () => {
    const usage = {
      input_tokens: 3,
      input_tokens_details: { cached_tokens: 1 },
      output_tokens: 2,
      output_tokens_details: {},
      total_tokens: 5,
    };
    const parts = decode([
      created({ tools: [] }),
      added(0, bare),
      textDelta("Hel"),
      textDelta("lo", { logprobs: [{ token: "lo" }] }),
      done(0, message("Hello")),
      completed([message("Hello")], { usage }),
    ]);
    expect(parts.map((part) => part.type)).toEqual([
      "start",
      "item_start",
      "text_delta",
      "text_delta",
      "item_end",
      "finish",
      "usage",
      "end",
    ]);
    expect(parts[0]).toMatchObject({
      id: "resp_1",
      model: "gpt",
      createdAt: 5,
      serviceTier: "auto",
      extensions: { "openai-responses": { tools: [] } },
    });
    expect(parts[3]).toMatchObject({ text: "lo", logprobs: { content: [{ token: "lo" }] } });
    expect(parts[5]).toEqual({ type: "finish", candidate: 0, reason: "stop", raw: "completed" });
    expect(parts[6]).toMatchObject({ usage: { inputTokens: 3, cachedInputTokens: 1, outputTokens: 2 } });
    expect(parts[7]).toMatchObject({ serviceTier: "default" });
  });

  const WAYS: [string, (JsonObject | string)[]][] = [
    ["deltas only", [textDelta("a"), textDelta("b")]],
    [
      "some deltas, then the done text",
      [textDelta("a"), { type: "response.output_text.done", output_index: 0, content_index: 0, text: "ab" }],
    ],
    [
      "some deltas, then the done part",
      [
        textDelta("a"),
        {
          type: "response.content_part.done",
          output_index: 0,
          content_index: 0,
          part: { type: "output_text", text: "ab" },
        },
      ],
    ],
    ["some deltas, then the done item", [textDelta("a"), done(0, message("ab"))]],
    ["the done item alone", [done(0, message("ab"))]],
    ["nothing before the end", []],
    [
      "everything, always",
      [
        textDelta("a"),
        textDelta("b"),
        { type: "response.output_text.done", output_index: 0, content_index: 0, text: "ab" },
        done(0, message("ab")),
      ],
    ],
    [
      "no output_index",
      [
        { type: "response.output_text.delta", item_id: "msg_1", content_index: 0, delta: "ab" },
        { type: "response.output_item.done", item: message("ab") },
      ],
    ],
    ["ids that change", [textDelta("ab", { item_id: "other" }), done(0, message("ab", { id: "third" }))]],
  ];
  for (const [name, events] of WAYS) {
    test(`text arrives once: ${name}`, () => {
      const parts = decode([created(), added(0, bare), ...events, completed([message("ab")])]);
      expect(textOf(parts)).toBe("ab");
      expect(collectParts(parts).candidates[0]?.items).toHaveLength(1);
      expect(parts.filter((part) => part.type === "item_end")).toHaveLength(1);
    });
  }

  test("a stream of the final event alone is a whole answer", () => {
    const parts = decode([
      completed([message("all"), { type: "function_call", id: "fc", call_id: "c", name: "f", arguments: "{}" }]),
    ]);
    expect(collectParts(parts)).toMatchObject({
      id: "resp_1",
      candidates: [
        {
          finishReason: "tool_calls",
          items: [{ content: [{ text: "all" }] }, { callId: "c", name: "f", arguments: "{}" }],
        },
      ],
    });
  });

  test("deltas of items that were never announced", () => {
    const parts = decode([
      textDelta("a", { item_id: "msg_9" }),
      { type: "response.reasoning_text.delta", output_index: 1, delta: "r" },
      { type: "response.function_call_arguments.delta", output_index: 2, delta: "{" },
      done(2, { type: "function_call", id: "fc", call_id: "c", name: "f", arguments: "{}" }),
      completed(),
    ]);
    expect(collectParts(parts).candidates[0]?.items).toMatchObject([
      { type: "message", id: "msg_9", content: [{ text: "a" }] },
      { type: "reasoning", text: "r" },
      { type: "tool_call", name: "f", arguments: "{}" },
    ]);
  });

  test("interleaved calls, and a name that comes late", () => {
    const parts = decode([
      created(),
      added(0, { type: "function_call", id: "fc_0", call_id: "c0", name: "f", arguments: "" }),
      added(1, { type: "function_call", id: "fc_1", call_id: "c1", arguments: "" }),
      { type: "response.function_call_arguments.delta", output_index: 1, delta: '{"b":' },
      { type: "response.function_call_arguments.delta", output_index: 0, delta: '{"a":1' },
      { type: "response.function_call_arguments.done", output_index: 0, arguments: '{"a":1}' },
      { type: "response.function_call_arguments.done", output_index: 1, arguments: '{"b":2}' },
      done(1, { type: "function_call", id: "fc_1", call_id: "c1", name: "g", arguments: '{"b":2}' }),
      done(0, { type: "function_call", id: "fc_0", call_id: "c0", name: "f", arguments: '{"a":1}' }),
      completed(),
    ]);
    const calls = collectParts(parts).candidates[0]?.items ?? [];
    expect(
      calls.map((call) => (call.type === "tool_call" ? [call.callId, call.name, call.arguments] : call.type)),
    ).toEqual([
      ["c0", "f", '{"a":1}'],
      ["c1", "g", '{"b":2}'],
    ]);
  });

  test("reasoning with summary, text and encrypted content", () => {
    const item = {
      type: "reasoning",
      id: "rs_1",
      summary: [
        { type: "summary_text", text: "one" },
        { type: "summary_text", text: "two" },
      ],
      content: [{ type: "reasoning_text", text: "deep" }],
      encrypted_content: "gAAA",
    };
    const parts = decode([
      created(),
      added(0, { type: "reasoning", id: "rs_1", summary: [], content: [], encrypted_content: "early" }),
      {
        type: "response.reasoning_summary_part.added",
        output_index: 0,
        summary_index: 0,
        part: { type: "summary_text", text: "" },
      },
      { type: "response.reasoning_summary_text.delta", output_index: 0, summary_index: 0, delta: "o" },
      { type: "response.reasoning_summary_text.done", output_index: 0, summary_index: 0, text: "one" },
      { type: "response.reasoning_text.delta", output_index: 0, content_index: 0, delta: "de" },
      { type: "response.reasoning_text.done", output_index: 0, content_index: 0, text: "deep" },
      done(0, item),
      completed([item]),
    ]);
    expect(collectParts(parts).candidates[0]?.items).toEqual([
      {
        type: "reasoning",
        id: "rs_1",
        summary: ["one", "two"],
        text: "deep",
        opaque: { maker: "openai-responses", kind: "encrypted", value: "gAAA", id: "rs_1" },
      },
    ]);
  });

  test("citations are counted once", () => {
    const one = { type: "url_citation", url: "https://a", title: "A", start_index: 0, end_index: 1 };
    const two = { type: "container_file_citation", file_id: "f", filename: "b.txt", start_index: 1, end_index: 2 };
    const item = message("ab", { content: [{ type: "output_text", text: "ab", annotations: [one, two] }] });
    const parts = decode([
      created(),
      added(0, bare),
      textDelta("ab"),
      {
        type: "response.output_text.annotation.added",
        output_index: 0,
        content_index: 0,
        annotation_index: 0,
        annotation: one,
      },
      done(0, item),
      completed([item]),
    ]);
    const citations = parts.flatMap((part) => (part.type === "citation" ? [part.citation] : []));
    expect(citations).toMatchObject([
      { type: "url", url: "https://a", title: "A", start: 0, end: 1 },
      { type: "file", title: "b.txt" },
    ]);
  });

  test("wrong types anywhere do no harm", () => {
    const odd = [null, 1, "x", [], {}, true];
    const fields = [
      "item",
      "delta",
      "output_index",
      "content_index",
      "summary_index",
      "annotation",
      "part",
      "text",
      "arguments",
      "logprobs",
      "item_id",
    ];
    const types = [
      ...new Set(
        [...WAYS.flatMap(([, events]) => events), added(0, {}), created()].map((event) =>
          typeof event === "string" ? event : nameOf(event),
        ),
      ),
    ];
    for (const type of types) {
      for (const field of fields) {
        for (const value of odd) {
          const parts = decode([
            created(),
            added(0, bare),
            { type, output_index: 0, delta: "d", [field]: value },
            completed([message("d"), ...odd]),
          ]);
          expect(parts.at(-1)?.type).toBe("end");
        }
      }
    }
  });
});
