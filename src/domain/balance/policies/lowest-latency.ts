import { weightedOrder } from "../weighted.ts";
import { latencyOf } from "./latency.ts";
import type { Policy } from "./policy.ts";
import { rankByCost } from "./rank.ts";

/** Share of the requests that are drawn by weight, so that a target that was slow once is seen to be quick again. */
const EXPLORING = 0.02;

/** The quickest one; one that was not measured yet comes first. */
export const lowestLatency: Policy = (candidates, input) => {
  if (input.draw() < EXPLORING) return weightedOrder(candidates, input.draw);
  return rankByCost(candidates, input, ({ reading }) => latencyOf(reading, input.isStream) ?? 0);
};
