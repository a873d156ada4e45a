import { afterEach, describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { call, listen, plain, request, type RawServer } from "./fixtures/raw-server.ts";
import { client, closeTracked, serve, track, until } from "./fixtures/tracked.ts";

afterEach(closeTracked);
const sha = (data: string | Uint8Array): string => createHash("sha1").update(data).digest("hex");

const MB = 1_000_000;

describe("large requests", () => {
  const bodies: [string, string | Uint8Array][] = [
    ["text", "ż🦜x".repeat(3 * MB)],
    ["bytes", Buffer.alloc(50 * MB, "0123456789")],
    ["text at the size of one write", "y".repeat(65_536)],
    ["bytes at the size of one write", Buffer.alloc(65_536, "z")],
  ];
  for (const [name, body] of bodies) {
    test(`${name}, to a server that is slow to take them`, async () => {
      const server = track(
        await listen((socket) => {
          const hash = createHash("sha1");
          let left = -1;
          socket.pause();
          setTimeout(() => socket.resume(), 50);
          socket.on("data", (bytes: Buffer) => {
            let from = 0;
            if (left === -1) {
              const end = bytes.indexOf("\r\n\r\n");
              left = Number(/content-length: (\d+)/.exec(bytes.toString("latin1", 0, end))?.[1]);
              from = end + 4;
            }
            hash.update(bytes.subarray(from));
            left -= bytes.length - from;
            if (left === 0) socket.write(plain(hash.digest("hex")));
          });
        }),
      );
      const one = client();
      const heard = await call(one, request(server.origin, { body }));
      expect(heard.body).toBe(sha(body));
      expect(one.stats()).toEqual({ open: 1, idle: 1 });
    });
  }

  test("an answer before the request is written ends the connection", async () => {
    let first = true;
    const server = track(
      await listen((socket) => {
        socket.once("data", () => {
          socket.write(plain("too much", "", "413 Payload Too Large"));
          if (first) socket.pause();
          first = false;
        });
      }),
    );
    const one = client();
    const heard = await call(one, request(server.origin, { body: Buffer.alloc(20 * MB) }));
    expect(heard).toMatchObject({ status: 413, body: "too much", events: ["head", "data", "end"] });
    expect(one.stats()).toEqual({ open: 0, idle: 0 });
    expect((await call(one, request(server.origin))).exchange.reused).toBe(false);
  });
});

describe("back-pressure", () => {
  /** Floods as fast as the socket takes it, and counts. */
  function flood(total: number): { sent: () => number; serve: Promise<RawServer> } {
    let sent = 0;
    const piece = Buffer.alloc(65_536, "f");
    const serving = serve((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${total}\r\n\r\n`);
      const go = (): void => {
        while (sent < total && !socket.destroyed) {
          const next = piece.subarray(0, Math.min(piece.length, total - sent));
          sent += next.length;
          if (!socket.write(next)) {
            socket.once("drain", go);
            return;
          }
        }
      };
      go();
    });
    return { sent: () => sent, serve: serving };
  }

  test("a paused exchange stops the server, the idle time stands still, and resume brings the rest", async () => {
    const total = 100 * MB;
    const { sent, serve: serving } = flood(total);
    const server = await serving;
    const one = client();
    let received = 0;
    let exchange: { pause(): void; resume(): void } | undefined;
    let whilePaused = -1;
    const done = new Promise<string>((resolve) => {
      exchange = one.send(request(server.origin, { idleTimeoutMs: 1000, maxBodyBytes: total }), {
        onHead: () => {},
        onData: (chunk) => {
          received += chunk.length;
          if (whilePaused === -1 && received > MB) {
            exchange?.pause();
            whilePaused = 0;
          }
        },
        onEnd: () => resolve("end"),
        onError: (error) => resolve(error.kind),
      });
    });
    await until(() => whilePaused === 0);
    const receivedThen = received;
    await Bun.sleep(1500);
    expect(received).toBe(receivedThen);
    // What the server could send lies in the kernel's buffers.
    expect(sent()).toBeLessThan(30 * MB);
    exchange?.resume();
    expect(await done).toBe("end");
    expect(received).toBe(total);
    expect(one.stats()).toEqual({ open: 1, idle: 1 });
  });

  test("pausing again and again loses nothing", async () => {
    const total = 20 * MB;
    const server = await flood(total).serve;
    let pauses = 0;
    const heard = await call(client(), request(server.origin, { maxBodyBytes: total }), {
      sent: (exchange) => (pausing = exchange),
      onData: () => {
        pauses++;
        pausing?.pause();
        setTimeout(() => pausing?.resume(), 0);
      },
    });
    expect(heard.events).toEqual(["head", "data", "end"]);
    expect(heard.chunks.reduce((sum, chunk) => sum + chunk.length, 0)).toBe(total);
    expect(pauses).toBeGreaterThan(10);
  });
  let pausing: { pause(): void; resume(): void } | undefined;

  test("paused before the answer: the head waits, and the first-byte time with it", async () => {
    const server = await serve((socket) => socket.write(plain("ok")));
    const one = client();
    await call(one, request(server.origin));
    for (const reused of [true, false]) {
      let resumed = false;
      const heard = await call(one, request(server.origin, { firstByteTimeoutMs: 300, body: reused ? "a" : "b" }), {
        sent: (exchange) => {
          exchange.pause();
          setTimeout(() => {
            resumed = true;
            exchange.resume();
          }, 900);
        },
        onHead: () => expect(resumed).toBe(true),
      });
      expect(heard.events).toEqual(["head", "data", "end"]);
      expect(heard.exchange.reused).toBe(reused);
      for (const socket of server.sockets) socket.end();
      await until(() => one.stats().open === 0);
    }
  });

  test("paused at its last byte: the connection can be used again", async () => {
    const server = await serve((socket) => socket.write(plain("ok")));
    const one = client();
    const first = await call(one, request(server.origin), {
      sent: (exchange) => (last = exchange),
      onData: () => last?.pause(),
    });
    expect(first.events).toEqual(["head", "data", "end"]);
    expect(await call(one, request(server.origin))).toMatchObject({ body: "ok", exchange: { reused: true } });
  });
  let last: { pause(): void } | undefined;

  test("abort while paused", async () => {
    const server = await flood(100 * MB).serve;
    const one = client();
    const heard = await call(one, request(server.origin, { maxBodyBytes: Infinity }), {
      sent: (exchange) => {
        exchange.pause();
        setTimeout(() => exchange.abort(), 50);
      },
    });
    expect(heard.events).toEqual(["aborted"]);
    await until(() => server.sockets.size === 0);
  });
});

describe("many", () => {
  test("1,000 at a time, each with its own answer, then over the same sockets", async () => {
    const server = await serve((socket, { body }) => {
      const text = body.toString();
      const wire =
        Number(text) % 2 === 0
          ? plain(text)
          : `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${text.length}\r\n${text}\r\n0\r\n\r\n`;
      setTimeout(() => socket.write(wire), Number(text) % 20);
    });
    const one = client({ maxIdlePerOrigin: 1_000 });
    for (let round = 0; round < 2; round++) {
      const answers = await Promise.all(
        Array.from({ length: 1_000 }, (_, at) => call(one, request(server.origin, { body: `${at}` }))),
      );
      expect(answers.map(({ body }) => body)).toEqual(Array.from({ length: 1_000 }, (_, at) => `${at}`));
    }
    expect(server.connections()).toBe(1_000);
    expect(one.stats()).toEqual({ open: 1_000, idle: 1_000 });
  });
});

describe("the process", () => {
  /** Runs a program that makes one request; `wait` is how long the server takes for the answer. */
  async function run(origin: string, wait: number): Promise<string> {
    const program = `
      import { HttpClient, parseOrigin } from ${JSON.stringify(join(import.meta.dir, "index.ts"))};
      new HttpClient({ idleSocketMs: 60_000 }).send(
        { origin: parseOrigin(${JSON.stringify(origin)}), method: "POST", path: "/", headers: "", body: "${wait}",
          connectTimeoutMs: 5000, firstByteTimeoutMs: 5000, idleTimeoutMs: 5000, maxBodyBytes: 1000 },
        { onHead() {}, onData() {}, onEnd() { console.log("end"); }, onError(error) { console.log(error.kind); } });`;
    const child = Bun.spawn({ cmd: [process.execPath, "-e", program], stdout: "pipe" });
    const output = await new Response(child.stdout).text();
    return `${output.trim()} ${await child.exited}`;
  }

  test("lives while an exchange is under way, and not for idle sockets", async () => {
    const server = await serve(
      (socket, { body }) => void setTimeout(() => socket.write(plain("ok")), Number(body.toString())),
    );
    const origin = `http://${server.origin.host}`;
    expect(await run(origin, 0)).toBe("end 0");
    expect(await run(origin, 300)).toBe("end 0");
  });
});
