import { healthScore } from "../score.ts";
import { weightedOrder } from "../weighted.ts";
import type { Candidate, Policy } from "./policy.ts";

/** What the worst target keeps of its weight, so that it is seen to recover. */
const EXPLORING = 0.01;
/** Calls under way that a target may have beyond its share before it is spared. */
const SPARE_CALLS = 8;

/** Draws by weight, each weight lowered as far as its target is failing, slowing down, near its quota, or busier than its share. */
export const adaptive: Policy = (candidates, { draw }) => {
  const busy = sum(candidates, ({ reading }) => reading.inFlight);
  const weights = sum(candidates, ({ weight }) => weight);
  const drawn = candidates.map((candidate) => {
    const fair = (weights > 0 ? (busy * candidate.weight) / weights : 0) + SPARE_CALLS;
    const idle = Math.min(1, fair / (candidate.reading.inFlight + 1));
    const score = Math.max(EXPLORING, healthScore(candidate.reading) * idle ** 2);
    candidate.score = candidate.weight * score;
    return { candidate, weight: candidate.score };
  });
  return weightedOrder(drawn, draw).map(({ candidate }) => candidate);
};

function sum(candidates: readonly Candidate[], of: (candidate: Candidate) => number): number {
  let total = 0;
  for (const candidate of candidates) total += of(candidate);
  return total;
}
