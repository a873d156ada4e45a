/** A number from 0 up to, not including, 1. */
export type Draw = () => number;

/**
 * Orders candidates by repeated weighted draws without putting back: the first place falls to each with a chance in proportion
 * to its weight, the rest are the order in which to try them. Weights of 0 come last, in their given order.
 */
export function weightedOrder<T extends { weight: number }>(candidates: readonly T[], draw: Draw): readonly T[] {
  if (candidates.length < 2) return candidates;
  const rest = candidates.filter((candidate) => candidate.weight > 0);
  const order: T[] = [];
  let total = rest.reduce((sum, candidate) => sum + candidate.weight, 0);
  while (rest.length > 0) {
    const [picked] = rest.splice(pick(rest, draw() * total), 1);
    if (picked === undefined) break;
    total -= picked.weight;
    order.push(picked);
  }
  for (const candidate of candidates) if (candidate.weight <= 0) order.push(candidate);
  return order;
}

/**
 * Orders candidates by one weighted draw: the first place falls to each with a chance in proportion to its weight, the rest follow
 * from the greatest weight to the least, in their given order where they are equal. A weight of 0 is never drawn before others.
 */
export function drawnFirst<T extends { weight: number }>(candidates: readonly T[], draw: Draw): readonly T[] {
  if (candidates.length < 2) return candidates;
  const total = candidates.reduce((sum, candidate) => sum + candidate.weight, 0);
  const sorted = candidates.toSorted((one, other) => other.weight - one.weight);
  if (total <= 0) return sorted;
  const [first] = sorted.splice(pick(sorted, draw() * total), 1);
  return first === undefined ? sorted : [first, ...sorted];
}

function pick(candidates: readonly { weight: number }[], point: number): number {
  let sum = 0;
  for (let at = 0; at < candidates.length; at += 1) {
    sum += candidates[at]?.weight ?? 0;
    if (point < sum) return at;
  }
  return candidates.length - 1;
}
