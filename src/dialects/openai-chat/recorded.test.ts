import { describe, expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import { StreamCollector, findError } from "../../canonical/collect.ts";
import type { Frame, ReplyContext } from "../../canonical/dialect.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import type { ChatRequest } from "../../canonical/request.ts";
import type { Candidate } from "../../canonical/response.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import type { Warning } from "../../canonical/warning.ts";
import { SseParser } from "../../lib/sse.ts";
import { openaiChat } from "./index.ts";

interface Exchange {
  id: string;
  provider: string;
  op: string;
  stream: boolean;
  status: number;
  reqBody: string;
  resBody: string;
}

const FILE = resolve(import.meta.dir, "../../../../shared/recorded/exchanges.ndjson.gz");
const found = existsSync(FILE);
if (!found) console.warn("recorded exchanges not found beside the repository: openai-chat replays none of them");
const exchanges: Exchange[] = found
  ? gunzipSync(readFileSync(FILE))
      .toString()
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line))
      .filter((exchange: Exchange) => exchange.op === "chat")
  : [];
const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "base64"));
const jsonOf = (text: string): JsonObject => JSON.parse(Buffer.from(text, "base64").toString());

const request: ChatRequest = {
  model: "m",
  stream: true,
  items: [],
  tools: [],
  includeUsage: true,
  extensions: {},
  warnings: [],
};
const reply: ReplyContext = { requestId: "r", model: "m", createdAt: 1, request };

/** What a person would read out of an answer, without help from the code under test. */
interface Reading {
  text: string;
  reasoning: string;
  calls: { id: string; name: string; arguments: string }[];
  finish: string | undefined;
  prompt: number | undefined;
  completion: number | undefined;
}

/** What of a recorded answer is read. */
interface WireMessage {
  content?: string | WirePart[] | null;
  reasoning_details?: { text?: string; summary?: string }[] | null;
  reasoning_content?: string | null;
  reasoning?: string | null;
  tool_calls?: WireCall[] | null;
}

type WirePart = { type: "text"; text: string } | { type: "thinking"; thinking: { text: string }[] };

interface WireCall {
  id?: string | null;
  index?: number;
  type?: string;
  function: { name: string; arguments?: string | null };
}

interface WireUsage {
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens: number;
  reasoning_tokens?: number;
  completion_tokens_details?: { reasoning_tokens?: number } | null;
}

interface WireBody<Choice> {
  choices?: Choice[];
  usage?: WireUsage | null;
  x_groq?: { usage?: WireUsage };
}

type WireAnswer = WireBody<{ message: WireMessage; finish_reason: string }>;
type WireChunk = WireBody<{ delta: WireMessage; finish_reason: string | null }>;

function readMessage(reading: Reading, message: WireMessage): void {
  if (typeof message.content === "string") reading.text += message.content;
  for (const part of Array.isArray(message.content) ? message.content : []) {
    if (part.type === "text") reading.text += part.text;
    if (part.type === "thinking") for (const piece of part.thinking) reading.reasoning += piece.text;
  }
  const details = (message.reasoning_details ?? []).map(({ text, summary }) => text ?? summary ?? "").join("");
  reading.reasoning += details === "" ? (message.reasoning_content ?? message.reasoning ?? "") : details;
  for (const call of message.tool_calls ?? []) {
    const id = call.id ?? "";
    const isNew = id !== "" && !reading.calls.some((known) => known.id === id);
    if (isNew) reading.calls.push({ id, name: call.function.name, arguments: "" });
    const last = reading.calls.at(call.index ?? -1);
    if (last !== undefined) last.arguments += call.function.arguments ?? "";
  }
}

function readUsage(reading: Reading, body: WireBody<unknown>): void {
  const usage = body.usage ?? body.x_groq?.usage;
  if (!usage) return;
  reading.prompt = usage.prompt_tokens;
  const { prompt_tokens: input, completion_tokens: output, total_tokens: total } = usage;
  const reasoning = usage.completion_tokens_details?.reasoning_tokens ?? usage.reasoning_tokens ?? 0;
  // Two ways to see that a host counts reasoning beside the completion.
  const beside = total === input + output + reasoning || reasoning > output;
  reading.completion = beside ? output + reasoning : output;
}

function empty(): Reading {
  return { text: "", reasoning: "", calls: [], finish: undefined, prompt: undefined, completion: undefined };
}

function readPlain(body: WireAnswer): Reading {
  const reading = empty();
  const [choice] = body.choices ?? [];
  if (choice === undefined) throw new Error("the recorded answer has no choice");
  readMessage(reading, choice.message);
  reading.finish = choice.finish_reason;
  readUsage(reading, body);
  return reading;
}

function readStream(text: string): Reading {
  const reading = empty();
  for (const line of text.split(/\r?\n/u)) {
    if (!line.startsWith("data:") || line.includes("[DONE]")) continue;
    const body: WireChunk = JSON.parse(line.slice(5));
    const [choice] = body.choices ?? [];
    if (choice !== undefined) {
      readMessage(reading, choice.delta);
      reading.finish = choice.finish_reason || reading.finish;
    }
    readUsage(reading, body);
  }
  return reading;
}

function readCandidate(candidate: Candidate | undefined): Omit<Reading, "prompt" | "completion"> {
  const reading = empty();
  for (const item of candidate?.items ?? []) {
    if (item.type === "message") {
      for (const part of item.content) if (part.type === "text") reading.text += part.text;
    } else if (item.type === "reasoning") reading.reasoning += item.text + item.summary.join("");
    else if (item.type === "tool_call") {
      reading.calls.push({ id: item.callId, name: item.name, arguments: item.arguments });
    }
  }
  return { text: reading.text, reasoning: reading.reasoning, calls: reading.calls, finish: candidate?.rawFinishReason };
}

function framesOf(bytes: Uint8Array, cut: () => number): Frame[] {
  const parser = new SseParser();
  const frames: Frame[] = [];
  for (let at = 0; at < bytes.length;) {
    const size = cut();
    parser.push(bytes.subarray(at, at + size), frames);
    at += size;
  }
  parser.end(frames);
  return frames;
}

function decodeFrames(frames: Frame[]): StreamPart[] {
  const decoder = openaiChat.createStreamDecoder();
  const parts: StreamPart[] = [];
  for (const frame of frames) decoder.push(frame, parts);
  decoder.finish(parts);
  return parts;
}

function encodeParts(parts: StreamPart[]): string {
  const encoder = openaiChat.createStreamEncoder(reply);
  return parts.map((part) => encoder.encode(part)).join("");
}

function collect(parts: StreamPart[]): StreamCollector["response"] {
  const collector = new StreamCollector();
  for (const part of parts) collector.add(part);
  return collector.response;
}

/** A fixed sequence of small numbers: chunk sizes that differ and never change between runs. */
function sizes(): () => number {
  let seed = 7;
  return () => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return 1 + (seed % 97);
  };
}

/** The body with every field that `more` has: what an answer may add but not change. */
function within(value: Json, other: Json | undefined): void {
  expect(other).toMatchObject(value as object);
}

function withoutAdded(body: JsonObject): JsonObject {
  const { stream_options: _, ...rest } = body;
  return rest;
}

describe.skipIf(!found)("recorded chat exchanges", () => {
  test("there are some", () => expect(exchanges.length).toBeGreaterThan(300));

  for (const exchange of exchanges) {
    const name = `${exchange.provider} ${exchange.id}${exchange.stream ? " (stream)" : ""}`;
    const body = jsonOf(exchange.reqBody);

    test(`request of ${name}`, () => {
      const decoded = openaiChat.decodeRequest({ body: structuredClone(body) });
      const warnings: Warning[] = [];
      const encoded = openaiChat.encodeRequest(decoded, { model: body["model"] as string, warnings, flags: {} });
      expect(withoutAdded(encoded.body)).toEqual(withoutAdded(body));
      if (body["stream"] === true) within(body["stream_options"] ?? {}, encoded.body["stream_options"]);
      expect(warnings).toEqual([]);
    });

    if (!exchange.stream)
      test(`answer of ${name}`, () => {
        const answer = jsonOf(exchange.resBody);
        if (answer["choices"] === undefined) {
          const error = answer["error"] as { message: string };
          expect(openaiChat.decodeError(400, answer).message).toBe(error.message);
          return;
        }
        const response = openaiChat.decodeResponse(structuredClone(answer));
        const wire = answer as WireAnswer;
        const { prompt, completion, ...said } = readPlain(wire);
        expect(readCandidate(response.candidates[0])).toEqual(said);
        expect(response.usage?.inputTokens).toBe(prompt);
        expect(response.usage?.outputTokens).toBe(completion);
        for (const choice of wire.choices ?? [])
          for (const call of choice.message.tool_calls ?? []) call.type ??= "function";
        within(answer, openaiChat.encodeResponse(response, reply));
      });

    if (exchange.stream)
      test(`stream of ${name}`, () => {
        const bytes = bytesOf(exchange.resBody);
        const parts = decodeFrames(framesOf(bytes, () => bytes.length));
        expect(findError(parts)).toBeUndefined();
        expect(parts.at(-1)?.type).toBe("end");
        const response = collect(parts);
        const { prompt, completion, ...said } = readStream(Buffer.from(bytes).toString());
        expect(readCandidate(response.candidates[0])).toEqual(said);
        expect(response.usage?.inputTokens).toBe(prompt);
        expect(response.usage?.outputTokens).toBe(completion);

        expect(decodeFrames(framesOf(bytes, sizes()))).toEqual(parts);
        const encoded = encodeParts(parts);
        const again = decodeFrames(framesOf(new Uint8Array(Buffer.from(encoded)), sizes()));
        expect(collect(again)).toEqual(response);
      });
  }
});
