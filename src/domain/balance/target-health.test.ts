import { describe, expect, test } from "bun:test";
import { TargetHealth } from "./target-health.ts";

const DONE = { whole: 100, perToken: null, outputTokens: 10 };
/** Close to where shared times wrap. */
const START = 2 ** 32 * 400 - 20_000;

function fresh() {
  const health = new TargetHealth(TargetHealth.createMemory(3));
  const ok = (now: number, result = DONE) => health.succeed(1, health.begin(1), result, now);
  const bad = (now: number) => {
    health.begin(1);
    health.fail(1, 20, true, now);
  };
  return { health, ok, bad };
}

function opened(now: number) {
  const it = fresh();
  for (let at = 0; at < 5; at += 1) it.bad(now);
  return it;
}

describe("the breaker", () => {
  test("opens after five failures in a row, for one target only", () => {
    const { health, bad } = fresh();
    for (let at = 0; at < 4; at += 1) bad(START);
    expect(health.mayCall(1, START)).toBe(true);
    bad(START);
    expect([health.mayCall(1, START), health.mayCall(0, START), health.mayCall(2, START)]).toEqual([false, true, true]);
    expect(health.read(1, START).isClosed).toBe(false);
    expect(health.counts(1)).toEqual({ calls: 5, opened: 1, closed: 0, limited: 0 });
  });

  test("opens when half of at least ten calls fail, not before", () => {
    const { health, ok, bad } = fresh();
    for (let at = 0; at < 4; at += 1) {
      bad(START);
      ok(START);
    }
    bad(START);
    expect(health.mayCall(1, START)).toBe(true);
    bad(START);
    expect(health.mayCall(1, START)).toBe(false);
  });

  test("failures that are long past do not count", () => {
    const { health, ok, bad } = fresh();
    for (let at = 0; at < 4; at += 1) bad(START);
    ok(START);
    for (let at = 0; at < 4; at += 1) bad(START + 17_000);
    ok(START + 17_000);
    expect(health.mayCall(1, START + 17_000)).toBe(true);
  });

  test("lets one probe through after its pause, and closes when that succeeds", () => {
    const { health } = opened(START);
    expect(health.mayCall(1, START + 999)).toBe(false);
    expect([1, 2, 3].map(() => health.mayCall(1, START + 1000))).toEqual([true, false, false]);
    health.succeed(1, health.begin(1), DONE, START + 1200);
    expect([1, 2, 3].map(() => health.mayCall(1, START + 1200))).toEqual([true, true, true]);
    expect(health.read(1, START + 1200)).toMatchObject({ errorRate: 0, isClosed: true });
    expect(health.counts(1)).toMatchObject({ opened: 1, closed: 1 });
  });

  test("waits longer after each failed probe, but never for more than 15 s", () => {
    const { health, bad } = opened(START);
    let now = START;
    const pauses = [1, 2, 3, 4, 5, 6].map(() => {
      let pause = 0;
      while (!health.mayCall(1, now + pause)) pause += 500;
      now += pause;
      bad(now);
      return pause;
    });
    expect(pauses).toEqual([1000, 2000, 4000, 8000, 15_000, 15_000]);
  });

  test("a probe that never ends gives its place to another after 10 s", () => {
    const { health } = opened(START);
    expect(health.mayCall(1, START + 1000)).toBe(true);
    health.begin(1);
    expect([health.mayCall(1, START + 10_999), health.mayCall(1, START + 11_000)]).toEqual([false, true]);
  });

  test("is not held open by a clock that was set back", () => {
    const { health } = opened(START);
    expect(health.mayCall(1, START - 3_600_000)).toBe(true);
  });

  test("a call from before it opened does not close it, one that was made all the same does", () => {
    const { health, bad } = fresh();
    const before = health.begin(1);
    for (let at = 0; at < 5; at += 1) bad(START);
    health.succeed(1, before, DONE, START);
    expect(health.mayCall(1, START)).toBe(false);
    health.succeed(1, health.begin(1), DONE, START);
    expect(health.mayCall(1, START)).toBe(true);
  });

  test("a target that fails again soon after it came back goes on with the longer pause", () => {
    const { health, bad } = opened(START);
    health.mayCall(1, START + 1000);
    health.succeed(1, health.begin(1), DONE, START + 1000);
    for (let at = 0; at < 5; at += 1) bad(START + 5000);
    expect([health.mayCall(1, START + 6999), health.mayCall(1, START + 7000)]).toEqual([false, true]);
  });

  test("does not count failures that say nothing of the target", () => {
    const { health } = fresh();
    for (let at = 0; at < 20; at += 1) {
      health.begin(1);
      health.fail(1, 20, false, START);
      health.begin(1);
      health.limit(1, null, START);
      health.begin(1);
      health.release(1, 0, START);
    }
    expect(health.read(1, START)).toMatchObject({ isClosed: true, inFlight: 0 });
  });
});

describe("times", () => {
  test("a peak counts at once and falls slowly back to the baseline", () => {
    const { health, ok } = fresh();
    for (let at = 0; at < 30; at += 1) ok(START + at * 1000);
    expect(health.read(1, START + 30_000).whole).toEqual({ peak: 100, current: 100, baseline: 100 });
    ok(START + 30_000, { ...DONE, whole: 2000 });
    const peaks = [0, 10_000, 60_000].map((later) => health.read(1, START + 30_000 + later).whole?.peak ?? 0);
    expect(peaks[0]).toBe(2000);
    expect(peaks[1]).toBeGreaterThan(700);
    expect(peaks[1]).toBeLessThan(900);
    expect(peaks[2]).toBeLessThan(120);
    expect(health.read(1, START + 30_000).whole?.baseline).toBeLessThan(105);
  });

  test("a quick failure looks slow, a quick refusal as slow as it asks to wait, up to 30 s", () => {
    const { health, bad } = fresh();
    bad(START);
    expect(health.read(1, START).firstContent).toMatchObject({ peak: 5000, baseline: 0 });
    for (const [asked, peak] of [
      [12_000, 12_000],
      [3_600_000, 30_000],
    ] as const) {
      health.begin(1);
      health.limit(1, asked, START);
      expect(health.read(1, START).whole?.peak).toBe(peak);
    }
  });

  test("waiting in vain shows how slow a target is at least", () => {
    const { health } = fresh();
    health.firstContent(1, 300, START);
    health.begin(1);
    health.release(1, 200, START);
    expect(health.read(1, START).firstContent?.peak).toBe(300);
    health.begin(1);
    health.release(1, 9000, START);
    expect(health.read(1, START).firstContent?.peak).toBe(9000);
  });

  test("nothing was measured at first", () => {
    const { health } = fresh();
    expect(health.read(1, START)).toEqual({
      inFlight: 0,
      firstContent: null,
      whole: null,
      perToken: null,
      errorRate: 0,
      headroom: 1,
      usage: 0,
      isClosed: true,
    });
  });
});

test("a quota holds until it is full again", () => {
  const { health } = fresh();
  health.quota(1, 0.25, 4000, START);
  expect([0, 3999, 4000].map((later) => health.read(1, START + later).headroom)).toEqual([0.25, 0.25, 1]);
  health.begin(1);
  health.limit(1, 2000, START);
  expect([0, 1999, 2000].map((later) => health.read(1, START + later).headroom)).toEqual([0, 0, 1]);
});

test("headers of quotas are read once in a quarter of a second", () => {
  const { health } = fresh();
  expect([0, 0, 249, 250].map((later) => health.wantsQuota(1, START + later))).toEqual([true, false, false, true]);
});

test("usage fades within about a minute", () => {
  const { health, ok } = fresh();
  ok(START, { ...DONE, outputTokens: 1000 });
  ok(START, { ...DONE, outputTokens: 1000 });
  expect(health.read(1, START).usage).toBe(2000);
  expect(health.read(1, START + 60_000).usage).toBeCloseTo(2000 / Math.E, 0);
});

test("more calls than a bucket holds keep their rate", () => {
  const { health } = fresh();
  for (let at = 0; at < 20_000; at += 1) {
    const begun = health.begin(1);
    if (at % 4 === 0) health.fail(1, 1, false, START);
    else health.succeed(1, begun, DONE, START);
  }
  expect(health.read(1, START).errorRate).toBeCloseTo(0.25, 2);
});

test("threads share one truth", async () => {
  const memory = TargetHealth.createMemory(2);
  const health = new TargetHealth(memory);
  const CALLS = 20_000;
  const run = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL("fixtures/health-worker.ts", import.meta.url).href);
      worker.addEventListener("message", () => {
        worker.terminate();
        resolve();
      });
      worker.addEventListener("error", (event) => reject(new Error(event.message)));
      worker.postMessage({ memory, calls: CALLS, now: START });
    });
  await Promise.all([run(), run(), run()]);
  expect(health.counts(1).calls).toBe(3 * CALLS);
  expect(health.read(1, START)).toMatchObject({ inFlight: 0, usage: 3 * CALLS, isClosed: true });
  expect(health.read(1, START).errorRate).toBeCloseTo(0.2, 2);
  expect(health.turn(0)).toBe(3 * CALLS);
});

test("of many threads one makes the probe", async () => {
  const memory = TargetHealth.createMemory(2);
  const health = new TargetHealth(memory);
  for (let at = 0; at < 5; at += 1) {
    health.begin(1);
    health.fail(1, 1, true, START);
  }
  const ask = (): Promise<number> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL("fixtures/probe-worker.ts", import.meta.url).href);
      worker.addEventListener("message", (event: MessageEvent<number>) => {
        worker.terminate();
        resolve(event.data);
      });
      worker.addEventListener("error", (event) => reject(new Error(event.message)));
      worker.postMessage({ memory, now: START + 1000 });
    });
  const probes = await Promise.all([ask(), ask(), ask()]);
  expect(probes.reduce((sum, count) => sum + count, 0)).toBe(1);
});
