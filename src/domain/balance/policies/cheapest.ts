import type { Policy } from "./policy.ts";
import { rankByCost } from "./rank.ts";

/** The lowest price; unknown prices come last. */
export const cheapest: Policy = (candidates, input) => rankByCost(candidates, input, ({ price }) => price);
