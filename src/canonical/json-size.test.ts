import { expect, test } from "bun:test";
import { sizeOf } from "./json-size.ts";

test.each([
  [null],
  ["x".repeat(1000)],
  [{ a: [1, 2, { b: "text" }], long: "x".repeat(500) }],
  [Array.from({ length: 1000 }, (_, at) => ({ id: at, name: "n".repeat(at % 40) }))],
])("%#: about as long as the text", (value) => {
  const { length } = JSON.stringify(value);
  expect(sizeOf(value, 1e9)).toBeGreaterThan(length / 3);
  expect(sizeOf(value, 1e9)).toBeLessThan(length * 3 + 10);
});

test("counting ends beyond the most that is asked about", () => {
  const many = Array.from({ length: 100_000 }, () => "x".repeat(10));
  expect(sizeOf(many, 100)).toBeLessThan(200);
  expect(sizeOf({ a: "x".repeat(1000), b: 1 }, 10)).toBeGreaterThan(10);
});
