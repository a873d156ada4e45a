import { unitHash } from "../../../lib/unit-hash.ts";
import type { Policy } from "./policy.ts";
import { rankByCost } from "./rank.ts";

/**
 * The same target for the same session, user or virtual key (weighted rendezvous hashing): when a target is added or taken
 * away, only its own share of them moves.
 */
export const consistentHash: Policy = (candidates, input) => {
  const affinity = input.affinity();
  return rankByCost(candidates, input, ({ id, weight }) => -Math.log(unitHash(`${affinity}\n${id}`)) / weight);
};
