import { describe, expect, test } from "bun:test";
import { likeness, nearestLabel, unitVector } from "./vectors.ts";

const unit = (...values: number[]): Float32Array => unitVector(values) ?? new Float32Array();

describe("unitVector", () => {
  test("has length 1 and the same direction", () => {
    expect([...unit(3, 4)]).toEqual([Math.fround(0.6), Math.fround(0.8)]);
  });

  test.each([
    [[]],
    [[0, 0]],
    [[1, Number.NaN]],
    [[1, Number.POSITIVE_INFINITY]],
    [[1e200, 1e200]],
    [[null, 1] as unknown as number[]],
    [["1", 1] as unknown as number[]],
    [[1e-200, 1e-200]],
  ])("%p has none", (vector) => {
    expect(unitVector(vector)).toBeNull();
  });
});

describe("nearestLabel", () => {
  const labels = new Map([
    ["near once", [unit(1, 0), unit(-1, 0)]],
    ["near twice", [unit(1, 0.4), unit(1, -0.4)]],
  ]);

  test("by the nearest example, or the mean of the nearest ones", () => {
    expect(nearestLabel(unit(1, 0), labels, 1)?.label).toBe("near once");
    expect(nearestLabel(unit(1, 0), labels, 2)?.label).toBe("near twice");
    expect(nearestLabel(unit(1, 0), labels, 1)?.score).toBeCloseTo(1);
  });

  test("of no examples there is none", () => {
    expect(nearestLabel(unit(1, 0), new Map([["a", []]]), 1)).toBeNull();
  });

  test("likeness runs from -1 to 1", () => {
    expect([likeness(unit(1, 0), unit(1, 0)), likeness(unit(1, 0), unit(0, 1)), likeness(unit(1), unit(-1))]).toEqual([
      1, 0, -1,
    ]);
  });
});
