import { describe, expect, test } from "bun:test";
import { cutReason, encodeClose, encodeFrame, isSendableCode, OPCODE } from "./frame.ts";
import { FrameError, FrameReader } from "./frame-reader.ts";

/** A server's frame. */
function frame(opcode: number, payload: Uint8Array | string, isFinal = true): Buffer {
  const bytes = Buffer.from(payload as string);
  const masked = encodeFrame(opcode, bytes);
  const lengthBytes = bytes.length < 126 ? 0 : bytes.length < 65_536 ? 2 : 8;
  const head = Buffer.from(masked.subarray(0, 2 + lengthBytes));
  head[0] = (isFinal ? 0x80 : 0) | opcode;
  head[1] = (head[1] ?? 0) & 0x7f;
  return Buffer.concat([head, bytes]);
}

function read(bytes: Buffer, cuts: readonly number[] = [], max = 1_000_000): string[] {
  const seen: string[] = [];
  const sink = {
    onText: (text: string) => seen.push(`text ${text.length > 100 ? text.length : text}`),
    onBinary: (data: Buffer) => seen.push(`binary ${data.length}`),
    onPing: (data: Buffer) => seen.push(`ping ${data.toString()}`),
    onPong: () => seen.push("pong"),
    onClosing: (code: number | null, reason: string) => seen.push(`close ${code} ${reason}`),
  };
  const reader = new FrameReader(sink, max);
  let start = 0;
  for (const end of [...cuts, bytes.length]) {
    reader.read(bytes.subarray(start, end));
    start = end;
  }
  return seen;
}

function faultOf(bytes: Buffer, max?: number): number {
  try {
    read(bytes, [], max);
  } catch (error) {
    if (error instanceof FrameError) return error.code;
  }
  return 0;
}

const STREAM = Buffer.concat([
  frame(OPCODE.text, "héllo \u{1f600}"),
  frame(OPCODE.text, "one", false),
  frame(OPCODE.ping, "p"),
  frame(OPCODE.continuation, " two", false),
  frame(OPCODE.continuation, ""),
  frame(OPCODE.text, ""),
  frame(OPCODE.binary, Buffer.alloc(300)),
  frame(OPCODE.text, "x".repeat(70_000)),
  frame(OPCODE.pong, ""),
  frame(OPCODE.close, encodeClose(4001, "why")),
  frame(OPCODE.text, "after the end"),
]);
const MESSAGES = [
  "text héllo \u{1f600}",
  "ping p",
  "text one two",
  "text ",
  "binary 300",
  "text 70000",
  "pong",
  "close 4001 why",
];

describe("frames of a server", () => {
  test("come out whole, wherever the bytes were cut", () => {
    expect(read(STREAM)).toEqual(MESSAGES);
    expect(
      read(
        STREAM,
        Array.from({ length: 400 }, (_, at) => at),
      ),
    ).toEqual(MESSAGES);
    for (let cut = 1; cut < 500; cut += 7) expect(read(STREAM, [cut, cut + 1, cut + 3])).toEqual(MESSAGES);
  });

  test.each([
    ["a masked frame", Buffer.from(encodeFrame(OPCODE.text, Buffer.from("x"))), 1002],
    ["a reserved bit", Buffer.from([0xc1, 0]), 1002],
    ["an unknown operation", Buffer.from([0x83, 0]), 1002],
    ["an unknown control operation", Buffer.from([0x8b, 0]), 1002],
    ["a fragmented ping", Buffer.from([0x09, 0]), 1002],
    ["a long ping", frame(OPCODE.ping, Buffer.alloc(126)), 1002],
    ["a continuation of nothing", frame(OPCODE.continuation, "x"), 1002],
    ["a message within a message", Buffer.concat([frame(OPCODE.text, "a", false), frame(OPCODE.text, "b")]), 1002],
    ["text that is no UTF-8", frame(OPCODE.text, Buffer.from([0xc3, 0x28])), 1007],
    ["a close frame of one byte", frame(OPCODE.close, "x"), 1002],
    ["a length beyond all numbers", Buffer.from([0x82, 127, 255, 255, 255, 255, 255, 255, 255, 255]), 1009],
  ] as const)("%s is refused", (_, bytes, code) => {
    expect(faultOf(bytes)).toBe(code);
  });

  test("a message beyond the limit is refused at its header, in one piece or in many", () => {
    expect(faultOf(frame(OPCODE.text, "x".repeat(101)).subarray(0, 2), 100)).toBe(1009);
    const pieces = Array.from({ length: 11 }, (_, at) =>
      frame(at === 0 ? OPCODE.text : OPCODE.continuation, "x".repeat(10), false),
    );
    expect(faultOf(Buffer.concat(pieces), 100)).toBe(1009);
    expect(read(frame(OPCODE.text, "x".repeat(100)), [], 100)).toHaveLength(1);
  });
});

describe("frames to a server", () => {
  test("are masked, each with a mask of its own, and hold their payload", () => {
    for (const length of [0, 1, 5, 125, 126, 65_535, 65_536]) {
      const payload = Buffer.alloc(length, "abc");
      const [one, other] = [encodeFrame(OPCODE.binary, payload), encodeFrame(OPCODE.binary, payload)];
      expect((one[1] ?? 0) & 0x80).toBe(0x80);
      const start = one.length - length;
      const mask = one.subarray(start - 4, start);
      expect(Buffer.from(one.subarray(start).map((byte, at) => byte ^ (mask[at & 3] ?? 0)))).toEqual(payload);
      expect(mask).not.toEqual(other.subarray(start - 4, start));
    }
  });

  test("reasons fit into a close frame, cut between characters", () => {
    expect(cutReason("short")).toBe("short");
    const cut = cutReason("é".repeat(100));
    expect(cut).toBe("é".repeat(61));
    expect(encodeClose(null, "x")).toHaveLength(0);
  });

  test("codes that no endpoint may send", () => {
    for (const code of [1004, 1005, 1006, 1015, 999, 2999, 5000]) expect(isSendableCode(code)).toBe(false);
    for (const code of [1000, 1001, 1011, 1014, 3000, 4999]) expect(isSendableCode(code)).toBe(true);
  });
});
