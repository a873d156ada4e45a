import { describe, expect, test } from "bun:test";
import { POLICY_NAMES, type PolicyName } from "../../../canonical/names.ts";
import { seeded } from "../fixtures/seeded.ts";
import type { TargetReading } from "../target-health.ts";
import { POLICIES } from "./index.ts";
import type { Candidate, PolicyInput } from "./policy.ts";

const WELL: TargetReading = {
  inFlight: 0,
  firstContent: null,
  whole: null,
  perToken: null,
  errorRate: 0,
  headroom: 1,
  usage: 0,
  isClosed: true,
};
const measured = (peak: number, baseline = peak) => ({ peak, current: peak, baseline });

interface Fields extends Partial<Omit<Candidate, "reading">> {
  reading?: Partial<TargetReading>;
}

const candidate = (id: string, { reading, ...fields }: Fields = {}): Candidate => ({
  id,
  weight: 1,
  price: null,
  score: null,
  ...fields,
  reading: { ...WELL, ...reading },
});

function inputOf(fields: Partial<PolicyInput> = {}): PolicyInput {
  return { draw: seeded(1), isStream: true, turn: () => 0, affinity: () => "", ...fields };
}

function order(name: PolicyName, candidates: readonly Candidate[], fields: Partial<PolicyInput> = {}): string {
  return POLICIES[name](candidates, inputOf(fields))
    .map(({ id }) => id)
    .join("");
}

/** Share of first places, by candidate. */
function shares(name: PolicyName, candidates: readonly Candidate[], rounds = 20_000): Record<string, number> {
  const input = inputOf({ draw: seeded(3) });
  const found: Record<string, number> = Object.fromEntries(candidates.map(({ id }) => [id, 0]));
  for (let round = 0; round < rounds; round += 1) {
    const first = POLICIES[name](candidates, input)[0]?.id ?? "";
    found[first] = (found[first] ?? 0) + 1 / rounds;
  }
  return found;
}

describe.each([...POLICY_NAMES])("%s", (name) => {
  const states = [{}, { isClosed: false }, { errorRate: 1, headroom: 0 }, { inFlight: 50, whole: measured(9000, 10) }];
  const candidates = states.map((reading, at) => candidate(String(at), { reading, weight: at, price: at }));

  test("keeps every target as a fallback", () => {
    for (let seed = 0; seed < 50; seed += 1) {
      const fields = { draw: seeded(seed), turn: () => seed, affinity: () => String(seed) };
      expect(order(name, candidates, fields).split("").toSorted()).toEqual(["0", "1", "2", "3"]);
    }
  });

  test("keeps every target where only weights of 0 are left", () => {
    const idle = states.map((reading, at) => candidate(String(at), { reading, weight: 0, price: at }));
    for (const busy of [idle, idle.slice(0, 2)])
      expect(order(name, busy).split("").toSorted()).toEqual(busy.map(({ id }) => id));
  });

  test("tries what has a weight of 0 last", () => {
    if (name !== "priority") expect(order(name, candidates).at(-1)).toBe("0");
  });
});

describe.each(["weighted", "least_busy", "adaptive", "cheapest"] as const)("%s between equals", (name) => {
  test("follows the weights (chi-square over 100,000 draws)", () => {
    const weights = { a: 5, b: 3, c: 2 };
    // Ten times its share of calls under way for each: nobody is busier than the others.
    const candidates = Object.entries(weights).map(([id, weight]) =>
      candidate(id, { weight, price: 1, reading: { inFlight: weight * 10 } }),
    );
    const found = shares(name, candidates, 100_000);
    const chi = Object.entries(weights).reduce((sum, [id, weight]) => {
      const expected = weight * 10_000;
      return sum + ((found[id] ?? 0) * 100_000 - expected) ** 2 / expected;
    }, 0);
    expect(chi).toBeLessThan(13.8);
  });
});

test("round_robin takes turns", () => {
  const three = ["a", "b", "c"].map((id) => candidate(id));
  expect([0, 1, 2, 3].map((turn) => order("round_robin", three, { turn: () => turn }))).toEqual([
    "abc",
    "bca",
    "cab",
    "abc",
  ]);
});

test("least_busy looks at calls under way for the weight", () => {
  const busy = candidate("a", { weight: 4, reading: { inFlight: 6 } });
  expect(order("least_busy", [busy, candidate("b", { reading: { inFlight: 2 } })])).toBe("ab");
  expect(order("least_busy", [busy, candidate("b", { reading: { inFlight: 1 } })])).toBe("ba");
});

test("lowest_latency compares like with like, and tries what is not measured", () => {
  const draw = (): number => 0.5;
  const a = candidate("a", { reading: { firstContent: measured(300), whole: measured(9000) } });
  const b = candidate("b", { reading: { firstContent: measured(500), whole: measured(2000) } });
  expect(order("lowest_latency", [b, a], { draw })).toBe("ab");
  expect(order("lowest_latency", [b, a], { draw, isStream: false })).toBe("ba");
  expect(order("lowest_latency", [b, a, candidate("c")], { draw })).toBe("cab");
  const share = shares("lowest_latency", [a, b])["b"] ?? 0;
  expect(share).toBeGreaterThan(0.005);
  expect(share).toBeLessThan(0.015);
});

test("highest_throughput, lowest_usage, cheapest and priority rank by one figure", () => {
  const a = candidate("a", { price: 5, reading: { perToken: measured(20), usage: 50 } });
  const b = candidate("b", { price: 7, weight: 3, reading: { perToken: measured(10), usage: 90 } });
  expect(order("highest_throughput", [a, b])).toBe("ba");
  expect(order("lowest_usage", [a, b])).toBe("ba");
  expect(order("cheapest", [b, candidate("c"), a])).toBe("abc");
  expect(order("priority", [b, a])).toBe("ba");
});

describe("consistent_hash", () => {
  const keys = Array.from({ length: 10_000 }, (_, at) => `session-${at}`);
  const firsts = (candidates: readonly Candidate[]) =>
    keys.map((key) => order("consistent_hash", candidates, { affinity: () => key })[0] ?? "");
  const three = [candidate("a", { weight: 2 }), candidate("b"), candidate("c")];

  test("keeps a session where it is, whatever the draw, and spreads them by weight", () => {
    const found = firsts(three);
    expect(firsts(three.toReversed())).toEqual(found);
    const share = found.filter((id) => id === "a").length / keys.length;
    expect(share).toBeGreaterThan(0.48);
    expect(share).toBeLessThan(0.52);
  });

  test("moves only the sessions of a target that is gone", () => {
    const before = firsts(three);
    const after = firsts(three.slice(0, 2));
    expect(before.every((id, at) => id === "c" || after[at] === id)).toBe(true);
  });
});

describe("adaptive", () => {
  const share = (reading: Partial<TargetReading>): number =>
    shares("adaptive", [candidate("a", { reading }), candidate("b")])["a"] ?? 0;

  test.each([
    ["fails every fifth time", { errorRate: 0.2 }, 0.05],
    ["is four times as slow as it was", { firstContent: measured(4000, 1000) }, 0.25],
    ["is ten times as slow as it was", { whole: measured(10_000, 1000) }, 0.05],
    ["has a fiftieth of its quota left", { headroom: 0.02 }, 0.15],
    ["has an open breaker", { isClosed: false }, 0.02],
    ["has many calls under way that the other has not", { inFlight: 200 }, 0.26],
  ] as const)("spares a target that %s", (_, reading, most) => {
    expect(share(reading)).toBeLessThan(most);
    expect(share(reading)).toBeGreaterThan(0.003);
  });

  test("does not mind a target that is slow by nature", () => {
    expect(share({ firstContent: measured(9000), whole: measured(60_000, 40_000) })).toBeCloseTo(0.5, 1);
  });
});
