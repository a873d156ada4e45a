import type { Frame } from "../evaluate/frame.ts";
import type { CelType } from "../types.ts";

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
