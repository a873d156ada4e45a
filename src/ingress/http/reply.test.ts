import { expect, test } from "bun:test";
import { usd } from "./reply.ts";

test.each([
  [0, "0"],
  [1, "0.000000001"],
  [121_500, "0.0001215"],
  [1_000_000_000, "1"],
  [100_000_000_000, "100"],
  [1_500_000_000, "1.5"],
  [9_000_000_000_000_001, "9000000.000000001"],
])("%d nano-dollars are %s", (nano, text) => {
  expect(usd(nano)).toBe(text);
});
