import { afterEach, describe, expect, test } from "bun:test";
import type { Socket } from "node:net";
import { call, listen, plain, request, serveRaw } from "./fixtures/raw-server.ts";
import { client, closeTracked, track, until } from "./fixtures/tracked.ts";
import type { Exchange, HttpHandler } from "./exchange.ts";

afterEach(closeTracked);

class Sender implements HttpHandler {
  exchange: Exchange | null = null;
  rooms = 0;
  body = "";
  ended = "";
  onHead(): void {}
  onData(chunk: Uint8Array): void {
    this.body += Buffer.from(chunk).toString();
  }
  onEnd(): void {
    this.ended = "end";
  }
  onError(error: { kind: string }): void {
    this.ended = error.kind;
  }
  onRoom(): void {
    this.rooms += 1;
  }
}

describe("a body that comes piece by piece", () => {
  test("with its length", async () => {
    const server = track(await serveRaw((socket, { body }) => socket.write(plain(body.toString()))));
    const sender = new Sender();
    const exchange = client().send(request(server.origin, { method: "POST", body: { size: 6 } }), sender);
    exchange.write(Buffer.from("abc"));
    await until(() => sender.rooms > 0);
    exchange.write(Buffer.from("def"));
    exchange.finishBody();
    await until(() => sender.ended !== "");
    expect(sender).toMatchObject({ body: "abcdef", ended: "end" });
    expect(server.requests[0]?.head).toContain("content-length: 6");
  });

  test("in chunks, when nobody knows its length", async () => {
    let heard = "";
    const server = track(
      await listen((socket) =>
        socket.on("data", (bytes: Buffer) => {
          heard += bytes.toString("latin1");
          if (heard.endsWith("0\r\n\r\n")) socket.write(plain("done"));
        }),
      ),
    );
    const sender = new Sender();
    const exchange = client().send(request(server.origin, { method: "PUT", body: { size: null } }), sender);
    exchange.write(Buffer.from("hello"));
    await until(() => sender.rooms > 0);
    exchange.write(Buffer.from("world!"));
    exchange.finishBody();
    await until(() => sender.ended !== "");
    expect(heard).toContain("transfer-encoding: chunked");
    expect(heard.slice(heard.indexOf("\r\n\r\n") + 4)).toBe("5\r\nhello\r\n6\r\nworld!\r\n0\r\n\r\n");
    expect(sender.body).toBe("done");
  });

  test("waits while the server does not read, and goes on when it does", async () => {
    let peer: Socket | null = null;
    let read = 0;
    const server = track(
      await listen((socket) => {
        peer = socket;
        socket.pause();
        socket.on("data", (bytes: Buffer) => {
          read += bytes.length;
        });
      }),
    );
    const sender = new Sender();
    const size = 64 * 1024 * 1024;
    const piece = Buffer.alloc(1024 * 1024);
    const exchange = client().send(request(server.origin, { method: "POST", body: { size } }), sender);
    let sent = 0;
    while (exchange.write(piece) || sender.rooms === 0) {
      sent += piece.length;
      if (sent >= size) break;
      if (sender.rooms === 0) await until(() => sender.rooms > 0);
    }
    expect(sent).toBeLessThan(size / 2);
    const before = sender.rooms;
    (peer as Socket | null)?.resume();
    await until(() => sender.rooms > before);
    expect(read).toBeGreaterThan(0);
    exchange.abort();
    expect(sender.ended).toBe("aborted");
  });

  test("never goes over a kept connection: it could not be sent again", async () => {
    const server = track(await serveRaw((socket) => socket.write(plain("ok"))));
    const one = client();
    await call(one, request(server.origin));
    const sender = new Sender();
    const exchange = one.send(request(server.origin, { method: "POST", body: { size: 1 } }), sender);
    exchange.write(Buffer.from("x"));
    exchange.finishBody();
    await until(() => sender.ended !== "");
    expect(exchange.reused).toBe(false);
    expect(server.connections()).toBe(2);
  });
});
