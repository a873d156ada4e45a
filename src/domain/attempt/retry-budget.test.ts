import { expect, test } from "bun:test";
import { RetryBudget, type RetryBounds } from "./retry-budget.ts";

const NOW = 1_790_000_000_000;
const BOUNDS: RetryBounds = { share: 0.2, minPerSecond: 0, windowMs: 10_000 };

function budgetOf(requests: number, bounds = BOUNDS, now = NOW): RetryBudget {
  const budget = new RetryBudget(RetryBudget.createMemory(3));
  for (let at = 0; at < requests; at += 1) budget.noteRequest(1, bounds, now);
  return budget;
}

/** How many of so many retries are let through. */
function taken(budget: RetryBudget, wanted: number, bounds = BOUNDS, now = NOW): number {
  let count = 0;
  for (let at = 0; at < wanted; at += 1) if (budget.take(1, bounds, now)) count += 1;
  return count;
}

test("a share of the requests may be sent again, and what is refused is counted", () => {
  const budget = budgetOf(50);
  expect(taken(budget, 30)).toBe(10);
  expect(budget.refused(1)).toBe(20);
  expect(budget.refused(0)).toBe(0);
});

test("a minimum a second is allowed beside the share", () => {
  expect(taken(budgetOf(50), 100, { ...BOUNDS, minPerSecond: 2 })).toBe(30);
  expect(taken(budgetOf(0), 100, { ...BOUNDS, minPerSecond: 0.5 })).toBe(5);
});

test("targets have budgets of their own", () => {
  const budget = budgetOf(50);
  expect(budget.take(2, BOUNDS, NOW)).toBe(false);
});

test("the window moves on: requests and retries of long ago do not count", () => {
  const budget = budgetOf(50);
  expect(taken(budget, 10)).toBe(10);
  expect(taken(budget, 1, BOUNDS, NOW + 12_000)).toBe(0);
  for (let at = 0; at < 50; at += 1) budget.noteRequest(1, BOUNDS, NOW + 12_000);
  expect(taken(budget, 30, BOUNDS, NOW + 12_000)).toBe(10);
});

test("within the window older fifths still count", () => {
  expect(taken(budgetOf(50), 30, BOUNDS, NOW + 6000)).toBe(10);
});

test("more than a bucket can count keeps its ratio", () => {
  const budget = budgetOf(10_000);
  const count = taken(budget, 10_000);
  expect(count).toBeGreaterThan(400);
  expect(count).toBeLessThan(2100);
});

test("threads share one count", () => {
  const memory = RetryBudget.createMemory(2);
  const [one, other] = [new RetryBudget(memory), new RetryBudget(memory)];
  for (let at = 0; at < 10; at += 1) one.noteRequest(0, BOUNDS, NOW);
  expect([other.take(0, BOUNDS, NOW), one.take(0, BOUNDS, NOW), other.take(0, BOUNDS, NOW)]).toEqual([
    true,
    true,
    false,
  ]);
});
