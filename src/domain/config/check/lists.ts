import type { Path } from "../path.ts";
import type { CheckContext } from "./context.ts";

/** Names within a list must differ. */
export function checkUnique(context: CheckContext, path: Path, list: readonly { name: string }[]): void {
  const seen = new Map<string, number>();
  for (const [at, { name }] of list.entries()) {
    const first = seen.get(name);
    if (first === undefined) seen.set(name, at);
    else
      context.problem(
        [...path, at, "name"],
        `the name ${JSON.stringify(name)} is taken by entry ${first + 1} of the list`,
      );
  }
}

/** Some weight must be above zero, or nothing would ever be chosen first. */
export function checkWeights(context: CheckContext, path: Path, list: readonly { weight: number }[]): void {
  if (list.length === 0 || list.some(({ weight }) => weight > 0)) return;
  context.problem(path, "all weights are 0", "give at least one entry a weight above 0");
}
