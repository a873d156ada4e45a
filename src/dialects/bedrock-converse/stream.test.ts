import { describe, expect, test } from "bun:test";
import { collectParts } from "../../canonical/collect.ts";
import type { Frame, ReplyContext } from "../../canonical/dialect.ts";
import { GatewayError } from "../../canonical/errors.ts";
import { objectOf, type JsonObject } from "../../canonical/json.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import type { EventStreamMessage } from "../../lib/eventstream/message.ts";
import { EventStreamParser } from "../../lib/eventstream/parser.ts";
import { bedrockConverse } from "./index.ts";

const frame = (event: string, data: JsonObject): Frame => ({ event, data: JSON.stringify(data) });
const delta = (contentBlockIndex: number, fields: JsonObject): Frame =>
  frame("contentBlockDelta", { contentBlockIndex, delta: fields });
const stop = (contentBlockIndex: number): Frame => frame("contentBlockStop", { contentBlockIndex });
const START = frame("messageStart", { role: "assistant" });
const END = [
  frame("messageStop", { stopReason: "end_turn" }),
  frame("metadata", { usage: { inputTokens: 1, outputTokens: 2, totalTokens: 3 }, metrics: { latencyMs: 5 } }),
];

function decode(...frames: Frame[]): StreamPart[] {
  const decoder = bedrockConverse.createStreamDecoder();
  const out: StreamPart[] = [];
  for (const each of frames) decoder.push(each, out);
  decoder.finish(out);
  return out;
}

const reply = (): ReplyContext => ({
  requestId: "req_1",
  model: "m",
  createdAt: 0,
  request: bedrockConverse.decodeRequest({ body: { messages: [] }, pathModel: "m" }),
  elapsedMs: () => 42.4,
});

interface Event {
  event: string;
  body: JsonObject;
  type: string;
}

function encode(parts: readonly StreamPart[]): Event[] {
  const encoder = bedrockConverse.createStreamEncoder(reply());
  const messages: EventStreamMessage[] = [];
  const parser = new EventStreamParser();
  for (const part of parts) {
    const bytes = encoder.encode(part);
    if (typeof bytes !== "string") parser.push(bytes, messages);
  }
  return messages.map(({ headers, payload }) => ({
    event: headers[":event-type"] ?? headers[":exception-type"] ?? "",
    body: JSON.parse(Buffer.from(payload).toString()) as JsonObject,
    type: headers[":message-type"] ?? "",
  }));
}

/** The events of what decoded frames encode to, as frames again. */
function again(...frames: Frame[]): Frame[] {
  return encode(decode(...frames)).map(({ event, body }) => frame(event, body));
}

describe("decoding", () => {
  test("calls of the caller's tools end an answer as such, whatever word the model had", () => {
    const start = frame("contentBlockStart", {
      contentBlockIndex: 0,
      start: { toolUse: { toolUseId: "t", name: "f" } },
    });
    const parts = decode(START, start, delta(0, { toolUse: { input: "{}" } }), stop(0), ...END);
    expect(collectParts(parts).candidates[0]?.finishReason).toBe("tool_calls");
    const content = [{ toolUse: { toolUseId: "t", name: "f", input: {} } }];
    const whole = { output: { message: { role: "assistant", content } }, stopReason: "end_turn" };
    expect(bedrockConverse.decodeResponse(whole).candidates[0]?.finishReason).toBe("tool_calls");
  });

  test("blocks of text share a message; a start that says nothing does no harm", () => {
    const frames = [
      START,
      frame("contentBlockStart", { contentBlockIndex: 0, start: {} }),
      delta(0, { text: "a" }),
      stop(0),
    ];
    const { candidates } = collectParts(decode(...frames, delta(1, { text: "b" }), stop(1), ...END));
    expect(candidates).toMatchObject([
      { items: [{ type: "message", content: [{ text: "a" }, { text: "b" }] }], finishReason: "stop" },
    ]);
  });

  test("an answer ends with metadata, before the connection does", () => {
    const decoder = bedrockConverse.createStreamDecoder();
    const out: StreamPart[] = [];
    for (const each of [START, delta(0, { text: "a" }), stop(0), ...END]) decoder.push(each, out);
    expect(out.slice(-3).map(({ type }) => type)).toEqual(["finish", "usage", "end"]);
    expect(out.at(-1)).toEqual({
      type: "end",
      extensions: { "bedrock-converse": { metrics: { latencyMs: 5 } } },
    });
  });

  test("metadata before the stop, and none at all", () => {
    const [messageStop, metadata] = END as [Frame, Frame];
    expect(decode(START, delta(0, { text: "a" }), metadata, messageStop).map(({ type }) => type)).toEqual([
      "start",
      "item_start",
      "text_delta",
      "usage",
      "item_end",
      "finish",
      "end",
    ]);
    expect(decode(START, delta(0, { text: "a" }), messageStop).at(-1)).toEqual({ type: "end" });
  });

  test("without a stop it was cut", () => {
    expect(decode(START, delta(0, { text: "a" }), stop(0)).at(-1)).toMatchObject({
      type: "error",
      error: { code: "upstream_truncated" },
    });
  });

  test("exceptions", () => {
    const error = { type: "error", error: { code: "upstream_rate_limited", message: "slow" } };
    expect(decode(START, frame("throttlingException", { message: "slow" }), ...END)).toMatchObject([
      { type: "start" },
      error,
    ]);
  });

  test("an event of the future goes along as it came", () => {
    expect(decode(START, frame("hologram", { a: 1 }), ...END)[1]).toEqual({
      type: "unknown",
      dialect: "bedrock-converse",
      event: "hologram",
      data: '{"a":1}',
    });
  });

  test("redacted reasoning that comes in pieces is one", () => {
    const [one, two] = ["secret", "-state"].map((text) => Buffer.from(text).toString("base64"));
    const frames = [one, two].map((redactedContent) =>
      delta(0, { reasoningContent: { redactedContent: redactedContent ?? "" } }),
    );
    expect(decode(START, ...frames, stop(0), ...END)).toContainEqual({
      type: "item_opaque",
      index: 0,
      opaque: { maker: "bedrock-converse", kind: "redacted", value: Buffer.from("secret-state").toString("base64") },
    });
  });
});

describe("what was decoded is encoded as it came", () => {
  const tool = (index: number, id: string): Frame =>
    frame("contentBlockStart", { start: { toolUse: { toolUseId: id, name: "f" } }, contentBlockIndex: index });
  const server = { toolUseId: "s", name: "nova_grounding", type: "server_tool_use" };
  const found = { toolUseId: "s", type: "nova_grounding_result", status: "success" };
  const frames: Frame[] = [
    START,
    delta(0, { reasoningContent: { text: "hm" } }),
    delta(0, { reasoningContent: { signature: "EqQB" } }),
    stop(0),
    delta(1, { reasoningContent: { redactedContent: "c2VjcmV0" } }),
    stop(1),
    delta(2, { text: "Let" }),
    delta(2, { text: " me" }),
    delta(2, { citation: { title: "t", location: { web: { url: "https://a.example" } } } }),
    stop(2),
    tool(3, "t1"),
    delta(3, { toolUse: { input: '{"a":' } }),
    delta(3, { toolUse: { input: "1}" } }),
    stop(3),
    frame("contentBlockStart", { start: { toolUse: server }, contentBlockIndex: 4 }),
    delta(4, { toolUse: { input: '{"query":"x"}' } }),
    stop(4),
    frame("contentBlockStart", { start: { toolResult: found }, contentBlockIndex: 5 }),
    delta(5, { toolResult: [{ text: "y" }] }),
    stop(5),
    frame("contentBlockStart", { start: { image: { format: "png" } }, contentBlockIndex: 6 }),
    delta(6, { image: { source: { bytes: "AAAA" } } }),
    stop(6),
    frame("messageStop", { stopReason: "tool_use", additionalModelResponseFields: { delta: { stop_sequence: null } } }),
    frame("metadata", {
      usage: { inputTokens: 1, outputTokens: 2, totalTokens: 3 },
      metrics: { latencyMs: 5 },
      trace: { guardrail: {} },
      serviceTier: { type: "flex" },
    }),
  ];

  test("every kind of block", () => expect(again(...frames)).toEqual(frames));
});

describe("encoding", () => {
  const call = (index: number, callId: string): StreamPart => ({
    type: "item_start",
    index,
    candidate: 0,
    kind: "tool_call",
    callId,
    name: "f",
    toolKind: "function",
  });
  const tail: StreamPart[] = [{ type: "finish", candidate: 0, reason: "tool_calls" }, { type: "end" }];

  test("calls that interleave come one after the other", () => {
    const events = encode([
      { type: "start", id: "", model: "", createdAt: 0 },
      call(0, "a"),
      call(1, "b"),
      { type: "tool_delta", index: 1, text: "{}" },
      { type: "tool_delta", index: 0, text: "[]" },
      { type: "item_end", index: 1 },
      { type: "item_end", index: 0 },
      ...tail,
    ]);
    expect(
      events.map(({ event, body }) => `${event} ${JSON.stringify(body["contentBlockIndex"]) ?? ""}`.trim()),
    ).toEqual([
      "messageStart",
      "contentBlockStart 0",
      "contentBlockDelta 0",
      "contentBlockStop 0",
      "contentBlockStart 1",
      "contentBlockDelta 1",
      "contentBlockStop 1",
      "messageStop",
      "metadata",
    ]);
  });

  test("the gateway's own latency stands where the upstream told none", () => {
    const metadata = encode([{ type: "start", id: "", model: "", createdAt: 0 }, ...tail]).at(-1);
    expect(metadata?.body).toEqual({
      usage: { inputTokens: 0, outputTokens: 0, totalTokens: 0 },
      metrics: { latencyMs: 42 },
    });
  });

  test("an error is an exception, and the last word", () => {
    const events = encode([
      { type: "start", id: "", model: "", createdAt: 0 },
      { type: "error", error: new GatewayError("upstream_timeout", "too slow") },
      { type: "end" },
    ]);
    expect(events.at(-1)).toEqual({
      event: "internalServerException",
      type: "exception",
      body: { message: "too slow", error: { code: "upstream_timeout" } },
    });
  });

  test("another maker's signature of a call travels in a block before it and comes back", () => {
    const opaque = { maker: "gemini", kind: "signature", value: "c2ln" } as const;
    const events = encode([
      { type: "start", id: "", model: "", createdAt: 0 },
      { ...call(0, "c1"), opaque } as StreamPart,
      { type: "item_end", index: 0 },
      ...tail,
    ]);
    const carried = objectOf(objectOf(events[1]?.body["delta"])["reasoningContent"]);
    const toolUse = { toolUseId: "c1", name: "f", input: {} };
    const messages = [{ role: "assistant", content: [{ reasoningContent: carried }, { toolUse }] }];
    const { items } = bedrockConverse.decodeRequest({ body: { messages }, pathModel: "m" });
    expect(items).toEqual([{ type: "tool_call", callId: "c1", name: "f", kind: "function", arguments: "{}", opaque }]);
  });
});
