import { expect, test } from "bun:test";
import { PacedWork } from "./paced-work.ts";

/** Work of which so much waits; what each batch was asked for. */
function waiting(amount: number) {
  const asked: number[] = [];
  const state = { left: amount };
  const work = new PacedWork((most) => {
    const done = Math.min(most, state.left);
    asked.push(most);
    state.left -= done;
    return done;
  }, 50);
  return { asked, state, work };
}

test("little work is done in small batches, with a long rest after each, so that the next finds more", () => {
  const { asked, state, work } = waiting(10);
  expect(work.step()).toBe(100);
  expect(work.step()).toBe(50);
  state.left = 10;
  work.step();
  expect(asked).toEqual([64, 64, 64]);
});

test("batches grow while more waits, up to a bound, with shorter rests, and shrink again", () => {
  const { asked, state, work } = waiting(100_000);
  const rests = new Set<number>();
  for (let step = 0; step < 100; step += 1) rests.add(work.step());
  expect(asked.slice(0, 4)).toEqual([64, 80, 96, 112]);
  expect(asked.at(-1)).toBe(500);
  expect([...rests]).toEqual([1]);
  state.left = 0;
  for (let step = 0; step < 100; step += 1) work.step();
  expect(asked.at(-1)).toBe(64);
});

test("nothing is done before it starts, nor after it was stopped", async () => {
  let times = 0;
  const work = new PacedWork(() => (times += 1), 0);
  work.start();
  expect(times).toBe(0);
  work.stop();
  await new Promise((resolve) => setTimeout(resolve, 0));
  expect(times).toBe(0);
});
