import { describe, expect, test } from "bun:test";
import { zodResponsesFunction, zodTextFormat } from "openai/helpers/zod";
import { z } from "zod";
import { replayResponse } from "../../canonical/replay.ts";
import { GatewayError } from "../../canonical/errors.ts";
import type { ChatResponse } from "../../canonical/response.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import { emptyUsage } from "../../canonical/usage.ts";
import { openaiResponses } from "./index.ts";
import { replyTo, encode, eventsOf, client, START, item, call, text, stopped, END } from "./fixtures/stream-parts.ts";

const FULL: StreamPart[] = [
  { type: "start", id: "msg_1", model: "claude", createdAt: 7 },
  { type: "usage", usage: { ...emptyUsage(), inputTokens: 5 } },
  item(0, "reasoning"),
  { type: "reasoning_delta", index: 0, channel: "summary", part: 0, text: "First" },
  { type: "reasoning_delta", index: 0, channel: "summary", part: 1, text: "Then" },
  { type: "reasoning_delta", index: 0, channel: "text", part: 0, text: "thin" },
  { type: "ping" },
  { type: "reasoning_delta", index: 0, channel: "text", part: 0, text: "king" },
  { type: "item_opaque", index: 0, opaque: { maker: "anthropic-messages", kind: "signature", value: "sig" } },
  { type: "item_end", index: 0 },
  item(1, "message"),
  {
    ...text(1, "Hel"),
    logprobs: { content: [{ token: "Hel", logprob: -1, bytes: null, top_logprobs: [] }] },
  } as StreamPart,
  text(1, "lo"),
  { type: "citation", index: 1, part: 0, citation: { type: "url", url: "https://a.b", title: "A" } },
  text(1, "there", 1),
  { type: "refusal_delta", index: 1, part: 2, text: "No." },
  { type: "item_end", index: 1 },
  call(2, "f"),
  call(3, "g", "custom"),
  { type: "tool_delta", index: 2, text: '{"a":' },
  { type: "tool_delta", index: 3, text: "raw" },
  { type: "tool_delta", index: 2, text: "1}" },
  { type: "item_end", index: 3 },
  { type: "item_end", index: 2 },
  call(4, "empty"),
  { type: "item_end", index: 4 },
  { type: "finish", candidate: 0, reason: "tool_calls", raw: "tool_use" },
  {
    type: "usage",
    usage: { ...emptyUsage(), inputTokens: 5, cachedInputTokens: 2, outputTokens: 9, reasoningTokens: 4 },
  },
  END,
];

describe("a stream for the official client", () => {
  test("every kind of item arrives whole, in order", async () => {
    const body = { instructions: "Be brief.", tools: [{ type: "function", name: "f" }], temperature: 0.5 };
    const stream = client(encode(FULL, body), "text/event-stream").responses.stream({ model: "alias", input: "hi" });
    let said = "";
    stream.on("response.output_text.delta", (event) => (said += event.delta));
    const final = await stream.finalResponse();
    expect(said).toBe("Hellothere");
    expect(final.output_text).toBe("Hellothere");
    expect(final).toMatchObject({
      id: "msg_1",
      model: "claude",
      created_at: 7,
      status: "completed",
      instructions: "Be brief.",
      temperature: 0.5,
      tools: [{ type: "function", name: "f" }],
      tool_choice: "auto",
      usage: {
        input_tokens: 5,
        input_tokens_details: { cached_tokens: 2, cache_write_tokens: 0 },
        output_tokens: 9,
        output_tokens_details: { reasoning_tokens: 4 },
        total_tokens: 14,
      },
    });
    expect(final.output).toMatchObject([
      {
        type: "reasoning",
        id: "rs_tl_msg1_0",
        summary: [
          { type: "summary_text", text: "First" },
          { type: "summary_text", text: "Then" },
        ],
        content: [{ type: "reasoning_text", text: "thinking" }],
        encrypted_content: expect.stringMatching(/^tl1\./),
      },
      {
        type: "message",
        role: "assistant",
        status: "completed",
        content: [
          {
            type: "output_text",
            text: "Hello",
            annotations: [{ type: "url_citation", url: "https://a.b", start_index: 0, end_index: 5 }],
          },
          { type: "output_text", text: "there", annotations: [] },
          { type: "refusal", refusal: "No." },
        ],
      },
      { type: "function_call", call_id: "call_2", name: "f", arguments: '{"a":1}', status: "completed" },
      { type: "custom_tool_call", call_id: "call_3", name: "g", input: "raw" },
      { type: "function_call", call_id: "call_4", name: "empty", arguments: "{}" },
    ]);
  });

  test("text after audio has the place that the client counts", async () => {
    const audio = { type: "audio", source: { type: "base64", data: "QQ" }, transcript: "he" } as const;
    const media: StreamPart = { type: "media", index: 0, chunk: true, media: audio };
    const answer = encode([START, item(0, "message"), media, text(0, "said"), { type: "item_end", index: 0 }, END]);
    const stream = client(answer, "text/event-stream").responses.stream({ model: "alias", input: "hi" });
    expect((await stream.finalResponse()).output_text).toBe("said");
  });

  test("snapshots of the deltas agree with the done events", () => {
    const events = eventsOf(encode(FULL));
    expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, index) => index));
    const deltas = new Map<string, string>();
    for (const event of events) {
      const key = `${event.type.replace(/\.(delta|done)$/, "")} ${event.output_index} ${event.content_index ?? event.summary_index}`;
      if (event.type.endsWith(".delta")) deltas.set(key, (deltas.get(key) ?? "") + event.delta);
      const done = event.text ?? event.arguments ?? event.input ?? event.refusal;
      if (event.type.endsWith(".done") && typeof done === "string")
        expect({ key, text: deltas.get(key) }).toEqual({ key, text: done });
    }
    expect(deltas.size).toBe(9);
  });

  test("each item and part is opened before it is written and closed once", () => {
    const open = new Set<string>();
    for (const event of eventsOf(encode(FULL))) {
      const part = event.type.match(/content_part|reasoning_summary_part/)?.[0];
      const place = `${event.output_index} ${part ?? "item"} ${event.content_index ?? event.summary_index ?? ""}`;
      if (event.type.endsWith(".added") && event.annotation === undefined) open.add(place);
      if (event.type.endsWith("item.done") || event.type.endsWith("part.done")) expect(open.delete(place)).toBe(true);
    }
    expect([...open]).toEqual([]);
  });

  test("structured output and strict tools are parsed", async () => {
    const parts = [
      START,
      item(0, "message"),
      text(0, '{"name":"Ann"}'),
      { type: "item_end", index: 0 },
      call(1, "add"),
    ] as StreamPart[];
    parts.push({ type: "tool_delta", index: 1, text: '{"n":3}' }, { type: "item_end", index: 1 }, stopped, END);
    const stream = client(encode(parts), "text/event-stream").responses.stream({
      model: "alias",
      input: "hi",
      text: { format: zodTextFormat(z.object({ name: z.string() }), "person") },
      tools: [zodResponsesFunction({ name: "add", parameters: z.object({ n: z.number() }) })],
    });
    const final = await stream.finalResponse();
    expect(final.output_parsed).toEqual({ name: "Ann" });
    expect(final.output[1]).toMatchObject({ parsed_arguments: { n: 3 } });
  });

  test("a stream that only starts and ends is an empty answer with ids of ours", async () => {
    const final = await client(encode([START, END]), "text/event-stream")
      .responses.stream({ model: "a", input: "" })
      .finalResponse();
    expect(final).toMatchObject({
      id: "resp_req1",
      model: "alias",
      created_at: 99,
      status: "completed",
      output: [],
      output_text: "",
    });
  });

  test("a stream without a start, and items left open, still end well", async () => {
    const parts = [
      item(0, "message"),
      text(0, "cut"),
      { type: "finish", candidate: 0, reason: "length" },
      END,
    ] as StreamPart[];
    const final = await client(encode(parts), "text/event-stream")
      .responses.stream({ model: "a", input: "" })
      .finalResponse();
    expect(final).toMatchObject({
      status: "incomplete",
      incomplete_details: { reason: "max_output_tokens" },
      output_text: "cut",
    });
    expect(final.output[0]).toMatchObject({ status: "incomplete" });
  });

  test("an error is thrown by the client with the gateway's code", async () => {
    const error = new GatewayError("upstream_truncated", "cut off", {
      limit: { scope: "team:a", metric: "usd", limit: 1, used: 2, reset_at: null },
    });
    const answer = encode([START, item(0, "message"), text(0, "a"), { type: "error", error }, text(0, "b"), END]);
    const events = eventsOf(answer);
    expect(events.slice(-2)).toMatchObject([
      {
        type: "error",
        code: "upstream_truncated",
        message: "cut off",
        param: null,
        error: { limit: { scope: "team:a" } },
      },
      {
        type: "response.failed",
        response: { status: "failed", error: { code: "upstream_truncated", message: "cut off" } },
      },
    ]);
    const stream = client(answer, "text/event-stream").responses.stream({ model: "a", input: "" });
    const thrown: unknown = await stream.finalResponse().catch((reason: unknown) => reason);
    expect(thrown).toMatchObject({ code: "upstream_truncated" });
  });

  test("a whole answer and its replay say the same", async () => {
    const response: ChatResponse = {
      id: "r1",
      model: "m",
      createdAt: 3,
      candidates: [
        {
          index: 0,
          finishReason: "stop",
          items: [
            { type: "reasoning", summary: ["s"], text: "t" },
            {
              type: "message",
              role: "assistant",
              content: [{ type: "text", text: "a", citations: [{ type: "document", title: "D", citedText: "q" }] }],
            },
          ],
        },
      ],
    };
    const whole = openaiResponses.encodeResponse(response, replyTo({}));
    const streamed = eventsOf(encode(replayResponse(response))).at(-1)?.response;
    expect(streamed).toEqual(whole);
    const read = await client(JSON.stringify(whole), "application/json").responses.create({ model: "a", input: "" });
    expect(read.output_text).toBe("a");
  });
});
