import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { brotliCompressSync, constants, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { ask, goodAnswer, startBench, TEXT, until, type Bench } from "../faults/bench.ts";
import { WIRES } from "../faults/wire.ts";
import { startProbe, type Probe } from "./probe.ts";

const MIB = 1024 * 1024;
const LIMIT = 32 * MIB;
/** Longest that a bad body may hold up the requests of others; generous, as machines here are noisy. */
const LONGEST_STALL_MS = 2000;
const MOST_GROWTH = 400 * MIB;

let bench: Bench;
let probe: Probe;
let before = 0;
let model = "";

beforeAll(async () => {
  // One thread: the probe must meet the one that has the bad body.
  bench = await startBench({ gateway: { args: ["--threads", "1"] } });
  model = bench.model("openai-chat", goodAnswer("openai-chat", false));
});
afterAll(() => bench.stop());

beforeEach(async () => {
  before = rss();
  probe = await startProbe(`${bench.gateway.url}/healthz`);
});

/** Whatever was sent: nobody else was held up, memory stayed within bounds, and the next request is served. */
afterEach(async () => {
  const { longest, median, count, failed } = await probe.stop();
  const growth = (rss() - before) / MIB;
  console.log(
    `  probes: ${count}, median ${median.toFixed(1)} ms, longest ${longest.toFixed(0)} ms; memory ${growth.toFixed(0)} MiB`,
  );
  expect(failed).toBe(0);
  expect(longest).toBeLessThan(LONGEST_STALL_MS);
  expect(growth * MIB).toBeLessThan(MOST_GROWTH);
  expect((await ask(bench, "openai-chat", model, { stream: false })).reading.text).toBe(TEXT);
  expect(bench.gateway.log()).not.toContain("ERROR");
});

function rss(): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${bench.gateway.pid}/status`, "utf8"))?.[1] ?? 0) * 1024;
}

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      socket.off("drain", done).off("close", done);
      resolve();
    };
    socket.on("drain", done).on("close", done);
  });
}

interface Answer {
  status: number;
  code: string;
  message: string;
}

async function post(
  body: string | Uint8Array,
  headers: Record<string, string> = {},
  path = "/v1/chat/completions",
): Promise<Answer> {
  const response = await fetch(bench.gateway.url + path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: body as BodyInit,
  });
  const text = await response.text();
  const { error } = JSON.parse(text) as { error?: { code: string; message: string } };
  return { status: response.status, code: error?.code ?? "", message: error?.message ?? "" };
}

const chat = (more: string): string =>
  `{"model":"${model}","messages":[{"role":"user","content":"hi"}]${more === "" ? "" : ","}${more}}`;

describe("too large", () => {
  test("declared", async () => {
    const { port, hostname } = new URL(bench.gateway.url);
    const socket = connect(Number(port), hostname);
    const answer = new Promise<string>((resolve) => socket.once("data", (bytes: Buffer) => resolve(bytes.toString())));
    socket.write(
      `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${LIMIT + 1}\r\n\r\n{`,
    );
    const text = await answer;
    expect(text).toStartWith("HTTP/1.1 413 ");
    expect(text).toContain('"code":"body_too_large"');
    socket.destroy();
  });

  test.each(["/v1/chat/completions", "/v1/messages", "/v1/responses", "/v1beta/models/x:generateContent"])(
    "sent to %s",
    async (path) => {
      const answer = await post(`{"a":"${"a".repeat(LIMIT)}"}`, {}, path);
      expect(answer.status).toBe(413);
      expect(answer.message).toContain("server.max_body_bytes");
    },
  );

  test("in chunks without an end: read no further than needed", async () => {
    const { port, hostname } = new URL(bench.gateway.url);
    const socket = connect(Number(port), hostname);
    socket.on("error", () => {});
    const seen = { answer: "" };
    socket.on("data", (bytes: Buffer) => {
      seen.answer += bytes.toString();
    });
    socket.write(
      `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n`,
    );
    const piece = Buffer.concat([Buffer.from(`${MIB.toString(16)}\r\n`), Buffer.alloc(MIB, "a"), Buffer.from("\r\n")]);
    let sent = 0;
    while (sent < 256 && seen.answer === "" && !socket.destroyed) {
      const isTaken = socket.write(piece);
      sent += 1;
      await (isTaken ? Bun.sleep(0) : Promise.race([drained(socket), Bun.sleep(2000)]));
    }
    await until(() => seen.answer !== "" || socket.destroyed, "an answer, or the end of the connection");
    // Of the 256 pieces offered; some are in the kernel's hands before an answer can be read.
    expect(sent).toBeLessThan(200);
    if (seen.answer !== "") expect(seen.answer).toStartWith("HTTP/1.1 413 ");
    socket.destroy();
  });
});

describe("compressed", () => {
  const plain = Buffer.alloc(512 * MIB, " ");
  plain.write("{", 0);
  const bombs: [string, () => Buffer][] = [
    ["gzip", () => gzipSync(plain, { level: 1 })],
    ["deflate", () => deflateSync(plain, { level: 1 })],
    ["br", () => brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })],
    ["zstd", () => zstdCompressSync(plain)],
  ];
  test.each(bombs)("a bomb in %s", async (encoding, make) => {
    const bomb = make();
    expect(bomb.byteLength).toBeLessThan(8 * MIB);
    expect(await post(bomb, { "content-encoding": encoding })).toMatchObject({ status: 413, code: "body_too_large" });
  });

  test.each(bombs.map(([encoding]) => encoding))("%s that is none", async (encoding) => {
    expect(await post("this is no such thing", { "content-encoding": encoding })).toMatchObject({
      status: 400,
      code: "invalid_request",
    });
  });

  test.each([
    ["gzip", (text: string) => gzipSync(text)],
    ["deflate", (text: string) => deflateSync(text)],
    ["br", (text: string) => brotliCompressSync(text)],
    ["zstd", (text: string) => zstdCompressSync(text)],
  ])("%s is read", async (encoding, compress) => {
    expect(await post(compress(chat("")), { "content-encoding": encoding })).toMatchObject({ status: 200 });
  });

  test.each(["gzip, gzip", "compress", "constructor", "__proto__", "x".repeat(2000)])(
    "%s is refused",
    async (encoding) => {
      expect(await post(gzipSync(gzipSync(chat(""))), { "content-encoding": encoding })).toMatchObject({ status: 415 });
    },
  );

  test("gzip with half of it missing", async () => {
    const whole = gzipSync(chat(`"x":"${"abcdefgh".repeat(9999)}"`));
    expect(await post(whole.subarray(0, whole.length / 2), { "content-encoding": "gzip" })).toMatchObject({
      status: 400,
    });
  });
});

describe("JSON", () => {
  const DEEP = 100_000;
  test.each([
    ["lists", "[".repeat(DEEP) + "]".repeat(DEEP)],
    ["objects", '{"a":'.repeat(DEEP) + "1" + "}".repeat(DEEP)],
    ["lists that never end", "[".repeat(10 * MIB)],
    ["objects that never end", '{"a":'.repeat(2 * MIB)],
  ])("nested deeply: %s", async (_, value) => {
    expect(await post(chat(`"metadata":${value}`))).toMatchObject({ status: 400, code: "invalid_json" });
    expect(await post(value)).toMatchObject({ status: 400, code: "invalid_json" });
  });

  const keys = (count: number): string => Array.from({ length: count }, (_, at) => `"k${at}":1`).join(",");
  const messages = (count: number): string =>
    Array.from({ length: count }, () => '{"role":"user","content":"x"}').join(",");

  test("with a million values", async () => {
    const refused = { status: 400, code: "invalid_json" };
    expect(await post(chat(keys(1_000_000)))).toMatchObject(refused);
    expect(await post(chat(`"metadata":{${keys(1_000_000)}}`))).toMatchObject(refused);
    expect(await post(`{"model":"${model}","messages":[${messages(700_000)}]}`)).toMatchObject(refused);
    expect(await post(`[${"1,".repeat(1_000_000)}1]`)).toMatchObject(refused);
  });

  test("with as many values as are taken", async () => {
    // Slow to read for the mock too, which has little patience from the gateway: 504 is its own.
    const fine = [200, 400, 504];
    expect(fine).toContain((await post(chat(keys(190_000)))).status);
    expect(fine).toContain((await post(`{"model":"${model}","messages":[${messages(60_000)}]}`)).status);
  });

  test("of 30 MB of quotes and backslashes", async () => {
    const text = '\\"\\\\'.repeat(7 * MIB);
    expect(await post(chat(`"metadata":"${text}"`))).toMatchObject({ status: 400, code: "invalid_json" });
  });

  test("of 30 MB with as many backslashes as are taken", async () => {
    const text = `\\"${"a".repeat(13)}`.repeat(1_999_000);
    // Slow to read for the mock too: 504 is its own.
    expect([200, 504]).toContain((await post(chat(`"user":"${text}"`))).status);
  });

  test("with numbers beyond all measure", async () => {
    expect(await post(chat(`"seed":1,"x_number":${"9".repeat(1_000_000)}`))).toMatchObject({ status: 200 });
    expect(bench.mock.requests.at(-1)?.body).toContain("9".repeat(1_000_000));
    expect((await post(chat('"max_tokens":1e999,"temperature":-1e999,"n":1e308,"seed":1e400'))).status).toBe(200);
  });

  test.each([
    ["nothing", ""],
    ["spaces", "   \n"],
    ["a list", "[]"],
    ["a text", '"model"'],
    ["a number", "1"],
    ["null", "null"],
    ["true", "true"],
    ["half an object", '{"model":'],
    ["two objects", "{}{}"],
    ["a comment", '{"model": /* x */ "m"}'],
    ["single quotes", "{'model':'m'}"],
    ["NaN", '{"model":"m","n":NaN}'],
    ["control characters in a string", '{"model":"a\nb"}'],
    ["a NUL", '{"model":"m"}\u0000'],
  ])("that is none: %s", async (_, text) => {
    expect(await post(text)).toMatchObject({ status: 400, code: "invalid_json" });
  });

  test("with a byte order mark is read", async () => {
    expect(await post(`\ufeff${chat("")}`)).toMatchObject({ status: 200 });
  });

  test("in invalid UTF-8", async () => {
    for (const bytes of [[0xff], [0xc3, 0x28], [0xed, 0xa0, 0x80], [0xf8, 0x88, 0x80, 0x80, 0x80], [0xc0, 0x80]]) {
      const body = Buffer.concat([
        Buffer.from(`{"model":"${model}","messages":[{"role":"user","content":"`),
        Buffer.from(bytes),
        Buffer.from('"}]}'),
      ]);
      expect(await post(body)).toMatchObject({ status: 400, code: "invalid_json" });
    }
  });

  test("in UTF-16", async () => {
    expect((await post(Buffer.from(chat(""), "utf16le"))).status).toBe(400);
  });

  test("with halves of surrogate pairs reaches providers as valid JSON, relayed or encoded", async () => {
    for (const dialect of ["openai-chat", "anthropic-messages", "gemini", "openai-responses"] as const) {
      const target = bench.model(dialect, goodAnswer(dialect, false));
      const body = `{"model":"${target}","messages":[{"role":"user","content":"a\\ud800b"}],"user":"\\udfff"}`;
      expect(await post(body)).toMatchObject({ status: 200 });
      expect(Object.keys(bench.mock.requests.at(-1)?.json ?? {})).not.toEqual([]);
      expect(bench.mock.requests.at(-1)?.body).toContain("ud800");
    }
  });
});

describe("content types", () => {
  test.each([
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/octet-stream",
    "application/jsonp",
    "text/json",
    "x".repeat(5000),
  ])("%s is refused", async (type) => {
    expect(await post(chat(""), { "content-type": type })).toMatchObject({
      status: 415,
      code: "unsupported_media_type",
    });
  });

  test.each(["application/json", "application/json; charset=utf-8", "Application/JSON", "application/vnd.api+json"])(
    "%s is read",
    async (type) => {
      expect(await post(chat(""), { "content-type": type })).toMatchObject({ status: 200 });
    },
  );
});

describe("the prototype", () => {
  const POISONS = [
    '"__proto__":{"polluted":true,"model":"x"}',
    '"constructor":{"prototype":{"polluted":true}}',
    '"toString":1,"hasOwnProperty":2,"valueOf":3',
    '"__proto__":null',
  ];
  const places: [string, (poison: string) => string][] = [
    ["at the top", (poison) => chat(poison)],
    ["in metadata", (poison) => chat(`"metadata":{${poison}}`)],
    ["in a message", (poison) => `{"model":"${model}","messages":[{"role":"user","content":"hi",${poison}}]}`],
    [
      "in a part",
      (poison) => `{"model":"${model}","messages":[{"role":"user","content":[{"type":"text","text":"hi",${poison}}]}]}`,
    ],
    [
      "in a tool",
      (poison) =>
        chat(
          `"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{${poison}}}}}]`,
        ),
    ],
    ["in options", (poison) => chat(`"stream_options":{${poison}},"response_format":{"type":"text",${poison}}`)],
  ];
  test.each(places)("is safe from keys %s, whoever the provider is", async (_, place) => {
    for (const dialect of ["openai-chat", "anthropic-messages", "gemini", "openai-responses"] as const) {
      const target = bench.model(dialect, goodAnswer(dialect, false));
      for (const poison of POISONS) {
        expect([200, 400]).toContain((await post(place(poison).replace(model, target))).status);
        const seen = await ask(bench, "openai-chat", model, { stream: false });
        expect(seen.reading.text).toBe(TEXT);
        expect(bench.mock.requests.at(-1)?.body).not.toContain("polluted");
      }
    }
  });

  test.each([
    "__proto__",
    "constructor",
    "toString",
    "hasOwnProperty",
    "p-openai-chat/__proto__",
    "__proto__/x",
    "constructor/prototype",
  ])("is no model: %s", async (name) => {
    const answer = await post(JSON.stringify({ model: name, messages: [] }));
    expect([400, 404]).toContain(answer.status);
  });
});

describe("ambiguous keys", () => {
  const other = "p-openai-chat/other";
  test.each([
    ["twice", (name: string) => `{"model":"${other}","messages":[{"role":"user","content":"hi"}],"model":"${name}"}`],
    [
      "once with escapes",
      (name: string) => `{"model":"${other}","mod\\u0065l":"${name}","messages":[{"role":"user","content":"hi"}]}`,
    ],
    ["escapes only", (name: string) => `{"\\u006dodel":"${name}","messages":[{"role":"user","content":"hi"}]}`],
    [
      "in a nested object",
      (name: string) =>
        `{"metadata":{"model":"${other}"},"model":"${name}","messages":[{"role":"user","content":"\\"model\\":\\"${other}\\""}]}`,
    ],
  ])("the provider sees the model that the gateway saw, and no other: %s", async (_, body) => {
    expect(await post(body(model))).toMatchObject({ status: 200 });
    const { body: sent = "", json = {} } = bench.mock.requests.at(-1) ?? {};
    expect(json["model"]).toBe(model.split("/")[1] ?? "");
    expect(sent.match(/"(?:m|\\u006d)od(?:e|\\u0065)l"\s*:\s*"(?!p-)/g)).toHaveLength(1);
  });

  test("messages twice", async () => {
    expect(
      (
        await post(
          `{"model":"${model}","messages":[{"role":"user","content":"first"}],"messages":[{"role":"user","content":"second"}]}`,
        )
      ).status,
    ).toBe(200);
    const { body = "" } = bench.mock.requests.at(-1) ?? {};
    expect(body).toContain("second");
    expect(body).not.toContain("first");
  });
});

test("other dialects answer in their own words", async () => {
  for (const [name, path] of [
    ["anthropic-messages", "/v1/messages"],
    ["gemini", "/v1beta/models/x:generateContent"],
    ["openai-responses", "/v1/responses"],
  ] as const) {
    const response = await fetch(bench.gateway.url + path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{",
    });
    expect(response.status).toBe(400);
    expect(WIRES[name].readError(await response.json()).code).toBe("invalid_json");
  }
});
