import { describe, expect, test } from "bun:test";
import { Counters, createSegment } from "./counters.ts";
import { periodAt } from "./period.ts";
import type { LimitData } from "./plan.ts";
import { Limit, releaseFrom, reserveAll, settleAll, type Reservation } from "./reserve.ts";

const limitOf = (fields: Partial<LimitData>): Limit =>
  new Limit({
    counter: "c",
    slot: 0,
    scope: "virtual_key:a",
    metric: "usd",
    limit: 100,
    period: { count: 1, unit: "d" },
    ...fields,
  });
const need = (amount: number) => ({ nanoUsd: amount, requests: amount, tokens: amount });
const DAY = 86_400_000;

describe("counters", () => {
  test("a cell is taken over by the next period that needs it, and the last three stay readable", () => {
    const counters = new Counters([createSegment()]);
    for (let period = 10; period < 15; period += 1) counters.add(7, period, period);
    expect([10, 11, 12, 13, 14].map((period) => counters.read(7, period))).toEqual([0, 11, 12, 13, 14]);
  });

  test("counts from several threads add up exactly", async () => {
    const segment = createSegment();
    const source = `
      onmessage = async ({ data }) => {
        const { Counters } = await import(${JSON.stringify(new URL("./counters.ts", import.meta.url).href)});
        const counters = new Counters([data]);
        for (let i = 0; i < 20000; i += 1) counters.add(3, 5, 7);
        postMessage("done");
      };`;
    const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    const workers = [new Worker(url), new Worker(url)];
    await Promise.all(
      workers.map((worker) => {
        worker.postMessage(segment);
        return new Promise((resolve) => worker.addEventListener("message", resolve));
      }),
    );
    for (const worker of workers) worker.terminate();
    expect(new Counters([segment]).read(3, 5)).toBe(2 * 20000 * 7);
  });

  test("money beyond 32 bits stays exact", () => {
    const counters = new Counters([createSegment()]);
    counters.add(0, 1, 9_000_000_000_000);
    expect(counters.add(0, 1, 1)).toBe(9_000_000_000_001);
  });
});

describe("periods", () => {
  const at = (text: string) => Date.parse(text);
  test.each([
    ["d", "2026-11-21T23:59:59Z", "2026-11-21T00:00:00Z", "2026-11-22T00:00:00Z"],
    ["w", "2026-11-21T12:00:00Z", "2026-11-16T00:00:00Z", "2026-11-23T00:00:00Z"],
    ["M", "2026-02-28T12:00:00Z", "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z"],
    ["Y", "2026-02-28T12:00:00Z", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"],
  ] as const)("1%s", (unit, now, start, end) => {
    expect(periodAt({ count: 1, unit }, at(now))).toMatchObject({ start: at(start), end: at(end) });
  });
});

describe("limits", () => {
  test("a budget is a hard cap: what does not fit is refused and leaves no trace", () => {
    const counters = new Counters([createSegment()]);
    const limit = limitOf({});
    expect(limit.reserve(counters, DAY, 60)).toBeDefined();
    expect(limit.reserve(counters, DAY, 41)).toBeUndefined();
    expect(limit.left(counters, DAY)).toBe(40);
    expect(limit.reserve(counters, DAY, 40)).toBeDefined();
  });

  test("when one of several limits refuses, the others get their share back", () => {
    const counters = new Counters([createSegment()]);
    const wide = limitOf({ slot: 0, limit: 1000 });
    const narrow = limitOf({ slot: 1, limit: 10, scope: "team:ml" });
    const held: Reservation[] = [];
    const refusal = reserveAll([wide, narrow], counters, DAY, need(11), held);
    expect(refusal?.details).toMatchObject({ scope: "team:ml", reset_at: new Date(2 * DAY).toISOString() });
    expect(held).toEqual([]);
    expect(wide.left(counters, DAY)).toBe(1000);
  });

  test("settling replaces the reservation by the real use, in the period where it was reserved", () => {
    const counters = new Counters([createSegment()]);
    const limit = limitOf({});
    const held: Reservation[] = [];
    reserveAll([limit], counters, DAY, need(80), held);
    expect(settleAll(held, counters, need(5))).toEqual([{ counter: "c", period: 1, amount: 5 }]);
    expect(limit.left(counters, DAY)).toBe(95);
    expect(limit.left(counters, 2 * DAY)).toBe(100);
  });

  test("what settles when its period is long over leaves the period alone that has its place by then", () => {
    const counters = new Counters([createSegment()]);
    const limit = limitOf({ metric: "requests", limit: 10, period: { count: 1, unit: "s" } });
    const late: Reservation[] = [];
    reserveAll([limit], counters, 0, need(1), late);
    const released: Reservation[] = [];
    reserveAll([limit], counters, 0, need(1), released);
    for (let i = 0; i < 10; i += 1) expect(limit.reserve(counters, 4000, 1)).toBeDefined();
    expect(settleAll(late, counters, need(1))).toEqual([{ counter: "c", period: 0, amount: 1 }]);
    releaseFrom(released, 0, counters);
    expect(counters.read(0, 4)).toBe(10);
    expect(limit.reserve(counters, 4000, 1)).toBeUndefined();
  });

  test("weeks of a clock that starts in 1970 and is set later", () => {
    const counters = new Counters([createSegment()]);
    const limit = limitOf({ period: { count: 1, unit: "w" } });
    expect(periodAt({ count: 1, unit: "w" }, DAY)).toMatchObject({ number: 0 });
    expect(limit.reserve(counters, DAY, 60)).toBeDefined();
    expect(limit.reserve(counters, DAY, 60)).toBeUndefined();
    expect(limit.reserve(counters, Date.parse("2026-11-16T00:00:00Z"), 60)).toBeDefined();
  });

  test("a clock that steps back does not reset a period", () => {
    const counters = new Counters([createSegment()]);
    const limit = limitOf({});
    limit.reserve(counters, 5 * DAY, 100);
    expect(limit.reserve(counters, 6 * DAY, 100)).toBeDefined();
    expect(limit.reserve(counters, 5 * DAY, 1)).toBeUndefined();
  });

  test("rate limits slide: no double burst around the border of a window", () => {
    const counters = new Counters([createSegment()]);
    const limit = limitOf({ metric: "requests", limit: 10, period: { count: 1, unit: "m" } });
    const admitted = (now: number) =>
      Array.from({ length: 20 }, () => limit.reserve(counters, now, 1)).filter(Boolean).length;
    expect(admitted(119_000)).toBe(10);
    expect(admitted(121_000)).toBe(0);
    expect(admitted(150_000)).toBe(5);
  });

  test("the time given to wait is enough, and one millisecond before it is not", () => {
    const counters = new Counters([createSegment()]);
    const limit = limitOf({ metric: "requests", limit: 3, period: { count: 1, unit: "m" } });
    const now = 130_000;
    for (let i = 0; i < 3; i += 1) limit.reserve(counters, now, 1);
    const wait = limit.refusal(counters, now, 1).retryAfterMs ?? 0;
    expect(limit.reserve(counters, now + wait - 2, 1)).toBeUndefined();
    expect(limit.reserve(counters, now + wait, 1)).toBeDefined();
  });
});
