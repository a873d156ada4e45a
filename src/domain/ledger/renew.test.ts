import { describe, expect, test } from "bun:test";
import type { Charge } from "../../canonical/record.ts";
import { Counters, createSegment } from "./counters.ts";
import type { LimitData } from "./plan.ts";
import { renewAll } from "./renew.ts";
import { Limit, reserveAll, settleAll, type Reservation } from "./reserve.ts";

const MINUTE = 60_000;

function limit(metric: LimitData["metric"], most: number, slot: number): Limit {
  return new Limit({
    counter: metric,
    slot,
    scope: "key",
    metric,
    limit: most,
    period: { count: 1, unit: "m" },
  });
}

describe("renewal of what a session holds", () => {
  test("charges each period what was used in it, keeps requests, and leaves only real use at the end", () => {
    const counters = new Counters([createSegment()]);
    const limits = [limit("usd", 100, 0), limit("requests", 5, 1), limit("tokens", 1000, 2)];
    const held: Reservation[] = [];
    const charges: Charge[] = [];
    expect(reserveAll(limits, counters, 0, { nanoUsd: 40, requests: 1, tokens: 50 }, held)).toBeUndefined();
    const next = { nanoUsd: 40, requests: 0, tokens: 60 };
    expect(renewAll(held, counters, 1, { nanoUsd: 30, requests: 0, tokens: 20 }, next, charges)).toBeUndefined();
    expect(counters.read(0, 0)).toBe(70);
    expect(counters.read(1, 0)).toBe(1);
    expect(renewAll(held, counters, MINUTE, { nanoUsd: 10, requests: 0, tokens: 5 }, next, charges)).toBeUndefined();
    expect(counters.read(0, 0)).toBe(40);
    expect(counters.read(0, 1)).toBe(40);
    settleAll(held, counters, { nanoUsd: 0, requests: 1, tokens: 0 });
    expect([counters.read(0, 0), counters.read(0, 1), counters.read(1, 0), counters.read(2, 0)]).toEqual([
      40, 0, 1, 25,
    ]);
    expect(charges).toEqual([
      { counter: "usd", period: 0, amount: 40 },
      { counter: "tokens", period: 0, amount: 25 },
    ]);
  });

  test("a limit without room refuses; what was used is charged all the same", () => {
    const counters = new Counters([createSegment()]);
    const limits = [limit("usd", 100, 0)];
    const held: Reservation[] = [];
    const charges: Charge[] = [];
    reserveAll(limits, counters, 0, { nanoUsd: 40, requests: 1, tokens: 0 }, held);
    const refusal = renewAll(
      held,
      counters,
      1,
      { nanoUsd: 70, requests: 0, tokens: 0 },
      { nanoUsd: 40, requests: 0, tokens: 0 },
      charges,
    );
    expect(refusal?.details.metric).toBe("usd");
    expect(held).toEqual([]);
    expect(counters.read(0, 0)).toBe(70);
    expect(charges).toEqual([{ counter: "usd", period: 0, amount: 70 }]);
  });
});
