import type { CelType } from "./types.ts";

/** What expressions may name. */
export interface CelEnvironment {
  /** Variables by name. A dotted name (`request.path`) is found before a field of a shorter one. */
  readonly variables: Readonly<Record<string, CelType>>;
  /** Added to the standard functions; a form that exists already is replaced. */
  readonly functions?: readonly CelFunction[];
  /** The type that an expression must have; anything when absent. An expression of type dyn passes, and is checked each time. */
  readonly result?: CelType;
}

/** A function of the host's. */
export interface CelFunction {
  /** May have a namespace, as in `math.abs`. */
  readonly name: string;
  /** True: called as `first.name(rest)`. False by default. */
  readonly method?: boolean;
  readonly params: readonly CelType[];
  readonly result: CelType;
  /**
   * Gets an `int` or `uint` as a number (a bigint beyond 2^53), everything else as `CelValue`; may return what a variable
   * of the result type may hold. What it throws becomes a `CelEvalError`.
   */
  readonly call: (...args: never[]) => unknown;
}

/**
 * The values of the variables, read by name when the expression needs them: getters work, and are not called in vain.
 * By type: `int`, `uint`: number or bigint; `double`: number; `timestamp`: `Date` or `CelTimestamp`; lists: arrays;
 * maps: plain objects or `Map`s; objects: any object with the fields, or null; dyn: JSON and all of these.
 */
export type CelInput = object;
