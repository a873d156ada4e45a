import { describe, expect, test } from "bun:test";
import { request } from "./fixtures/raw-server.ts";
import { parseOrigin } from "./origin.ts";
import { requestHead } from "./request.ts";
import { RequestWriter, type Sink } from "./request-writer.ts";

const ORIGIN = parseOrigin("http://host.test");

/** Takes at most so many bytes a write; keeps what it took, and how often it was asked. */
function sinkOf(perWrite: (call: number) => number): Sink & { taken: () => Buffer; calls: number } {
  const pieces: Buffer[] = [];
  const sink = {
    calls: 0,
    taken: () => Buffer.concat(pieces),
    write(bytes: Uint8Array, offset: number, length: number): number {
      const size = Math.min(perWrite(sink.calls++), length);
      if (size > 0) pieces.push(Buffer.from(bytes.slice(offset, offset + size)));
      return size;
    },
  };
  return sink;
}

const BODIES: [string, string | Uint8Array | null][] = [
  ["nothing", null],
  ["short text", '{"ż":"🦜"}'],
  ["empty bytes", new Uint8Array(0)],
  ["short bytes", Uint8Array.from([0, 13, 10, 255])],
  ["text of some writes", "aż🦜".repeat(30_000)],
  ["bytes of some writes", Buffer.alloc(200_000, "0123456789")],
];

describe("RequestWriter", () => {
  for (const [name, body] of BODIES) {
    const what = request(ORIGIN, { body });
    const bytes = Buffer.from(body ?? "");
    const wire = Buffer.concat([Buffer.from(requestHead(what, bytes.length)), bytes]);

    test(`${name}: one write when the socket takes it and it is not large`, () => {
      const writer = new RequestWriter();
      const sink = sinkOf(() => Infinity);
      expect(writer.start(sink, what)).toBe(true);
      expect(writer.done).toBe(true);
      expect(sink.taken().equals(wire)).toBe(true);
      expect(sink.calls).toBe(wire.length <= 65_536 ? 1 : 2);
    });

    test(`${name}: any sizes of writes`, () => {
      for (const step of [1, 2, 3, 7, 64, 1_000, 65_535, 65_536, 70_000]) {
        if (step * 3_000 < wire.length) continue;
        const writer = new RequestWriter();
        const sink = sinkOf((at) => (at % 3 === 2 ? 0 : step));
        writer.start(sink, what);
        // A shared frame must not be relied on after the call.
        new RequestWriter().start(
          sinkOf(() => Infinity),
          request(ORIGIN, { body: "#".repeat(60_000) }),
        );
        for (let rounds = 0; !writer.done && rounds < 20_000; rounds++) writer.flush(sink);
        expect(writer.done).toBe(true);
        expect(sink.taken().equals(wire)).toBe(true);
      }
    });
  }

  test("a head larger than any frame", () => {
    const what = request(ORIGIN, { headers: `x: ${"y".repeat(100_000)}\r\n`, body: Buffer.from("body") });
    const writer = new RequestWriter();
    const sink = sinkOf(() => Infinity);
    writer.start(sink, what);
    expect(sink.taken().toString()).toBe(`${requestHead(what, 4)}body`);
    expect(writer.done).toBe(true);
  });

  test("a closed socket", () => {
    expect(
      new RequestWriter().start(
        sinkOf(() => -1),
        request(ORIGIN),
      ),
    ).toBe(false);
  });

  test("a socket that closes later leaves the request undone", () => {
    const writer = new RequestWriter();
    const sink = sinkOf((at) => (at === 0 ? 10 : -1));
    expect(writer.start(sink, request(ORIGIN))).toBe(true);
    writer.flush(sink);
    expect(writer.done).toBe(false);
  });
});
