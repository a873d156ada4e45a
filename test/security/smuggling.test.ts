import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { ask, goodAnswer, startBench, TEXT, type Bench } from "../faults/bench.ts";
import { sendRaw } from "./raw.ts";

/**
 * Requests whose end is told in two ways, so that two readers in a row might see different requests. Either the gateway
 * refuses and closes, or the upstream sees exactly one request in framing of our own making.
 */
let bench: Bench;
let model = "";
beforeAll(async () => {
  bench = await startBench({});
  model = bench.model("openai-chat", goodAnswer("openai-chat", false));
});
afterAll(() => bench.stop());

const PATH = "/v1/chat/completions";
const body = (name: string): string => `{"model":"${name}","messages":[{"role":"user","content":"hi"}]}`;
const EVIL = "p-openai-chat/smuggled";
/** A whole request that hides in the body of another. */
const hidden = (): string =>
  `POST ${PATH} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body(EVIL).length}\r\n\r\n${body(EVIL)}`;
const chunked = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`;
const post = (headers: string, rest: string, line = `POST ${PATH} HTTP/1.1`): string =>
  `${line}\r\nhost: x\r\ncontent-type: application/json\r\n${headers}\r\n\r\n${rest}`;

const plain = (): string => body(model);
const cl = (length: number | string): string => `content-length: ${length}`;

/** Refused: nothing reaches the upstream, and the connection closes. */
const REFUSED: [string, () => string][] = [
  ["length before chunks", () => post(`${cl(6)}\r\ntransfer-encoding: chunked`, `0\r\n\r\n${hidden()}`)],
  ["chunks before length", () => post(`transfer-encoding: chunked\r\n${cl(4)}`, `${chunked(plain())}${hidden()}`)],
  ["two lengths", () => post(`${cl(plain().length)}\r\n${cl(plain().length + hidden().length)}`, plain() + hidden())],
  ["two lengths, the first zero", () => post(`${cl(0)}\r\n${cl(hidden().length)}`, hidden())],
  ["a list of lengths", () => post(cl(`${plain().length}, ${plain().length + 5}`), plain() + hidden())],
  ["a negative length", () => post(cl(-1), plain() + hidden())],
  ["a length with a plus", () => post(cl(`+${plain().length}`), plain() + hidden())],
  ["a length in hex", () => post(cl(`0x${plain().length.toString(16)}`), plain() + hidden())],
  ["a length with a fraction", () => post(cl(`${plain().length}.0`), plain() + hidden())],
  ["a length in words", () => post(cl("many"), plain() + hidden())],
  ["a length beyond all measure", () => post(cl("99999999999999999999999999"), plain() + hidden())],
  ["an empty length", () => post(cl(""), hidden())],
  ["a length within a length", () => post(cl(`${plain().length} 5`), plain() + hidden())],
  ["an unknown coding", () => post("transfer-encoding: xchunked", `${chunked(plain())}${hidden()}`)],
  ["chunked, then another", () => post("transfer-encoding: chunked, identity", `${chunked(plain())}${hidden()}`)],
  ["identity with chunks", () => post("transfer-encoding: identity", `${chunked(plain())}${hidden()}`)],
  ["a coding in quotes", () => post('transfer-encoding: "chunked"', `${chunked(plain())}${hidden()}`)],
  [
    "a coding with a control character",
    () => post("transfer-encoding: \u000bchunked", `${chunked(plain())}${hidden()}`),
  ],
  [
    "a coding twice, the second unknown",
    () => post("transfer-encoding: chunked\r\ntransfer-encoding: cow", `${chunked(plain())}${hidden()}`),
  ],
  [
    "a space before the colon of the coding",
    () => post("transfer-encoding : chunked", `${chunked(plain())}${hidden()}`),
  ],
  ["a space before the colon of the length", () => post(`content-length : ${plain().length}`, plain() + hidden())],
  ["a folded coding", () => post("transfer-encoding:\r\n chunked", `${chunked(plain())}${hidden()}`)],
  ["a folded header", () => post(`x-a: b\r\n c\r\n${cl(plain().length)}`, plain())],
  ["a header without a colon", () => post(`x-nothing\r\n${cl(plain().length)}`, plain())],
  ["a header without a name", () => post(`: value\r\n${cl(plain().length)}`, plain())],
  ["a NUL in a header", () => post(`x-a: b\u0000c\r\n${cl(plain().length)}`, plain())],
  ["a NUL in a header's name", () => post(`x-\u0000a: b\r\n${cl(plain().length)}`, plain())],
  ["a CR in a header", () => post(`x-a: b\rtransfer-encoding: chunked\r\n${cl(plain().length)}`, plain())],
  ["a negative chunk", () => post("transfer-encoding: chunked", `-1\r\n${plain()}\r\n0\r\n\r\n${hidden()}`)],
  [
    "a chunk size beyond all measure",
    () => post("transfer-encoding: chunked", `fffffffffffffffff0\r\n${plain()}\r\n0\r\n\r\n${hidden()}`),
  ],
  [
    "a chunk size with a prefix",
    () => post("transfer-encoding: chunked", `0x${plain().length.toString(16)}\r\n${plain()}\r\n0\r\n\r\n${hidden()}`),
  ],
  ["a chunk size in words", () => post("transfer-encoding: chunked", `zz\r\n${plain()}\r\n0\r\n\r\n${hidden()}`)],
  ["a chunk longer than its size", () => post("transfer-encoding: chunked", `5\r\n${plain()}\r\n0\r\n\r\n${hidden()}`)],
  ["no version", () => `POST ${PATH}\r\n\r\n${hidden()}`],
  ["a version of its own", () => post(cl(plain().length), plain(), `POST ${PATH} HTTP/9.9`)],
  ["a request line with more words", () => post(cl(plain().length), plain(), `POST ${PATH} HTTP/1.1 HTTP/1.1`)],
  ["a method with a control character", () => post(cl(plain().length), plain(), `PO\u0001ST ${PATH} HTTP/1.1`)],
  [
    "no host",
    () => `POST ${PATH} HTTP/1.1\r\ncontent-type: application/json\r\n${cl(plain().length)}\r\n\r\n${plain()}`,
  ],
  [
    "line ends without CR",
    () => `POST ${PATH} HTTP/1.1\nhost: x\ncontent-type: application/json\n${cl(plain().length)}\n\n${plain()}`,
  ],
];

const QUIET_MS = 250;
/** Resolves when no request has come to the upstream for a while: a connection may close before its request gets there. */
async function quiet(): Promise<void> {
  for (let before = -1; before !== bench.mock.requests.length;) {
    before = bench.mock.requests.length;
    await Bun.sleep(QUIET_MS);
  }
}

describe("refused", () => {
  test.each(REFUSED)("%s", async (_, bytes) => {
    const before = bench.mock.requests.length;
    const answer = await sendRaw(bench.gateway.url, Buffer.from(bytes(), "latin1"));
    expect(answer.statuses.filter((status) => status < 400)).toEqual([]);
    expect(answer.statuses.length).toBeLessThanOrEqual(1);
    expect(bench.mock.requests.slice(before).map((request) => request.body)).toEqual([]);
  });
});

/** Served: one request, whatever else stood there. */
const SERVED: [string, () => string][] = [
  ["a length", () => post(cl(plain().length), plain())],
  ["the same length twice in one list", () => post(cl(plain().length), plain())],
  ["chunks", () => post("transfer-encoding: chunked", chunked(plain()))],
  [
    "chunks with extensions",
    () => post("transfer-encoding: chunked", `${plain().length.toString(16)};a=b;c="d"\r\n${plain()}\r\n0\r\n\r\n`),
  ],
  ["capital letters", () => post("Transfer-Encoding: Chunked", chunked(plain()))],
  ["the absolute form", () => post(cl(plain().length), plain(), `POST http://evil.example${PATH} HTTP/1.1`)],
  ["an expectation", () => post(`expect: 100-continue\r\n${cl(plain().length)}`, plain())],
  [
    "an upgrade that is not granted",
    () =>
      post(`connection: upgrade\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABkAAQAAP__\r\n${cl(plain().length)}`, plain()),
  ],
  [
    "a websocket upgrade that is not granted",
    () =>
      post(
        `connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n${cl(plain().length)}`,
        plain(),
      ),
  ],
  [
    "a connection header that names others",
    () => post(`connection: close, content-length, content-type, x-trunkline-key\r\n${cl(plain().length)}`, plain()),
  ],
];

describe("served once", () => {
  test.each(SERVED)("%s", async (_, bytes) => {
    const before = bench.mock.requests.length;
    const answer = await sendRaw(bench.gateway.url, Buffer.from(bytes(), "latin1"));
    const seen = bench.mock.requests.slice(before);
    if (seen.length === 0) {
      // To refuse is as good.
      expect(answer.statuses.every((status) => status >= 400)).toBe(true);
      return;
    }
    expect(answer.statuses.filter((status) => status !== 100)).toEqual([200]);
    expect(seen).toHaveLength(1);
    expect(seen[0]?.json["model"]).toBe(model.split("/")[1] ?? "");
    expect(Object.keys(seen[0]?.headers ?? {}).toSorted()).toEqual([
      "accept-encoding",
      "authorization",
      "content-length",
      "content-type",
      "host",
      "user-agent",
    ]);
    expect(Number(seen[0]?.headers["content-length"])).toBe(Buffer.byteLength(seen[0]?.body ?? ""));
  });

  // The server takes no trailers, and no second request before the first is answered: it closes the connection.
  test.each([
    [
      "trailers after the chunks",
      (): string =>
        post("transfer-encoding: chunked", `${plain().length.toString(16)}\r\n${plain()}\r\n0\r\nx-trailer: 1\r\n\r\n`),
      1,
    ],
    ["two requests at once", (): string => post(cl(plain().length), plain()).repeat(2), 2],
  ])("%s are served whole or refused", async (_, bytes, most) => {
    const before = bench.mock.requests.length;
    await sendRaw(bench.gateway.url, bytes(), 400);
    await quiet();
    const seen = bench.mock.requests.slice(before);
    expect(seen.length).toBeLessThanOrEqual(most);
    for (const request of seen) expect(request.json["model"]).toBe(model.split("/")[1] ?? "");
  });

  test.each([400, 401, 404, 405, 413, 415])(
    "after an early refusal with %i the rest of the body is no request",
    async (status) => {
      const early: Record<number, string> = {
        400: post(cl(hidden().length), hidden()),
        401: post(`x-trunkline-key: sk-tl-nobody\r\n${cl(hidden().length)}`, hidden()),
        404: post(cl(hidden().length), hidden(), "POST /v1/nothing HTTP/1.1"),
        405: post(cl(hidden().length), hidden(), `PUT ${PATH} HTTP/1.1`),
        413: post(cl(40_000_000), hidden()),
        415: `POST ${PATH} HTTP/1.1\r\nhost: x\r\ncontent-type: text/plain\r\n${cl(hidden().length)}\r\n\r\n${hidden()}`,
      };
      const before = bench.mock.requests.length;
      const answer = await sendRaw(bench.gateway.url, early[status] ?? "");
      expect(answer.statuses).toHaveLength(1);
      expect(answer.statuses[0]).toBeGreaterThanOrEqual(400);
      await quiet();
      expect(bench.mock.requests.slice(before).map((request) => request.body)).toEqual([]);
    },
  );

  test("and the next caller is served as ever", async () => {
    expect((await ask(bench, "openai-chat", model, { stream: false })).reading.text).toBe(TEXT);
  });
});
