import { describe, expect, test } from "bun:test";
import { KeyHealth } from "./key-health.ts";
import { CLAIM } from "./refused-key.ts";

const MINUTE = 60_000;
/** Close to where the times in shared memory wrap. */
const START = 2 ** 28 * 100 * 60 - 30_000;

function fresh() {
  const health = new KeyHealth(KeyHealth.createMemory(3));
  return { health, refused: (now: number) => health.refuse(1, health.claim(1, now), now) };
}

describe("a refused key", () => {
  test("rests for a minute, alone", () => {
    const { health, refused } = fresh();
    expect(health.claim(1, START)).toBe(CLAIM.well);
    refused(START);
    expect([0, 1, 2].map((slot) => health.isResting(slot, START + 59_000))).toEqual([false, true, false]);
    expect(health.claim(1, START + 59_000)).toBe(CLAIM.rests);
    expect(health.restOf(1, START)?.reason).toBe("refused");
    expect(health.isResting(1, START + MINUTE + 100)).toBe(false);
  });

  test("is then tried by one call, and rests again for the others until that is over", () => {
    const { health, refused } = fresh();
    refused(START);
    const later = START + MINUTE + 100;
    const claim = health.claim(1, later);
    expect(claim).toBeGreaterThan(0);
    expect([health.claim(1, later), health.isResting(1, later)]).toEqual([CLAIM.rests, true]);
    health.accept(1, claim);
    expect([health.claim(1, later), health.isResting(1, later)]).toEqual([CLAIM.well, false]);
  });

  test("rests twice as long each time, up to a quarter of an hour, and begins anew once it was good", () => {
    const { health } = fresh();
    let now = START;
    const rests: number[] = [];
    for (let round = 0; round < 20; round += 1) {
      health.refuse(1, health.claim(1, now), now);
      let rest = 0;
      while (health.isResting(1, now + rest)) rest += 1000;
      rests.push(Math.floor(rest / MINUTE));
      now += rest + 100;
    }
    expect(rests.slice(0, 7)).toEqual([1, 2, 4, 8, 15, 15, 15]);
    expect(rests.at(-1)).toBe(15);
    health.accept(1, health.claim(1, now));
    health.refuse(1, health.claim(1, now), now);
    expect(health.isResting(1, now + MINUTE + 100)).toBe(false);
  });

  test("calls that were begun before count once, and their late success revives nothing", () => {
    const { health } = fresh();
    const claims = [1, 2, 3].map(() => health.claim(1, START));
    for (const claim of claims) health.refuse(1, claim, START);
    health.accept(1, CLAIM.well);
    expect([health.isResting(1, START), health.isResting(1, START + MINUTE + 100)]).toEqual([true, false]);
  });

  test("a try that says nothing lets another try at once, one that never ends after half a minute", () => {
    const { health, refused } = fresh();
    refused(START);
    const later = START + MINUTE + 100;
    health.release(1, health.claim(1, later), later);
    expect(health.claim(1, later + 100)).toBeGreaterThan(0);
    expect(health.claim(1, later + 29_000)).toBe(CLAIM.rests);
    expect(health.claim(1, later + 31_000)).toBeGreaterThan(0);
  });

  test("a call made although it rests revives it when it is answered", () => {
    const { health, refused } = fresh();
    refused(START);
    health.accept(1, health.claim(1, START));
    expect(health.isResting(1, START)).toBe(false);
  });

  test("many threads: one try, one refusal more", async () => {
    const memory = KeyHealth.createMemory(3);
    const health = new KeyHealth(memory);
    health.refuse(1, CLAIM.well, START);
    const now = START + MINUTE + 100;
    const workers = Array.from(
      { length: 4 },
      () => new Worker(new URL("./fixtures/refused-worker.ts", import.meta.url).href),
    );
    const tried = await Promise.all(
      workers.map(
        (worker) =>
          new Promise<number>((resolve) => {
            worker.addEventListener("message", ({ data }: MessageEvent<number>) => resolve(data));
            worker.postMessage({ memory, calls: 20_000, now });
          }),
      ),
    );
    for (const worker of workers) worker.terminate();
    expect(tried.reduce((sum, count) => sum + count, 0)).toBe(1);
    expect([health.isResting(1, now + 119_000), health.isResting(1, now + 121_000)]).toEqual([true, false]);
  });
});

test("a key that was told to wait rests until then, however long that is", () => {
  const { health } = fresh();
  health.rest(1, START + 86_400_000 * 30);
  health.rest(1, START + 1000);
  expect(health.isResting(1, START + 86_400_000 * 29)).toBe(true);
  expect(health.restOf(1, START)).toEqual({ reason: "limited", until: START + 86_400_000 * 30 });
  expect([health.claim(1, START), health.restOf(0, START)]).toEqual([CLAIM.well, null]);
});

test("headers of quotas are read four times a second for each key", () => {
  const { health } = fresh();
  expect([health.wantsQuota(1, START), health.wantsQuota(1, START + 249), health.wantsQuota(2, START)]).toEqual([
    true,
    false,
    true,
  ]);
  expect(health.wantsQuota(1, START + 251)).toBe(true);
});
