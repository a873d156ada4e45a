import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import type { ErrorCode } from "../../src/canonical/errors.ts";
import type { Framing } from "../../src/canonical/dialect.ts";
import { ERRORS } from "../../src/canonical/errors.ts";
import type { SpokenDialect } from "../e2e/spoken.ts";
import { startGateway, type Gateway } from "../gateway/start.ts";
import { chunk, jsonAnswer, LAST_CHUNK, streamHead, textAnswer } from "../mock-upstream/answers.ts";
import { startMockUpstream, type MockUpstream, type Step } from "../mock-upstream/server.ts";
import { ask, FULL_TOKENS, OTHER_TEXT, recordOf, type Seen } from "./bench.ts";
import { untilHead } from "./fault-case.ts";
import { FRAMINGS, message, type Framed } from "./framed.ts";
import { WIRES } from "./wire.ts";

/** Characters of two and of four bytes. */
const WORDS = ["Grüß ", "dich, ", "\u{1F600} ", "Welt."];
const TEXT = WORDS.join("");
const CLIENTS: readonly SpokenDialect[] = ["openai-chat", "anthropic-messages"];

let gateway: Gateway;
let mock: MockUpstream;
const scripts = new Map<string, Step[]>();
const ids: string[] = [];
const KEYS = Array.from({ length: 600 }, (_, at) => `key-${at}`);
let nextKey = 0;
let nextModel = 0;

const keyValue = (name: string): string => `sk-tl-${name}-0123456789`;

beforeAll(async () => {
  mock = await startMockUpstream(({ json }) => scripts.get(String(json["model"])) ?? jsonAnswer({}, 404));
  const common = {
    base_url: mock.url,
    keys: [{ name: "main", value: "upstream-secret" }],
    pricing: { "*": { input: 1, output: 1 } },
    // Nothing here waits for a timeout: a busy machine may take its time.
    network: { max_retries: 0, connect_timeout_ms: 10_000, first_byte_timeout_ms: 10_000, idle_timeout_ms: 10_000 },
  };
  const names = FRAMINGS.map(({ framing }) => `framed-${framing}`);
  gateway = await startGateway({
    entry: join(import.meta.dir, "../gateway/framing-main.ts"),
    config: {
      version: 1,
      access: { require_virtual_key: false },
      providers: {
        ...Object.fromEntries(names.map((name) => [name, common])),
        other: { ...common, dialect: "openai-chat" },
      },
      governance: {
        virtual_keys: KEYS.map((name) => ({
          name,
          value: keyValue(name),
          provider_configs: [...names, "other"].map((provider) => ({ provider })),
          budgets: [{ limit_usd: 0.15, period: "never" }],
        })),
      },
    },
  });
});
afterAll(async () => {
  await gateway.stop();
  await mock.stop();
});

/** A model that plays these steps, and the name under which the mock knows it. */
function modelOf(provider: string, steps: Step[]): string {
  const name = `m${nextModel++}`;
  scripts.set(name, steps);
  return `${provider}/${name}`;
}

/** How a provider's stream goes wrong. */
interface Fault {
  name: string;
  steps: Step[];
  /** Text that a client sees of it. */
  text: string;
  /** Null: it does not spoil the answer. */
  code: ErrorCode | null;
  /** What it sends makes its connection useless. */
  spoils?: boolean;
  stream?: boolean;
  onHead?: () => void;
}

const eventsOf = (it: Framed, usage: unknown = WIRES[it.dialect].usage): string[] =>
  WIRES[it.dialect].events(WORDS, usage);
const firstOf = (it: Framed): number => eventsOf(it).findIndex((event) => WIRES[it.dialect].isContent(event));

function streamed(
  it: Framed,
  frames: readonly Uint8Array[],
  end: Step[] = [LAST_CHUNK],
  type = it.contentType,
): Step[] {
  return [{ write: streamHead(type) }, ...frames.map((frame) => chunk(frame)), ...end];
}

/** A good stream with something in the place of what follows its first events, and all the rest behind it. */
function broken(it: Framed, name: string, bytes: Uint8Array): Fault[] {
  const frames = eventsOf(it).map((event) => it.frame(event));
  const first = firstOf(it);
  return [first, first + 2].map((at) => {
    const head = untilHead();
    return {
      name: `${name} ${at === first ? "before" : "after"} content`,
      steps: streamed(it, frames.slice(0, at), [
        at === first ? { wait: 20 } : head.step,
        chunk(bytes),
        { wait: 150 },
        ...frames.slice(at).map((frame) => chunk(frame)),
        LAST_CHUNK,
      ]),
      onHead: head.onHead,
      text: WORDS.slice(0, at - first).join(""),
      code: "provider_protocol_error" as const,
      spoils: true,
    };
  });
}

/** The bytes with some of them changed. */
function changed(bytes: Buffer, change: (copy: Buffer) => void): Buffer {
  const copy = Buffer.from(bytes);
  change(copy);
  return copy;
}

/** A prelude with a right checksum that tells of such lengths. */
function withLengths(total: number, headers: number): Buffer {
  const bytes = Buffer.alloc(64);
  bytes.writeUInt32BE(total, 0);
  bytes.writeUInt32BE(headers, 4);
  bytes.writeUInt32BE(crc32(bytes.subarray(0, 8)), 8);
  return bytes;
}

/** A message whose bytes were changed before its checksum was made. */
function resealed(bytes: Buffer, change: (copy: Buffer) => void): Buffer {
  return changed(bytes, (copy) => {
    change(copy);
    copy.writeUInt32BE(crc32(copy.subarray(0, copy.length - 4)), copy.length - 4);
  });
}

function binaryFaults(it: Framed): Fault[] {
  const good = it.data("{}");
  return [
    ...broken(
      it,
      "a wrong checksum of a message",
      changed(good, (copy) => (copy[copy.length - 6]! ^= 1)),
    ),
    ...broken(
      it,
      "a wrong checksum of a prelude",
      changed(good, (copy) => (copy[9]! ^= 1)),
    ),
    ...broken(it, "a message shorter than its headers", withLengths(20, 100)),
    ...broken(it, "a message of no length", withLengths(0, 0)),
    ...broken(it, "a message of two gigabytes", withLengths(2 ** 31, 16)),
    ...broken(
      it,
      "a header of an unknown type",
      resealed(good, (copy) => (copy[12 + 1 + copy[12]!] = 77)),
    ),
    ...broken(
      it,
      "a header that is cut",
      resealed(good, (copy) => copy.writeUInt16BE(60_000, 12 + 2 + copy[12]!)),
    ),
    ...broken(it, "server-sent events", Buffer.from("event: ping\ndata: {}\n\n")),
  ];
}

/** The envelope around each event. */
function chunkFaults(it: Framed): Fault[] {
  return [
    ...broken(it, "a chunk that is no JSON", message("chunk", "{oops")),
    ...broken(it, "a chunk without bytes", message("chunk", '{"p":"abc"}')),
    ...broken(it, "a chunk whose bytes are a number", message("chunk", '{"bytes":5}')),
    ...broken(it, "a chunk that is null", message("chunk", "null")),
    ...broken(it, "a chunk of what is no base64", message("chunk", '{"bytes":"!!!!"}')),
  ];
}

const SPECIFIC: Readonly<Record<Framing, (it: Framed) => Fault[]>> = {
  sse: () => [],
  ndjson: () => [],
  eventstream: binaryFaults,
  "eventstream-chunks": (it) => [...binaryFaults(it), ...chunkFaults(it)],
};

/** What ends too early. */
function cuts(it: Framed): Fault[] {
  const frames = eventsOf(it).map((event) => it.frame(event));
  const first = firstOf(it);
  const second = frames[first + 1] ?? Buffer.alloc(0);
  const emoji = Buffer.from(WORDS[2] ?? "");
  const third = frames[first + 2] ?? Buffer.alloc(0);
  const middle = third.includes(emoji) ? third.indexOf(emoji) + 2 : Math.floor(third.length / 2);
  const truncated = (name: string, sent: readonly Uint8Array[], text: string, end: Step[] = [LAST_CHUNK]): Fault => {
    const head = untilHead();
    return {
      name,
      steps: streamed(it, sent.slice(0, first + 1), [
        ...(text === "" ? [] : [head.step]),
        ...sent.slice(first + 1).map((each) => chunk(each)),
        ...end,
      ]),
      onHead: head.onHead,
      text,
      code: "upstream_truncated",
    };
  };
  const said = frames.slice(0, first + 2);
  // A text framing hands on what it has of the last event, which then is no JSON; a message of a binary one is not there.
  const isText = !it.framing.startsWith("eventstream");
  const half: { code: ErrorCode } = { code: isText ? "provider_protocol_error" : "upstream_truncated" };
  const [one = "", two = ""] = WORDS;
  return [
    truncated("nothing at all", [], ""),
    {
      ...truncated(
        "an event cut in the middle, and a proper end",
        [...frames.slice(0, first + 1), second.subarray(0, second.length >> 1)],
        one,
      ),
      ...half,
    },
    { ...truncated("half a character, and a proper end", [...said, third.subarray(0, middle)], one + two), ...half },
    truncated("half a character, and the connection is gone", [...said, third.subarray(0, middle)], one + two, [
      { wait: 30 },
      { cut: "fin" },
    ]),
    truncated("nothing after the first content", frames.slice(0, first + 1), one),
    // Ollama's last line has both the reason to end and the mark; the text of the line before goes with it.
    truncated("no terminal mark", frames.slice(0, -2), it.framing === "ndjson" ? WORDS.slice(0, -1).join("") : TEXT),
  ];
}

/** Answers of another kind than was asked for. */
function otherKinds(it: Framed): Fault[] {
  const frames = eventsOf(it).map((event) => it.frame(event));
  const whole = WIRES[it.dialect].whole(TEXT, WIRES[it.dialect].usage);
  const isBinary = it.framing.startsWith("eventstream");
  const protocol = { text: "", code: "provider_protocol_error" as const };
  const fine = { text: TEXT, code: null };
  const bytes = Buffer.concat(frames);
  return [
    {
      name: "HTML called a stream",
      steps: textAnswer("<!doctype html><p>It works.", it.contentType),
      ...(it.framing === "sse" ? { text: "", code: "upstream_truncated" as const } : protocol),
    },
    {
      name: "a stream called HTML",
      steps: streamed(it, frames, undefined, "text/html"),
      ...(isBinary || it.framing === "ndjson" ? protocol : fine),
      ...(it.framing === "ndjson" && fine),
    },
    {
      name: "a stream called JSON",
      steps: streamed(it, frames, undefined, "application/json"),
      ...(isBinary ? protocol : fine),
    },
    {
      name: "a stream of no type",
      steps: [
        { write: "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n" },
        ...frames.map((frame) => chunk(frame)),
        LAST_CHUNK,
      ],
      ...fine,
    },
    { name: "a whole answer to a stream request", steps: jsonAnswer(whole), ...fine },
    { name: "JSON that is no answer to a stream request", steps: jsonAnswer({ hello: "world" }), ...protocol },
    {
      name: "a stream to a request for a whole answer",
      steps: textAnswer(bytes.toString("latin1"), it.contentType),
      stream: false,
      ...protocol,
    },
  ];
}

/** What does not spoil an answer. */
function harmless(it: Framed): Fault[] {
  const frames = eventsOf(it).map((event) => it.frame(event));
  const bytes = Buffer.concat(frames);
  const fine = { text: TEXT, code: null };
  const every = (size: number): Buffer[] =>
    Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) => bytes.subarray(at * size, (at + 1) * size));
  return [
    { name: "all in one chunk", steps: streamed(it, [bytes]), ...fine },
    { name: "a byte at a time", steps: streamed(it, every(1)), ...fine },
    { name: "seven bytes at a time", steps: streamed(it, every(7)), ...fine },
    {
      name: "no usage",
      steps: streamed(
        it,
        eventsOf(it, null).map((event) => it.frame(event)),
      ),
      ...fine,
    },
  ];
}

const faultsOf = (it: Framed): Fault[] => [
  ...broken(it, "data that is no JSON", it.data("{oops")),
  ...broken(it, "data that is a list", it.data("[1]")),
  ...SPECIFIC[it.framing](it),
  ...cuts(it),
  ...otherKinds(it),
  ...harmless(it),
];

async function play(
  client: SpokenDialect,
  model: string,
  fault: Fault,
  more: Record<string, unknown>,
  key?: string,
): Promise<Seen> {
  const { stream = true, onHead } = fault;
  const optional = { ...(key !== undefined && { key }), ...(onHead !== undefined && { onHead }) };
  const options = { stream, maxTokens: FULL_TOKENS, more, ...optional };
  return ask({ gateway, ids }, client, model, options);
}

function checkClient(seen: Seen, { code, text }: Fault): void {
  expect(seen.endedWell).toBe(true);
  if (code === null) {
    expect({ status: seen.status, body: seen.status === 200 ? "" : seen.body }).toEqual({ status: 200, body: "" });
    expect(seen.reading).toMatchObject({ text, error: null, isWhole: true });
  } else if (text === "") expect({ status: seen.status, code: seen.error.code }).toEqual({ status: 502, code });
  else expect(seen.reading).toMatchObject({ text, error: { code } });
}

/** Requests of a model that the mock has seen, by connection. */
const connectionsOf = (model: string): number[] =>
  mock.requests.filter(({ json }) => json["model"] === model.split("/")[1]).map(({ connection }) => connection);

describe.each(FRAMINGS.map((it) => [it.framing, it] as const))("%s", (framing, it) => {
  const provider = `framed-${framing}`;

  describe.each(CLIENTS.map((client) => [client]))("for clients of %s", (client) => {
    test.concurrent.each(faultsOf(it).map((fault) => [fault.name, fault] as const))("%s", async (_name, fault) => {
      const key = keyValue(KEYS[nextKey++] ?? "");
      const model = modelOf(provider, fault.steps);
      const seen = await play(client, model, fault, {}, key);
      checkClient(seen, fault);

      const record = await recordOf(gateway, seen.id);
      const outcome = fault.code === null ? "success" : ERRORS[fault.code].outcome;
      expect(record).toMatchObject({ outcome, status: seen.status, error_code: fault.code });
      expect(record.attempts.map(({ code }) => code)).toEqual([fault.text === "" ? fault.code : null]);
      if (fault.name === "no usage") {
        expect(record.warnings).toContainEqual(expect.objectContaining({ code: "estimated" }));
        expect(record.output_tokens).toBeGreaterThan(0);
      }
      // What the call reserved is settled: one as large has room again.
      const again = await play(
        client,
        modelOf("other", jsonAnswer(WIRES["openai-chat"].whole("ok", WIRES["openai-chat"].usage))),
        { ...fault, stream: false },
        {},
        key,
      );
      expect({ status: again.status, text: again.reading.text }).toEqual({ status: 200, text: "ok" });

      if (fault.code === null || fault.text !== "") return;
      const other = modelOf("other", jsonAnswer(WIRES["openai-chat"].whole(OTHER_TEXT, WIRES["openai-chat"].usage)));
      const saved = await play(client, model, fault, { fallbacks: [other] });
      expect({ status: saved.status, text: saved.reading.text }).toEqual({ status: 200, text: OTHER_TEXT });
    });
  });

  test("a connection that brought what cannot be read serves no other request", async () => {
    const good = streamed(
      it,
      eventsOf(it).map((event) => it.frame(event)),
    );
    for (const fault of faultsOf(it).filter(({ spoils }) => spoils)) {
      const bad = modelOf(provider, fault.steps);
      await play("openai-chat", bad, fault, {});
      const [spoilt] = connectionsOf(bad);
      expect(spoilt).toBeGreaterThan(0);
      // More than there are threads, so that each has had its turn.
      for (let round = 0; round < 6; round += 1) {
        const next = modelOf(provider, good);
        expect((await play("openai-chat", next, { ...fault, stream: true }, {})).reading.text).toBe(TEXT);
        expect({ fault: fault.name, connections: connectionsOf(next) }).not.toEqual({
          fault: fault.name,
          connections: [spoilt ?? 0],
        });
      }
    }
  });

  test("one that ends well does", async () => {
    const good = streamed(
      it,
      eventsOf(it).map((event) => it.frame(event)),
    );
    const before = mock.connections;
    for (let round = 0; round < 20; round += 1) {
      const next = modelOf(provider, good);
      expect((await play("openai-chat", next, { name: "", steps: [], text: TEXT, code: null }, {})).reading.text).toBe(
        TEXT,
      );
    }
    expect(mock.connections - before).toBeLessThan(20);
  });
});
