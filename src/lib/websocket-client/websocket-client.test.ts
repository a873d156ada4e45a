import { afterEach, describe, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseOrigin } from "../http-client/index.ts";
import { WebSocketClient } from "./websocket-client.ts";

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

/** A certificate of its own authority, for `localhost`. */
function certificate(): { key: string; cert: string } {
  const folder = mkdtempSync(join(tmpdir(), "trunkline-wss-"));
  const made = Bun.spawnSync([
    ...["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"],
    ...["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"],
    ...["-keyout", join(folder, "key"), "-out", join(folder, "cert")],
  ]);
  if (made.exitCode !== 0) throw new Error(made.stderr.toString());
  const pair = { key: readFileSync(join(folder, "key"), "utf8"), cert: readFileSync(join(folder, "cert"), "utf8") };
  rmSync(folder, { recursive: true });
  return pair;
}

/** A server that sends back what it gets. */
function serveEcho(tls?: { key: string; cert: string }): string {
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    ...(tls !== undefined && { tls }),
    fetch: (request, self) =>
      self.upgrade(request, { data: undefined }) ? undefined : new Response("no", { status: 400 }),
    websocket: { maxPayloadLength: 2 ** 26, message: (socket, data) => void socket.send(data) },
  });
  cleanups.push(() => void server.stop(true));
  return `${tls === undefined ? "http" : "https"}://localhost:${server.port}`;
}

interface Run {
  client: WebSocketClient;
  seen: string[];
  /** Resolves when something of this kind has been seen. */
  when(kind: string): Promise<void>;
}

function open(url: string, options: { ca?: string; idleTimeoutMs?: number; handshakeTimeoutMs?: number } = {}): Run {
  const seen: string[] = [];
  const waiting = new Map<string, () => void>();
  const note = (kind: string, rest = ""): void => {
    seen.push(`${kind} ${rest}`.trim());
    waiting.get(kind)?.();
  };
  const client = new WebSocketClient(
    {
      origin: parseOrigin(url),
      path: "/socket?x=1",
      headers: "x-test: 1\r\n",
      ca: options.ca ?? null,
      connectTimeoutMs: 2000,
      handshakeTimeoutMs: options.handshakeTimeoutMs ?? 2000,
      idleTimeoutMs: options.idleTimeoutMs ?? 10_000,
      maxMessageBytes: 2 ** 26,
    },
    {
      onOpen: () => note("open"),
      onRefused: (status, _, body) => note("refused", `${status} ${body.toString()}`),
      onFailed: ({ kind }) => note("failed", kind),
      onText: (text) => note("text", text.length > 20 ? String(text.length) : text),
      onBinary: (bytes) => note("binary", String(bytes.length)),
      onDrain: () => note("drain"),
      onClose: (code) => note("close", String(code)),
    },
  );
  cleanups.push(() => client.terminate());
  const when = (kind: string): Promise<void> =>
    new Promise((resolve) => {
      waiting.set(kind, resolve);
      if (seen.some((each) => each.startsWith(kind))) resolve();
    });
  return { client, seen, when };
}

describe("a WebSocket client", () => {
  test("sends and takes text and bytes of any size, also more than the socket takes at once", async () => {
    const run = open(serveEcho());
    await run.when("open");
    run.client.send("héllo");
    run.client.send(Buffer.alloc(300));
    run.client.send("x".repeat(20_000_000));
    expect(run.client.buffered).toBeGreaterThan(0);
    await run.when("text 20000000".slice(0, 4));
    while (run.seen.length < 5) await Bun.sleep(5);
    expect(run.seen).toEqual(["open", "text héllo", "binary 300", "drain", "text 20000000"]);
    run.client.close(4000, "bye");
    await run.when("close");
    expect(run.seen.at(-1)).toBe("close 4000");
  });

  test("over TLS the certificate must be good", async () => {
    const pair = certificate();
    const url = serveEcho(pair);
    const trusted = open(url, { ca: pair.cert });
    await trusted.when("open");
    trusted.client.send("hi");
    await trusted.when("text");
    const untrusted = open(url);
    await untrusted.when("failed");
    expect(untrusted.seen).toEqual(["failed tls"]);
    const elsewhere = open(url.replace("localhost", "127.0.0.1"), { ca: pair.cert });
    await elsewhere.when("failed");
    expect(elsewhere.seen).toEqual(["failed tls"]);
  });

  test("nobody there, silence, and a server that went mute", async () => {
    const nobody = open("http://127.0.0.1:1");
    await nobody.when("failed");
    expect(nobody.seen).toEqual(["failed connect_refused"]);
    const silent = await serveRaw(() => {});
    const run = open(silent, { handshakeTimeoutMs: 100 });
    await run.when("failed");
    expect(run.seen).toEqual(["failed first_byte_timeout"]);
    const refusing = open(await serveRaw((write) => write("HTTP/1.1 403 X\r\ncontent-length: 3\r\n\r\nno!")));
    await refusing.when("refused");
    expect(refusing.seen).toEqual(["refused 403 no!"]);
    const chunked = "HTTP/1.1 429 X\r\ntransfer-encoding: chunked\r\n\r\n2\r\nno\r\n1\r\n!\r\n0\r\n\r\n";
    const inChunks = open(await serveRaw((write) => write(chunked)));
    await inChunks.when("refused");
    expect(inChunks.seen).toEqual(["refused 429 no!"]);
  });

  test("what comes while nothing is read waits, and its end behind it", async () => {
    const run = open(serveEcho());
    await run.when("open");
    run.client.pause();
    run.client.send("one");
    run.client.send("two");
    await Bun.sleep(20);
    expect(run.seen).toEqual(["open"]);
    run.client.resume();
    await run.when("text");
    while (run.seen.length < 3) await Bun.sleep(5);
    expect(run.seen).toEqual(["open", "text one", "text two"]);
  });
});

/** A server that says what it is told to any connection. */
async function serveRaw(answer: (write: (text: string) => void) => void): Promise<string> {
  const server: Server = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => answer((text) => void socket.write(text)));
    cleanups.push(() => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanups.push(() => server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
}
