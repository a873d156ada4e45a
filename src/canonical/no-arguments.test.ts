import { expect, test } from "bun:test";
import { isNoArguments } from "./no-arguments.ts";

test.each(["", " ", "\n", "[]", " [ ] ", "null", "\tnull\n"])("%j are none", (text) => {
  expect(isNoArguments(text)).toBe(true);
});

test.each(["{}", "[1]", "nul", "x", "[] x", "[[]]", `${" ".repeat(1_000_000)}x`])("%# are some", (text) => {
  expect(isNoArguments(text)).toBe(false);
});
