import { expect, test } from "bun:test";
import { compileGlob, compileGlobs } from "./glob.ts";

test.each([
  ["*", "", true],
  ["gpt-4o", "gpt-4o", true],
  ["gpt-4o", "gpt-4o-mini", false],
  ["gpt-4o*", "gpt-4o-mini", true],
  ["*-mini", "gpt-4o-mini", true],
  ["a*a", "a", false],
  ["a*b*c", "a-b-b-c", true],
  ["a*b*c", "a-c-b", false],
  ["a.c", "abc", false],
])("%s on %s: %s", (pattern, text, expected) => {
  expect(compileGlob(pattern).test(text)).toBe(expected);
});

test("an empty list admits nothing", () => {
  expect(compileGlobs([]).test("x")).toBe(false);
  expect(compileGlobs(["a", "b*"]).test("bc")).toBe(true);
});
