import { describe, expect, test } from "bun:test";
import { ERROR_FIELD, SseOverflow, SseParser, type SseEvent } from "./sse.ts";
import { sseEvent } from "./sse-write.ts";

const encoder = new TextEncoder();

function parse(chunks: readonly (string | Uint8Array)[]): SseEvent[] {
  const parser = new SseParser();
  const out: SseEvent[] = [];
  for (const chunk of chunks) parser.push(typeof chunk === "string" ? encoder.encode(chunk) : chunk, out);
  parser.end(out);
  return out;
}

const frame = (data: string, event = ""): SseEvent => ({ event, data });

/** Small deterministic generator (mulberry32). */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

describe("fields", () => {
  const cases: [string, string, SseEvent[]][] = [
    ["one event", "data: a\n\n", [frame("a")]],
    ["an error in place of data", 'data: a\n\nerror: {"b":1}\n\n', [frame("a"), frame('{"b":1}', ERROR_FIELD)]],
    ["an error beside data", "error: a\ndata: b\nerror: c\ndata: d\n\n", [frame("b\nd")]],
    ["a field that begins like an error", "errors: a\n\n", []],
    ["no space after the colon", "data:a\n\n", [frame("a")]],
    ["only one space is dropped", "data:  a\n\n", [frame(" a")]],
    ["two data lines", "data: a\ndata: b\n\n", [frame("a\nb")]],
    ["an empty data line among others", "data: a\ndata:\ndata: b\n\n", [frame("a\n\nb")]],
    ["data without a colon is empty data", "data\n\n", [frame("")]],
    ["two bare data lines", "data\ndata\n\n", [frame("\n")]],
    ["an event name", "event: delta\ndata: x\n\n", [frame("x", "delta")]],
    ["the name after the data", "data: x\nevent: delta\n\n", [frame("x", "delta")]],
    ["the last name wins", "event: a\nevent: b\ndata: x\n\n", [frame("x", "b")]],
    ["a bare event line clears the name", "event: a\nevent\ndata: x\n\n", [frame("x")]],
    ["the name is not inherited", "event: a\ndata: 1\n\ndata: 2\n\n", [frame("1", "a"), frame("2")]],
    ["the name of an event without data is not inherited", "event: a\n\ndata: 2\n\n", [frame("2")]],
    ["events without data are skipped", "event: ping\n\nid: 1\n\n\n\n", []],
    ["comments", ": keep-alive\n\ndata: a\n: between\ndata: b\n\n:\n\n", [frame("a\nb")]],
    ["id, retry and unknown fields", "id: 7\nretry: 10\nfoo: bar\ndata: a\n\n", [frame("a")]],
    ["fields whose names only begin alike", "data2: x\ndatax\nevents: y\nevent_: z\ndata: a\n\n", [frame("a")]],
    ["names are case-sensitive", "Data: x\nDATA: y\n\n", []],
    ["a leading space makes another field", " data: x\n\n", []],
    ["colons in the value", "data: a:b: c\n\n", [frame("a:b: c")]],
    ["a BOM at the start", "\uFEFFdata: a\n\n", [frame("a")]],
    ["a BOM later belongs to the text", "data: \uFEFFa\n\n\uFEFFdata: b\n\n", [frame("\uFEFFa")]],
    ["only the first of two BOMs", "\uFEFF\uFEFFdata: a\n\ndata: b\n\n", [frame("b")]],
    ["CRLF", "event: e\r\ndata: a\r\ndata: b\r\n\r\n", [frame("a\nb", "e")]],
    ["CR", "event: e\rdata: a\rdata: b\r\r", [frame("a\nb", "e")]],
    ["mixed line ends", "data: a\r\ndata: b\rdata: c\n\r\ndata: d\r\r\n", [frame("a\nb\nc"), frame("d")]],
    ["a last event without its blank line", "data: a\n\ndata: b\n", [frame("a"), frame("b")]],
    ["a last line without its end", "data: a\n\ndata: [DONE]", [frame("a"), frame("[DONE]")]],
    ["text beyond ASCII", "data: żółć 🦜 日本\n\n", [frame("żółć 🦜 日本")]],
    ["an empty stream", "", []],
    ["blank lines only", "\n\r\n\r\n\n", []],
  ];
  for (const [name, text, frames] of cases) {
    test(name, () => {
      expect(parse([text])).toEqual(frames);
    });
    test(`${name}, byte by byte`, () => {
      const bytes = encoder.encode(text);
      expect(parse(Array.from(bytes, (_, index) => bytes.subarray(index, index + 1)))).toEqual(frames);
    });
    test(`${name}, cut in two at every place`, () => {
      const bytes = encoder.encode(text);
      for (let cut = 0; cut <= bytes.length; cut++) {
        expect(parse([bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual(frames);
      }
    });
  }
});

describe("chunks", () => {
  const PIECES = [
    "data: a",
    "data:",
    "data",
    "event: é",
    "event",
    ": c",
    "id: 1",
    "\uFEFF",
    "🦜",
    "\n",
    "\r",
    "\r\n",
    "\n\n",
    "\r\r",
    " ",
    "x",
  ];

  test("any chunking of any text gives the same frames", () => {
    const next = random(7);
    for (let round = 0; round < 2_000; round++) {
      const text = Array.from({ length: 1 + next(20) }, () => PIECES[next(PIECES.length)]).join("");
      const bytes = encoder.encode(text);
      const chunks: Uint8Array[] = [];
      for (let at = 0; at < bytes.length;) {
        const size = next(5);
        chunks.push(bytes.subarray(at, at + size));
        at += size;
      }
      expect({ text, frames: parse(chunks) }).toEqual({ text, frames: parse([bytes]) });
    }
  });

  test("agrees with a plain reading of the standard", () => {
    const next = random(11);
    for (let round = 0; round < 2_000; round++) {
      const text = Array.from({ length: 1 + next(20) }, () => PIECES[next(PIECES.length)]).join("");
      expect({ text, frames: parse([text]) }).toEqual({ text, frames: plainReading(text) });
    }
  });

  test("invalid UTF-8 becomes U+FFFD wherever it is cut", () => {
    const bytes = Uint8Array.from([...encoder.encode("data: "), 0xf0, 0x9f, 0x22, 0xff, 0xc3, 10, 10]);
    const whole = parse([bytes]);
    expect(whole[0]?.data).toContain("\uFFFD");
    for (let cut = 0; cut <= bytes.length; cut++) {
      expect(parse([bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual(whole);
    }
  });

  test("the caller may reuse the chunk's memory", () => {
    const parser = new SseParser();
    const out: SseEvent[] = [];
    const chunk = encoder.encode("data: kept");
    parser.push(chunk, out);
    chunk.fill(0);
    parser.push(encoder.encode(" whole\n\n"), out);
    expect(out).toEqual([frame("kept whole")]);
  });

  test("frames come out as soon as their blank line is there", () => {
    const parser = new SseParser();
    const out: SseEvent[] = [];
    parser.push(encoder.encode("data: a\n"), out);
    expect(out).toEqual([]);
    parser.push(encoder.encode("\ndata: b"), out);
    expect(out).toEqual([frame("a")]);
    parser.push(encoder.encode("\r\r"), out);
    expect(out).toEqual([frame("a"), frame("b")]);
  });

  test("a long line in many small chunks", () => {
    const parser = new SseParser();
    const out: SseEvent[] = [];
    const piece = encoder.encode("0123456789abcdef");
    parser.push(encoder.encode("data:"), out);
    for (let index = 0; index < 60_000; index++) parser.push(piece, out);
    parser.push(encoder.encode("\n\n"), out);
    expect(out[0]?.data.length).toBe(960_000);
  });
});

describe("limit", () => {
  const overflow = (chunks: readonly string[], max: number) => {
    const parser = new SseParser(max);
    const out: SseEvent[] = [];
    for (const chunk of chunks) parser.push(encoder.encode(chunk), out);
    return out;
  };

  test("one long line", () => {
    expect(() => overflow(["data: 0123456789"], 10)).toThrow(SseOverflow);
    expect(() => overflow(["data: 01234567890\n\n"], 10)).toThrow(SseOverflow);
  });
  test("a line that grows over chunks", () => {
    expect(() => overflow(["data: ", "0123", "4567"], 10)).toThrow(SseOverflow);
  });
  test("many data lines", () => {
    expect(() => overflow(["data:0123\n", "data:4567\n", "data:8901\n"], 10)).toThrow(SseOverflow);
  });
  test("data lines without data", () => {
    expect(() => overflow(["data:\n".repeat(100)], 1000)).toThrow(SseOverflow);
    expect(overflow(["data:\ndata:\n\n".repeat(100)], 1000)).toHaveLength(100);
  });
  test("an endless comment", () => {
    expect(() => overflow([": ".repeat(10)], 10)).toThrow("larger than 10 bytes");
  });
  test("an event of just the limit, and any number of events", () => {
    expect(overflow(["data:0123456789\n\n".repeat(3)], 10)).toHaveLength(3);
  });
});

describe("sseEvent", () => {
  test("with and without a name", () => {
    expect(sseEvent("", "[DONE]")).toBe("data: [DONE]\n\n");
    expect(sseEvent("message_stop", "{}")).toBe("event: message_stop\ndata: {}\n\n");
  });
  test("what is written is read back", () => {
    for (const data of ["", " ", "a", " a ", "a\nb", "\n", "a\n\nb\n", "data: x", ": x", "日本 🦜", "\uFEFF"]) {
      expect(parse([sseEvent("e", data)])).toEqual([frame(data, "e")]);
    }
  });
  test("no line end can forge a second event", () => {
    expect(parse([sseEvent("a\n\ndata: forged", "x")])).toEqual([frame("x", "a data: forged")]);
    expect(parse([sseEvent("a", "x\r\rdata: forged\r\n\r\nevent: b")])).toEqual([
      frame("x\n\ndata: forged\n\nevent: b", "a"),
    ]);
  });
});

/** The algorithm of the standard, line by line, with the one addition that the last event needs no blank line. */
function plainReading(text: string): SseEvent[] {
  const out: SseEvent[] = [];
  let event = "";
  let data: string[] = [];
  const dispatch = () => {
    if (data.length > 0) out.push(frame(data.join("\n"), event));
    event = "";
    data = [];
  };
  for (const line of text.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/)) {
    if (line === "") {
      dispatch();
      continue;
    }
    const [, name, value] = /^([^:]*)(?:: ?([^]*))?$/.exec(line) ?? [];
    if (name === "data") data.push(value ?? "");
    else if (name === "event") event = value ?? "";
  }
  dispatch();
  return out;
}
