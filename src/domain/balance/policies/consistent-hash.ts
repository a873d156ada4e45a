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

/** A number above 0 and below 1: FNV-1a with the finalizer of MurmurHash3, whose every bit depends on every byte. */
function unitHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (((hash ^ (hash >>> 16)) >>> 0) + 0.5) / 4294967296;
}
