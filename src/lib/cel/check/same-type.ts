import { partsOf, type CelType } from "../types.ts";

/** True when the two are one type, part by part. */
export function sameType(one: CelType, other: CelType): boolean {
  if (one.kind !== other.kind) return false;
  if ((one.kind === "object" || one.kind === "parameter") && (other.kind === "object" || other.kind === "parameter")) {
    return one.name === other.name;
  }
  const parts = partsOf(other);
  return partsOf(one).every((part, at) => sameType(part, parts[at] ?? part));
}
