/** Counts what an evaluation costs. */
export interface Meter {
  /** Throws `CostExceeded` when the budget is spent. */
  spend(steps: number): void;
}

/** Ends an evaluation from wherever it is: no `||` may turn it into a result. */
export class CostExceeded extends Error {}

/** How deep values may nest for functions that walk them; hosts parse JSON that nests deeper than the stack. */
export const MAX_VALUE_DEPTH = 100;

/** Steps of reading or making `length` characters or bytes. */
export function textSteps(length: number): number {
  return (length >> 4) + 1;
}
