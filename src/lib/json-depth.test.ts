import { expect, test } from "bun:test";
import { nestsTooDeep } from "./json-depth.ts";

const nested = (depth: number, text = ""): string => `{"a":${"[".repeat(depth)}"${text}"${"]".repeat(depth)}}`;

test.each([
  [nested(10_000), false],
  [nested(30_000), true],
  [nested(900, "x".repeat(100_000)), false],
  [nested(1100, "x".repeat(100_000)), true],
  [`{"a":${JSON.stringify("[".repeat(100_000))}}`, false],
  ["", false],
])("%#: %p", (text, isTooDeep) => {
  expect(nestsTooDeep(text)).toBe(isTooDeep);
});
