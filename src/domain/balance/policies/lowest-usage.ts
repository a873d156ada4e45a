import type { Policy } from "./policy.ts";
import { rankByCost } from "./rank.ts";

/** The one that wrote the fewest tokens in about the last minute, for its weight. */
export const lowestUsage: Policy = (candidates, input) =>
  rankByCost(candidates, input, ({ reading, weight }) => reading.usage / weight);
