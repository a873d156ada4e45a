import { expect, test } from "bun:test";
import { percentDecoded } from "./percent-decode.ts";

test.each([
  ["a%2Fb%20c", "a/b c"],
  ["plain", "plain"],
  ["100%", "100%"],
  ["%C3", "%C3"],
  ["", ""],
])("%p becomes %p", (text, decoded) => {
  expect(percentDecoded(text)).toBe(decoded);
});
