import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { ask, goodAnswer, recordOf, startBench, TEXT, until, type Bench } from "../faults/bench.ts";
import { startProbe } from "./probe.ts";
import { sendRaw } from "./raw.ts";

const MIB = 1024 * 1024;

let bench: Bench;
let model = "";
beforeAll(async () => {
  bench = await startBench({ gateway: { args: ["--threads", "1"] } });
  model = bench.model("openai-chat", goodAnswer("openai-chat", false));
});
afterAll(() => bench.stop());

const body = (): string => `{"model":"${model}","messages":[{"role":"user","content":"hi"}]}`;
const post = (headers: string, path = "/v1/chat/completions"): string =>
  `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body().length}\r\n${headers}\r\n${body()}`;

async function stillServes(): Promise<void> {
  expect((await ask(bench, "openai-chat", model, { stream: false })).reading.text).toBe(TEXT);
  expect(bench.gateway.log()).not.toContain("ERROR");
}

describe("HTTP/1.0 without a host", () => {
  test.each([
    ["/healthz", 200, "ok\n"],
    ["/readyz", 200, "ready\n"],
    ["/", 400, "Host header"],
    ["/elsewhere/v1/models", 400, "Host header"],
    ["/elsewhere/healthz", 400, "Host header"],
  ])("%s", async (path, status, text) => {
    const answer = await sendRaw(bench.gateway.url, `GET ${path} HTTP/1.0\r\n\r\n`);
    expect(answer.statuses).toEqual([status]);
    expect(answer.text).toContain(text);
  });
});

function rss(): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${bench.gateway.pid}/status`, "utf8"))?.[1]) * 1024;
}

test("compressed bodies that become large take turns, however small they are: memory is bounded", async () => {
  const bomb = gzipSync(Buffer.alloc(32 * MIB + 1, " "));
  const before = rss();
  let most = 0;
  const watch = setInterval(() => (most = Math.max(most, rss() - before)), 20);
  const statuses = await Promise.all(
    Array.from({ length: 60 }, async () => {
      const headers = { "content-type": "application/json", "content-encoding": "gzip" };
      const answer = await fetch(`${bench.gateway.url}/v1/chat/completions`, { method: "POST", headers, body: bomb });
      return answer.status;
    }),
  );
  clearInterval(watch);
  expect(new Set(statuses)).toEqual(new Set([413]));
  expect(most).toBeLessThan(800 * MIB);
  await stillServes();
});

describe("a flood of headers", () => {
  test.each([
    ["10,000 headers", () => post(Array.from({ length: 10_000 }, (_, at) => `x-h${at}: ${at}\r\n`).join(""))],
    ["a header of 1 MB", () => post(`x-long: ${"a".repeat(1_000_000)}\r\n`)],
    ["a header name of 1 MB", () => post(`${"a".repeat(1_000_000)}: x\r\n`)],
    ["5,000 cookies", () => post(Array.from({ length: 5000 }, (_, at) => `cookie: c${at}=${at}\r\n`).join(""))],
    ["a path of 64 KB", () => post("", `/v1/chat/completions?${"a".repeat(65_536)}`)],
    ["a path of 64 KB that is none", () => post("", `/${"a".repeat(65_536)}`)],
    ["headers without an end", () => `POST / HTTP/1.1\r\nhost: x\r\n${"a: b\r\n".repeat(200_000)}`],
  ])("%s is refused or served, and harms nobody", async (_, bytes) => {
    const answer = await sendRaw(bench.gateway.url, bytes());
    expect(answer.statuses.length).toBeLessThanOrEqual(1);
    for (const status of answer.statuses) expect([200, 400, 404, 413, 414, 431]).toContain(status);
    await stillServes();
  });

  test("a thousand at once do not stop others", async () => {
    const probe = await startProbe(`${bench.gateway.url}/healthz`);
    const flood = post(Array.from({ length: 200 }, (_, at) => `x-h${at}: ${"v".repeat(50)}\r\n`).join(""));
    for (let round = 0; round < 10; round += 1)
      await Promise.all(Array.from({ length: 100 }, () => sendRaw(bench.gateway.url, flood, 20)));
    const { longest, failed } = await probe.stop();
    expect(failed).toBe(0);
    expect(longest).toBeLessThan(2000);
    await stillServes();
  });
});

describe("names of headers and parameters", () => {
  test.each([
    "__proto__: x",
    "constructor: x",
    "prototype: x",
    "toString: x",
    "x-trunkline-provider: evil",
    "x-trunkline-request-id: evil",
    "x-forwarded-for: 1.2.3.4",
  ])("%s changes nothing", async (header) => {
    const answer = await sendRaw(bench.gateway.url, post(`${header}\r\n`));
    expect(answer.statuses).toEqual([200]);
    expect(answer.text).not.toContain("evil");
    expect(bench.mock.requests.at(-1)?.headers).not.toContainKeys(["x-forwarded-for", "x-trunkline-provider"]);
    await stillServes();
  });

  test("credentials and cookies of the caller never reach the provider", async () => {
    const headers = {
      authorization: "Bearer sk-callers-own",
      "x-api-key": "callers-own-2",
      "x-goog-api-key": "callers-own-3",
      "api-key": "callers-own-4",
      cookie: "session=callers-own-5",
      "proxy-authorization": "Basic callers-own-6",
    };
    for (const dialect of ["openai-chat", "anthropic-messages", "gemini", "openai-responses"] as const) {
      for (const client of ["openai-chat", dialect] as const) {
        const target = bench.model(dialect, goodAnswer(dialect, false));
        expect((await ask(bench, client, target, { stream: false, headers })).status).toBe(200);
        const { headers: sent = {}, body: text = "", path = "" } = bench.mock.requests.at(-1) ?? {};
        expect(JSON.stringify(sent) + text + path).not.toContain("callers-own");
        expect(JSON.stringify(sent)).toContain("upstream-secret");
      }
    }
  });

  test("unknown query fields of inference calls are ignored, those of Gemini's key do not travel", async () => {
    const target = bench.model("gemini", goodAnswer("gemini", false));
    const url = `${bench.gateway.url}/v1beta/models/${target}:generateContent?key=callers-own&alt=json&__proto__=1&x=%00`;
    const answer = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: '{"contents":[{"role":"user","parts":[{"text":"hi"}]}]}',
    });
    expect(answer.status).toBe(200);
    expect(bench.mock.requests.at(-1)?.path).not.toContain("callers-own");
  });
});

describe("the Host header", () => {
  test.each([
    "evil.example",
    "evil.example:80@127.0.0.1",
    "127.0.0.1/admin",
    "a b",
    "",
    "[::1",
    "xn--",
    "x".repeat(5000),
    "localhost:99999",
    "host\u00e9",
  ])("%j decides nothing", async (host) => {
    const admin = await sendRaw(
      bench.gateway.url,
      Buffer.from(`GET /api/logs HTTP/1.1\r\nhost: ${host}\r\n\r\n`, "latin1"),
    );
    for (const status of admin.statuses) expect([400, 401]).toContain(status);
    const infer = await sendRaw(bench.gateway.url, Buffer.from(post("").replace("host: x", `host: ${host}`), "latin1"));
    for (const status of infer.statuses) expect([200, 400]).toContain(status);
    await stillServes();
  });

  test("two of them are refused, or the second is ignored", async () => {
    const answer = await sendRaw(bench.gateway.url, post("host: evil.example\r\n"));
    for (const status of answer.statuses) expect([200, 400]).toContain(status);
  });
});

describe("paths", () => {
  test.each([
    "/v1/../api/logs",
    "/v1/%2e%2e/api/logs",
    "//api/logs",
    "/api//logs",
    "/API/logs",
    "/api/logs/",
    "/api/logs/..",
    "/healthz/../api/logs",
    "/%61pi/logs",
    "/api/logs%00",
    "/api;/logs",
    "/./api/logs",
    "\\api\\logs",
  ])("%s opens no door", async (path) => {
    const answer = await sendRaw(bench.gateway.url, `GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`);
    for (const status of answer.statuses) expect([400, 401, 404]).toContain(status);
    expect(answer.text).not.toContain("next_cursor");
  });

  test.each(["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "get"])(
    "method %s of an inference path is refused",
    async (method) => {
      const answer = await sendRaw(bench.gateway.url, `${method} /v1/chat/completions HTTP/1.1\r\nhost: x\r\n\r\n`);
      for (const status of answer.statuses) expect(status).toBeGreaterThanOrEqual(400);
      await stillServes();
    },
  );

  test.each([
    "../../../v1beta/models/other:deleteEverything",
    "x/../../secrets",
    "..%2f..%2fsecrets",
    "x?alt=sse&key=evil",
    "x#fragment",
    "x\r\nx-evil: 1",
    "x\nx-evil: 1\n\n",
    "x HTTP/1.1\r\nhost: evil\r\n\r\nGET /",
    "x\u0000y",
    "x y",
    "é/ü",
    "😀",
    "\u2028",
    "x:streamGenerateContent",
    "%0d%0ax-evil:1",
    "a".repeat(4000),
  ])("a model named %j stays within its place in the provider's path", async (name) => {
    const before = bench.mock.requests.length;
    const response = await fetch(`${bench.gateway.url}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model: `p-gemini/${name}`, messages: [{ role: "user", content: "hi" }] }),
    });
    const text = await response.text();
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(text).not.toContain("internal_error");
    for (const { path, headers } of bench.mock.requests.slice(before)) {
      // Gemini's resource names hold slashes; nothing climbs, and nothing ends the path before its method.
      expect(path).toMatch(/^\/gemini\/[^?#\s]*:generateContent$/);
      expect(path.split("/").map(decodeURIComponent)).not.toContain("..");
      if (!name.includes("/")) expect(path).toBe(`/gemini/models/${encodeURIComponent(name)}:generateContent`);
      expect(headers["x-evil"]).toBeUndefined();
    }
    expect([...response.headers.keys()].filter((key) => key.startsWith("x-evil"))).toEqual([]);
    await recordOf(bench.gateway, response.headers.get("x-trunkline-request-id") ?? "");
    await stillServes();
  });
});

describe("slow senders", () => {
  const SOCKETS = 300;

  test("hundreds that trickle heads and bodies do not slow others, and unfinished heads are closed", async () => {
    const { hostname, port } = new URL(bench.gateway.url);
    const sockets: Socket[] = [];
    let closed = 0;
    for (let at = 0; at < SOCKETS; at += 1) {
      const socket = connect(Number(port), hostname);
      socket.on("error", () => {});
      const isHead = at % 2 === 0;
      if (isHead) socket.on("close", () => (closed += 1));
      socket.write(
        isHead
          ? "POST /v1/chat/completions HTTP/1.1\r\n"
          : "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{",
      );
      sockets.push(socket);
    }
    const trickle = setInterval(() => {
      for (const [at, socket] of sockets.entries())
        if (!socket.destroyed) socket.write(at % 2 === 0 ? `x-${Date.now()}: 1\r\n` : " ");
    }, 500);
    const probe = await startProbe(`${bench.gateway.url}/healthz`);
    for (let round = 0; round < 100; round += 1) await stillServes();
    await until(() => closed === SOCKETS / 2, "unfinished heads are closed", 30);
    clearInterval(trickle);
    for (const socket of sockets) socket.destroy();
    const { longest, median, failed } = await probe.stop();
    console.log(`with ${SOCKETS} slow senders: median ${median.toFixed(1)} ms, longest ${longest.toFixed(0)} ms`);
    expect(failed).toBe(0);
    expect(longest).toBeLessThan(2000);
  }, 60_000);
});
