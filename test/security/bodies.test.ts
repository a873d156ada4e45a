import { describe, expect, test } from "bun:test";
import { connect, type Socket } from "node:net";
import { brotliCompressSync, constants, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { ask, goodAnswer, TEXT, until } from "../faults/bench.ts";
import { WIRES } from "../faults/wire.ts";
import { BodyScene, MIB } from "./body-scene.ts";

const LIMIT = 32 * MIB;

const scene = new BodyScene();

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      socket.off("drain", done).off("close", done);
      resolve();
    };
    socket.on("drain", done).on("close", done);
  });
}

describe("too large", () => {
  test("declared", async () => {
    const { port, hostname } = new URL(scene.bench.gateway.url);
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
      const answer = await scene.post(`{"a":"${"a".repeat(LIMIT)}"}`, {}, path);
      expect(answer.status).toBe(413);
      expect(answer.message).toContain("server.max_body_bytes");
    },
  );

  test("in chunks without an end: read no further than needed", async () => {
    const { port, hostname } = new URL(scene.bench.gateway.url);
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
    expect(await scene.post(bomb, { "content-encoding": encoding })).toMatchObject({
      status: 413,
      code: "body_too_large",
    });
  });

  test.each(bombs.map(([encoding]) => encoding))("%s that is none", async (encoding) => {
    expect(await scene.post("this is no such thing", { "content-encoding": encoding })).toMatchObject({
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
    expect(await scene.post(compress(scene.chat("")), { "content-encoding": encoding })).toMatchObject({ status: 200 });
  });

  test.each(["gzip, gzip", "compress", "constructor", "__proto__", "x".repeat(2000)])(
    "%s is refused",
    async (encoding) => {
      expect(await scene.post(gzipSync(gzipSync(scene.chat(""))), { "content-encoding": encoding })).toMatchObject({
        status: 415,
      });
    },
  );

  test("gzip with half of it missing", async () => {
    const whole = gzipSync(scene.chat(`"x":"${"abcdefgh".repeat(9999)}"`));
    expect(await scene.post(whole.subarray(0, whole.length / 2), { "content-encoding": "gzip" })).toMatchObject({
      status: 400,
    });
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
    expect(await scene.post(scene.chat(""), { "content-type": type })).toMatchObject({
      status: 415,
      code: "unsupported_media_type",
    });
  });

  test.each(["application/json", "application/json; charset=utf-8", "Application/JSON", "application/vnd.api+json"])(
    "%s is read",
    async (type) => {
      expect(await scene.post(scene.chat(""), { "content-type": type })).toMatchObject({ status: 200 });
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
    ["at the top", (poison) => scene.chat(poison)],
    ["in metadata", (poison) => scene.chat(`"metadata":{${poison}}`)],
    ["in a message", (poison) => `{"model":"${scene.model}","messages":[{"role":"user","content":"hi",${poison}}]}`],
    [
      "in a part",
      (poison) =>
        `{"model":"${scene.model}","messages":[{"role":"user","content":[{"type":"text","text":"hi",${poison}}]}]}`,
    ],
    [
      "in a tool",
      (poison) =>
        scene.chat(
          `"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{${poison}}}}}]`,
        ),
    ],
    ["in options", (poison) => scene.chat(`"stream_options":{${poison}},"response_format":{"type":"text",${poison}}`)],
  ];
  test.each(places)("is safe from keys %s, whoever the provider is", async (_, place) => {
    for (const dialect of ["openai-chat", "anthropic-messages", "gemini", "openai-responses"] as const) {
      const target = scene.bench.model(dialect, goodAnswer(dialect, false));
      for (const poison of POISONS) {
        expect([200, 400]).toContain((await scene.post(place(poison).replace(scene.model, target))).status);
        const seen = await ask(scene.bench, "openai-chat", scene.model, { stream: false });
        expect(seen.reading.text).toBe(TEXT);
        expect(scene.bench.mock.requests.at(-1)?.body).not.toContain("polluted");
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
    const answer = await scene.post(JSON.stringify({ model: name, messages: [] }));
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
    expect(await scene.post(body(scene.model))).toMatchObject({ status: 200 });
    const { body: sent = "", json = {} } = scene.bench.mock.requests.at(-1) ?? {};
    expect(json["model"]).toBe(scene.model.split("/")[1] ?? "");
    expect(sent.match(/"(?:m|\\u006d)od(?:e|\\u0065)l"\s*:\s*"(?!p-)/g)).toHaveLength(1);
  });

  test("messages twice", async () => {
    expect(
      (
        await scene.post(
          `{"model":"${scene.model}","messages":[{"role":"user","content":"first"}],"messages":[{"role":"user","content":"second"}]}`,
        )
      ).status,
    ).toBe(200);
    const { body = "" } = scene.bench.mock.requests.at(-1) ?? {};
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
    const response = await fetch(scene.bench.gateway.url + path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{",
    });
    expect(response.status).toBe(400);
    expect(WIRES[name].readError(await response.json()).code).toBe("invalid_json");
  }
});
