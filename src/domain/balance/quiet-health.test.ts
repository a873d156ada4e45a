import { expect, test } from "bun:test";
import { QuietHealth } from "./quiet-health.ts";
import { TargetHealth } from "./target-health.ts";

test("turns count up, and nobody else sees them", () => {
  const memory = TargetHealth.createMemory(4);
  const live = new TargetHealth(memory);
  live.turn(2);
  const quiet = new QuietHealth(memory);
  expect([quiet.turn(2), quiet.turn(2), quiet.turn(2)]).toEqual([1, 2, 3]);
  expect(live.turn(2)).toBe(1);
});

test("asking whether a call may go takes no probe", () => {
  const memory = TargetHealth.createMemory(4);
  const live = new TargetHealth(memory);
  const quiet = new QuietHealth(memory);
  for (let call = 0; call < 5; call += 1) {
    live.begin(1);
    live.fail(1, 10, true, 1000);
  }
  expect(quiet.mayCall(1, 1100)).toBe(false);
  expect(quiet.mayCall(1, 2500)).toBe(true);
  expect(quiet.mayCall(1, 2500)).toBe(true);
  expect(live.mayCall(1, 2500)).toBe(true);
  expect(live.mayCall(1, 2500)).toBe(false);
});
