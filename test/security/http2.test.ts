import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { ask, goodAnswer, startBench, TEXT, type Bench } from "../faults/bench.ts";
import { block, body, frame, FRAMES, head, sendFrames, type Field } from "./http2-frames.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());

const MIB = 1024 * 1024;

/** The head of a chat, with other values for some fields; undefined leaves one out. */
function chat(others: Record<string, string | undefined> = {}, more: readonly Field[] = []): Field[] {
  const fields = {
    ":method": "POST",
    ":scheme": "http",
    ":path": "/v1/chat/completions",
    ":authority": "gateway.example",
    "content-type": "application/json",
    ...others,
  };
  return [...Object.entries(fields).filter((field): field is Field => field[1] !== undefined), ...more];
}

function question(): string {
  const model = bench.model("openai-chat", goodAnswer("openai-chat", false));
  return JSON.stringify({ model, messages: [{ role: "user", content: "Hi" }] });
}

/** What an HTTP/1 request written from these fields would smuggle, or no server may take. */
const MALFORMED: [string, Field[]][] = [
  ["no :path", chat({ ":path": undefined })],
  ["an empty :path", chat({ ":path": "" })],
  ["a :path that is none", chat({ ":path": "v1/chat/completions" })],
  ["a whole URL as :path", chat({ ":path": "http://evil.example/v1/chat/completions" })],
  ["a line break in :path", chat({ ":path": "/v1/chat/completions HTTP/1.1\r\nx-trunkline-key: a" })],
  ["a NUL in :path", chat({ ":path": "/v1/chat/completions\0" })],
  ["a space in :path", chat({ ":path": "/v1/chat/completions x" })],
  ["no :method", chat({ ":method": undefined })],
  ["a :method that is none", chat({ ":method": "PO ST" })],
  ["no :authority", chat({ ":authority": undefined })],
  ["a line break in :authority", chat({ ":authority": "a\r\nx-trunkline-key: a" })],
  ["a user in :authority", chat({ ":authority": "user:word@gateway.example" })],
  ["a host beside another :authority", chat({}, [["host", "other.example"]])],
  [
    "two hosts",
    chat({ ":authority": undefined }, [
      ["host", "a"],
      ["host", "b"],
    ]),
  ],
  ["a pseudo header twice", chat({}, [[":path", "/metrics"]])],
  ["a pseudo header that is none", chat({}, [[":foo", "x"]])],
  ["a pseudo header after others", [["a", "b"], ...chat()]],
  ["a pseudo header of answers", chat({}, [[":status", "200"]])],
  ["connection", chat({}, [["connection", "x-trunkline-key"]])],
  ["transfer-encoding", chat({}, [["transfer-encoding", "chunked"]])],
  ["upgrade", chat({}, [["upgrade", "websocket"]])],
  ["keep-alive", chat({}, [["keep-alive", "x"]])],
  ["te", chat({}, [["te", "gzip"]])],
  ["an upper-case name", chat({}, [["X-Trunkline-Key", "a"]])],
  ["a line break in a value", chat({}, [["x", "y\r\nx-trunkline-key: a"]])],
  ["a NUL in a value", chat({}, [["x", "y\0"]])],
  ["a colon in a name", chat({}, [["x:y", "z"]])],
  ["a length that is none", chat({}, [["content-length", "x"]])],
  [
    "two lengths",
    chat({}, [
      ["content-length", "3"],
      ["content-length", "4"],
    ]),
  ],
];

describe("HTTP/2 requests that are not as they must be", () => {
  test.each(MALFORMED)("%s", async (_, fields) => {
    const before = bench.mock.requests.length;
    const back = await sendFrames(bench.gateway.url, [head(fields, 1, true), body(question())]);
    expect({ answered: back.answered, isRefused: back.resets.has(1) || back.goaway !== null }).toEqual({
      answered: [],
      isRefused: true,
    });
    expect(bench.mock.requests).toHaveLength(before);
  });

  test.each([
    ["shorter", 5],
    ["longer", -5],
  ])("a body %s than its length reaches no provider", async (_, difference) => {
    const before = bench.mock.requests.length;
    const text = question();
    const fields = chat({}, [["content-length", String(text.length + difference)]]);
    const back = await sendFrames(bench.gateway.url, [head(fields, 1, true), body(text)]);
    expect({ answered: back.answered, isReset: back.resets.has(1) }).toEqual({ answered: [], isReset: true });
    expect(bench.mock.requests).toHaveLength(before);
  });

  test.each(["a/b", "a b", "a?b", "[x", "a:b:c"])("an :authority %j shifts no path", async (authority) => {
    const before = bench.mock.requests.length;
    const back = await sendFrames(bench.gateway.url, [
      head(chat({ ":authority": authority }), 1, true),
      body(question()),
    ]);
    expect(back.text).toMatch(/^$|Host header/);
    expect(bench.mock.requests).toHaveLength(before);
  });

  test("well-formed ones are answered on the same connection", async () => {
    const frames = [1, 3].flatMap((stream) => [head(chat(), stream, true), body(question(), stream)]);
    const back = await sendFrames(bench.gateway.url, frames, 500);
    expect(back.answered.toSorted((a, b) => a - b)).toEqual([1, 3]);
    expect(back.text.split(TEXT)).toHaveLength(3);
  });
});

function rss(): number {
  const line = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${bench.gateway.pid}/status`, "utf8"));
  return Number(line?.[1] ?? 0) * 1024;
}

const many = (count: number, make: (at: number) => Buffer[]): Buffer[] =>
  Array.from({ length: count }, (_, at) => make(at)).flat();
const stream = (at: number): number => 2 * at + 1;
const code = (number: number): Buffer => Buffer.from([0, 0, 0, number]);

/** Each is far beyond what a client needs. */
const FLOODS: [string, () => Buffer[]][] = [
  [
    "streams opened and reset",
    () => many(20_000, (at) => [head(chat(), stream(at), true), frame(FRAMES.rst, 0, stream(at), code(8))]),
  ],
  [
    "streams opened and made to be reset",
    () => many(20_000, (at) => [head(chat(), stream(at), true), frame(FRAMES.window, 0, stream(at), code(0))]),
  ],
  [
    "headers without end",
    () => [
      frame(FRAMES.headers, 0, 1, block(chat())),
      ...many(20_000, (at) => [frame(FRAMES.continuation, 0, 1, block([[`x-${at}`, "y".repeat(1000)]]))]),
    ],
  ],
  [
    "empty pieces of headers",
    () => [frame(FRAMES.headers, 0, 1, block(chat())), ...many(50_000, () => [frame(FRAMES.continuation, 0, 1)])],
  ],
];

describe("floods", () => {
  test.each(FLOODS)("%s end the connection", async (_, frames) => {
    const requests = bench.mock.requests.length;
    const back = await sendFrames(bench.gateway.url, frames(), 1000);
    expect(back.isClosed).toBe(true);
    expect(bench.mock.requests).toHaveLength(requests);
  });

  test("of control frames whose answers nobody reads cost no memory", async () => {
    const before = rss();
    const flood = Buffer.concat(
      many(400_000, () => [frame(FRAMES.ping, 0, 0, Buffer.alloc(8)), frame(FRAMES.settings, 0, 0)]),
    );
    await sendFrames(bench.gateway.url, [flood], 1000);
    expect(rss() - before).toBeLessThan(64 * MIB);
  });

  test("more streams than are taken at a time are turned away one by one", async () => {
    const back = await sendFrames(
      bench.gateway.url,
      many(1000, (at) => [head(chat(), stream(at), true)]),
      500,
    );
    expect(back.resets.size).toBe(1000 - 256);
    expect(new Set(back.resets.values())).toEqual(new Set([REFUSED_STREAM]));
  });

  test("large headers are refused", async () => {
    const back = await sendFrames(bench.gateway.url, [
      frame(FRAMES.headers, 1, 1, block(chat({}, [["x", "y".repeat(15_000)]]))),
      frame(FRAMES.continuation, 4, 1, block([["z", "y".repeat(15_000)]])),
    ]);
    expect({ answered: back.answered, text: back.text }).toEqual({ answered: [1], text: "" });
  });

  test("leave the gateway well", async () => {
    const model = bench.model("openai-chat", goodAnswer("openai-chat", true));
    expect((await ask(bench, "openai-chat", model, { stream: true })).reading.text).toBe(TEXT);
    expect(bench.gateway.log()).not.toContain("ERROR");
  });
});

/** https://www.rfc-editor.org/rfc/rfc9113#section-7 */
const REFUSED_STREAM = 7;
