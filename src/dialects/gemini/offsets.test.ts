import { expect, test } from "bun:test";
import { Utf16Offsets, utf8Offset } from "./offsets.ts";

test("offsets agree with the bytes of the text", () => {
  const text = "aé€😀z";
  const offsets = new Utf16Offsets(text);
  for (const units of [0, 6, 1, 5, 2, 3]) expect(offsets.of(utf8Offset(text, units))).toBe(units);
  expect(utf8Offset(text, 6)).toBe(Buffer.byteLength(text));
  expect([offsets.of(999), offsets.of(-1)]).toEqual([text.length, 0]);
});

test("also in a long text, in any order, and very many of them", () => {
  const text = "aé€😀z ".repeat(20_000);
  const offsets = new Utf16Offsets(text);
  for (let at = 100_000; at > 0; at -= 1) {
    const found = offsets.of(at);
    if (at % 997 === 0) expect(utf8Offset(text, found)).toBeGreaterThanOrEqual(at);
    if (at % 997 === 0 && found > 0) expect(utf8Offset(text, found - 1)).toBeLessThan(at + 4);
  }
  const units = 7 * 12_345;
  expect(offsets.of(utf8Offset(text, units))).toBe(units);
});
