import { describe, expect, test } from "bun:test";
import { ClientStream } from "./client-stream.ts";

const KIB = 1024;
const SOME = new Uint8Array(64 * KIB);

interface Watched {
  stream: ClientStream;
  told: string[];
}

function watched(): Watched {
  const told: string[] = [];
  const note = (what: string) => (): void => {
    told.push(what);
  };
  const stream = new ClientStream({ pause: note("pause"), resume: note("resume"), cancelled: note("cancelled") });
  return { stream, told };
}

test("what is written before anybody reads comes first, and the end after all of it", async () => {
  const { stream } = watched();
  stream.write(Buffer.from("a"));
  stream.write(Buffer.from("b"));
  const text = new Response(stream.body).text();
  stream.write(Buffer.from("c"));
  stream.end();
  stream.write(Buffer.from("d"));
  expect(await text).toBe("abc");
});

test("a reader within the process sees the end, whether it comes before the first read, after it or while one waits", async () => {
  for (const order of ["before", "between", "while"]) {
    const { stream } = watched();
    const reader = stream.body.getReader();
    stream.write(Buffer.from("a"));
    if (order === "before") stream.end();
    const chunks = [(await reader.read()).value];
    if (order === "between") stream.end();
    const next = reader.read();
    if (order === "while") stream.end();
    expect([
      order,
      Buffer.concat(chunks.map((chunk) => chunk ?? new Uint8Array())).toString(),
      (await next).done,
    ]).toEqual([order, "a", true]);
  }
});

test("a reader that does not read pauses the source, once, until it has read", async () => {
  const { stream, told } = watched();
  const reader = stream.body.getReader();
  const first = reader.read();
  for (let written = 0; written < 5; written += 1) stream.write(SOME);
  expect(told).toEqual(["pause"]);
  let length = (await first).value?.byteLength ?? 0;
  while (length < 5 * SOME.byteLength) length += (await reader.read()).value?.byteLength ?? 0;
  expect(told).toEqual(["pause", "resume"]);
});

test("a reader that goes away is told of once, and not when the stream has ended", async () => {
  const { stream, told } = watched();
  await stream.body.cancel();
  stream.write(SOME);
  stream.end();
  expect(told).toEqual(["cancelled"]);
  const ended = watched();
  ended.stream.end();
  await ended.stream.body.cancel();
  expect(ended.told).toEqual([]);
});

describe("over HTTP", () => {
  interface Received {
    /** With `|end` where the client saw an end. */
    text: string;
    /** What the server was told of as a fault. */
    faults: unknown[];
    /** What the source was told. */
    told: string[];
  }

  async function received(act: (stream: ClientStream) => void): Promise<Received> {
    const faults: unknown[] = [];
    const { stream, told } = watched();
    using server = Bun.serve({
      port: 0,
      error: (fault) => {
        faults.push(fault);
      },
      fetch: () => {
        stream.write(Buffer.from("first "));
        act(stream);
        return new Response(stream.body);
      },
    });
    let text = "";
    try {
      for await (const chunk of (await fetch(server.url)).body ?? []) text += new TextDecoder().decode(chunk);
      text += "|end";
    } catch {
      text += "|cut";
    }
    return { text, faults, told };
  }

  test("an end is seen as one, whether it comes before the runtime has asked or after", async () => {
    expect(await received((stream) => stream.end())).toEqual({ text: "first |end", faults: [], told: [] });
    const later = received((stream) => {
      setTimeout(() => stream.write(Buffer.from("second ")), 20);
      setTimeout(() => stream.end(), 40);
    });
    expect(await later).toEqual({ text: "first second |end", faults: [], told: [] });
  });

  test("a reader that keeps up never pauses the source", async () => {
    const { text, told } = await received((stream) => {
      let left = 20;
      const timer = setInterval(() => {
        stream.write(SOME);
        left -= 1;
        if (left > 0) return;
        clearInterval(timer);
        stream.end();
      }, 2);
    });
    expect(text.length).toBe("first ".length + 20 * SOME.byteLength + "|end".length);
    expect(told).toEqual([]);
  });

  test("a failure cuts the connection, and is no fault of the server", async () => {
    const later = received((stream) => void setTimeout(() => stream.fail(), 20));
    expect(await later).toEqual({ text: "first |cut", faults: [], told: [] });
    const { text, faults } = await received((stream) => stream.fail());
    expect(text).toEndWith("|cut");
    expect(faults).toEqual([]);
  });
});
