import { expect, test } from "bun:test";
import { assignArm, percentAt } from "./assign-arm.ts";
import type { ArmData, ExperimentData } from "./data.ts";

const UNITS = 20_000;

function arm(name: string, weight = 1): ArmData {
  return { name, weight, targets: [], policy: { name: "weighted", slot: 0 }, fallbacks: [] };
}

function experiment(arms: ArmData[], ramp: ExperimentData["ramp"] = []): ExperimentData {
  return { name: "e", scope: "global", when: "true", unit: "user", arms, ramp };
}

function armsOf(data: ExperimentData, now = 0): (string | undefined)[] {
  return Array.from({ length: UNITS }, (_, at) => assignArm(data, `user-${at}`, now)?.name);
}

/** Pearson's statistic of counts against shares. */
function chiSquare(found: readonly (string | undefined)[], shares: Record<string, number>): number {
  let sum = 0;
  for (const [name, share] of Object.entries(shares)) {
    const expected = share * found.length;
    sum += (found.filter((each) => each === name).length - expected) ** 2 / expected;
  }
  return sum;
}

test("units fall to arms by weight", () => {
  const found = armsOf(experiment([arm("a", 5), arm("b", 3), arm("c", 2), arm("none", 0)]));
  // 99.9 % of fair splits into three stay below 13.8.
  expect(chiSquare(found, { a: 0.5, b: 0.3, c: 0.2 })).toBeLessThan(13.8);
  expect(found).not.toContain("none");
});

test("a unit keeps its arm, and experiments split independently of each other", () => {
  const data = experiment([arm("a"), arm("b")]);
  const first = armsOf(data);
  expect(armsOf(data)).toEqual(first);
  const second = armsOf({ ...data, name: "other" });
  const pairs = first.map((name, at) => `${name}${second[at]}`);
  // 99.9 % of independent splits into four stay below 16.3.
  expect(chiSquare(pairs, { aa: 0.25, ab: 0.25, ba: 0.25, bb: 0.25 })).toBeLessThan(16.3);
});

test("while a ramp grows, units only move into the treatment, and stay in their arm of it", () => {
  const ramp = [5, 25, 60, 100].map((percent, at) => ({ from: (at + 1) * 1000, percent }));
  const data = experiment([arm("control"), arm("b", 2), arm("c", 1)], ramp);
  expect(new Set(armsOf(data, 999))).toEqual(new Set([undefined]));
  let before: (string | undefined)[] = armsOf(data, 1000);
  for (const { from, percent } of ramp) {
    const found = armsOf(data, from);
    const treated = found.filter((name) => name !== "control").length / UNITS;
    expect(Math.abs(treated - percent / 100)).toBeLessThan(0.01);
    for (const [at, name] of before.entries()) if (name !== "control") expect(found[at]).toBe(name);
    before = found;
  }
  expect(before).not.toContain("control");
  expect(chiSquare(before, { b: 2 / 3, c: 1 / 3 })).toBeLessThan(10.9);
});

test("while a weight grows, units only move into its arm", () => {
  const before = armsOf(experiment([arm("a", 9), arm("b", 1)]));
  const after = armsOf(experiment([arm("a", 9), arm("b", 9)]));
  for (const [at, name] of before.entries()) if (name === "b") expect(after[at]).toBe("b");
  expect(chiSquare(after, { a: 0.5, b: 0.5 })).toBeLessThan(10.9);
});

test("units of an arm that was stopped are in the first, and nobody else moves", () => {
  const before = armsOf(experiment([arm("a"), arm("b"), arm("c")]));
  const after = armsOf(experiment([arm("a"), { ...arm("b"), isStopped: true }, arm("c")]));
  expect(after).toEqual(before.map((name) => (name === "b" ? "a" : name)));
});

test("the last step that has begun counts", () => {
  const ramp = [
    { from: 10, percent: 5 },
    { from: 20, percent: 50 },
  ];
  expect([9, 10, 19, 20, 999].map((now) => percentAt(ramp, now))).toEqual([null, 5, 5, 50, 50]);
});
