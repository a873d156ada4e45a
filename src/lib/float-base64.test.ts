import { expect, test } from "bun:test";
import { base64Of, floatsOf } from "./float-base64.ts";

test("numbers come back as float32 keeps them", () => {
  expect(base64Of([1, -2.5])).toBe("AACAPwAAIMA=");
  expect(floatsOf("AACAPwAAIMA=")).toEqual([1, -2.5]);
  expect(floatsOf(base64Of([]))).toEqual([]);
});

test("what is no whole number at the end is left out", () => {
  expect(floatsOf(Buffer.from([0, 0, 128, 63, 1]).toString("base64"))).toEqual([1]);
});
