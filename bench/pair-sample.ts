import type { Dialect, ReplyContext, TargetContext, WireRequest } from "../src/canonical/dialect.ts";
import type { JsonObject } from "../src/canonical/json.ts";
import type { ChatRequest, FunctionTool, Item } from "../src/canonical/request.ts";
import type { ChatResponse } from "../src/canonical/response.ts";
import type { StreamPart } from "../src/canonical/stream-part.ts";
import { emptyUsage } from "../src/canonical/usage.ts";
import { MODELS } from "../test/golden/pairs.ts";

/** What is translated: one conversation with tools, its answer, and the same answer as a stream. Nothing in it is of one dialect. */

export const TEXT_EVENTS = 200;
const CALLS = 2;
const ARGUMENT_EVENTS = 8;
const MODEL = "bench-model";

const word = (at: number): string => ` word${at}`;
const argument = (at: number): string => `${at === 0 ? "{" : ","}"field_${at}":"value ${at}"`;

const tool = (name: string): FunctionTool => ({
  type: "function",
  name,
  description: `What ${name} does, in a sentence of ordinary length.`,
  parameters: {
    type: "object",
    properties: { city: { type: "string", description: "Name of a city" }, days: { type: "integer" } },
    required: ["city"],
  },
});

const said = (role: "system" | "user" | "assistant", text: string): Item => ({
  type: "message",
  role,
  content: [{ type: "text", text }],
});

function turn(at: number): Item[] {
  const callId = `call_${at}`;
  const text = "The quick brown fox jumps over the lazy dog. ".repeat(5);
  return [
    said("user", `${at}: ${text}`),
    {
      type: "tool_call",
      callId,
      name: "get_weather",
      kind: "function",
      arguments: JSON.stringify({ city: "Paris", days: at }),
    },
    { type: "tool_result", callId, kind: "function", content: [{ type: "text", text: '{"sky":"sunny"}' }] },
    said("assistant", text),
  ];
}

/** Six turns with tool calls and three tools; about 8 KB on the wire. */
export const REQUEST: ChatRequest = {
  model: MODEL,
  stream: true,
  warnings: [],
  items: [
    said("system", "You are of help. ".repeat(20)),
    ...Array.from({ length: 6 }, (_, at) => turn(at)).flat(),
    said("user", "And now?"),
  ],
  tools: ["get_weather", "get_news", "send_mail"].map(tool),
  toolChoice: { type: "auto" },
  maxOutputTokens: 1000,
  temperature: 0.5,
  includeUsage: true,
  extensions: {},
};

const USAGE = { ...emptyUsage(), inputTokens: 2000, cachedInputTokens: 1000, outputTokens: 260, raw: undefined };
const HEAD = { id: "answer-1", model: MODEL, createdAt: 1_760_000_000 };

/** The answer at once. */
export const RESPONSE: ChatResponse = {
  ...HEAD,
  candidates: [
    {
      index: 0,
      items: [
        said("assistant", Array.from({ length: TEXT_EVENTS }, (_, at) => word(at)).join("")),
        ...Array.from({ length: CALLS }, (_, at): Item => ({
          type: "tool_call",
          callId: `call_${at}`,
          name: "get_weather",
          kind: "function",
          arguments: `${Array.from({ length: ARGUMENT_EVENTS }, (__, piece) => argument(piece)).join("")}}`,
        })),
      ],
      finishReason: "tool_calls",
    },
  ],
  usage: USAGE,
};

function callParts(at: number): StreamPart[] {
  const index = at + 1;
  const pieces = Array.from({ length: ARGUMENT_EVENTS }, (_, piece) => argument(piece));
  return [
    {
      type: "item_start",
      index,
      candidate: 0,
      kind: "tool_call",
      callId: `call_${at}`,
      name: "get_weather",
      toolKind: "function",
    },
    ...[...pieces, "}"].map((text): StreamPart => ({ type: "tool_delta", index, text })),
    { type: "item_end", index },
  ];
}

const PARTS: readonly StreamPart[] = [
  { type: "start", ...HEAD },
  { type: "item_start", index: 0, candidate: 0, kind: "message" },
  ...Array.from({ length: TEXT_EVENTS }, (_, at): StreamPart => ({
    type: "text_delta",
    index: 0,
    part: 0,
    text: word(at),
  })),
  { type: "item_end", index: 0 },
  ...Array.from({ length: CALLS }, (_, at) => callParts(at)).flat(),
  { type: "finish", candidate: 0, reason: "tool_calls" },
  { type: "usage", usage: USAGE },
  { type: "end" },
];

export const REPLY: ReplyContext = { requestId: "req_1", model: MODEL, createdAt: 1_760_000_000, request: REQUEST };

/** A current model of the dialect's vendor; warnings are of no interest. */
export function targetOf({ name }: Dialect): TargetContext {
  return { model: MODELS[name], warnings: [], flags: {}, maxOutputTokens: 32_000 };
}

/** The stream as a provider of this dialect sends it, an event or a few in a chunk. */
export function streamOf(dialect: Dialect): Uint8Array[] {
  const encoder = dialect.createStreamEncoder(REPLY);
  return PARTS.map((part) => Buffer.from(encoder.encode(part))).filter((chunk) => chunk.length > 0);
}

/** The answer as a provider of this dialect sends it. */
export function answerOf(dialect: Dialect): string {
  return JSON.stringify(dialect.encodeResponse(RESPONSE, REPLY));
}

/** The request as a client of this dialect sends it. */
export function requestOf(dialect: Dialect): string {
  return JSON.stringify(dialect.encodeRequest(REQUEST, targetOf(dialect)).body);
}

/** The request as the ingress hands it to the decoder. */
export function wireOf(dialect: Dialect, body: JsonObject): WireRequest {
  return dialect.modelInBody ? { body } : { body, pathModel: MODELS[dialect.name], pathStream: true };
}
