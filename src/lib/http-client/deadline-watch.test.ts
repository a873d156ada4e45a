import { describe, expect, test } from "bun:test";
import { DeadlineWatch, type Timed } from "./deadline-watch.ts";

interface Probe extends Timed {
  fired: number;
}

/** Leaves the watch when it fires. */
function probe(watch: DeadlineWatch, ms: number): Probe {
  const made: Probe = {
    deadline: watch.after(ms),
    fired: 0,
    expire: () => {
      made.fired++;
      watch.delete(made);
    },
  };
  watch.add(made);
  return made;
}

const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await Bun.sleep(5);
};

describe("DeadlineWatch", () => {
  test("fires once, not before its time, in the order of deadlines", async () => {
    const watch = new DeadlineWatch();
    const from = performance.now();
    const [late, early] = [probe(watch, 200), probe(watch, 10)];
    await until(() => early.fired > 0);
    expect(late.fired).toBe(0);
    await until(() => late.fired > 0);
    expect(performance.now() - from).toBeGreaterThanOrEqual(200);
    await Bun.sleep(120);
    expect([early.fired, late.fired]).toEqual([1, 1]);
  });

  test("a deadline can be moved by writing it, and Infinity is none", async () => {
    const watch = new DeadlineWatch();
    const [moved, never, mark] = [probe(watch, 10), probe(watch, 10), probe(watch, 250)];
    never.deadline = Infinity;
    for (let step = 0; step < 10; step++) {
      moved.deadline = watch.after(30);
      await Bun.sleep(20);
      expect(moved.fired).toBe(0);
    }
    await until(() => mark.fired > 0 && moved.fired > 0);
    expect(never.fired).toBe(0);
  });

  test("time in which the process stood still does not count", async () => {
    const watch = new DeadlineWatch();
    const watched = probe(watch, 300);
    await Bun.sleep(60);
    Bun.sleepSync(600);
    await Bun.sleep(60);
    expect(watched.fired).toBe(0);
    await until(() => watched.fired === 1);
  });

  test("starts again after a rest", async () => {
    const watch = new DeadlineWatch();
    await until(() => probe(watch, 0).fired === 0);
    await Bun.sleep(250);
    const again = probe(watch, 10);
    await until(() => again.fired === 1);
  });

  test("what leaves in time does not fire", async () => {
    const watch = new DeadlineWatch();
    const [gone, mark] = [probe(watch, 10), probe(watch, 60)];
    watch.delete(gone);
    await until(() => mark.fired > 0);
    expect(gone.fired).toBe(0);
  });
});
