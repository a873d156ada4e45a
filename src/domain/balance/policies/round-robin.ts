import type { Policy } from "./policy.ts";

/** Each in turn, whatever its weight; those after it are its fallbacks. Weights of 0 come last. */
export const roundRobin: Policy = (candidates, input) => {
  const inTurn = candidates.filter(({ weight }) => weight > 0);
  const start = input.turn() % Math.max(1, inTurn.length);
  const last = candidates.filter(({ weight }) => weight <= 0);
  return [...inTurn.slice(start), ...inTurn.slice(0, start), ...last];
};
