import { weightedOrder } from "../weighted.ts";
import type { Candidate, PolicyInput } from "./policy.ts";

/** Lowest cost first; what costs the same is drawn by weight. Weights of 0 come last. */
export function rankByCost<T extends Candidate>(
  candidates: readonly T[],
  { draw }: PolicyInput,
  costOf: (candidate: T) => number,
): readonly T[] {
  const costs = new Map(
    candidates.map((candidate) => [candidate, candidate.weight > 0 ? costOf(candidate) : Infinity]),
  );
  const cost = (candidate: T): number => costs.get(candidate) ?? Infinity;
  return weightedOrder(candidates, draw).toSorted((one, other) => compare(cost(one), cost(other)));
}

function compare(one: number, other: number): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
