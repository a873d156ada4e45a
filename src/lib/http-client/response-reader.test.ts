import { describe, expect, test } from "bun:test";
import { chunked, plain } from "./fixtures/raw-server.ts";
import { HttpError } from "./http-error.ts";
import { ResponseReader } from "./response-reader.ts";

interface Reading {
  status: number;
  bodyLength: number;
  body: string;
  pieces: number;
  outcome: string;
  keepMs: number;
}

const MAX_HEADER_BYTES = 4_096;

/** Reads these pieces as one response; `outcome` is done, open (more is needed), until_close or an error's kind. */
function read(pieces: readonly (string | Uint8Array)[], method = "POST"): Reading {
  const reading: Reading = { status: 0, bodyLength: 0, body: "", pieces: 0, outcome: "open", keepMs: 0 };
  const kept: Uint8Array[] = [];
  const sink = {
    request: { method },
    head: (head: { status: number }, bodyLength: number) => {
      reading.status = head.status;
      reading.bodyLength = bodyLength;
    },
    data: (bytes: Uint8Array) => void kept.push(bytes),
  };
  const reader = new ResponseReader(MAX_HEADER_BYTES);
  reader.start(sink);
  try {
    for (const piece of pieces) {
      const bytes = typeof piece === "string" ? Buffer.from(piece, "latin1") : piece;
      // A socket hands over bytes of its own each time.
      if (bytes.length > 0) reader.read(new Uint8Array(bytes));
    }
    reading.outcome = reader.done ? "done" : reader.untilClose ? "until_close" : "open";
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    reading.outcome = error.kind;
  }
  reading.body = Buffer.concat(kept).toString("latin1");
  reading.pieces = kept.length;
  reading.keepMs = reader.keepMs;
  return reading;
}

const GOOD: [name: string, wire: string, method: string, expected: Partial<Reading>][] = [
  ["content-length", plain("hello"), "POST", { status: 200, body: "hello", bodyLength: 5 }],
  ["an empty body", plain(""), "POST", { body: "", bodyLength: 0 }],
  [
    "body that looks like a head",
    plain("HTTP/1.1 500 X\r\n\r\n"),
    "POST",
    { status: 200, body: "HTTP/1.1 500 X\r\n\r\n" },
  ],
  ["chunked", chunked(["hel", "lo", " world"]), "POST", { body: "hello world", bodyLength: -1 }],
  ["chunked without data", chunked([]), "POST", { body: "" }],
  ["chunks that look like chunks", chunked(["0\r\n\r\n", "5\r\nab"]), "POST", { body: "0\r\n\r\n5\r\nab" }],
  [
    "chunk sizes in any case, with leading zeros",
    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n00A\r\n0123456789\r\n0b\r\n0123456789x\r\n000\r\n\r\n",
    "POST",
    { body: "01234567890123456789x" },
  ],
  [
    "chunk extensions",
    'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3;a=b;c="d"\r\nabc\r\n2 ; x\r\nde\r\n0;last\r\n\r\n',
    "POST",
    { body: "abcde" },
  ],
  [
    "trailers",
    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nx-a: 1\r\nx-b: 2\r\n\r\n",
    "POST",
    { body: "abc" },
  ],
  [
    "interim responses",
    `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\ncontent-length: 9\r\n\r\n${plain("hello")}`,
    "POST",
    { status: 200, body: "hello" },
  ],
  [
    "HEAD with a length",
    "HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n",
    "HEAD",
    { status: 200, body: "", bodyLength: 0 },
  ],
  ["HEAD with chunked", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", "HEAD", { body: "" }],
  ["204", "HTTP/1.1 204 No Content\r\n\r\n", "POST", { status: 204, body: "" }],
  ["304 with a length", "HTTP/1.1 304 Not Modified\r\ncontent-length: 10\r\n\r\n", "GET", { status: 304, body: "" }],
  ["an error with a body", plain("no", "", "429 Too Many Requests"), "POST", { status: 429, body: "no" }],
  ["no reason phrase", "HTTP/1.1 200\r\ncontent-length: 2\r\n\r\nok", "POST", { status: 200, body: "ok" }],
];

describe("whole responses", () => {
  for (const [name, wire, method, expected] of GOOD) {
    test(`${name}, in one piece`, () => {
      const reading = read([wire], method);
      expect(reading).toMatchObject({ ...expected, outcome: "done", keepMs: Infinity });
      expect(reading.pieces).toBeLessThanOrEqual(1);
    });
    test(`${name}, cut in two at every place`, () => {
      for (let cut = 1; cut < wire.length; cut++) {
        expect({ cut, ...read([wire.slice(0, cut), wire.slice(cut)], method) }).toMatchObject({
          cut,
          ...expected,
          outcome: "done",
          keepMs: Infinity,
        });
      }
    });
    test(`${name}, cut in three at every two places`, () => {
      for (let first = 1; first < wire.length; first++) {
        for (let second = first + 1; second < wire.length; second += 3) {
          const { body, outcome } = read([wire.slice(0, first), wire.slice(first, second), wire.slice(second)], method);
          expect({ body, outcome }).toEqual({ body: expected.body ?? "", outcome: "done" });
        }
      }
    });
    test(`${name}, byte by byte`, () => {
      expect(read(wire.split(""), method)).toMatchObject({ ...expected, outcome: "done", keepMs: Infinity });
    });
    test(`${name}, is not done before its last byte`, () => {
      for (let cut = 1; cut < wire.length; cut++) expect(read([wire.slice(0, cut)], method).outcome).toBe("open");
    });
    test(`${name}, with a byte too many is not kept`, () => {
      expect(read([`${wire}X`], method)).toMatchObject({ ...expected, outcome: "done", keepMs: 0 });
      expect(read([wire, "X"], method)).toMatchObject({ ...expected, outcome: "done", keepMs: 0 });
    });
  }

  test("until the connection closes", () => {
    const reading = read(["HTTP/1.1 200 OK\r\nx: y\r\n\r\nabc", "def"]);
    expect(reading).toMatchObject({ body: "abcdef", outcome: "until_close", keepMs: 0, bodyLength: -1 });
  });
  test("an HTTP/1.0 response until the connection closes", () => {
    expect(read(["HTTP/1.0 200 OK\r\n\r\nabc"])).toMatchObject({ body: "abc", outcome: "until_close", keepMs: 0 });
  });
  test("connection: close is not kept, keep-alive bounds it", () => {
    expect(read([plain("a", "connection: close\r\n")])).toMatchObject({ outcome: "done", keepMs: 0 });
    expect(read([plain("a", "keep-alive: timeout=7\r\n")])).toMatchObject({ outcome: "done", keepMs: 7_000 });
  });
  test("the data of many chunks in one read comes in one piece", () => {
    const pieces = Array.from({ length: 100 }, (_, at) => "x".repeat(at + 1) + at);
    const reading = read([chunked(pieces)]);
    expect(reading.body).toBe(pieces.join(""));
    expect(reading.pieces).toBe(1);
  });
  test("one reader reads response after response", () => {
    const heard: string[] = [];
    const sink = {
      request: { method: "GET" },
      head: () => {},
      data: (bytes: Uint8Array) => void heard.push(Buffer.from(bytes).toString()),
    };
    const reader = new ResponseReader(MAX_HEADER_BYTES);
    for (const wire of [chunked(["a", "b"]), plain("c"), chunked(["d"]), plain("")]) {
      reader.start(sink);
      expect(reader.started).toBe(false);
      reader.read(new Uint8Array(Buffer.from(wire)));
      expect(reader.done).toBe(true);
    }
    expect(heard).toEqual(["ab", "c", "d"]);
  });
});

const CHUNKED_HEAD = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
const BAD: [name: string, wire: string, kind: string][] = [
  ["garbage", "garbage\r\n\r\n", "protocol"],
  ["garbage without a line end", "SSH-2.0-OpenSSH_9.6", "protocol"],
  ["one byte of garbage", "<", "protocol"],
  ["HTTP/2", "\0\0\x12\x04\0\0\0\0\0", "protocol"],
  ["bare line feeds", "HTTP/1.1 200 OK\ncontent-length: 1\n\nx", "protocol"],
  ["both lengths", "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n", "protocol"],
  ["two lengths", "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nx", "protocol"],
  ["a switch of protocols", "HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\n\r\n", "protocol"],
  ["garbage after an interim response", "HTTP/1.1 100 Continue\r\n\r\ngarbage", "protocol"],
  ["a chunk without a size", `${CHUNKED_HEAD}\r\nabc\r\n`, "protocol"],
  ["a size that is no number", `${CHUNKED_HEAD}xyz\r\n`, "protocol"],
  ["a negative size", `${CHUNKED_HEAD}-1\r\n`, "protocol"],
  ["a size with a prefix", `${CHUNKED_HEAD}0x5\r\nabcde\r\n`, "protocol"],
  ["a space before the size", `${CHUNKED_HEAD} 5\r\nabcde\r\n`, "protocol"],
  ["an endless size", CHUNKED_HEAD + "0".repeat(14), "protocol"],
  ["a size beyond any number", `${CHUNKED_HEAD}FFFFFFFFFFFFFFFFF\r\n`, "protocol"],
  ["a size ended by LF", `${CHUNKED_HEAD}5\nabcde\r\n`, "protocol"],
  ["a size ended by CR and something", `${CHUNKED_HEAD}5\rXabcde\r\n`, "protocol"],
  ["data longer than its size", `${CHUNKED_HEAD}3\r\nabcde\r\n`, "protocol"],
  ["data ended by LF", `${CHUNKED_HEAD}3\r\nabc\n0\r\n\r\n`, "protocol"],
  ["data ended by CR and something", `${CHUNKED_HEAD}3\r\nabc\rX`, "protocol"],
  ["a line feed within an extension", `${CHUNKED_HEAD}3;a\nb\r\nabc\r\n`, "protocol"],
  ["an endless extension", `${CHUNKED_HEAD}3;${"a".repeat(5_000)}`, "protocol"],
  ["a trailer ended by LF", `${CHUNKED_HEAD}0\r\na: b\n\r\n`, "protocol"],
  ["an end without LF", `${CHUNKED_HEAD}0\r\n\rX`, "protocol"],
  ["endless trailers", `${CHUNKED_HEAD}0\r\n${"a: b\r\n".repeat(2_000)}`, "too_large"],
  ["one endless trailer", `${CHUNKED_HEAD}0\r\na: ${"b".repeat(5_000)}`, "too_large"],
  ["a head that is too large", `HTTP/1.1 200 OK\r\na: ${"b".repeat(5_000)}\r\n\r\n`, "too_large"],
  ["a head that does not end", `HTTP/1.1 200 OK\r\na: ${"b".repeat(5_000)}`, "too_large"],
];

test("a released sink is not held", () => {
  const reader = new ResponseReader(MAX_HEADER_BYTES);
  const sink = { request: { method: "GET" }, head: () => {}, data: () => {} };
  reader.start(sink);
  reader.read(new Uint8Array(Buffer.from(plain("x"))));
  expect(Object.values(reader)).toContain(sink);
  reader.release();
  expect(Object.values(reader)).not.toContain(sink);
});

describe("broken responses", () => {
  for (const [name, wire, kind] of BAD) {
    test(`${name}, in one piece and byte by byte`, () => {
      expect(read([wire]).outcome).toBe(kind);
      expect(read(wire.split("")).outcome).toBe(kind);
    });
  }
  test("data before a fault in the framing is not lost silently", () => {
    expect(read([`${CHUNKED_HEAD}3\r\nabc\r\n`, "zz\r\n"])).toMatchObject({ body: "abc", outcome: "protocol" });
  });
});
