import { latencyOf } from "./latency.ts";
import type { Policy } from "./policy.ts";
import { rankByCost } from "./rank.ts";

/** The quickest one; one that was not measured yet comes first. */
export const lowestLatency: Policy = (candidates, input) =>
  rankByCost(candidates, input, ({ reading }) => latencyOf(reading, input.isStream) ?? 0);
