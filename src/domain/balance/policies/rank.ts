import { weightedOrder } from "../weighted.ts";
import type { Candidate, PolicyInput } from "./policy.ts";

/** Lowest cost first, which becomes the score; what costs the same is drawn by weight. Unknown costs and weights of 0 come last. */
export function rankByCost<T extends Candidate>(
  candidates: readonly T[],
  { draw }: PolicyInput,
  costOf: (candidate: T) => number | null,
): readonly T[] {
  for (const candidate of candidates) candidate.score = candidate.weight > 0 ? costOf(candidate) : null;
  const cost = (candidate: T): number => candidate.score ?? Infinity;
  return weightedOrder(candidates, draw).toSorted((one, other) => compare(cost(one), cost(other)));
}

function compare(one: number, other: number): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
