import { afterEach, describe, expect, test } from "bun:test";
import { call, chunked, listen, plain, request, serveRaw } from "./fixtures/raw-server.ts";
import { client, closeTracked, serve, track, until } from "./fixtures/tracked.ts";
import { parseOrigin } from "./origin.ts";

afterEach(closeTracked);

const CHUNKED_HEAD = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";

describe("connecting", () => {
  test("nobody listens", async () => {
    const server = await serveRaw(() => {});
    server.close();
    const one = client();
    expect((await call(one, request(server.origin))).events).toEqual(["connect_refused"]);
    expect(one.stats()).toEqual({ open: 0, idle: 0 });
  });
  test("the name does not resolve", async () => {
    const heard = await call(client(), request(parseOrigin("http://no-such-host.invalid")));
    expect(heard.events).toEqual(["dns"]);
    expect(heard.error?.cause).toBeInstanceOf(Error);
  });
});

describe("broken answers", () => {
  const FAULTS: [name: string, wire: string, end: boolean, events: string[]][] = [
    ["closed within the body", "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc", true, ["head", "data", "truncated"]],
    ["closed before the body", "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n", true, ["head", "truncated"]],
    ["closed within a chunk", `${CHUNKED_HEAD}5\r\nabc`, true, ["head", "data", "truncated"]],
    ["closed between chunks", `${CHUNKED_HEAD}3\r\nabc\r\n`, true, ["head", "data", "truncated"]],
    ["closed before the last line end", `${CHUNKED_HEAD}3\r\nabc\r\n0\r\n`, true, ["head", "data", "truncated"]],
    ["closed within the head", "HTTP/1.1 200 OK\r\ncontent-", true, ["truncated"]],
    ["closed after an interim response", "HTTP/1.1 100 Continue\r\n\r\n", true, ["truncated"]],
    ["garbage", "220 mail.example ESMTP\r\n", false, ["protocol"]],
    [
      "conflicting lengths",
      "HTTP/1.1 200 OK\r\ncontent-length: 3\r\ncontent-length: 4\r\n\r\nabcd",
      false,
      ["protocol"],
    ],
    [
      "length and chunked",
      "HTTP/1.1 200 OK\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
      false,
      ["protocol"],
    ],
    ["a malformed chunk", `${CHUNKED_HEAD}3\r\nabc\r\nzz`, false, ["head", "protocol"]],
    ["a head that is too large", `HTTP/1.1 200 OK\r\nx: ${"y".repeat(100_000)}\r\n\r\n`, false, ["too_large"]],
    ["an unknown content-encoding", plain("abc", "content-encoding: rot13\r\n"), false, ["protocol"]],
    ["two content-encodings", plain("abc", "content-encoding: gzip, br\r\n"), false, ["protocol"]],
    ["a length beyond the limit", "HTTP/1.1 200 OK\r\ncontent-length: 1001\r\n\r\n", false, ["too_large"]],
    ["chunks beyond the limit", chunked(["x".repeat(1_001)]), false, ["head", "too_large"]],
    [
      "a body until close beyond the limit",
      `HTTP/1.1 200 OK\r\n\r\n${"x".repeat(1_001)}`,
      false,
      ["head", "too_large"],
    ],
  ];
  for (const [name, wire, end, events] of FAULTS) {
    test(name, async () => {
      const server = await serve((socket) => void (end ? socket.end(wire) : socket.write(wire)));
      const one = client();
      const heard = await call(one, request(server.origin, { maxBodyBytes: 1_000 }));
      expect(heard.events.filter((event) => event !== "data" || events.includes("data"))).toEqual(events);
      expect(one.stats()).toEqual({ open: 0, idle: 0 });
      await until(() => server.sockets.size === 0);
    });
  }

  test("a body of just the limit", async () => {
    const server = await serve((socket, { turn }) =>
      socket.write(turn === 0 ? plain("x".repeat(1_000)) : chunked(["x".repeat(1_000)])),
    );
    const one = client();
    for (let turn = 0; turn < 2; turn++) {
      expect((await call(one, request(server.origin, { maxBodyBytes: 1_000 }))).events).toEqual([
        "head",
        "data",
        "end",
      ]);
    }
  });

  test("a reset within a body, also one until close", async () => {
    const heads = [
      "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc",
      `${CHUNKED_HEAD}3\r\nabc\r\n`,
      "HTTP/1.1 200 OK\r\n\r\nabc",
    ];
    const server = await serve((socket, { connection }) => {
      socket.write(heads[connection] ?? "");
      setTimeout(() => socket.resetAndDestroy(), 10);
    });
    const one = client();
    for (const _ of heads)
      expect((await call(one, request(server.origin))).events).toEqual(["head", "data", "truncated"]);
  });

  test("a smaller head limit", async () => {
    const server = await serve((socket) => socket.write(plain("ok", `x: ${"y".repeat(200)}\r\n`)));
    expect((await call(client({ maxHeaderBytes: 100 }), request(server.origin))).events).toEqual(["too_large"]);
    expect((await call(client({ maxHeaderBytes: 300 }), request(server.origin))).events).toEqual([
      "head",
      "data",
      "end",
    ]);
  });
});

describe("abort", () => {
  const stages: [string, string][] = [
    ["while waiting for the head", ""],
    ["within the head", "HTTP/1.1 200 OK\r\nconte"],
    ["within a body with a length", "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc"],
    ["within a chunked body", `${CHUNKED_HEAD}3\r\nabc\r\n`],
  ];
  for (const [name, wire] of stages) {
    test(name, async () => {
      const server = await serve((socket) => void socket.write(wire));
      const one = client();
      const heard = await call(one, request(server.origin), {
        sent: async (exchange) => {
          await until(() => server.requests.length === 1);
          await Bun.sleep(20);
          exchange.abort();
          expect(one.stats().open).toBe(0);
        },
      });
      expect(heard.events.at(-1)).toBe("aborted");
      await until(() => server.sockets.size === 0);
    });
  }

  test("at once", async () => {
    const server = await serve((socket) => void socket.write(plain("ok")));
    const one = client();
    const heard = await call(one, request(server.origin), {
      sent: (exchange) => queueMicrotask(() => exchange.abort()),
    });
    expect(heard.events).toEqual(["aborted"]);
    await Bun.sleep(20);
    expect(server.requests).toEqual([]);
    expect(one.stats()).toEqual({ open: 0, idle: 0 });
  });

  test("of a request that had a kept connection", async () => {
    const server = await serve((socket, { turn }) => void (turn === 0 && socket.write(plain("ok"))));
    const one = client();
    await call(one, request(server.origin));
    const heard = await call(one, request(server.origin), {
      sent: (exchange) => setTimeout(() => exchange.abort(), 10),
    });
    expect(heard.events).toEqual(["aborted"]);
    expect(server.requests).toHaveLength(2);
  });

  test("from within the handler: nothing more is heard", async () => {
    const server = await serve((socket) => void socket.write(chunked(["a", "b"])));
    const one = client();
    const inHead = await new Promise<string[]>((resolve) => {
      const events: string[] = [];
      const exchange = one.send(request(server.origin), {
        onHead: () => {
          events.push("head");
          exchange.abort();
        },
        onData: () => events.push("data"),
        onEnd: () => events.push("end"),
        onError: ({ kind }) => {
          events.push(kind);
          setTimeout(() => resolve(events), 20);
        },
      });
    });
    expect(inHead).toEqual(["head", "aborted"]);
    const heard = await call(one, request(server.origin), {
      onData: () => again?.abort(),
      sent: (exchange) => (again = exchange),
    });
    expect(heard.events).toEqual(["head", "data", "aborted"]);
    expect(one.stats()).toEqual({ open: 0, idle: 0 });
  });
  let again: { abort(): void } | undefined;

  test("after the end does nothing", async () => {
    const server = await serve((socket) => void socket.write(plain("ok")));
    const one = client();
    const heard = await call(one, request(server.origin));
    heard.exchange.abort();
    heard.exchange.pause();
    heard.exchange.resume();
    expect(heard.events).toEqual(["head", "data", "end"]);
    expect(one.stats()).toEqual({ open: 1, idle: 1 });
    expect((await call(one, request(server.origin))).exchange.reused).toBe(true);
  });
});

describe("a handler that throws", () => {
  for (const method of ["onHead", "onData"] as const) {
    test(`in ${method}`, async () => {
      const server = await serve((socket) => void socket.write(chunked(["a"])));
      const one = client();
      const thrown = new Error("handler's own");
      const heard = await call(one, request(server.origin), {
        [method]: () => {
          throw thrown;
        },
      });
      expect(heard.events.at(-1)).toBe("aborted");
      expect(heard.error?.cause).toBe(thrown);
      expect(one.stats()).toEqual({ open: 0, idle: 0 });
    });
  }
});

describe("time limits", () => {
  test("no connection", async () => {
    // A server whose handshake never comes: TCP connects, TLS does not.
    const server = track(await listen((socket) => void socket.resume()));
    const origin = parseOrigin(`https://127.0.0.1:${server.origin.port}`);
    const one = client();
    expect((await call(one, request(origin, { connectTimeoutMs: 30 }))).events).toEqual(["connect_timeout"]);
    expect(one.stats()).toEqual({ open: 0, idle: 0 });
    await until(() => server.sockets.size === 0);
  });

  test("no head, or only a part of it, or only interim ones", async () => {
    for (const wire of ["", "HTTP/1.1 200 OK\r\nx: ", "HTTP/1.1 100 Continue\r\n\r\n"]) {
      const server = await serve((socket) => void socket.write(wire));
      const heard = await call(client(), request(server.origin, { firstByteTimeoutMs: 30 }));
      expect(heard.events).toEqual(["first_byte_timeout"]);
      await until(() => server.sockets.size === 0);
    }
  });

  test("a head that drips on for ever", async () => {
    const server = await serve((socket) => {
      socket.write("HTTP/1.1 200 OK\r\nx: ");
      const timer = setInterval(() => socket.write("y"), 5);
      socket.on("close", () => clearInterval(timer));
    });
    const heard = await call(client(), request(server.origin, { firstByteTimeoutMs: 60, idleTimeoutMs: 60 }));
    expect(heard.events).toEqual(["first_byte_timeout"]);
  });

  test("a body that stalls", async () => {
    for (const wire of [
      "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n",
      `${CHUNKED_HEAD}3\r\nabc\r\n`,
      "HTTP/1.1 200 OK\r\n\r\nabc",
    ]) {
      const server = await serve((socket) => void socket.write(wire));
      const heard = await call(client(), request(server.origin, { idleTimeoutMs: 30 }));
      expect(heard.events.at(-1)).toBe("idle_timeout");
      expect(heard.events[0]).toBe("head");
    }
  });

  test("a request that the server does not take", async () => {
    const server = track(await listen((socket) => socket.pause()));
    const heard = await call(client(), request(server.origin, { idleTimeoutMs: 30, body: Buffer.alloc(30_000_000) }));
    expect(heard.events).toEqual(["idle_timeout"]);
  });

  test("a stream with steady events outlives both limits", async () => {
    const server = await serve(async (socket) => {
      socket.write(CHUNKED_HEAD);
      for (let event = 0; event < 40; event++) {
        await Bun.sleep(10);
        socket.write("1\r\nx\r\n");
      }
      socket.write("0\r\n\r\n");
    });
    const heard = await call(client(), request(server.origin, { firstByteTimeoutMs: 100, idleTimeoutMs: 150 }));
    expect(heard.events).toEqual(["head", "data", "end"]);
    expect(heard.body).toBe("x".repeat(40));
  });

  test("none for Infinity", async () => {
    const server = await serve((socket) => void setTimeout(() => socket.write(plain("ok")), 300));
    const limits = { connectTimeoutMs: Infinity, firstByteTimeoutMs: Infinity, idleTimeoutMs: Infinity };
    expect((await call(client(), request(server.origin, limits))).events).toEqual(["head", "data", "end"]);
  });
});
