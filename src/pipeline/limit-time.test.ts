import { expect, test } from "bun:test";
import { Counters, createSegment } from "../domain/ledger/counters.ts";
import type { LimitData } from "../domain/ledger/plan.ts";
import { Limit } from "../domain/ledger/reserve.ts";
import type { RequestContext } from "./context.ts";
import { isUsedUp } from "./grant-limits.ts";
import { admit } from "./stage/admit.ts";
import { reserveWorst } from "./stage/reserve.ts";

const SECOND = 1000;
const ARRIVED = 1_790_000_000 * SECOND;

const limit = (metric: LimitData["metric"], slot: number): Limit =>
  new Limit({ counter: metric, slot, scope: "key", metric, limit: 2, period: { count: 1, unit: "s" } });

/** A request that came at `ARRIVED` and is looked at `after` milliseconds later. */
function contextAfter(after: number, counters: Counters, more: object): RequestContext {
  return {
    arrival: { wall: ARRIVED, monotonic: 50 },
    runtime: { counters, clock: { wall: () => ARRIVED, monotonic: () => 50 + after }, isJournalFull: () => false },
    snapshot: { data: { journalWhenFull: "refuse", journalMaxBytes: 1 } },
    size: { inputTokens: 1, outputTokens: 0 },
    held: [],
    ...more,
  } as unknown as RequestContext;
}

test("a request whose body came slowly counts in the window of now, and takes no other's count away", () => {
  const counters = new Counters([createSegment()]);
  const requests = limit("requests", 0);
  const at = (after: number) => contextAfter(after, counters, { caller: { rateLimits: [requests] } });
  for (let round = 0; round < 2; round += 1) void admit.admit?.(at(4 * SECOND));
  expect(() => void admit.admit?.(at(4 * SECOND))).toThrow("limit of 2 requests");
  expect(isUsedUp(at(4 * SECOND), { rateLimits: [requests], budgets: [] } as never)).toBe(true);
  expect(isUsedUp(at(0), { rateLimits: [requests], budgets: [] } as never)).toBe(false);
  expect(counters.read(0, ARRIVED / SECOND + 4)).toBe(2);
});

test("money is reserved in the period in which it is spent", () => {
  const counters = new Counters([createSegment()]);
  const context = contextAfter(3 * SECOND, counters, { targets: [], snapshot: { hasKeyPrices: false } });
  reserveWorst(context, [limit("usd", 0)], []);
  expect([0, 3].map((after) => counters.read(0, ARRIVED / SECOND + after))).toEqual([0, 1]);
});
