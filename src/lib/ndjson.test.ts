import { expect, test } from "bun:test";
import { LineOverflow, LineReader } from "./ndjson.ts";

const TEXT = '{"a":"é"}\r\n\n{"b":"☀️"}\n{"c":1}';

test.each([1, 2, 5, 100])("lines in pieces of %d bytes", (cut) => {
  const bytes = Buffer.from(TEXT);
  const reader = new LineReader();
  const out: string[] = [];
  for (let at = 0; at < bytes.length; at += cut) reader.push(bytes.subarray(at, at + cut), out);
  expect(reader.isBetween).toBe(false);
  reader.end(out);
  expect(out.map((line) => JSON.parse(line))).toEqual([{ a: "é" }, { b: "☀️" }, { c: 1 }]);
  expect(reader.isBetween).toBe(true);
});

test("a line over the limit is refused", () => {
  expect(() => new LineReader(10).push(Buffer.from("x".repeat(11)), [])).toThrow(LineOverflow);
});
