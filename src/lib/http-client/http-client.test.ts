import { afterEach, describe, expect, test } from "bun:test";
import { call, chunked, plain, request } from "./fixtures/raw-server.ts";
import { client, closeTracked, serve, track, until } from "./fixtures/tracked.ts";
import { parseOrigin } from "./origin.ts";

afterEach(closeTracked);

describe("a request on the wire", () => {
  test("line, host, headers, length and body", async () => {
    const server = await serve((socket) => socket.write(plain("ok")));
    const heard = await call(client(), request(server.origin, { headers: "a: 1\r\nb: 2\r\n", body: '{"x":"ż🦜"}' }));
    expect(heard.events).toEqual(["head", "data", "end"]);
    expect(server.requests[0]?.head.split("\r\n")).toEqual([
      "POST /v1/chat?x=1 HTTP/1.1",
      `host: ${server.origin.host}`,
      "a: 1",
      "b: 2",
      "content-length: 14",
    ]);
    expect(server.requests[0]?.body.toString()).toBe('{"x":"ż🦜"}');
  });

  test("header values in Latin-1 are one byte a character", async () => {
    const server = await serve((socket) => socket.write(plain("ok")));
    await call(client(), request(server.origin, { headers: "x-name: Müller\r\n" }));
    expect(server.requests[0]?.head).toContain("x-name: Müller\r\n");
  });

  test("a lone surrogate does not upset the length", async () => {
    const server = await serve((socket) => socket.write(plain("ok")));
    const heard = await call(client(), request(server.origin, { body: "a\ud800b\udfffc" }));
    expect(heard.events).toEqual(["head", "data", "end"]);
    expect(server.requests[0]?.body.toString()).toBe("a\ufffdb\ufffdc");
  });

  test("bytes, nothing, and methods", async () => {
    const server = await serve((socket) => socket.write(plain("ok")));
    const one = client();
    await call(one, request(server.origin, { body: Uint8Array.from([0, 255, 10]) }));
    await call(one, request(server.origin, { body: null }));
    await call(one, request(server.origin, { method: "GET", body: null }));
    await call(one, request(server.origin, { method: "DELETE", body: null, path: "/" }));
    await call(one, request(server.origin, { method: "GET", body: "" }));
    expect([...(server.requests[0]?.body ?? [])]).toEqual([0, 255, 10]);
    expect(server.requests.map(({ head }) => /content-length: (\d+)/.exec(head)?.[1])).toEqual([
      "3",
      "0",
      undefined,
      undefined,
      "0",
    ]);
    expect(server.requests[3]?.head).toStartWith("DELETE / HTTP/1.1\r\n");
  });

  test.each(["", "v1", "/a b", "/a\r\nx: y", "/ä", "/\0", "*"])("the path %j is refused", async (path) => {
    const server = await serve((socket) => socket.write(plain("ok")));
    const heard = await call(client(), request(server.origin, { path }));
    expect(heard.events).toEqual(["protocol"]);
    expect(server.requests).toEqual([]);
  });

  test.each(["", "post", "GET /x", "GET\r\n"])("the method %j is refused", async (method) => {
    const server = await serve((socket) => socket.write(plain("ok")));
    expect((await call(client(), request(server.origin, { method }))).events).toEqual(["protocol"]);
  });

  test("IPv6", async () => {
    const server = Bun.serve({
      port: 0,
      hostname: "::1",
      fetch: (incoming) => new Response(incoming.headers.get("host")),
    });
    track({ close: () => void server.stop(true) });
    const heard = await call(client(), request(parseOrigin(`http://[::1]:${server.port}`)));
    expect(heard.body).toBe(`[::1]:${server.port}`);
  });
});

describe("a response", () => {
  test("nothing is heard before send returns", async () => {
    const server = await serve((socket) => socket.write(plain("ok")));
    const one = client();
    await call(one, request(server.origin));
    for (const what of [request(server.origin), request(server.origin, { path: "bad" })]) {
      let returned = false;
      const heard = call(one, what, {
        onHead: () => expect(returned).toBe(true),
        onError: () => expect(returned).toBe(true),
      });
      returned = true;
      await heard;
    }
  });

  test("head and body in drips", async () => {
    const wire = chunked(["data: a\n\n", "data: b\n\n"], "content-type: text/event-stream\r\n");
    const server = await serve(async (socket) => {
      for (const byte of Buffer.from(wire)) {
        socket.write(Uint8Array.of(byte));
        await Bun.sleep(0);
      }
    });
    const heard = await call(client(), request(server.origin));
    expect(heard.events).toEqual(["head", "data", "end"]);
    expect(heard.body).toBe("data: a\n\ndata: b\n\n");
    expect(heard.headers?.get("content-type")).toBe("text/event-stream");
  });

  test("each event arrives when it is sent", async () => {
    let proceed = (): void => {};
    const server = await serve(async (socket) => {
      socket.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
      for (const piece of ["one", "two"]) {
        socket.write(`3\r\n${piece}\r\n`);
        await new Promise<void>((resolve) => (proceed = resolve));
      }
      socket.write("0\r\n\r\n");
    });
    const seen: string[] = [];
    const heard = await call(client(), request(server.origin), {
      onData: (chunk) => {
        seen.push(Buffer.from(chunk).toString());
        proceed();
      },
    });
    expect(seen).toEqual(["one", "two"]);
    expect(heard.events).toEqual(["head", "data", "end"]);
  });

  test("chunks may be kept and changed", async () => {
    const body = "x".repeat(3_000_000);
    const server = await serve((socket) => socket.write(plain(body)));
    const one = client();
    const heard = await call(one, request(server.origin));
    for (const chunk of heard.chunks) chunk.fill(121);
    expect((await call(one, request(server.origin))).body).toBe(body);
    expect(Buffer.concat(heard.chunks).toString()).toBe("y".repeat(3_000_000));
  });

  test("until the connection closes", async () => {
    const server = await serve((socket) => socket.end("HTTP/1.1 200 OK\r\n\r\nabc"));
    const one = client();
    const heard = await call(one, request(server.origin));
    expect(heard).toMatchObject({ body: "abc", events: ["head", "data", "end"] });
    expect(one.stats()).toEqual({ open: 0, idle: 0 });
  });

  test("HEAD, 204 and 304 have no body and leave the connection usable", async () => {
    const wires = [
      "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n",
      "HTTP/1.1 204 No Content\r\n\r\n",
      "HTTP/1.1 304 Not Modified\r\n\r\n",
      plain("ok"),
    ];
    const server = await serve((socket, { turn }) => socket.write(wires[turn] ?? ""));
    const one = client();
    const methods = ["HEAD", "POST", "GET", "GET"];
    const events = [];
    for (const method of methods) events.push((await call(one, request(server.origin, { method, body: null }))).events);
    expect(events).toEqual([
      ["head", "end"],
      ["head", "end"],
      ["head", "end"],
      ["head", "data", "end"],
    ]);
    expect(server.connections()).toBe(1);
  });

  test("interim responses are skipped", async () => {
    const server = await serve(async (socket) => {
      socket.write("HTTP/1.1 100 Continue\r\n\r\n");
      await Bun.sleep(5);
      socket.write(`HTTP/1.1 103 Early Hints\r\nlink: a\r\n\r\n${plain("ok")}`);
    });
    expect(await call(client(), request(server.origin))).toMatchObject({
      status: 200,
      body: "ok",
      events: ["head", "data", "end"],
    });
  });
});

describe("kept connections", () => {
  test("are used again, also from within onEnd", async () => {
    const server = await serve((socket, { turn }) => socket.write(turn % 2 === 0 ? plain("ok") : chunked(["o", "k"])));
    const one = client();
    let inner: Promise<{ exchange: { reused: boolean } }> | null = null;
    const first = await call(one, request(server.origin), {
      onEnd: () => {
        inner = call(one, request(server.origin));
      },
    });
    expect(first.exchange.reused).toBe(false);
    expect((await inner!).exchange.reused).toBe(true);
    for (let turn = 0; turn < 5; turn++) expect((await call(one, request(server.origin))).exchange.reused).toBe(true);
    expect(server.connections()).toBe(1);
    expect(one.stats()).toEqual({ open: 1, idle: 1 });
  });

  test("the last one used comes first", async () => {
    const server = await serve(async (socket, { body }) => {
      await Bun.sleep(Number(body.toString()));
      socket.write(plain("ok"));
    });
    const one = client();
    await Promise.all(["5", "40", "20"].map((body) => call(one, request(server.origin, { body }))));
    expect(one.stats()).toEqual({ open: 3, idle: 3 });
    await call(one, request(server.origin, { body: "0" }));
    const slowest = server.requests.find(({ body }) => body.toString() === "40");
    expect(server.requests.at(-1)?.connection).toBe(slowest?.connection as number);
  });

  test("belong to their origin", async () => {
    const [a, b] = [
      await serve((socket) => socket.write(plain("a"))),
      await serve((socket) => socket.write(plain("b"))),
    ];
    const one = client();
    for (let turn = 0; turn < 3; turn++) {
      expect((await call(one, request(a.origin))).body).toBe("a");
      expect((await call(one, request(b.origin))).body).toBe("b");
    }
    expect([a.connections(), b.connections()]).toEqual([1, 1]);
  });

  test.each([
    ["connection: close", plain("ok", "connection: close\r\n")],
    ["HTTP/1.0", "HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nok"],
    ["an extra byte", `${plain("ok")}X`],
    ["a second response", plain("ok") + plain("forged")],
    ["a keep-alive time that is over at once", plain("ok", "keep-alive: timeout=1\r\n")],
  ])("not after %s", async (_name, wire) => {
    const server = await serve((socket) => socket.write(wire));
    const one = client();
    expect((await call(one, request(server.origin))).body).toBe("ok");
    expect(one.stats()).toEqual({ open: 0, idle: 0 });
    expect(await call(one, request(server.origin))).toMatchObject({ body: "ok", exchange: { reused: false } });
    expect(server.connections()).toBe(2);
    await until(() => server.sockets.size === 0);
  });

  test("not when bytes come while it is idle: the next request never sees them", async () => {
    const server = await serve(async (socket, { connection }) => {
      socket.write(plain("ok"));
      await Bun.sleep(5);
      if (connection === 0) socket.write(plain("forged"));
    });
    const one = client();
    await call(one, request(server.origin));
    await until(() => one.stats().open === 0);
    expect(await call(one, request(server.origin))).toMatchObject({ body: "ok", exchange: { reused: false } });
  });

  test("not when the server closed it", async () => {
    const server = await serve((socket) => socket.write(plain("ok")));
    const one = client();
    await call(one, request(server.origin));
    for (const socket of server.sockets) socket.end();
    await until(() => one.stats().open === 0);
    expect(await call(one, request(server.origin))).toMatchObject({ body: "ok", exchange: { reused: false } });
  });

  test("are closed when they were idle long enough", async () => {
    const server = await serve((socket) => socket.write(plain("ok")));
    const one = client({ idleSocketMs: 30 });
    await call(one, request(server.origin));
    expect(one.stats()).toEqual({ open: 1, idle: 1 });
    await until(() => server.sockets.size === 0);
    expect(one.stats()).toEqual({ open: 0, idle: 0 });
  });

  test("are bounded per origin", async () => {
    const server = await serve((socket) => setTimeout(() => socket.write(plain("ok")), 10));
    const one = client({ maxIdlePerOrigin: 2 });
    await Promise.all(Array.from({ length: 5 }, () => call(one, request(server.origin))));
    expect(one.stats()).toEqual({ open: 2, idle: 2 });
    await until(() => server.sockets.size === 2);
  });

  test("are closed by close; what is under way ends well and is not kept", async () => {
    const server = await serve((socket, { body }) => setTimeout(() => socket.write(plain("ok")), body.length));
    const one = client();
    await Promise.all([call(one, request(server.origin)), call(one, request(server.origin))]);
    const running = call(one, request(server.origin, { body: "x".repeat(20) }));
    one.close();
    expect(one.stats()).toEqual({ open: 1, idle: 0 });
    expect((await running).events).toEqual(["head", "data", "end"]);
    expect(one.stats()).toEqual({ open: 0, idle: 0 });
    expect((await call(one, request(server.origin))).events).toEqual(["aborted"]);
    await until(() => server.sockets.size === 0);
  });
});

describe("a kept connection that turns out closed", () => {
  test("is replaced, once, without the handler noticing", async () => {
    const server = await serve((socket, { turn }) => void (turn === 0 ? socket.write(plain("ok")) : socket.destroy()));
    const one = client();
    await call(one, request(server.origin));
    expect(await call(one, request(server.origin, { body: "again" }))).toMatchObject({
      body: "ok",
      events: ["head", "data", "end"],
      exchange: { reused: false },
    });
    expect(server.requests.map(({ body, connection }) => `${connection}:${body.toString()}`)).toEqual([
      "0:{}",
      "0:again",
      "1:again",
    ]);
  });

  test("also when it is reset, and with a body of many writes", async () => {
    const server = await serve(
      (socket, { turn }) => void (turn === 0 ? socket.write(plain("ok")) : socket.resetAndDestroy()),
    );
    const one = client();
    const body = "ä".repeat(3_000_000);
    await call(one, request(server.origin));
    expect((await call(one, request(server.origin, { body }))).events).toEqual(["head", "data", "end"]);
    expect(server.requests.at(-1)?.body.toString()).toBe(body);
  });

  test("only once", async () => {
    let open = true;
    const server = await serve((socket) => void (open ? socket.write(plain("ok")) : socket.destroy()));
    const one = client();
    await call(one, request(server.origin));
    open = false;
    expect((await call(one, request(server.origin))).events).toEqual(["reset"]);
    expect(server.requests).toHaveLength(3);
  });

  test("not after a byte of the response", async () => {
    const server = await serve((socket, { turn }) => void (turn === 0 ? socket.write(plain("ok")) : socket.end("H")));
    const one = client();
    await call(one, request(server.origin));
    expect((await call(one, request(server.origin))).events).toEqual(["truncated"]);
    expect(server.requests).toHaveLength(2);
  });

  test("a fresh connection is never tried again", async () => {
    const server = await serve((socket) => void socket.destroy());
    expect((await call(client(), request(server.origin))).events).toEqual(["reset"]);
    expect(server.requests).toHaveLength(1);
  });
});
