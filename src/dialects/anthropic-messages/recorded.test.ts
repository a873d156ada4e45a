import { describe, expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { collectParts, findError } from "../../canonical/collect.ts";
import type { Frame, ReplyContext, TargetContext } from "../../canonical/dialect.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import { SseParser } from "../../lib/sse.ts";
import { anthropicMessages } from "./index.ts";

interface Exchange {
  id: string;
  op: string;
  stream: boolean;
  url: string;
  status: number;
  reqBody: string;
  resBody: string;
}

const FILE = join(import.meta.dir, "../../../../shared/recorded/exchanges.ndjson.gz");
const OPS = new Set(["messages", "invoke", "invoke.stream", "raw", "raw.stream"]);

function readExchanges(): Exchange[] {
  if (!existsSync(FILE)) return [];
  const lines = Buffer.from(Bun.gunzipSync(readFileSync(FILE)))
    .toString()
    .split("\n");
  return lines
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Exchange)
    .filter(({ op }) => OPS.has(op));
}

const exchanges = readExchanges();
if (exchanges.length === 0) test.skip("recorded exchanges are not here: ../shared/recorded is missing", () => {});

const bytesOf = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, "base64"));
const jsonOf = (base64: string): JsonObject => JSON.parse(Buffer.from(base64, "base64").toString()) as JsonObject;

/** The messages of an AWS event stream: each holds one event, base64 within JSON. Headers are skipped unread. */
function eventStreamFrames(bytes: Uint8Array): Frame[] {
  const frames: Frame[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  for (let at = 0; at < bytes.length; at += view.getUint32(at)) {
    const payload = bytes.subarray(at + 12 + view.getUint32(at + 4), at + view.getUint32(at) - 4);
    const { bytes: data } = JSON.parse(Buffer.from(payload).toString()) as { bytes?: string };
    if (data !== undefined) frames.push({ event: "", data: Buffer.from(data, "base64").toString() });
  }
  return frames;
}

/** Small deterministic generator. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % below;
  };
}

function framesOf(exchange: Exchange, chunk: (left: number) => number): Frame[] {
  const bytes = bytesOf(exchange.resBody);
  if (exchange.op === "invoke.stream") return eventStreamFrames(bytes);
  const parser = new SseParser();
  const out: Frame[] = [];
  for (let at = 0; at < bytes.length;) {
    const size = chunk(bytes.length - at);
    parser.push(bytes.slice(at, at + size), out);
    at += size;
  }
  parser.end(out);
  return out;
}

function decodeFrames(frames: readonly Frame[]): StreamPart[] {
  const decoder = anthropicMessages.createStreamDecoder();
  const parts: StreamPart[] = [];
  for (const frame of frames) decoder.push(frame, parts);
  decoder.finish(parts);
  return parts;
}

const request = anthropicMessages.decodeRequest({ body: { model: "m", messages: [] } });
const reply: ReplyContext = { requestId: "r1", model: "m", createdAt: 0, request };

function encodeParts(parts: readonly StreamPart[]): Frame[] {
  const encoder = anthropicMessages.createStreamEncoder(reply);
  const text = parts.map((part) => encoder.encode(part)).join("");
  const parser = new SseParser();
  const out: Frame[] = [];
  parser.push(new TextEncoder().encode(text), out);
  parser.end(out);
  return out;
}

/** A plain reading of raw events: whole blocks, the last stop fields, and usage merged over all events. */
function readEvents(frames: readonly Frame[]): JsonObject {
  const blocks: JsonObject[] = [];
  const json: string[] = [];
  let message: JsonObject = {};
  let usage: JsonObject = {};
  let delta: JsonObject = {};
  for (const { data } of frames) {
    const event = JSON.parse(data) as JsonObject;
    const index = event["index"] as number;
    const block = blocks[index] ?? {};
    const change = (event["delta"] ?? {}) as JsonObject;
    if (event["type"] === "message_stop") break;
    if (event["type"] === "message_start") message = event["message"] as JsonObject;
    if (event["type"] === "message_start") usage = { ...usage, ...(message["usage"] as JsonObject) };
    if (event["type"] === "content_block_start") blocks[index] = { ...(event["content_block"] as JsonObject) };
    if (event["type"] === "message_delta") {
      delta = { ...delta, ...change };
      usage = { ...usage, ...(event["usage"] as JsonObject) };
    }
    if (change["type"] === "text_delta") block["text"] = `${block["text"] as string}${change["text"] as string}`;
    if (change["type"] === "thinking_delta")
      block["thinking"] = `${block["thinking"] as string}${change["thinking"] as string}`;
    if (change["type"] === "signature_delta") block["signature"] = change["signature"];
    if (change["type"] === "compaction_delta") block["content"] = change["content"];
    if (change["type"] === "citations_delta")
      block["citations"] = [...((block["citations"] ?? []) as Json[]), change["citation"] ?? null];
    if (change["type"] === "input_json_delta") json[index] = (json[index] ?? "") + (change["partial_json"] as string);
  }
  json.forEach((text, index) => {
    const block = blocks[index];
    if (block !== undefined && text !== "") block["input"] = JSON.parse(text) as Json;
  });
  for (const block of blocks)
    if (Array.isArray(block["citations"]) && block["citations"].length === 0) delete block["citations"];
  for (const block of blocks) if (block["type"] === "thinking") block["signature"] ??= "";
  return { id: message["id"], model: message["model"], blocks, delta, usage };
}

function visible(body: JsonObject): JsonObject {
  const { id, model, content, stop_reason: reason, stop_sequence: sequence, usage } = body;
  return { id, model, blocks: content, reason, sequence: sequence ?? null, usage };
}

const isSpliced = (exchange: Exchange): boolean => exchange.id.includes("spliced-message-start");

describe.if(exchanges.length > 0)("recorded exchanges", () => {
  test("requests come out as they went in", () => {
    for (const { id, reqBody } of exchanges) {
      const body = jsonOf(reqBody);
      const decoded = anthropicMessages.decodeRequest({ body, pathModel: "claude-of-the-path" });
      const model = (body["model"] as string | undefined) ?? "claude-of-the-path";
      const target: TargetContext = { model, warnings: [], flags: {}, maxOutputTokens: 4096 };
      const encoded = anthropicMessages.encodeRequest(decoded, target);
      const filled = { max_tokens: 4096, messages: [], ...body, model };
      expect({ id, path: encoded.path, body: encoded.body }).toEqual({ id, path: "/messages", body: filled });
      expect({ id, warnings: [...decoded.warnings, ...target.warnings] }).toEqual({ id, warnings: [] });
    }
  });

  test("plain answers come out as they went in", () => {
    for (const exchange of exchanges.filter(({ stream, status }) => !stream && status === 200)) {
      const body = jsonOf(exchange.resBody);
      const encoded = anthropicMessages.encodeResponse(anthropicMessages.decodeResponse(body), reply);
      const wanted = { stop_sequence: null, ...body };
      expect({ id: exchange.id, body: encoded }).toEqual({ id: exchange.id, body: wanted });
    }
  });

  test("streams say what a plain reading of their events says", () => {
    for (const exchange of exchanges.filter((entry) => entry.stream && !isSpliced(entry))) {
      const frames = framesOf(exchange, (left) => left);
      const parts = decodeFrames(frames);
      expect(findError(parts)).toBeUndefined();
      const collected = collectParts(parts);
      const read = readEvents(frames);
      const seen = visible(anthropicMessages.encodeResponse(collected, reply));
      const { stop_reason: reason, stop_sequence: sequence } = read["delta"] as JsonObject;
      const wanted = {
        id: read["id"],
        model: read["model"],
        blocks: read["blocks"],
        reason,
        sequence,
        usage: read["usage"],
      };
      expect({ exchange: exchange.id, seen }).toEqual({ exchange: exchange.id, seen: wanted });
    }
  });

  test("streams come out with the same events for a reader", () => {
    for (const exchange of exchanges.filter((entry) => entry.stream && !isSpliced(entry))) {
      const frames = framesOf(exchange, (left) => left);
      const again = encodeParts(decodeFrames(frames));
      expect({ id: exchange.id, read: readEvents(again) }).toEqual({ id: exchange.id, read: readEvents(frames) });
      const withoutPings = (list: readonly Frame[]): Frame[] => list.filter(({ event }) => event !== "ping");
      expect(withoutPings(encodeParts(decodeFrames(again)))).toEqual(withoutPings(again));
    }
  });

  test("a second message within a stream is an error", () => {
    for (const exchange of exchanges.filter(isSpliced)) {
      const parts = decodeFrames(framesOf(exchange, (left) => left));
      expect(findError(parts)?.error.code).toBe("provider_protocol_error");
      expect(parts.at(-1)?.type).toBe("error");
    }
  });

  test("the cut of the bytes does not matter", () => {
    const next = random(5);
    for (const exchange of exchanges.filter(({ stream, op }) => stream && op !== "invoke.stream")) {
      const whole = decodeFrames(framesOf(exchange, (left) => left));
      const cut = decodeFrames(framesOf(exchange, (left) => Math.min(left, 1 + next(900))));
      expect(cut).toEqual(whole);
    }
  });
});
