import type { Frame } from "../evaluate/frame.ts";
import type { CelType } from "../types.ts";
import type { CelValue } from "../values/value.ts";

/**
 * One form of a function. `run` gets its arguments by their declared types: an `int` or `uint` as `Int`, everything else
 * as `CelValue`; and returns its result the same way, or what `frame.fail` returns.
 */
export interface Overload {
  /** Called as `first.name(rest)` rather than `name(all)`. */
  readonly method: boolean;
  readonly params: readonly CelType[];
  readonly result: CelType;
  readonly run: Run;
  /** What the types of the arguments must fulfil that `params` cannot say. */
  readonly accepts?: (types: readonly CelType[]) => boolean;
  /** `run` gets the first of two arguments; where it returns undefined, the second one is evaluated and is the result. */
  readonly otherwise?: true;
  /**
   * Given the arguments that are constants (undefined for the others), returns what to run instead, undefined to run
   * `run`, or why such a call can never succeed.
   */
  readonly prepare?: (constants: readonly (CelValue | undefined)[]) => Run | string | undefined;
}

export type Run = (frame: Frame, ...args: never[]) => unknown;

/** Overloads by function name; the name includes its namespace, as in `math.abs`. */
export type FunctionTable = Readonly<Record<string, readonly Overload[]>>;

/** A form called as `params[0].name(params[1], …)`. */
export function method(params: readonly CelType[], result: CelType, run: Run): Overload {
  return { method: true, params, result, run };
}

/** A form called as `name(params[0], …)`. */
export function global(params: readonly CelType[], result: CelType, run: Run): Overload {
  return { method: false, params, result, run };
}
