import { expect, test } from "bun:test";
import { seededDraw } from "./seeded-draw.ts";

test("the same seed draws the same, another one something else", () => {
  const draws = (seed: number): number[] => Array.from({ length: 5 }, seededDraw(seed));
  expect(draws(7)).toEqual(draws(7));
  expect(draws(7)).not.toEqual(draws(8));
});

test("draws are spread evenly over 0 to 1", () => {
  const draw = seededDraw(1);
  const tenths = Array.from({ length: 10 }, () => 0);
  for (let round = 0; round < 10_000; round += 1) tenths[Math.floor(draw() * 10)]! += 1;
  for (const count of tenths) expect(Math.abs(count - 1000)).toBeLessThan(150);
});
