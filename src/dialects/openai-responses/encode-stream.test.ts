import { describe, expect, test } from "bun:test";
import OpenAI from "openai";
import { zodResponsesFunction, zodTextFormat } from "openai/helpers/zod";
import { z } from "zod";
import { replayResponse } from "../../canonical/replay.ts";
import type { ReplyContext } from "../../canonical/dialect.ts";
import { GatewayError } from "../../canonical/errors.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { ReasoningItem } from "../../canonical/request.ts";
import type { ChatResponse } from "../../canonical/response.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import { emptyUsage } from "../../canonical/usage.ts";
import { openaiResponses } from "./index.ts";

function replyTo(body: JsonObject): ReplyContext {
  const request = openaiResponses.decodeRequest({ body: { model: "alias", ...body } });
  return { requestId: "req1", model: "alias", createdAt: 99, request };
}

function encode(parts: readonly StreamPart[], body: JsonObject = {}): string {
  const encoder = openaiResponses.createStreamEncoder(replyTo(body));
  return parts.map((part) => encoder.encode(part)).join("");
}

interface Event extends JsonObject {
  type: string;
  response: JsonObject;
  delta: string;
  output_index: number;
  content_index: number;
  summary_index: number;
}

function eventsOf(text: string): Event[] {
  const blocks = text.split("\n\n").filter((block) => block.includes("data: "));
  return blocks.map((block) => JSON.parse(block.slice(block.indexOf("data: ") + 6)));
}

/** The official client, whose every call is answered with this. */
function client(answer: string, contentType: string): OpenAI {
  const fetch = (): Promise<Response> =>
    Promise.resolve(new Response(answer, { headers: { "content-type": contentType } }));
  return new OpenAI({ apiKey: "none", baseURL: "http://gateway.invalid", fetch, maxRetries: 0 });
}

const START: StreamPart = { type: "start", id: "", model: "", createdAt: 0 };
const item = (index: number, kind: "message" | "reasoning", candidate = 0): StreamPart => ({
  type: "item_start",
  index,
  candidate,
  kind,
});
const call = (index: number, name: string, toolKind: "function" | "custom" = "function"): StreamPart => ({
  type: "item_start",
  index,
  candidate: 0,
  kind: "tool_call",
  callId: `call_${index}`,
  name,
  toolKind,
});
const text = (index: number, said: string, part = 0): StreamPart => ({ type: "text_delta", index, part, text: said });
const stopped: StreamPart = { type: "finish", candidate: 0, reason: "stop" };
const END: StreamPart = { type: "end" };

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

describe("createStreamEncoder", () => {
  test("images become items of their own, audio goes by audio events, other media by link", () => {
    const events = eventsOf(
      encode([
        START,
        item(0, "message"),
        {
          type: "media",
          index: 0,
          media: { type: "image", source: { type: "base64", data: "QUJD" }, mediaType: "image/png" },
        },
        {
          type: "media",
          index: 0,
          chunk: true,
          media: { type: "audio", source: { type: "base64", data: "QQ" }, transcript: "he" },
        },
        {
          type: "media",
          index: 0,
          chunk: true,
          media: { type: "audio", source: { type: "base64", data: "Qg" }, transcript: "y" },
        },
        { type: "media", index: 0, media: { type: "video", source: { type: "url", url: "https://v" } } },
        { type: "item_end", index: 0 },
        stopped,
        END,
      ]),
    );
    expect(events.at(-1)?.response.output).toMatchObject([
      {
        type: "message",
        content: [
          { type: "output_audio", data: "QQQg", transcript: "hey" },
          { type: "output_text", text: "https://v" },
        ],
      },
      { type: "image_generation_call", result: "QUJD", output_format: "png", status: "completed" },
    ]);
    const audio = events.filter((event) => event.type === "response.audio.delta");
    expect(audio.map((event) => event.delta)).toEqual(["QQ", "Qg"]);
  });

  test("events of this dialect are relayed, with this stream's numbers", () => {
    const added = {
      type: "response.output_item.added",
      sequence_number: 2,
      output_index: 4,
      item: { id: "ws_1", type: "web_search_call" },
    };
    const progress = {
      type: "response.web_search_call.searching",
      sequence_number: 9,
      output_index: 4,
      item_id: "ws_1",
    };
    const done = { id: "ws_1", type: "web_search_call", status: "completed" };
    const unknown = (event: JsonObject): StreamPart => ({
      type: "unknown",
      dialect: "openai-responses",
      event: typeof event.type === "string" ? event.type : "",
      data: JSON.stringify(event),
    });
    const opaque = { type: "opaque_item", candidate: 0, dialect: "openai-responses" } as const;
    const events = eventsOf(
      encode([
        START,
        unknown(added),
        unknown(progress),
        { ...opaque, index: 0, value: done },
        { ...opaque, index: 1, value: { id: "mcp_1", type: "mcp_call" } },
        { type: "unknown", dialect: "gemini", event: "x", data: "{}" },
        { type: "unknown", dialect: "openai-responses", event: "y", data: "no json" },
        { type: "opaque_item", index: 2, candidate: 0, dialect: "gemini", value: {} },
        END,
      ]),
    );
    expect(events.map((event) => [event.type, event.sequence_number, event.output_index])).toEqual([
      ["response.created", 0, undefined],
      ["response.in_progress", 1, undefined],
      ["response.output_item.added", 2, 0],
      ["response.web_search_call.searching", 3, 0],
      ["response.output_item.done", 4, 0],
      ["response.output_item.added", 5, 1],
      ["response.output_item.done", 6, 1],
      ["response.completed", 7, undefined],
    ]);
    expect(events.at(-1)?.response.output).toEqual([done, { id: "mcp_1", type: "mcp_call" }]);
  });

  test("text that comes back to an earlier part joins it", () => {
    const events = eventsOf(
      encode([
        START,
        item(0, "message"),
        text(0, "a"),
        text(0, "b", 1),
        text(0, "c"),
        { type: "item_end", index: 0 },
        END,
      ]),
    );
    expect(events.at(-1)?.response.output).toMatchObject([{ content: [{ text: "ac" }, { text: "b" }] }]);
  });

  test("full reasoning is a summary for a client that asked for one", () => {
    const thought: StreamPart[] = [item(0, "reasoning")];
    for (const said of ["th", "ink"])
      thought.push({ type: "reasoning_delta", index: 0, channel: "text", part: 0, text: said });
    const parts: StreamPart[] = [...thought, { type: "item_end", index: 0 }, END];
    const asked = { reasoning: { summary: "auto" } };
    const shown = { type: "reasoning", summary: [{ type: "summary_text", text: "think" }] };
    expect(eventsOf(encode([START, ...parts], asked)).at(-1)?.response.output).toEqual([
      { id: "rs_tl_respreq1_0", ...shown },
    ]);
    const own: StreamPart = { ...START, extensions: { "openai-responses": { store: true } } };
    const kept = [{ summary: [], content: [{ type: "reasoning_text", text: "think" }] }];
    expect(eventsOf(encode([own, ...parts], asked)).at(-1)?.response.output).toMatchObject(kept);
    expect(eventsOf(encode([START, ...parts])).at(-1)?.response.output).toMatchObject(kept);
    const items: ReasoningItem[] = [{ type: "reasoning", summary: [], text: "think" }];
    const response = {
      id: "",
      model: "",
      createdAt: 0,
      candidates: [{ index: 0, items, finishReason: "stop" as const }],
    };
    expect(openaiResponses.encodeResponse(response, replyTo(asked)).output).toMatchObject([shown]);
  });

  test("an event before the first one is left out", () => {
    const early: StreamPart = { type: "unknown", dialect: "openai-responses", event: "x", data: "{}" };
    expect(eventsOf(encode([early, START, END])).map((event) => event.type)).toEqual([
      "response.created",
      "response.in_progress",
      "response.completed",
    ]);
  });

  test("pings are comments, further candidates are left out", () => {
    expect(encode([{ type: "ping" }])).toBe(": ping\n\n");
    const events = eventsOf(
      encode([START, item(0, "message", 1), text(0, "a"), { type: "finish", candidate: 1, reason: "length" }, END]),
    );
    expect(events.at(-1)).toMatchObject({ type: "response.completed", response: { output: [] } });
  });
});
