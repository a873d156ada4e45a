import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { frameOf, type MockSocket } from "../mock-upstream/socket-server.ts";
import { connect, heldUp, until, type TestClient } from "./client.ts";
import { answerEvents, speakRealtime } from "./openai-provider.ts";
import { KEY, SECRET, startScene, type Scene } from "./scene.ts";

let scene: Scene;

beforeAll(async () => {
  scene = await startScene();
});
afterAll(() => scene.stop());
beforeEach(() => {
  scene.play = (socket) => speakRealtime(socket);
  scene.refuse = () => null;
});

const options = { headers: { authorization: `Bearer ${KEY}` } };
const open = (model = "openai/gpt-realtime"): TestClient =>
  connect(`${scene.gateway.url}/v1/realtime?model=${model}`, options);

const head = (status: number, body: string, more = ""): string =>
  `HTTP/1.1 ${status} X\r\ncontent-type: application/json\r\n${more}content-length: ${body.length}\r\n\r\n${body}`;
const ERROR = JSON.stringify({ error: { message: `bad key ${SECRET}`, type: "invalid_request_error", code: "nope" } });

const refusals: [string, () => string, number, string][] = [
  ["401 of the provider", () => head(401, ERROR), 502, "upstream_auth"],
  ["429 with retry-after", () => head(429, ERROR, "retry-after: 7\r\n"), 429, "upstream_rate_limited"],
  ["404", () => head(404, ERROR), 404, "upstream_not_found"],
  ["503", () => head(503, "oops"), 502, "upstream_error"],
  ["200 instead of 101", () => head(200, "{}"), 502, "upstream_error"],
  [
    "a wrong accept",
    () => head(101, "").replace("content-length: 0", "upgrade: websocket\r\nsec-websocket-accept: eA=="),
    502,
    "provider_protocol_error",
  ],
  ["no HTTP", () => "SSH-2.0-x\r\n\r\n", 502, "provider_protocol_error"],
  ["silence", () => "", 504, "upstream_timeout"],
];

describe("opening", () => {
  test.each(refusals)("%s", async (_, answer, status, code) => {
    scene.refuse = answer;
    const response = await fetch(`${scene.gateway.url}/v1/realtime?model=openai/gpt-realtime`, {
      headers: {
        ...options.headers,
        upgrade: "websocket",
        connection: "Upgrade",
        "sec-websocket-version": "13",
        "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
      },
    });
    const text = await response.text();
    expect(response.status).toBe(status);
    expect(text).toContain(status === 429 || status === 404 ? "nope" : code);
    expect(text).not.toContain(SECRET);
    expect(await scene.written.one()).toMatchObject({ error_code: code, operation: "realtime" });
  });

  test("turns to the next target while connecting", async () => {
    const client = open("steady");
    await client.event("session.created");
    client.socket.close();
    await client.closed;
    expect(await scene.written.one()).toMatchObject({
      outcome: "success",
      provider: "openai",
      attempts: [
        { provider: "dead", code: "upstream_unreachable" },
        { provider: "openai", code: null },
      ],
    });
  });

  test("a client that leaves while the provider is being called", async () => {
    scene.refuse = () => "";
    const client = open();
    client.opened.catch(() => {});
    const before = scene.upstream.handshakes;
    await until(() => scene.upstream.handshakes > before, "the provider is called");
    (client.socket as WebSocket & { terminate(): void }).terminate();
    expect(await scene.written.one()).toMatchObject({ outcome: "client_aborted" });
  });
});

describe("a session that the provider ends", () => {
  test.each(answerEvents("Hello there").map((event, at) => [(event as { type: string }).type, at] as const))(
    "cut after %s",
    async (_, at) => {
      scene.play = (socket) =>
        speakRealtime(socket, (it) => {
          for (const event of answerEvents("Hello there").slice(0, at + 1)) it.text(event);
          it.cut(at % 2 === 0 ? "fin" : "rst");
        });
      const client = open();
      await client.event("session.created");
      client.send({ type: "response.create" });
      const { code } = await client.closed;
      expect(code).toBe(1014);
      expect(client.events.at(-1)).toMatchObject({ type: "error", error: { code: "upstream_truncated" } });
      const record = await scene.written.one();
      expect(record).toMatchObject({ outcome: "upstream_truncated", error_code: "upstream_truncated", status: 101 });
      const isReported = at === 5;
      if (isReported) expect(record).toMatchObject({ input_tokens: 100, output_tokens: 50, warnings: [] });
      else if (at >= 2) expect(record.warnings).toMatchObject([{ code: "estimated" }]);
      else expect(record.output_tokens).toBeNull();
    },
  );

  const frames: [string, (socket: MockSocket) => void][] = [
    ["text that is no UTF-8", (socket) => socket.raw(frameOf(1, Buffer.from([0xff, 0xfe])))],
    ["a message beyond all limits", (socket) => socket.raw(Buffer.from([0x81, 127, 0, 0, 1, 0, 0, 0, 0, 0]))],
    ["a masked frame", (socket) => socket.raw(Buffer.from([0x81, 0x81, 0, 0, 0, 0, 65]))],
    ["a reserved bit", (socket) => socket.raw(Buffer.from([0xc1, 1, 65]))],
    ["an unknown operation", (socket) => socket.raw(Buffer.from([0x83, 0]))],
    ["a fragment without a start", (socket) => socket.raw(frameOf(0, Buffer.from("x")))],
    ["a long ping", (socket) => socket.raw(frameOf(9, Buffer.alloc(126)))],
    ["no frame at all", (socket) => socket.raw("HTTP/1.1 200 OK\r\n\r\n")],
  ];
  test.each(frames)("%s", async (_, act) => {
    scene.play = act;
    const client = open();
    expect(await client.closed).toMatchObject({ code: 1014 });
    expect(await scene.written.one()).toMatchObject({ error_code: "upstream_truncated" });
  });

  test.each([
    [1000, "done", "success"],
    [1001, "", "success"],
    [1011, "server had a problem", "upstream_failed"],
    [4000, "session expired", "upstream_failed"],
  ] as const)("close code %d passes on", async (code, reason, outcome) => {
    scene.play = (socket) => socket.close(code, reason);
    expect(await open().closed).toMatchObject({ code, reason });
    expect(await scene.written.one()).toMatchObject({
      outcome,
      trace: expect.arrayContaining([{ step: "closed", result: `provider ${code}` }]),
    });
  });

  test("fragments are joined, pings within them answered, binary stays binary", async () => {
    scene.play = (socket) => {
      socket.raw(frameOf(1, Buffer.from('{"type":"one'), false));
      socket.raw(frameOf(9, Buffer.from("p")));
      socket.raw(frameOf(0, Buffer.from('"}')));
      socket.binary(Buffer.from('{"type":"two"}'));
    };
    const client = open();
    await client.event("two");
    expect(client.events).toEqual([{ type: "one" }, { type: "two" }]);
    client.socket.send(Buffer.from([1, 2, 3]));
    const socket = scene.upstream.sockets.at(-1);
    await until(() => socket?.messages.length === 1, "the bytes arrive");
    expect(socket?.messages[0]).toEqual(Buffer.from([1, 2, 3]));
    client.socket.close(3001, "mine");
    await until(() => socket?.closed === 3001, "the code passes on");
    await scene.written.one();
  });

  test("silence ends at the idle timeout", async () => {
    scene.play = () => {};
    const client = open();
    expect(await client.closed).toMatchObject({ code: 1001 });
    expect(await scene.written.one()).toMatchObject({ error_code: "deadline_exceeded" });
  });
});

describe("a client that leaves or is slow", () => {
  test("the provider is let go within 100 ms, and an answer under way counts by estimate", async () => {
    scene.play = (socket) =>
      speakRealtime(socket, (it) => {
        for (const event of answerEvents("Hello there").slice(0, 4)) it.text(event);
      });
    for (let round = 0; round < 5; round += 1) {
      const client = open();
      await client.event("session.created");
      client.send({ type: "response.create" });
      await client.event("response.output_audio.delta");
      const socket = scene.upstream.sockets.at(-1);
      const left = performance.now();
      (client.socket as WebSocket & { terminate(): void }).terminate();
      await until(() => socket?.closed !== null, "the provider is let go");
      expect((socket?.closedAt ?? Infinity) - left).toBeLessThan(100);
      const record = await scene.written.one();
      expect(record).toMatchObject({ outcome: "client_aborted", status: 499, warnings: [{ code: "estimated" }] });
      expect(record.output_tokens).toBeGreaterThan(0);
      expect(record.cost_nano_usd).toBeGreaterThan(0);
    }
  });

  test("a slow reader holds up the provider, not the memory", async () => {
    const size = 64 * 1024;
    const count = 1200;
    const event = JSON.stringify({ type: "flood", data: "x".repeat(size) });
    scene.play = (socket) => {
      for (let at = 0; at < count; at += 1) socket.text(event);
      socket.text({ type: "last" });
    };
    const before = memoryOf(scene.gateway.pid);
    const client = open();
    (client.socket as WebSocket & { pause(): void }).pause();
    await client.opened;
    (client.socket as WebSocket & { pause(): void }).pause();
    const socket = scene.upstream.sockets.at(-1);
    let unread = -1;
    await until(() => {
      const now = socket?.unread() ?? 0;
      const isStill = now === unread && now > 0;
      unread = now;
      return isStill;
    }, "the provider cannot write any more");
    expect(unread).toBeGreaterThan((size * count) / 2);
    expect(memoryOf(scene.gateway.pid) - before).toBeLessThan(40 * 1024 * 1024);
    (client.socket as WebSocket & { resume(): void }).resume();
    await client.event("last");
    expect(client.events).toHaveLength(count + 1);
    client.socket.close();
    await scene.written.one();
  });

  test("a provider that does not read holds up the client", async () => {
    const size = 64 * 1024;
    const count = 800;
    scene.play = (socket) => socket.pause();
    const before = memoryOf(scene.gateway.pid);
    const client = open();
    await client.opened;
    const event = JSON.stringify({ type: "input_audio_buffer.append", audio: "A".repeat(size) });
    for (let at = 0; at < count; at += 1) client.send(event);
    const left = await heldUp(client);
    expect(left).toBeGreaterThan((size * count) / 4);
    expect(memoryOf(scene.gateway.pid) - before).toBeLessThan(60 * 1024 * 1024);
    const socket = scene.upstream.sockets.at(-1);
    socket?.resume();
    await until(() => socket?.messages.length === count, "everything arrives");
    client.socket.close();
    await scene.written.one();
  });
});

/** Resident bytes of a process. */
function memoryOf(pid: number): number {
  const { stdout } = Bun.spawnSync(["ps", "-o", "rss=", "-p", String(pid)]);
  return Number(stdout.toString().trim()) * 1024;
}
