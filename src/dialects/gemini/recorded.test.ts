import { describe, expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import { collectParts } from "../../canonical/collect.ts";
import type { Frame, ReplyContext } from "../../canonical/dialect.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { ChatResponse } from "../../canonical/response.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import { SseParser } from "../../lib/sse.ts";
import { gemini } from "./index.ts";
import type { AnswerShape } from "./fixtures/wire-shapes.ts";

interface Exchange {
  id: string;
  op: string;
  url: string;
  status: number;
  reqBody: string;
  resBody: string;
}

const FILE = join(resolve(import.meta.dir, "../../.."), "../shared/recorded/exchanges.ndjson.gz");

function load(): Exchange[] {
  if (!existsSync(FILE)) return [];
  const lines = gunzipSync(readFileSync(FILE)).toString().trim().split("\n");
  return lines.map((line) => JSON.parse(line) as Exchange).filter(({ op }) => op === "gen" || op === "gen.stream");
}

const decodeText = (base64: string): string => Buffer.from(base64, "base64").toString();
const modelOf = (url: string): string => /models\/([^/:]+):/.exec(url)?.[1] ?? "";

function replyFor(exchange: Exchange): ReplyContext {
  const model = modelOf(exchange.url);
  const request = gemini.decodeRequest({ body: {}, pathModel: model });
  return { requestId: "req-1", model, createdAt: 1, request };
}

function frames(text: string, cut?: () => number): Frame[] {
  const parser = new SseParser();
  const out: Frame[] = [];
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length;) {
    const size = cut?.() ?? bytes.length;
    parser.push(bytes.subarray(at, at + size), out);
    at += size;
  }
  parser.end(out);
  return out;
}

function decodeFrames(list: readonly Frame[]): StreamPart[] {
  const decoder = gemini.createStreamDecoder();
  const out: StreamPart[] = [];
  for (const frame of list) decoder.push(frame, out);
  decoder.finish(out);
  return out;
}

/** A reading of the raw chunks that shares nothing with the decoder. */
function readRaw(chunks: readonly AnswerShape[]): object {
  const seen = {
    text: "",
    thoughts: "",
    calls: [] as unknown[],
    signatures: [] as string[],
    finish: "",
    tokens: {} as Record<string, number>,
  };
  for (const chunk of chunks) {
    const candidate = chunk.candidates?.[0];
    for (const part of candidate?.content?.parts ?? []) {
      if (part.functionCall) seen.calls.push([part.functionCall["name"], part.functionCall["args"] ?? {}]);
      else if (part["thought"] === true) seen.thoughts += part.text;
      else seen.text += part.text;
      if (part.thoughtSignature !== undefined) seen.signatures.push(part.thoughtSignature);
    }
    if (candidate?.finishReason) seen.finish = candidate.finishReason;
    if (chunk.usageMetadata) seen.tokens = chunk.usageMetadata;
  }
  const count = (key: string): number => seen.tokens[key] ?? 0;
  return {
    text: seen.text,
    thoughts: seen.thoughts,
    calls: seen.calls,
    signatures: seen.signatures,
    finish: seen.finish,
    tool_calls: seen.calls.length > 0 && seen.finish === "STOP",
    total: count("totalTokenCount"),
    cached: count("cachedContentTokenCount"),
    reasoning: count("thoughtsTokenCount"),
    model: chunks[0]?.["modelVersion"],
    id: chunks[0]?.["responseId"],
  };
}

function readDecoded(response: ChatResponse): object {
  const candidate = response.candidates[0];
  const seen = { text: "", thoughts: "", calls: [] as unknown[], signatures: [] as string[] };
  for (const item of candidate?.items ?? []) {
    if (item.type === "reasoning") seen.thoughts += item.text + item.summary.join("");
    if (item.type === "tool_call") seen.calls.push([item.name, JSON.parse(item.arguments || "{}")]);
    if ((item.type === "reasoning" || item.type === "tool_call") && item.opaque)
      seen.signatures.push(item.opaque.value);
    if (item.type !== "message") continue;
    for (const part of item.content) {
      if (part.type !== "text") continue;
      seen.text += part.text;
      if (part.opaque) seen.signatures.push(part.opaque.value);
    }
  }
  const usage = response.usage;
  return {
    ...seen,
    finish: candidate?.rawFinishReason,
    tool_calls: candidate?.finishReason === "tool_calls",
    total: (usage?.inputTokens ?? 0) + (usage?.outputTokens ?? 0),
    cached: usage?.cachedInputTokens,
    reasoning: usage?.reasoningTokens,
    model: response.model,
    id: response.id,
  };
}

/** Cut sizes that are random-looking but the same in every run. */
function cuts(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return 1 + (state % 97);
  };
}

const exchanges = load();
const answered = exchanges.filter(({ status }) => status === 200);
const plain = answered.filter(({ op }) => op === "gen");
const streamed = answered.filter(({ op }) => op === "gen.stream");

if (exchanges.length === 0) test.skip(`recorded exchanges are not at ${FILE}`, () => {});

describe.skipIf(exchanges.length === 0)("recorded exchanges", () => {
  test("are there", () => {
    expect(plain.length).toBeGreaterThan(10);
    expect(streamed.length).toBeGreaterThan(10);
  });

  test.each(exchanges.map((exchange) => [exchange.id, exchange] as const))("request %s", (_, exchange) => {
    const { model: _model, ...body } = JSON.parse(decodeText(exchange.reqBody)) as JsonObject;
    const request = gemini.decodeRequest({ body: structuredClone(body), pathModel: modelOf(exchange.url) });
    const warnings: [] = [];
    const encoded = gemini.encodeRequest(request, { model: modelOf(exchange.url), warnings, flags: {} });
    expect(encoded.body).toEqual(body);
    expect(warnings).toEqual([]);
  });

  test.each(plain.map((exchange) => [exchange.id, exchange] as const))("response %s", (_, exchange) => {
    const body = JSON.parse(decodeText(exchange.resBody)) as JsonObject;
    const response = gemini.decodeResponse(structuredClone(body));
    expect(readDecoded(response)).toEqual(readRaw([body]));
    expect(gemini.encodeResponse(response, replyFor(exchange))).toEqual(body);
  });

  test.each(streamed.map((exchange) => [exchange.id, exchange] as const))("stream %s", (_, exchange) => {
    const text = decodeText(exchange.resBody);
    const whole = frames(text);
    const parts = decodeFrames(whole);
    const raw = readRaw(whole.map((frame) => JSON.parse(frame.data) as AnswerShape));
    expect(parts.filter((part) => part.type === "error")).toEqual([]);
    expect(readDecoded(collectParts(parts))).toEqual(raw);
    for (const seed of [1, 2, 3]) expect(decodeFrames(frames(text, cuts(seed)))).toEqual(parts);

    const encoder = gemini.createStreamEncoder(replyFor(exchange));
    const encoded = frames(parts.map((part) => encoder.encode(part)).join(""));
    expect(readRaw(encoded.map((frame) => JSON.parse(frame.data) as AnswerShape))).toEqual(raw);
    expect(readDecoded(collectParts(decodeFrames(encoded)))).toEqual(raw);
  });

  test("the rate limit says when to try again", () => {
    const limited = exchanges.filter(({ status }) => status === 429);
    expect(limited.length).toBeGreaterThan(0);
    for (const exchange of limited) {
      const fault = gemini.decodeError(429, JSON.parse(decodeText(exchange.resBody)) as JsonObject);
      expect(fault.type).toBe("RESOURCE_EXHAUSTED");
      expect(JSON.stringify(fault.body)).toContain("retryDelay");
    }
  });
});
