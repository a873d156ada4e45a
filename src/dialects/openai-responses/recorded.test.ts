import { describe, expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { collectParts, findError } from "../../canonical/collect.ts";
import type { Frame, ReplyContext } from "../../canonical/dialect.ts";
import { GatewayError } from "../../canonical/errors.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { ChatResponse } from "../../canonical/response.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import { SseParser } from "../../lib/sse.ts";
import { openaiResponses } from "./index.ts";

interface Exchange {
  id: string;
  stream: boolean;
  request: JsonObject;
  body: string;
}

const FILE = join(import.meta.dir, "../../../../shared/recorded/exchanges.ndjson.gz");
const exchanges = existsSync(FILE) ? readExchanges() : [];

function readExchanges(): Exchange[] {
  const found: Exchange[] = [];
  for (const line of gunzipSync(readFileSync(FILE)).toString().split("\n")) {
    if (!line.includes('"op":"responses"') && !line.includes('"op": "responses"')) continue;
    const { id, op, stream, reqBody, resBody } = JSON.parse(line);
    if (op !== "responses") continue;
    const request = JSON.parse(Buffer.from(reqBody, "base64").toString());
    found.push({ id, stream, request, body: Buffer.from(resBody, "base64").toString() });
  }
  return found;
}

const plain = exchanges.filter((exchange) => !exchange.stream);
const streams = exchanges.filter((exchange) => exchange.stream);

function replyTo(request: JsonObject): ReplyContext {
  return { requestId: "test", model: "asked", createdAt: 0, request: openaiResponses.decodeRequest({ body: request }) };
}

function encodeAll(parts: readonly StreamPart[], reply: ReplyContext): string {
  const encoder = openaiResponses.createStreamEncoder(reply);
  return parts.map((part) => encoder.encode(part)).join("");
}

function decodeText(text: string, cut: (total: number) => number): StreamPart[] {
  const bytes = new TextEncoder().encode(text);
  const parser = new SseParser();
  const frames: Frame[] = [];
  for (let at = 0; at < bytes.length;) {
    const size = cut(bytes.length);
    parser.push(bytes.subarray(at, at + size), frames);
    at += size;
  }
  parser.end(frames);
  const decoder = openaiResponses.createStreamDecoder();
  const parts: StreamPart[] = [];
  for (const frame of frames) decoder.push(frame, parts);
  decoder.finish(parts);
  return parts;
}

const uncut = (total: number): number => total;

/** A small deterministic generator, so that every run cuts at the same places. */
function randomCuts(): () => number {
  let seed = 12345;
  return () => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return 1 + (seed % 700);
  };
}

/** An item or part of an answer, as this test reads it. */
interface RawItem {
  type: string;
  name?: string;
  call_id?: string;
  arguments?: string;
  input?: string;
  text?: string;
  encrypted_content?: string;
  content?: RawItem[];
  annotations?: unknown[];
}

/** An event of a stream, as this test reads it. */
interface RawEvent {
  type: string;
  sequence_number: number;
  delta: string;
  item: RawItem;
  response: { id: string; output: RawItem[]; usage: unknown; tools?: RawItem[] };
}

/** What a client sees, read from the raw events without this folder's code: the first answer of the stream. */
interface Seen {
  text: string;
  refusal: string;
  summary: string;
  reasoning: string;
  calls: string[];
  opaque: string[];
  citations: number;
  encrypted: string[];
  usage: unknown;
  failed: boolean;
}

function rawEvents(body: string): RawEvent[] {
  const events: RawEvent[] = [];
  for (const block of body.replaceAll("\r\n", "\n").split("\n\n")) {
    const data = block.split("\n").filter((line) => line.startsWith("data:"));
    if (data.length === 0) continue;
    const event = JSON.parse(data.map((line) => line.slice(5)).join("\n"));
    events.push(event);
    if (["response.completed", "response.incomplete", "response.failed"].includes(event.type)) break;
  }
  return events;
}

/** The text up to the first done event: it must arrive as it was sent, not at the end. */
function deltasBefore(events: readonly RawEvent[]): string {
  const end = events.findIndex((event) => event.type === "response.output_text.done");
  const before = end < 0 ? events : events.slice(0, end);
  return before.map((event) => (event.type === "response.output_text.delta" ? event.delta : "")).join("");
}

function deltasOf(parts: readonly StreamPart[]): string {
  return parts.map((part) => (part.type === "text_delta" ? part.text : "")).join("");
}

const byText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

const KNOWN = new Set(["message", "reasoning", "function_call"]);

function seeEvents(events: readonly RawEvent[]): Seen {
  const deltas = (type: string): string =>
    events
      .filter((event) => event.type === type)
      .map((event) => event.delta)
      .join("");
  const done = events.filter((event) => event.type === "response.output_item.done").map((event) => event.item);
  const tools = events[0]?.response.tools;
  const mine = (item: RawItem): boolean =>
    item.type !== "custom_tool_call" || !Array.isArray(tools) || tools.some((tool) => tool.name === item.name);
  const calls = done.filter(
    (item) => item.type === "function_call" || (item.type === "custom_tool_call" && mine(item)),
  );
  const last = events.at(-1);
  const texts = done.filter((item) => item.type === "message").flatMap((item) => item.content ?? []);
  const whole = texts.map((part) => part.text ?? "").join("");
  const said = deltas("response.output_text.delta");
  return {
    // Some recordings were shortened by hand: where deltas and done events contradict, what was streamed counts.
    text: texts.length > 1 || whole.startsWith(said) ? whole : said,
    refusal: deltas("response.refusal.delta"),
    summary: deltas("response.reasoning_summary_text.delta"),
    reasoning: deltas("response.reasoning_text.delta"),
    calls: calls.map((item) => `${item.call_id} ${item.name} ${item.arguments ?? item.input}`),
    opaque: done
      .filter((item) => !KNOWN.has(item.type) && !calls.includes(item))
      .map((item) => JSON.stringify(item))
      .toSorted(byText),
    citations: done.flatMap((item) => item.content ?? []).flatMap((part) => part.annotations ?? []).length,
    encrypted: done.flatMap((item) =>
      item.encrypted_content && item.type === "reasoning" ? [item.encrypted_content] : [],
    ),
    usage: last?.response.usage,
    failed: events.some((event) => event.type === "error" || event.type === "response.failed"),
  };
}

function seeResponse(response: ChatResponse, failed: boolean): Seen {
  const items = response.candidates[0]?.items ?? [];
  const parts = items.flatMap((item) => (item.type === "message" ? item.content : []));
  const thoughts = items.filter((item) => item.type === "reasoning");
  return {
    text: parts.map((part) => (part.type === "text" ? part.text : "")).join(""),
    refusal: parts.map((part) => (part.type === "refusal" ? part.text : "")).join(""),
    summary: thoughts.flatMap((item) => item.summary).join(""),
    reasoning: thoughts.map((item) => item.text).join(""),
    calls: items.flatMap((item) =>
      item.type === "tool_call" ? [`${item.callId} ${item.name} ${item.arguments}`] : [],
    ),
    opaque: items.flatMap((item) => (item.type === "opaque" ? [JSON.stringify(item.value)] : [])).toSorted(byText),
    citations: parts.reduce((sum, part) => sum + (part.type === "text" ? (part.citations?.length ?? 0) : 0), 0),
    encrypted: thoughts.flatMap((item) => (item.opaque === undefined ? [] : [item.opaque.value])),
    usage: response.usage?.raw,
    failed,
  };
}

/** Without the ids, which hosts may change within one stream. */
function shape(response: ChatResponse): unknown {
  return JSON.parse(JSON.stringify({ ...response, extensions: undefined }));
}

if (exchanges.length === 0) {
  test.skip("recorded exchanges: no ../shared/recorded beside the repository", () => {});
}

describe.if(exchanges.length > 0)("recorded requests", () => {
  test("each encodes to what it was", () => {
    for (const { id, request } of exchanges) {
      const warnings: never[] = [];
      const canonical = openaiResponses.decodeRequest({ body: request });
      const encoded = openaiResponses.encodeRequest(canonical, { model: canonical.model, warnings, flags: {} });
      expect({ id, body: encoded.body }).toEqual({ id, body: request });
      expect({ id, warnings }).toEqual({ id, warnings: [] });
    }
  });
});

describe.if(plain.length > 0)("recorded answers", () => {
  for (const { id, request, body } of plain) {
    const wire = JSON.parse(body);
    if (wire.output === undefined) {
      test(`${id} is an error`, () => {
        expect(() => openaiResponses.decodeResponse(wire)).toThrow(GatewayError);
        expect(openaiResponses.decodeError(400, wire).message).toBe(wire.error.message);
      });
      continue;
    }
    test(id, () => {
      const decoded = openaiResponses.decodeResponse(wire);
      const encoded = openaiResponses.encodeResponse(decoded, replyTo(request));
      expect(encoded).toMatchObject(wire);
      expect(encoded.output).toEqual(wire.output);
      expect(openaiResponses.decodeResponse(encoded).candidates).toEqual(decoded.candidates);
    });
  }
});

describe.if(streams.length > 0)("recorded streams", () => {
  for (const { id, request, body } of streams) {
    test(id, () => {
      const events = rawEvents(body);
      const parts = decodeText(body, uncut);
      const collected = collectParts(parts);
      const failed = findError(parts) !== undefined;
      const seen = seeEvents(events);
      expect(deltasOf(parts)).toStartWith(deltasBefore(events));
      if (failed) expect(seen.failed).toBe(true);
      else expect(seeResponse(collected, failed)).toEqual(seen);
      expect(decodeText(body, randomCuts())).toEqual(parts);
      if (failed) return;
      const encoded = encodeAll(parts, replyTo(request));
      const again = collectParts(decodeText(encoded, uncut));
      expect(shape(again)).toEqual(shape(collected));
      checkEvents(rawEvents(encoded), events);
    });
  }
});

/** The encoded stream has every kind of event that the recorded one had, in order, and ends with the same answer. */
function checkEvents(encoded: readonly RawEvent[], recorded: readonly RawEvent[]): void {
  expect(encoded.map((event) => event.sequence_number)).toEqual(encoded.map((_, index) => index));
  const types = (events: readonly RawEvent[]): string[] => [...new Set(events.map((event) => event.type))];
  expect(types(encoded)).toEqual(expect.arrayContaining(types(recorded)));
  const last = encoded.at(-1)?.response;
  const { output, usage, id: _, ...rest } = recorded.at(-1)?.response ?? { output: [], usage: null, id: "" };
  expect(last).toMatchObject(rest);
  expect(last?.id).toBe(recorded[0]?.response.id ?? "");
  expect(last?.usage).toEqual(usage ?? null);
  const kinds = (items: readonly RawItem[]): string[] => items.map((item) => item.type).toSorted(byText);
  expect(kinds(last?.output ?? [])).toEqual(kinds(output));
}
