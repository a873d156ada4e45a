import { expect, test } from "bun:test";
import { TargetHealth } from "../../domain/balance/target-health.ts";
import { openCatalog } from "../../domain/catalog/index.ts";
import type { Target } from "../../domain/route/data.ts";
import type { PolicyName } from "../../canonical/names.ts";
import { choice } from "../../domain/route/resolve.ts";
import type { RequestContext } from "../context.ts";
import { reasonToLeave } from "./reason-to-leave.ts";

const NOW = 1_790_000_000_000;
const HERE: Target = { provider: "here", model: "m" };
const THERE: Target = { provider: "there", model: "m" };

/** Prices in US dollars per million tokens, by provider. */
const PRICES = { here: { m: { input: 10, output: 10, cached_input: 1 } }, there: { m: { input: 4, output: 4 } } };

function scene(prices: object = PRICES) {
  const targets = new TargetHealth(TargetHealth.createMemory(2));
  const context = {
    snapshot: {
      data: { sticky: { switchFactor: 2 }, prices, keyPrices: {}, callerPrices: {} },
      slotOf: ({ provider }: Target) => ({ slot: provider === "here" ? 0 : 1, isShared: false }),
    },
    runtime: { targets, clock: { wall: () => NOW }, catalog: openCatalog() },
    call: { stream: false },
    arrival: { wall: NOW },
    caller: null,
    size: { inputTokens: 1000 },
  } as unknown as RequestContext;
  const answer = (slot: number, whole: number): void => {
    targets.succeed(slot, targets.begin(slot), { whole, perToken: null, outputTokens: 0 }, NOW);
  };
  const leave = (policy: PolicyName, cachedTokens = 0, weight = 1): string | null => {
    const entry = { target: 1, key: 1, cachedTokens, outputTokens: 100, warmUntil: NOW + 1 };
    return reasonToLeave({ context, entry, target: HERE, others: [choice(weight, [THERE])], policy });
  };
  return { targets, answer, leave };
}

test("lowest latency: left for a target that is twice as quick, not for one that is a little quicker", () => {
  const { answer, leave } = scene();
  expect(leave("lowest_latency")).toBeNull();
  answer(0, 190);
  expect(leave("lowest_latency")).toBeNull();
  answer(1, 100);
  expect(leave("lowest_latency")).toBeNull();
  answer(0, 210);
  expect(leave("lowest_latency")).toBe("more than 2 times slower than there/m");
  expect(leave("lowest_latency", 0, 0)).toBeNull();
});

test("least busy: left when twice as many calls are under way, few of them are no crowd", () => {
  const { targets, leave } = scene();
  for (let calls = 0; calls < 8; calls += 1) targets.begin(0);
  expect(leave("least_busy")).toBeNull();
  targets.begin(0);
  expect(leave("least_busy")).toBe("more than 2 times busier than there/m");
});

test("adaptive: left when its health is less than half of another's", () => {
  const { targets, answer, leave } = scene();
  for (let calls = 0; calls < 20; calls += 1) answer(0, 100);
  expect(leave("adaptive")).toBeNull();
  for (let calls = 0; calls < 3; calls += 1) {
    targets.begin(0);
    targets.fail(0, 100, true, NOW);
  }
  expect(leave("adaptive")).toBe("more than 2 times in worse health than there/m");
});

test("cheapest: left when this turn costs less elsewhere, cold", () => {
  const { leave } = scene();
  // 1,000 tokens in and 100 out: there 4,400. Here 11,000 less 9 for each cached token: even at 733.3.
  expect(leave("cheapest", 734)).toBeNull();
  expect(leave("cheapest", 733)).toBe("dearer than there/m even with 733 cached tokens");
  expect(leave("cheapest", 9999)).toBeNull();
});

test("cheapest: an unknown price is no reason to go", () => {
  expect(scene({ there: PRICES.there }).leave("cheapest")).toBeNull();
  expect(scene({ here: PRICES.here }).leave("cheapest")).toBeNull();
});

test("policies that spread sessions are never a reason", () => {
  const { answer, leave } = scene();
  answer(0, 9000);
  answer(1, 1);
  for (const policy of ["weighted", "round_robin", "lowest_usage", "priority"] as const)
    expect(leave(policy)).toBeNull();
});
