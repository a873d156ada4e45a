import type { Json } from "../../src/canonical/json.ts";

/** What clients and providers send in the place of what belongs there. */
const VALUES: Json[] = [null, 0, -1, 1e300, "", "x", true, [], {}, [null], { a: 1 }, ["x"], [[]], [{}]];

type Random = (below: number) => number;

/** Paths of everything within a value. */
function pathsIn(value: unknown, path: string[] = [], out: string[][] = []): string[][] {
  if (typeof value !== "object" || value === null) return out;
  for (const [key, each] of Object.entries(value)) {
    out.push([...path, key]);
    pathsIn(each, [...path, key], out);
  }
  return out;
}

/** A copy in which something has gone, or has become something else. */
export function mutated<T extends Json>(value: T, random: Random): T {
  const copy = structuredClone(value);
  const paths = pathsIn(copy);
  const path = paths[random(paths.length)];
  if (path === undefined) return copy;
  const key = path.at(-1) ?? "";
  let holder = copy as unknown as Record<string, Json>;
  for (const step of path.slice(0, -1)) holder = holder[step] as unknown as Record<string, Json>;
  if (random(4) > 0) holder[key] = structuredClone(VALUES[random(VALUES.length)] ?? null);
  else if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else delete holder[key];
  return copy;
}
