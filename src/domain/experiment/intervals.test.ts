import { expect, test } from "bun:test";
import { differenceOf, percentile, rateOf } from "./intervals.ts";

test.each([
  // Newcombe 1998, Statistics in Medicine 17:857, table I, method 3.
  [81, 263, 0.2553, 0.3662],
  [15, 148, 0.0624, 0.1605],
  [0, 20, 0, 0.1611],
  [1, 29, 0.0061, 0.1718],
  [29, 29, 0.883, 1],
])("%d of %d lies between %d and %d", (count, total, low, high) => {
  const rate = rateOf(count, total);
  expect(rate?.value).toBe(count / total);
  expect(rate?.low).toBeCloseTo(low, 4);
  expect(rate?.high).toBeCloseTo(high, 4);
});

test.each([
  // Newcombe 1998, Statistics in Medicine 17:873, table II, method 10.
  [56, 70, 48, 80, 0.0524, 0.3339],
  [9, 10, 3, 10, 0.1705, 0.809],
  [10, 10, 0, 20, 0.6791, 1],
  [0, 10, 0, 10, -0.2775, 0.2775],
])("%d of %d against %d of %d differs by between %d and %d", (one, all, other, total, low, high) => {
  const difference = differenceOf(rateOf(one, all), rateOf(other, total));
  expect(difference?.low).toBeCloseTo(low, 4);
  expect(difference?.high).toBeCloseTo(high, 4);
});

test("nothing has no rate and no difference", () => {
  expect(rateOf(0, 0)).toBeNull();
  expect(differenceOf(null, rateOf(1, 2))).toBeNull();
  expect(differenceOf(rateOf(1, 2), null)).toBeNull();
});

test("percentiles are values that occurred, by nearest rank", () => {
  const values = Float64Array.from({ length: 20 }, (_, at) => at + 1);
  expect([0, 0.5, 0.95, 0.951, 1].map((share) => percentile(values, share))).toEqual([1, 10, 19, 20, 20]);
  expect(percentile(Float64Array.of(7), 0.95)).toBe(7);
  expect(percentile(new Float64Array(), 0.5)).toBeNull();
});
