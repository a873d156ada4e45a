import { expect, test } from "bun:test";
import { Crowd } from "./crowd.ts";

test("lets in as many as there may be, and takes back those of a thread that is gone", () => {
  const crowd = new Crowd(Crowd.createMemory());
  expect([0, 1, 1, 0].map((seat) => crowd.enter(seat, 3))).toEqual([true, true, true, false]);
  crowd.leave(0);
  expect([crowd.size, crowd.enter(2, 3)]).toEqual([2, true]);
  crowd.reclaim(1);
  crowd.reclaim(1);
  expect(crowd.size).toBe(1);
  crowd.leave(2);
  expect(crowd.size).toBe(0);
});
