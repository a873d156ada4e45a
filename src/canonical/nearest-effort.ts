import type { Effort } from "./request.ts";

const ORDER: readonly Effort[] = ["none", "minimal", "low", "medium", "high", "xhigh", "max"];
const MIDDLE = ORDER.indexOf("high");

/**
 * The value nearest to an effort among those that are taken; of two as near, the one nearer to `high`. `none` is never
 * the nearest to something else.
 */
export function nearestEffort(effort: Effort, efforts: readonly Effort[]): Effort {
  if (efforts.includes(effort)) return effort;
  const wanted = ORDER.indexOf(effort);
  let found: Effort = effort;
  let least = Infinity;
  for (const each of efforts) {
    if (each === "none") continue;
    const place = ORDER.indexOf(each);
    const distance = Math.abs(place - wanted) * ORDER.length + Math.abs(place - MIDDLE);
    if (distance < least) [found, least] = [each, distance];
  }
  return found;
}
