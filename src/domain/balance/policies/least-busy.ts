import type { Policy } from "./policy.ts";
import { rankByCost } from "./rank.ts";

/** The one with the fewest calls under way, for its weight. */
export const leastBusy: Policy = (candidates, input) =>
  rankByCost(candidates, input, ({ reading, weight }) => reading.inFlight / weight);
