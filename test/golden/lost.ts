import { holds } from "./translate.ts";

/** The values of a body that a translation of it does not hold. */
export function lostFacts<T extends string | number | boolean>(facts: readonly T[], from: unknown, to: unknown): T[] {
  return facts.filter((fact) => holds(from, fact) && !holds(to, fact));
}
