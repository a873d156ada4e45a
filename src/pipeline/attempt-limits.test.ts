import { beforeEach, describe, expect, test } from "bun:test";
import { emptyUsage, type Usage } from "../canonical/usage.ts";
import { openCatalog } from "../domain/catalog/index.ts";
import { Counters, createSegment } from "../domain/ledger/counters.ts";
import { Limit } from "../domain/ledger/reserve.ts";
import { holdFor, isUnpriced, reserveAttempt, settleAttempt } from "./attempt-limits.ts";
import type { RequestContext } from "./context.ts";

const NOW = Date.UTC(2026, 0, 1);
const TARGET = { provider: "own", model: "m", key: "main" };
const USAGE: Usage = { ...emptyUsage(), inputTokens: 1000, outputTokens: 500 };

let counters: Counters;
let context: RequestContext;

/** As much of a request as limits of a call look at. */
function fakeContext(more: object = {}): RequestContext {
  const prices = { own: { m: { input: 1, output: 2 } } };
  const providers = new Map([["own", { data: { manifest: { statedCost: { path: "cost", perUsd: 1 } } } }]]);
  const callerPrices = { app: { "own/*": { input: 10, output: 10 } } };
  return {
    arrival: { wall: NOW },
    runtime: { counters, clock: { wall: () => NOW }, catalog: openCatalog() },
    snapshot: { providers, data: { prices, keyPrices: {}, callerPrices, unknownPrice: "allow" } },
    caller: { data: { name: "app" } },
    chatRequest: null,
    size: { inputTokens: 1000, outputTokens: 1000 },
    isMetered: true,
    outputCap: null,
    serviceTier: null,
    usage: null,
    hold: null,
    error: null,
    charges: [],
    warnings: [],
    ...more,
  } as unknown as RequestContext;
}

const limit = (metric: "usd" | "requests" | "tokens", most: number, slot = 0): Limit =>
  new Limit({
    counter: `${metric}:x`,
    slot,
    scope: "provider:own",
    metric,
    limit: most,
    period: { count: 1, unit: "d" },
  });

const usedAt = (slot: number): number => counters.read(slot, Math.floor(NOW / 86_400_000));

beforeEach(() => {
  counters = new Counters([createSegment()]);
  context = fakeContext();
});

describe("a call", () => {
  test("holds its worst case, and is charged what it used", () => {
    const limits = [limit("tokens", 5000, 0), limit("requests", 5, 1), limit("usd", 1e9, 2)];
    expect(reserveAttempt(context, context, TARGET, limits)).toBeUndefined();
    expect([0, 1, 2].map(usedAt)).toEqual([2000, 1, 3_000_000]);
    holdFor(context, context, TARGET).isSent = true;
    settleAttempt(context, context, USAGE);
    expect([0, 1, 2].map(usedAt)).toEqual([1500, 1, 2_000_000]);
    expect(context.charges.map(({ amount }) => amount)).toEqual([1500, 1, 2_000_000]);
    settleAttempt(context, context, null);
    expect([0, 1, 2].map(usedAt)).toEqual([1500, 1, 2_000_000]);
  });

  test("that was never made is charged nothing, and leaves no charge", () => {
    reserveAttempt(context, context, TARGET, [limit("tokens", 5000), limit("requests", 5, 1)]);
    settleAttempt(context, context, null);
    expect([usedAt(0), usedAt(1), context.charges]).toEqual([0, 0, []]);
  });

  test("that failed counts as a request, and what its provider reported before", () => {
    const limits = [limit("tokens", 9000), limit("requests", 5, 1)];
    for (const reported of [null, { ...emptyUsage(), inputTokens: 70 }]) {
      reserveAttempt(context, context, TARGET, limits);
      holdFor(context, context, TARGET).isSent = true;
      settleAttempt(context, context, reported);
    }
    expect([usedAt(0), usedAt(1)]).toEqual([70, 2]);
    expect(context.charges.map(({ amount }) => amount)).toEqual([70, 2]);
  });

  test("that failed is not charged what no answer can have", () => {
    reserveAttempt(context, context, TARGET, [limit("tokens", 9000), limit("usd", 1e9, 1)]);
    holdFor(context, context, TARGET).isSent = true;
    settleAttempt(context, context, { ...USAGE, inputTokens: 1e15 });
    expect([usedAt(0), usedAt(1)]).toEqual([0, 0]);
  });

  test("for which there is no room holds nothing of any limit", () => {
    const limits = [limit("requests", 5, 0), limit("tokens", 1999, 1)];
    expect(reserveAttempt(context, context, TARGET, limits)?.details).toMatchObject({
      metric: "tokens",
      limit: 1999,
    });
    expect([usedAt(0), usedAt(1)]).toEqual([0, 0]);
  });

  test("to another key gives back what the one before held", () => {
    let left = 0;
    reserveAttempt(context, context, TARGET, [limit("requests", 5)]);
    holdFor(context, context, TARGET).leave = () => {
      left += 1;
    };
    reserveAttempt(context, context, { ...TARGET, key: "spare" }, [limit("requests", 5, 1)]);
    expect([usedAt(0), usedAt(1), left]).toEqual([0, 1, 1]);
  });
});

describe("the limits of a provider count what it takes", () => {
  test("whatever the caller is charged", () => {
    reserveAttempt(context, context, TARGET, [limit("usd", 1e9)]);
    expect(usedAt(0)).toBe(3_000_000);
    holdFor(context, context, TARGET).isSent = true;
    settleAttempt(context, context, USAGE);
    expect(usedAt(0)).toBe(2_000_000);
  });

  test("as it says itself, where no price is set", () => {
    const unpriced = { ...TARGET, model: "other" };
    const usage = { ...USAGE, raw: { cost: 0.25 } };
    reserveAttempt(context, context, unpriced, [limit("usd", 1e9)]);
    holdFor(context, context, unpriced).isSent = true;
    settleAttempt(context, context, usage);
    reserveAttempt(context, context, TARGET, [limit("usd", 1e9, 1)]);
    holdFor(context, context, TARGET).isSent = true;
    settleAttempt(context, context, usage);
    expect([usedAt(0), usedAt(1)]).toEqual([250_000_000, 2_000_000]);
  });
});

test("what nobody knows the price of is not counted, or refused", () => {
  const unknown = { provider: "own", model: "other" };
  const limits = [limit("usd", 1e9)];
  expect([isUnpriced(context, TARGET, limits), isUnpriced(context, unknown, limits)]).toEqual([false, false]);
  expect(context.warnings).toMatchObject([{ code: "price_unknown" }]);
  expect(isUnpriced(context, unknown, [limit("tokens", 1)])).toBe(false);
  const { data } = context.snapshot;
  const strict = fakeContext({ snapshot: { data: { ...data, unknownPrice: "refuse" } } });
  expect(isUnpriced(strict, unknown, limits)).toBe(true);
});
