import { expect, test } from "bun:test";
import { KeptTexts } from "./kept-texts.ts";

const vector = (value: number): Promise<Float32Array> => Promise.resolve(Float32Array.of(value));

test("what was used longest ago goes first", async () => {
  const kept = new KeptTexts();
  kept.put("a", vector(1), 2);
  kept.put("b", vector(2), 2);
  expect([...((await kept.take("a")) ?? [])]).toEqual([1]);
  kept.put("c", vector(3), 2);
  expect([kept.take("a") !== undefined, kept.take("b"), kept.take("c") !== undefined]).toEqual([true, undefined, true]);
});

test("a vector that does not come is forgotten", async () => {
  const kept = new KeptTexts();
  const failing = Promise.reject<Float32Array>(new Error("no"));
  kept.put("a", failing, 2);
  expect(kept.take("a")).toBe(failing);
  await failing.catch(() => {});
  await Promise.resolve();
  expect(kept.take("a")).toBeUndefined();
});
