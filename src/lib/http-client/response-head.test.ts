import { describe, expect, test } from "bun:test";
import { HttpError } from "./http-error.ts";
import { parseResponseHead } from "./response-head.ts";

const parse = (...lines: string[]) => parseResponseHead(lines.map((line) => `${line}\r\n`).join(""));
const OK = "HTTP/1.1 200 OK";

function kindOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof HttpError) return error.kind;
    throw error;
  }
  return "accepted";
}

describe("status line", () => {
  test.each([
    ["HTTP/1.1 200 OK", 200],
    ["HTTP/1.1 404 Not Found", 404],
    ["HTTP/1.1 200 ", 200],
    ["HTTP/1.1 200", 200],
    ["HTTP/1.0 503 no, really: not", 503],
    ["HTTP/1.1 599 \xe9", 599],
    ["HTTP/1.1 999 x", 999],
  ])("%p", (line, status) => {
    expect(parse(line).status).toBe(status);
  });
  test.each([
    "",
    "HTTP/1.1",
    "HTTP/1.1 20 OK",
    "HTTP/1.1 2000 OK",
    "HTTP/1.1 200OK",
    "HTTP/1.1  200",
    "HTTP/1.1 099 x",
    "HTTP/1.1 2x0 OK",
    "HTTP/1.1 -20 OK",
    "HTTP/1.2 200 OK",
    "HTTP/2 200",
    "HTTP/2.0 200 OK",
    "http/1.1 200 OK",
    "HTTPS/1.1 200 OK",
    "SSH-2.0-x",
    "<html>",
    " HTTP/1.1 200 OK",
    "HTTP/1.1 200 O\rK",
    "HTTP/1.1 200 O\nK",
    "HTTP/1.1 200 O\0K",
  ])("%p is refused", (line) => {
    expect(kindOf(() => parse(line))).toBe("protocol");
  });
});

describe("headers", () => {
  test("are found whatever their case, trimmed, joined when repeated", () => {
    const { headers } = parse(OK, "Content-Type: text/plain ", "X-A:1", "x-a: \t 2", "X-Empty:", "X-AB: 3");
    expect(headers.get("content-type")).toBe("text/plain");
    expect(headers.get("x-a")).toBe("1, 2");
    expect(headers.get("x-empty")).toBe("");
    expect(headers.get("x")).toBeNull();
    expect(headers.get("absent")).toBeNull();
  });
  test("text within values or the reason is no header", () => {
    const { headers } = parse("HTTP/1.1 200 x-b: 1", "x-a: x-b: 2", "y: x-c:3");
    expect(headers.get("x-b")).toBeNull();
    expect(headers.get("x-c")).toBeNull();
    expect(headers.get("x-a")).toBe("x-b: 2");
  });
  test("entries keep order and repetitions", () => {
    expect(parse(OK, "Set-Cookie: a=1", "B: x:y", "set-cookie: b=2").headers.entries()).toEqual([
      ["set-cookie", "a=1"],
      ["b", "x:y"],
      ["set-cookie", "b=2"],
    ]);
    expect(parse(OK).headers.entries()).toEqual([]);
  });
  test("a prototype's names are nothing special", () => {
    const { headers } = parse(OK, "__proto__: a", "constructor: b");
    expect(headers.get("__proto__")).toBe("a");
    expect(headers.get("tostring")).toBeNull();
  });
  test.each([
    ": x",
    "no colon",
    "a b: x",
    "a : x",
    " folded: x",
    "\tfolded",
    "a\0: x",
    "ä: x",
    "a: x\0",
    "a: x\ry",
    "a: x\ny: z",
    "(a): x",
    "a\r: x",
    "a",
  ])("%j is refused", (line) => {
    expect(kindOf(() => parse(OK, "first: 1", line))).toBe("protocol");
    expect(kindOf(() => parse(OK, line, "last: 1"))).toBe("protocol");
  });
});

describe("framing", () => {
  test("content-length", () => {
    expect(parse(OK, "Content-LENGTH: 12").contentLength).toBe(12);
    expect(parse(OK, "content-length: 0").contentLength).toBe(0);
    expect(parse(OK).contentLength).toBe(-1);
  });
  test("equal repetitions are one length", () => {
    expect(parse(OK, "content-length: 12", "Content-Length: 12").contentLength).toBe(12);
    expect(parse(OK, "content-length: 12, 12").contentLength).toBe(12);
  });
  test("chunked", () => {
    expect(parse(OK, "Transfer-Encoding: Chunked").chunked).toBe(true);
    expect(parse(OK).chunked).toBe(false);
  });
  test.each([
    [["content-length: 1", "content-length: 2"]],
    [["content-length: 1, 2"]],
    [["content-length: 1", "transfer-encoding: chunked"]],
    [["transfer-encoding: chunked", "content-length: 1"]],
    [["transfer-encoding: chunked", "transfer-encoding: chunked"]],
    [["transfer-encoding: gzip, chunked"]],
    [["transfer-encoding: chunked, identity"]],
    [["transfer-encoding: identity"]],
    [["transfer-encoding:"]],
    [["transfer-encoding: xchunked"]],
    [["content-length:"]],
    [["content-length: -1"]],
    [["content-length: +1"]],
    [["content-length: 0x10"]],
    [["content-length: 1e3"]],
    [["content-length: 1 1"]],
    [["content-length: 1,"]],
    [["content-length: 99999999999999999999"]],
    [["content-length : 1"]],
  ])("%j is refused", (lines) => {
    expect(kindOf(() => parse(OK, ...lines))).toBe("protocol");
  });
  test("chunked in HTTP/1.0 is refused", () => {
    expect(kindOf(() => parse("HTTP/1.0 200 OK", "transfer-encoding: chunked"))).toBe("protocol");
  });
});

describe("connection", () => {
  test.each([
    ["HTTP/1.1", [], true],
    ["HTTP/1.1", ["connection: keep-alive"], true],
    ["HTTP/1.1", ["Connection: Close"], false],
    ["HTTP/1.1", ["connection: foo, close , bar"], false],
    ["HTTP/1.1", ["connection: close", "connection: keep-alive"], false],
    ["HTTP/1.1", ["connection: closed"], true],
    ["HTTP/1.0", [], false],
    ["HTTP/1.0", ["connection: Keep-Alive"], true],
    ["HTTP/1.0", ["connection: keep-alive, close"], false],
  ])("%s with %j", (version, lines, keepAlive) => {
    expect(parse(`${version} 200 OK`, ...lines).keepAlive).toBe(keepAlive);
  });
  test("the server's own keep-alive time", () => {
    expect(parse(OK, "keep-alive: timeout=5, max=100").keepAliveMs).toBe(5_000);
    expect(parse(OK, "Keep-Alive: max=100, Timeout=60").keepAliveMs).toBe(60_000);
    expect(parse(OK, "keep-alive: xtimeout=5").keepAliveMs).toBe(Infinity);
    expect(parse(OK).keepAliveMs).toBe(Infinity);
  });
  test("content-encoding", () => {
    expect(parse(OK, "Content-Encoding: GZip").coding).toBe("gzip");
    expect(parse(OK, "content-encoding: gzip", "content-encoding: br").coding).toBe("gzip,br");
    expect(parse(OK).coding).toBe("");
  });
});
