import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { chunk, jsonAnswer, LAST_CHUNK, streamAnswer } from "../mock-upstream/answers.ts";
import type { Step } from "../mock-upstream/server.ts";
import { KEY, startMediaScene, TIGHT_KEY, type MediaScene } from "./scene.ts";

let scene: MediaScene;
beforeAll(async () => {
  scene = await startMediaScene();
});
afterAll(() => scene.stop());

const HEAD = { write: "HTTP/1.1 200 OK\r\ncontent-type: audio/mpeg\r\ntransfer-encoding: chunked\r\n\r\n" };
const PIECE = Buffer.alloc(500, 7);

interface Outcome {
  status: number;
  bytes: number;
  /** The connection ended before the answer did. */
  isBroken: boolean;
  text: string;
}

async function speak(model: string, more: object = {}, key = KEY): Promise<Outcome> {
  const response = await fetch(`${scene.gateway.url}/v1/audio/speech`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ model, voice: "alloy", input: "Hello", ...more }),
  });
  const chunks: Uint8Array[] = [];
  let isBroken = false;
  try {
    for await (const each of response.body ?? []) chunks.push(each);
  } catch {
    isBroken = true;
  }
  const all = Buffer.concat(chunks);
  return { status: response.status, bytes: all.length, isBroken, text: all.toString() };
}

async function recordOf(model: string): Promise<Record<string, unknown>> {
  for (let round = 0; round < 200; round += 1) {
    const records = await scene.gateway.records(1);
    const found = records.find((record) => record.requested_model === model);
    if (found !== undefined) return { ...found };
    await Bun.sleep(25);
  }
  throw new Error(`no record of ${model}`);
}

describe("audio that fails under way", () => {
  const endings: [string, Step, string][] = [
    ["closes", { cut: "fin" }, "upstream_truncated"],
    ["resets", { cut: "rst" }, "upstream_truncated"],
    ["stalls", { stall: true }, "upstream_timeout"],
  ];
  for (const [name, ending, code] of endings) {
    test(`${name}: the client sees no end`, async () => {
      scene.play(`tts-${name}`, [HEAD, chunk(PIECE), { wait: 20 }, ending]);
      const outcome = await speak(`openai/tts-${name}`);
      expect(outcome).toMatchObject({ status: 200, isBroken: true });
      // A reset may overtake what a slow client has not read yet.
      expect(outcome.bytes).toBeLessThanOrEqual(PIECE.length);
      expect(await recordOf(`openai/tts-${name}`)).toMatchObject({ error_code: code, status: 200, stream: false });
    });
  }

  test("before the first byte it falls over to the next target", async () => {
    const failing: [string, Step[]][] = [
      ["cut", [HEAD, { cut: "fin" }]],
      ["empty", [HEAD, LAST_CHUNK]],
      ["stall", [HEAD, { stall: true }]],
      ["json", jsonAnswer({ error: { message: "no" } })],
      ["500", jsonAnswer({ error: { message: "no" } }, 500)],
    ];
    scene.play("tts-good", [HEAD, chunk(PIECE), LAST_CHUNK]);
    for (const [name, steps] of failing) {
      scene.play(`tts-early-${name}`, steps);
      const outcome = await speak(`openai/tts-early-${name}`, { fallbacks: ["spare/tts-good"] });
      expect({ name, ...outcome }).toMatchObject({ name, status: 200, bytes: PIECE.length, isBroken: false });
      const record = await recordOf(`openai/tts-early-${name}`);
      expect(record).toMatchObject({ provider: "spare", outcome: "success" });
      expect(record["attempts"]).toHaveLength(2);
    }
    expect(scene.mock.requests.at(-1)?.json).not.toHaveProperty("fallbacks");
  });
});

describe("events that fail under way", () => {
  const delta = `data: ${JSON.stringify({ type: "speech.audio.delta", audio: "AAAA" })}\n\n`;

  test("a stream without its end is closed with an error event", async () => {
    scene.play("sse-cut", streamAnswer([delta, 'data: {"type":"speech'], 10));
    const { text, isBroken } = await speak("openai/sse-cut", { stream_format: "sse" });
    expect(text).toStartWith(`${delta}event: error\ndata: {"type":"error","error":{`);
    expect({ isBroken, ends: text.endsWith("\n\n") }).toEqual({ isBroken: false, ends: true });
    expect(await recordOf("openai/sse-cut")).toMatchObject({ outcome: "upstream_truncated", status: 200 });
  });

  test("an event larger than any is one that cannot be read: the client is told", async () => {
    const piece = chunk("x".repeat(1024 * 1024));
    const pieces = Array.from({ length: 17 }, () => piece);
    scene.play("sse-large", [...streamAnswer([delta]).slice(0, -1), { wait: 50 }, chunk("data: "), ...pieces]);
    const { text, isBroken } = await speak("openai/sse-large", { stream_format: "sse" });
    expect(text).toStartWith(`${delta}event: error\ndata: {"type":"error","error":{`);
    expect(isBroken).toBe(false);
    expect(await recordOf("openai/sse-large")).toMatchObject({ outcome: "provider_protocol_error", status: 200 });
  });

  test("one chunk with content and no end is an error with a status, for client and record", async () => {
    const bytes = `${delta.length.toString(16)}\r\n${delta}\r\n0\r\n\r\n`;
    const head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
    scene.play("sse-short", [{ write: head + bytes }]);
    expect(await speak("openai/sse-short", { stream_format: "sse" })).toMatchObject({ status: 502 });
    expect(await recordOf("openai/sse-short")).toMatchObject({ outcome: "upstream_truncated", status: 502 });
  });

  test("the provider's own error event arrives, and before any content is an attempt that failed", async () => {
    const error = `data: ${JSON.stringify({ error: { message: "too hot", code: "server_error" } })}\n\n`;
    scene.play("sse-error", streamAnswer([delta, error], 10));
    expect((await speak("openai/sse-error", { stream_format: "sse" })).text).toBe(delta + error);
    expect(await recordOf("openai/sse-error")).toMatchObject({ outcome: "upstream_failed", error_message: "too hot" });
    scene.play("sse-early", streamAnswer([error]));
    const early = await speak("openai/sse-early", { stream_format: "sse" });
    expect(early).toMatchObject({ status: 502, text: expect.stringContaining("too hot") });
  });
});

/** A client that asks for speech and reads only when told to. */
function openSlow(model: string): Socket {
  const body = JSON.stringify({ model, voice: "alloy", input: "Hello" });
  const { port, hostname } = new URL(scene.gateway.url);
  const socket = connect(Number(port), hostname);
  socket.pause();
  socket.write(
    `POST /v1/audio/speech HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer ${KEY}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  return socket;
}

async function until(holds: () => boolean): Promise<void> {
  for (let round = 0; round < 400 && !holds(); round += 1) await Bun.sleep(10);
  expect(holds()).toBe(true);
}

const MIB = 1024 * 1024;

function rss(): number {
  const line = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${scene.gateway.pid}/status`, "utf8"));
  return Number(line?.[1] ?? 0) * 1024;
}

describe("clients", () => {
  test("one that reads slowly holds the provider back, and gets every byte", async () => {
    const flood = 40 * MIB;
    scene.play("tts-flood", [HEAD, chunk(Buffer.alloc(flood, 1)), LAST_CHUNK]);
    const before = rss();
    const socket = openSlow("openai/tts-flood");
    // Read nothing until the provider has been held back.
    await until(() => scene.mock.unread() > flood / 4);
    await Bun.sleep(300);
    expect(scene.mock.unread()).toBeGreaterThan(flood / 4);
    expect(rss() - before).toBeLessThan(32 * MIB);
    let length = 0;
    await new Promise<void>((resolve, reject) => {
      socket.on("data", (bytes: Buffer) => (length += bytes.length));
      socket.on("end", resolve);
      socket.on("error", reject);
      socket.resume();
    });
    expect(length).toBeGreaterThan(flood);
    expect(await recordOf("openai/tts-flood")).toMatchObject({ outcome: "success" });
  });

  test("one that goes away ends the waiting for a job", async () => {
    scene.play("/assemblyai/v2/upload", jsonAnswer({ upload_url: "https://cdn/x" }));
    scene.play("/assemblyai/v2/transcript", jsonAnswer({ id: "t1", status: "processing" }));
    const form = new FormData();
    form.append("model", "assemblyai/universal-2");
    form.append("file", new Blob(["RIFF"]), "x.wav");
    const leaving = new AbortController();
    const call = fetch(`${scene.gateway.url}/v1/audio/transcriptions`, {
      method: "POST",
      headers: { authorization: `Bearer ${KEY}` },
      body: form,
      signal: leaving.signal,
    });
    await until(() => scene.mock.requests.some(({ path }) => path === "/assemblyai/v2/transcript"));
    leaving.abort();
    await call.catch(() => {});
    expect(await recordOf("assemblyai/universal-2")).toMatchObject({ outcome: "client_aborted", status: 499 });
    expect(scene.mock.requests.filter(({ path }) => path.startsWith("/assemblyai/"))).toHaveLength(2);
  });

  test("one that goes away ends the provider's call", async () => {
    scene.play("tts-left", [HEAD, chunk(PIECE), { wait: 400 }, chunk(PIECE), { stall: true }]);
    const { abandoned } = scene.mock;
    const socket = openSlow("openai/tts-left");
    socket.resume();
    await new Promise((resolve) => socket.once("data", resolve));
    socket.destroy();
    await until(() => scene.mock.abandoned > abandoned);
    expect(await recordOf("openai/tts-left")).toMatchObject({ outcome: "client_aborted", status: 499 });
  });
});

describe("money", () => {
  /** 40 characters are reserved with 100 tokens at 10 dollars a million: a budget of 1.1 millidollars holds that once. */
  const input = "a".repeat(40);

  test("is reserved by the worst case before the call, and settled by what was", async () => {
    scene.play("gpt-paid", [HEAD, chunk(PIECE), LAST_CHUNK]);
    expect(await speak("openai/gpt-paid", { input }, TIGHT_KEY)).toMatchObject({ status: 200 });
    // 10 tokens in at 1, 56 out at 10 dollars a million.
    expect(await recordOf("openai/gpt-paid")).toMatchObject({ cost_nano_usd: 10 * 1000 + 56 * 10_000 });
    const refused = await speak("openai/gpt-paid-2", { input }, TIGHT_KEY);
    expect(refused).toMatchObject({ status: 402, text: expect.stringContaining("budget_exceeded") });
  });
});
