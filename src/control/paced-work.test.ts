import { expect, test } from "bun:test";
import { PacedWork } from "./paced-work.ts";

/** Work of which so much waits; what each batch was asked for. */
function waiting(amount: number) {
  const asked: number[] = [];
  const state = { left: amount };
  const take = (most: number): number => {
    const done = Math.min(most, state.left);
    asked.push(most);
    state.left -= done;
    return done;
  };
  return { asked, state, work: new PacedWork(take, 500, 50) };
}

test("the more a batch found, the longer the rest after it, unless more may wait", () => {
  const { asked, state, work } = waiting(0);
  expect(work.step()).toBe(50);
  state.left = 63;
  expect(work.step()).toBe(100);
  state.left = 64;
  expect(work.step()).toBe(250);
  state.left = 501;
  expect([work.step(), work.step(), work.step()]).toEqual([1, 100, 50]);
  expect(new Set(asked)).toEqual(new Set([500]));
});

test("nothing is done before it starts, nor after it was stopped", async () => {
  let times = 0;
  const work = new PacedWork(() => (times += 1), 500, 0);
  work.start();
  expect(times).toBe(0);
  work.stop();
  await new Promise((resolve) => setTimeout(resolve, 0));
  expect(times).toBe(0);
});
