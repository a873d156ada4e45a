import type { Policy } from "./policy.ts";
import { rankByCost } from "./rank.ts";

/** The one that brings tokens of a stream the fastest; one that was not measured yet comes first. */
export const highestThroughput: Policy = (candidates, input) =>
  rankByCost(candidates, input, ({ reading }) => reading.perToken?.peak ?? 0);
