import { describe, expect, test } from "bun:test";
import { ByteBuffer } from "./byte-buffer.ts";

describe("ByteBuffer", () => {
  test("gathers pieces of any size, copied", () => {
    const buffer = new ByteBuffer();
    const all: number[] = [];
    const piece = new Uint8Array(7);
    for (let round = 0; round < 1_000; round++) {
      const size = round % 8;
      piece.fill(round);
      buffer.append(piece.subarray(0, size));
      all.push(...piece.subarray(0, size));
    }
    piece.fill(0);
    expect([...buffer.view()]).toEqual(all);
    expect(buffer.length).toBe(all.length);
  });

  test("is empty after clear, small or large", () => {
    for (const size of [10, 1_000_000]) {
      const buffer = new ByteBuffer();
      buffer.append(new Uint8Array(size).fill(1));
      buffer.clear();
      expect(buffer.length).toBe(0);
      expect(buffer.view()).toHaveLength(0);
      buffer.append(Uint8Array.of(2, 3));
      expect([...buffer.view()]).toEqual([2, 3]);
    }
  });

  test("a view taken before clear stays until the next append", () => {
    const buffer = new ByteBuffer();
    buffer.append(Uint8Array.of(1, 2));
    const view = buffer.view();
    buffer.clear();
    expect([...view]).toEqual([1, 2]);
  });
});
