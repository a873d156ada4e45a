import type { Span } from "../cel-error.ts";
import { CostExceeded, type Meter } from "../values/meter.ts";

/**
 * What code returns when its expression has no value. Faults are returned, not thrown: a header that is not there is the
 * commonest outcome of a rule, `&&` and `||` must look past it, and an exception costs a hundred times as much.
 */
export const FAULT: unique symbol = Symbol("fault");

/** Compiled code of one node. Returns `FAULT` after saying why on the frame. */
export type Code = (frame: Frame) => unknown;

const NOWHERE: Span = { start: 0, end: 0 };
const NO_INPUT: Readonly<Record<string, unknown>> = Object.freeze({});

/** The state of one evaluation. */
export class Frame implements Meter {
  input: Readonly<Record<string, unknown>> = NO_INPUT;
  /** The variables of macros, by slot. */
  readonly locals: unknown[];
  /** Where and why the last fault arose. The problem is put into words only when someone asks. */
  at: Span | undefined;
  problem = "";
  detail: unknown;
  private steps = 0;

  constructor(slots: number) {
    this.locals = Array.from({ length: slots }, () => null);
  }

  begin(input: object, steps: number): void {
    this.input = input as Readonly<Record<string, unknown>>;
    this.steps = steps;
  }

  /** Lets go of the caller's values. */
  end(): void {
    this.input = NO_INPUT;
    this.detail = undefined;
    this.locals.fill(null);
  }

  /** Notes a fault. `at` may be left to the code that called. */
  fail(problem: string, detail?: unknown, at?: Span): typeof FAULT {
    this.problem = problem;
    this.detail = detail;
    this.at = at;
    return FAULT;
  }

  /** Says where the last fault arose, unless that is known. */
  failedAt(span: Span): typeof FAULT {
    this.at ??= span;
    return FAULT;
  }

  /** A result, or the fault that stands for it, noted to be at `span`. */
  located(result: unknown, span: Span): unknown {
    return result === FAULT ? this.failedAt(span) : result;
  }

  get place(): Span {
    return this.at ?? NOWHERE;
  }

  /** Steps that are left; below 0 when the evaluation was too dear. */
  get left(): number {
    return this.steps;
  }

  spend(steps: number): void {
    this.steps -= steps;
    if (this.steps < 0) throw new CostExceeded();
  }
}
