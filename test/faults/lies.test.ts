import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { ErrorCode } from "../../src/canonical/errors.ts";
import type { SpokenDialect as ChatDialect } from "../e2e/spoken.ts";
import { chunk, jsonAnswer, LAST_CHUNK, STREAM_HEAD, streamAnswer, textAnswer } from "../mock-upstream/answers.ts";
import { wireBytes } from "../mock-upstream/event-stream-view.ts";
import type { Step } from "../mock-upstream/server.ts";
import { ask, goodAnswer, PIECES, recordOf, startBench, TEXT, type Bench } from "./bench.ts";
import { checkFault, untilHead, type FaultCase } from "./fault-case.ts";
import { PAIRS, WIRES, type Pair } from "./wire.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await startBench({ keys: 1900, network: { max_response_bytes: MOST_BYTES } });
});
afterAll(() => bench.stop());

const MESSAGE = "The engine is on fire";
const MOST_BYTES = 1024 * 1024;
const EVENT_BYTES = 20 * 1024 * 1024;
const HTML = "<!doctype html><html><head><title>Welcome to nginx!</title></head><body>It works.</body></html>";

/** Answers with status 200 that are none. Each must read as an error before the client has seen anything. */
function falseAnswers({ provider }: Pair): FaultCase[] {
  const wire = WIRES[provider];
  const whole = JSON.stringify(wire.whole(TEXT, wire.usage));
  const short = whole.length - 20;
  const json = (length: number): string =>
    `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n`;
  const lies: [string, Step[], ErrorCode, FaultCase["outcome"]][] = [
    ["HTML", textAnswer(HTML, "text/html"), "provider_protocol_error", "provider_protocol_error"],
    ["HTML called JSON", textAnswer(HTML, "application/json"), "provider_protocol_error", "provider_protocol_error"],
    ["nothing", textAnswer("", "application/json"), "provider_protocol_error", "provider_protocol_error"],
    ["garbage", textAnswer('{"choices": [}', "application/json"), "provider_protocol_error", "provider_protocol_error"],
    ["null", textAnswer("null", "application/json"), "provider_protocol_error", "provider_protocol_error"],
    ["a list", textAnswer("[1]", "application/json"), "provider_protocol_error", "provider_protocol_error"],
    ["an empty object", textAnswer("{}", "application/json"), "provider_protocol_error", "provider_protocol_error"],
    ["an error object", jsonAnswer(wire.errorBody(500, MESSAGE)), "upstream_error", "upstream_failed"],
    [
      "less than its length, then silence",
      [{ write: json(whole.length + 9) + whole }, { stall: true }],
      "upstream_timeout",
      "upstream_stalled",
    ],
    [
      "less than its length, then the end",
      [{ write: json(whole.length + 9) + whole }, { cut: "fin" }],
      "upstream_truncated",
      "upstream_truncated",
    ],
    ["more than its length", [{ write: json(short) + whole }], "provider_protocol_error", "provider_protocol_error"],
    [
      "two lengths",
      [{ write: `HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\n${whole}` }],
      "provider_protocol_error",
      "provider_protocol_error",
    ],
    [
      "too much",
      jsonAnswer(wire.whole("x".repeat(MOST_BYTES), wire.usage)),
      "provider_protocol_error",
      "provider_protocol_error",
    ],
    [
      "too much of unknown length",
      [
        { write: STREAM_HEAD.replace("text/event-stream", "application/json") },
        ...Array.from({ length: 8 }, () => chunk(" ".repeat(MOST_BYTES / 4))),
        { stall: true },
      ],
      "provider_protocol_error",
      "provider_protocol_error",
    ],
    [
      "no HTTP",
      [{ write: "SSH-2.0-OpenSSH_9.9\r\n" }, { stall: true }],
      "provider_protocol_error",
      "provider_protocol_error",
    ],
    [
      "an endless head",
      [{ write: `HTTP/1.1 200 OK\r\nx-long: ${"a".repeat(200_000)}` }, { stall: true }],
      "provider_protocol_error",
      "provider_protocol_error",
    ],
  ];
  return lies.flatMap(([what, steps, code, outcome]) =>
    [false, true].map((stream) => ({
      name: `${what} for a ${stream ? "stream" : "whole answer"}`,
      stream,
      steps,
      text: "",
      code,
      ...(what === "an error object" && { message: MESSAGE }),
      status: code === "upstream_timeout" ? 504 : 502,
      outcome,
    })),
  );
}

/** A stream that goes well for `at` events and then says `event`. */
function badEvent(
  provider: ChatDialect,
  name: string,
  at: number,
  event: string,
  code: ErrorCode,
  outcome: FaultCase["outcome"],
): FaultCase {
  const events = WIRES[provider].events(PIECES, WIRES[provider].usage);
  const first = firstContent(provider);
  const head = untilHead();
  return {
    name: `${name} ${at === 0 ? "at once" : at <= first ? "before the first content" : `after ${at} events`}`,
    stream: true,
    steps: [
      { write: STREAM_HEAD },
      ...events.slice(0, at).map((each) => chunk(each)),
      at <= first ? { wait: 20 } : head.step,
      chunk(event),
      LAST_CHUNK,
    ],
    onHead: head.onHead,
    text: PIECES.slice(0, Math.max(0, at - first)).join(""),
    code,
    ...(code === "upstream_error" && { message: MESSAGE }),
    status: 502,
    outcome,
  };
}

function firstContent(provider: ChatDialect): number {
  return WIRES[provider].events(PIECES, undefined).findIndex((event) => WIRES[provider].isContent(event));
}

function hugeEvents({ provider, client }: Pair): FaultCase[] {
  const first = firstContent(provider);
  const huge = `data: {"x":"${"a".repeat(EVENT_BYTES)}"}\n\n`;
  const error = "provider_protocol_error";
  return [badEvent(provider, "an event of 20 MB", client === provider ? first + 1 : first, huge, error, error)];
}

/** Streams that go wrong by what they say. */
function falseStreams({ provider }: Pair): FaultCase[] {
  const wire = WIRES[provider];
  const events = wire.events(PIECES, wire.usage);
  const first = firstContent(provider);
  const bad = badEvent.bind(null, provider);
  const textAndError = `${events[first + 1]}${wire.errorEvent(MESSAGE)}`;
  const places = [...new Set([0, first, first + 1, first + 3])];
  return [
    ...places.flatMap((at) => [
      bad("an error event", at, wire.errorEvent(MESSAGE), "upstream_error", "upstream_failed"),
      bad("garbage in an event", at, "data: {oops\n\n", "provider_protocol_error", "provider_protocol_error"),
    ]),
    {
      ...bad("nothing in a stream", 0, "", "upstream_truncated", "upstream_truncated"),
      steps: [{ write: STREAM_HEAD }, LAST_CHUNK],
    },
    {
      ...bad("text and an error", first + 1, textAndError, "upstream_error", "upstream_failed"),
      name: "text and an error in one piece after content",
      text: PIECES.slice(0, 2).join(""),
    },
  ];
}

/** What does not spoil an answer. */
function harmless({ provider }: Pair): FaultCase[] {
  const wire = WIRES[provider];
  const events = wire.events(PIECES, wire.usage);
  const good = (name: string, steps: Step[], stream = true): FaultCase => ({
    name,
    stream,
    steps,
    text: TEXT,
    code: null,
    status: 200,
    outcome: "success",
  });
  const content = events.filter((event) => wire.isContent(event))[0] ?? "";
  const usages: [string, unknown][] = [
    ["no usage", undefined],
    ["null for usage", null],
    ["negative usage", scaled(wire.usage, -5)],
    ["usage in words", scaled(wire.usage, "many")],
    ["null counts", scaled(wire.usage, null)],
    ["counts beyond all measure", scaled(wire.usage, 1e300)],
    ["a list for usage", [1, 2]],
  ];
  return [
    ...usages.flatMap(([name, usage]) => [
      good(name, streamAnswer(wire.events(PIECES, usage))),
      good(`${name} in a whole answer`, jsonAnswer(wire.whole(TEXT, usage)), false),
    ]),
    ...(provider === "gemini"
      ? []
      : [good("text after the terminal mark", streamAnswer([...events, content, content], 2))]),
    good("all in one piece", [{ write: STREAM_HEAD }, chunk(events.join("")), LAST_CHUNK]),
    good("a byte at a time", [
      { write: STREAM_HEAD },
      ...Array.from(wireBytes(events.join("")), (byte) => chunk(Uint8Array.of(byte))),
      LAST_CHUNK,
    ]),
    good("CRLF line ends", streamAnswer(events.map((event) => event.replaceAll("\n", "\r\n")))),
    ...(provider === "bedrock-converse"
      ? []
      : [
          good("labelled as JSON", [
            { write: STREAM_HEAD.replace("text/event-stream", "application/json") },
            chunk(events.join("")),
            LAST_CHUNK,
          ]),
        ]),
    good("a whole answer to a stream request", jsonAnswer(wire.whole(TEXT, wire.usage))),
  ];
}

/** The usage with each of its counts replaced; a number multiplies. */
function scaled(usage: unknown, by: unknown): unknown {
  const entries = Object.entries(usage as Record<string, unknown>);
  return Object.fromEntries(
    entries.map(([key, value]) => {
      if (typeof value !== "number") return [key, scaled(value, by)];
      return [key, typeof by === "number" ? value * by : by];
    }),
  );
}

describe.each(PAIRS.map((pair) => [pair.name, pair] as const))("%s: the upstream lies", (_, pair) => {
  const cases = [...falseAnswers(pair), ...falseStreams(pair), ...harmless(pair)];
  test.concurrent.each(cases.map((each) => [each.name, each] as const))("%s", async (_name, fault) => {
    await checkFault(bench, pair, fault);
  });

  // One after the other: they keep the mock busy for longer than the bench's patience.
  test.each(hugeEvents(pair).map((each) => [each.name, each] as const))("%s", async (_name, fault) => {
    await checkFault(bench, pair, fault);
  });
});

describe.each(Object.keys(WIRES) as ChatDialect[])("%s", (dialect) => {
  const wire = WIRES[dialect];

  test("what comes on an idle connection never reaches the next request", async () => {
    const evil = jsonAnswer(wire.whole("This is somebody else's answer.", wire.usage));
    const model = bench.model(dialect, [...jsonAnswer(wire.whole("one", wire.usage)), { wait: 20 }, ...evil]);
    expect((await ask(bench, dialect, model, { stream: false })).reading.text).toBe("one");
    await Bun.sleep(60);
    const good = bench.model(dialect, goodAnswer(dialect, false));
    for (let round = 0; round < 8; round += 1) {
      expect((await ask(bench, dialect, good, { stream: false })).reading.text).toBe(TEXT);
    }
  });

  test("a second answer in the same piece never reaches the next request", async () => {
    const evil = jsonAnswer(wire.whole("This is somebody else's answer.", wire.usage)) as { write: Uint8Array }[];
    const whole = jsonAnswer(wire.whole("one", wire.usage)) as { write: Uint8Array }[];
    const both = Buffer.concat([...whole, ...evil].map(({ write }) => write));
    const model = bench.model(dialect, [{ write: both }]);
    const good = bench.model(dialect, goodAnswer(dialect, false));
    for (let round = 0; round < 8; round += 1) {
      expect((await ask(bench, dialect, model, { stream: false })).reading.text).toBe("one");
      expect((await ask(bench, dialect, good, { stream: false })).reading.text).toBe(TEXT);
    }
  });

  test.each([
    ["negative", -5],
    ["null", null],
    ["words", "many"],
    ["beyond all measure", 1e300],
  ])("a usage of %s counts is recorded as whole numbers", async (_name, by) => {
    const model = bench.model(dialect, jsonAnswer(wire.whole(TEXT, scaled(wire.usage, by))));
    const record = await recordOf(bench.gateway, (await ask(bench, dialect, model, { stream: false })).id);
    for (const count of [record.input_tokens, record.output_tokens, record.cost_nano_usd]) {
      expect(count === null || (Number.isSafeInteger(count) && count >= 0)).toBe(true);
    }
  });

  test.each([
    ["no usage", undefined, true],
    ["no usage in a whole answer", undefined, false],
    ["counts of null", null, true],
    ["counts of null in a whole answer", null, false],
    ["counts beyond all measure", 1e300, true],
  ])("%s: the tokens are estimated and charged", async (_name, by, stream) => {
    const usage = by === undefined ? undefined : scaled(wire.usage, by);
    const model = bench.model(
      dialect,
      stream ? streamAnswer(wire.events(PIECES, usage)) : jsonAnswer(wire.whole(TEXT, usage)),
    );
    const record = await recordOf(bench.gateway, (await ask(bench, dialect, model, { stream, key: bench.key() })).id);
    expect(record.warnings).toContainEqual(expect.objectContaining({ code: "estimated" }));
    expect(record.output_tokens).toBe(TEXT.length / 4);
    expect(record.input_tokens).toBeGreaterThan(0);
    expect(record.charges.find(({ counter }) => counter.startsWith("usd:"))?.amount).toBe(record.cost_nano_usd ?? -1);
    expect(record.cost_nano_usd).toBe(((record.input_tokens ?? 0) + (record.output_tokens ?? 0)) * 1000);
  });

  test("reported usage is charged as it stands", async () => {
    const model = bench.model(dialect, goodAnswer(dialect, true));
    const record = await recordOf(
      bench.gateway,
      (await ask(bench, dialect, model, { stream: true, usage: true, key: bench.key() })).id,
    );
    expect(record).toMatchObject({ input_tokens: 12, output_tokens: 7, cost_nano_usd: 19_000, warnings: [] });
  });

  test("of a stream that breaks off, text beyond the reported usage is charged too", async () => {
    const events = wire.events(["x".repeat(400), "y"], wire.usage);
    const first = events.findIndex((event) => wire.isContent(event));
    const model = bench.model(dialect, [
      { write: STREAM_HEAD },
      ...events.slice(0, first + 1).map((event) => chunk(event)),
      { wait: 20 },
      { cut: "fin" },
    ]);
    const record = await recordOf(
      bench.gateway,
      (await ask(bench, dialect, model, { stream: true, key: bench.key() })).id,
    );
    expect(record).toMatchObject({ outcome: "upstream_truncated", output_tokens: 100 });
  });
});
