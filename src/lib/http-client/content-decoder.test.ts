import { afterEach, describe, expect, test } from "bun:test";
import {
  brotliCompressSync,
  constants,
  createGzip,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from "node:zlib";
import { call, request } from "./fixtures/raw-server.ts";
import { client, closeTracked, serve, until } from "./fixtures/tracked.ts";

afterEach(closeTracked);

const TEXT = JSON.stringify(Array.from({ length: 5_000 }, (_, at) => ({ at, text: `ż ${at * 7919}` })));

const CODINGS: [name: string, header: string, compress: (text: string) => Uint8Array][] = [
  ["gzip", "gzip", (text) => gzipSync(text)],
  ["x-gzip", "X-GZIP", (text) => gzipSync(text)],
  ["deflate in zlib's frame", "deflate", (text) => deflateSync(text)],
  ["raw deflate", "deflate", (text) => deflateRawSync(text)],
  ["brotli", "br", (text) => brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } })],
  ["zstd", "zstd", (text) => zstdCompressSync(text)],
  ["identity", "identity", (text) => Buffer.from(text)],
];

const head = (coding: string, length: number): string =>
  `HTTP/1.1 200 OK\r\ncontent-encoding: ${coding}\r\ncontent-length: ${length}\r\n\r\n`;

const corrupt = (bytes: Uint8Array): Uint8Array => Buffer.from(bytes).fill(0xff, 2, 60);
const cut = (bytes: Uint8Array): Uint8Array => bytes.subarray(0, bytes.length >> 1);

describe("content-encoding", () => {
  for (const [name, coding, compress] of CODINGS) {
    test(`${name}, whole, in drips, and in chunks`, async () => {
      const bytes = compress(TEXT);
      const server = await serve(async (socket, { turn }) => {
        if (turn === 0) {
          socket.write(Buffer.concat([Buffer.from(head(coding, bytes.length)), bytes]));
          return;
        }
        if (turn === 1) {
          socket.write(head(coding, bytes.length));
          for (let at = 0; at < bytes.length; at += 5_000) {
            socket.write(bytes.subarray(at, at + 5_000));
            await Bun.sleep(1);
          }
          return;
        }
        socket.write(`HTTP/1.1 200 OK\r\ncontent-encoding: ${coding}\r\ntransfer-encoding: chunked\r\n\r\n`);
        for (let at = 0; at < bytes.length; at += 1_000) {
          const piece = bytes.subarray(at, at + 1_000);
          socket.write(Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from("\r\n")]));
        }
        socket.write("0\r\n\r\n");
      });
      const one = client();
      for (let turn = 0; turn < 3; turn++) {
        const heard = await call(one, request(server.origin));
        expect(heard.events).toEqual(["head", "data", "end"]);
        expect(heard.body).toBe(TEXT);
      }
      expect(server.connections()).toBe(1);
    });

    test(`${name}, with an empty body`, async () => {
      const server = await serve((socket, { turn }) => {
        socket.write(
          turn === 0
            ? head(coding, 0)
            : `HTTP/1.1 200 OK\r\ncontent-encoding: ${coding}\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
        );
      });
      const one = client();
      for (let turn = 0; turn < 2; turn++) {
        expect((await call(one, request(server.origin))).events).toEqual(["head", "end"]);
      }
    });
  }

  test("a HEAD answer has nothing to decode", async () => {
    const server = await serve((socket) => socket.write(head("gzip", 500)));
    expect((await call(client(), request(server.origin, { method: "HEAD", body: null }))).events).toEqual([
      "head",
      "end",
    ]);
  });

  test("each event of a compressed stream comes out when it was flushed", async () => {
    let proceed = (): void => {};
    const server = await serve(async (socket) => {
      socket.write("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n");
      const gzip = createGzip({ flush: constants.Z_SYNC_FLUSH });
      gzip.on("data", (bytes: Buffer) => void socket.write(bytes));
      gzip.on("end", () => void socket.end());
      for (const event of ["data: one\n\n", "data: two\n\n"]) {
        gzip.write(event);
        await new Promise<void>((resolve) => (proceed = resolve));
      }
      gzip.end();
    });
    const seen: string[] = [];
    const heard = await call(client(), request(server.origin), {
      onData: (chunk) => {
        seen.push(Buffer.from(chunk).toString());
        proceed();
      },
    });
    expect(seen).toEqual(["data: one\n\n", "data: two\n\n"]);
    expect(heard.events).toEqual(["head", "data", "end"]);
  });

  for (const [name, coding, compress] of CODINGS.filter(([, header]) => header !== "identity")) {
    test(`${name}: a bomb is stopped at the limit`, async () => {
      const bomb = compress("\0".repeat(50_000_000));
      const server = await serve((socket) => {
        socket.write(head(coding, bomb.length));
        socket.write(bomb);
      });
      const one = client();
      let received = 0;
      const heard = await new Promise<string>((resolve) => {
        one.send(request(server.origin, { maxBodyBytes: 1_000_000 }), {
          onHead: () => {},
          onData: (chunk) => void (received += chunk.length),
          onEnd: () => resolve("end"),
          onError: (error) => resolve(error.kind),
        });
      });
      expect(heard).toBe("too_large");
      expect(received).toBeLessThanOrEqual(1_000_000);
    });

    // The runtime's zstd decoder takes cut data for complete.
    for (const [fault, spoil] of [
      ["corrupt", corrupt],
      ["cut", cut],
    ] as const) {
      test.skipIf(coding === "zstd" && fault === "cut")(`${name}: ${fault} data is an error`, async () => {
        const body = spoil(compress(TEXT));
        const server = await serve(
          (socket) => void socket.write(Buffer.concat([Buffer.from(head(coding, body.length)), body])),
        );
        const heard = await call(client(), request(server.origin));
        expect(heard.events.at(-1)).toBe(fault === "cut" ? "truncated" : "protocol");
      });
    }
  }

  test("pause stops the decoder too, and through it the server", async () => {
    const bomb = gzipSync("\0".repeat(300_000_000));
    const server = await serve((socket) => {
      socket.write(head("gzip", bomb.length));
      socket.write(bomb);
    });
    const one = client();
    let received = 0;
    let paused = false;
    let exchange: { pause(): void; resume(): void } | undefined;
    const done = new Promise<string>((resolve) => {
      exchange = one.send(request(server.origin, { maxBodyBytes: Infinity }), {
        onHead: () => {},
        onData: (chunk) => {
          received += chunk.length;
          if (!paused && received > 1_000_000) {
            paused = true;
            exchange?.pause();
          }
        },
        onEnd: () => resolve("end"),
        onError: (error) => resolve(error.kind),
      });
    });
    await until(() => paused);
    const then = received;
    await Bun.sleep(100);
    expect(received).toBe(then);
    expect(received).toBeLessThan(2_000_000);
    exchange?.resume();
    expect(await done).toBe("end");
    expect(received).toBe(300_000_000);
  });

  test("abort while decoding: nothing more is heard", async () => {
    const bomb = gzipSync("\0".repeat(50_000_000));
    const server = await serve((socket) => {
      socket.write(head("gzip", bomb.length));
      socket.write(bomb);
    });
    const heard = await call(client(), request(server.origin), {
      sent: (exchange) => (own = exchange),
      onData: () => own?.abort(),
    });
    expect(heard.events).toEqual(["head", "data", "aborted"]);
    expect(heard.chunks).toHaveLength(1);
  });
  let own: { abort(): void } | undefined;

  test("a handler that throws while decoding ends the exchange", async () => {
    const bytes = gzipSync(TEXT);
    const server = await serve(
      (socket) => void socket.write(Buffer.concat([Buffer.from(head("gzip", bytes.length)), bytes])),
    );
    const thrown = new Error("handler's own");
    const heard = await call(client(), request(server.origin), {
      onData: () => {
        throw thrown;
      },
    });
    expect(heard.events).toEqual(["head", "data", "aborted"]);
    expect(heard.error?.cause).toBe(thrown);
  });
});
