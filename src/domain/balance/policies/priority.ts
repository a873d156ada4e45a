import type { Policy } from "./policy.ts";

/** As configured: the others are only fallbacks of the first. */
export const priority: Policy = (candidates) => candidates;
