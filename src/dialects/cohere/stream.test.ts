import { describe, expect, test } from "bun:test";
import { collectParts } from "../../canonical/collect.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import { cohere } from "./index.ts";

type Event = readonly [type: string, fields?: JsonObject];

const message = (fields: JsonObject): JsonObject => ({ delta: { message: fields } });
const END: Event = ["message-end", { delta: { finish_reason: "COMPLETE" } }];

function decode(events: readonly Event[]): StreamPart[] {
  const decoder = cohere.createStreamDecoder();
  const parts: StreamPart[] = [];
  for (const [type, fields] of events) decoder.push({ event: type, data: JSON.stringify({ type, ...fields }) }, parts);
  decoder.finish(parts);
  return parts;
}

function encode(parts: readonly StreamPart[]): string {
  const body = { model: "asked", messages: [] };
  const reply = { requestId: "req_1", model: "asked", createdAt: 0, request: cohere.decodeRequest({ body }) };
  const encoder = cohere.createStreamEncoder(reply);
  return parts.map((part) => encoder.encode(part)).join("");
}

const CITATION = {
  start: 0,
  end: 5,
  text: "Paris",
  sources: [
    { type: "document", id: "a", document: { title: "A", url: "https://a", snippet: "sunny" } },
    { type: "tool", id: "t", tool_output: { text: "21" } },
  ],
  content_index: 1,
};

const ANSWER: readonly Event[] = [
  [
    "message-start",
    { id: "c1", ...message({ role: "assistant", content: [], tool_plan: "", tool_calls: [], citations: [] }) },
  ],
  ["content-start", { index: 0, ...message({ content: { type: "thinking", thinking: "" } }) }],
  ["content-delta", { index: 0, ...message({ content: { thinking: "Hm." } }) }],
  ["content-end", { index: 0 }],
  ["content-start", { index: 1, ...message({ content: { type: "text", text: "" } }) }],
  [
    "content-delta",
    {
      index: 1,
      ...message({ content: { text: "Paris" } }),
      logprobs: { text: "Paris", token_ids: [1, 2], logprobs: [-0.5, -0.25] },
    },
  ],
  ["content-end", { index: 1 }],
  ["citation-start", { index: 0, ...message({ citations: CITATION }) }],
  ["citation-end", { index: 0 }],
  [
    "message-end",
    { delta: { finish_reason: "MAX_TOKENS", usage: { billed_units: { input_tokens: 1, output_tokens: 2 } } } },
  ],
];

describe("a streamed answer", () => {
  test("is the same as the whole one", () => {
    expect(collectParts(decode(ANSWER))).toMatchObject({
      id: "c1",
      candidates: [
        {
          items: [
            { type: "reasoning", text: "Hm." },
            {
              type: "message",
              content: [
                {
                  text: "Paris",
                  citations: [
                    { type: "url", url: "https://a", title: "A", citedText: "sunny", start: 0, end: 5 },
                    { type: "document", title: "t", citedText: "21", start: 0, end: 5 },
                  ],
                },
              ],
            },
          ],
          finishReason: "length",
          logprobs: { content: [{ token: "Paris", logprob: -0.75 }] },
        },
      ],
      usage: { inputTokens: 1, outputTokens: 2 },
    });
  });

  test("comes out as it went in", () => {
    const wanted = ANSWER.map(([type, fields]) => `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`);
    const seen = encode(decode(ANSWER)).split(/(?<=\n\n)/);
    // The citation comes before its block ends: then the order does not say when it was found.
    expect(seen.toSorted()).toEqual(wanted.toSorted());
  });

  test("plans and calls", () => {
    const call = { id: "c", type: "function", function: { name: "f", arguments: "" } };
    const events: Event[] = [
      ["message-start", { id: "c1" }],
      ["tool-plan-delta", message({ tool_plan: "I will" })],
      ["tool-plan-delta", message({ tool_plan: " look." })],
      ["tool-call-start", { index: 0, ...message({ tool_calls: call }) }],
      ["tool-call-delta", { index: 0, ...message({ tool_calls: { function: { arguments: '{"a"' } } }) }],
      ["tool-call-start", { index: 1, ...message({ tool_calls: { ...call, id: "d" } }) }],
      ["tool-call-delta", { index: 0, ...message({ tool_calls: { function: { arguments: ":1}" } } }) }],
      ["tool-call-end", { index: 0 }],
      ["tool-call-end", { index: 1 }],
      ["message-end", { delta: { finish_reason: "TOOL_CALL" } }],
    ];
    const parts = decode(events);
    expect(collectParts(parts).candidates[0]?.items).toMatchObject([
      { type: "message", content: [{ text: "I will look." }] },
      { type: "tool_call", callId: "c", arguments: '{"a":1}' },
      { type: "tool_call", callId: "d", arguments: "" },
    ]);
    const text = encode(parts);
    expect(text.match(/event: tool-plan-delta/g)).toHaveLength(2);
    expect(text).toContain('"index":1,"delta":{"message":{"tool_calls":{"function":{"arguments":"{}"}}}}');
  });

  test("an error ends it, with the code of its kind", () => {
    const fail = (delta: JsonObject): StreamPart | undefined =>
      decode([["message-start"], ["message-end", { delta }]]).at(-1);
    expect(fail({ finish_reason: "ERROR", error: "boom" })).toMatchObject({
      error: { code: "upstream_error", message: "boom" },
    });
    expect(fail({ finish_reason: "TIMEOUT" })).toMatchObject({ error: { code: "upstream_timeout" } });
    expect(decode([["", { message: "invalid api token" }]]).at(-1)).toMatchObject({
      type: "error",
      error: { message: "invalid api token" },
    });
    expect(decode([["message-start"]]).at(-1)).toMatchObject({ error: { code: "upstream_truncated" } });
  });

  test("what is not known passes to clients of the dialect, what comes after the end does not", () => {
    const parts = decode([["message-start"], ["debug", { prompt: "x" }], END, ["content-delta"]]);
    expect(parts.map(({ type }) => type)).toEqual(["start", "unknown", "finish", "end"]);
    expect(encode(parts)).toContain('event: debug\ndata: {"type":"debug","prompt":"x"}');
  });

  test("keep-alives are comments", () => {
    expect(encode([{ type: "ping" }])).toBe(": keep-alive\n\n");
  });
});
