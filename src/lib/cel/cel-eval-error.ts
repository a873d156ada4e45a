import { placeOf, type Span } from "./cel-error.ts";

/** Thrown by `evaluate` and `test` where the values at hand do not let the expression come to a result. */
export class CelEvalError extends Error {
  /** From 0, in UTF-16 units of the source. */
  readonly offset: number;
  /** The offset after the last character concerned. */
  readonly end: number;
  private readonly source: string;

  constructor(problem: string, source: string, span: Span) {
    super(problem);
    this.name = "CelEvalError";
    this.source = source;
    this.offset = span.start;
    this.end = span.end;
  }

  /** From 1. */
  get line(): number {
    return placeOf(this.source, this.offset).line;
  }

  /** From 1, in UTF-16 units. */
  get column(): number {
    return placeOf(this.source, this.offset).column;
  }
}

/** A `CelEvalError` without a stack: a missing key is an everyday answer, and a stack would cost more than the rule. */
export function evalError(problem: string, source: string, span: Span): CelEvalError {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return new CelEvalError(problem, source, span);
  } finally {
    Error.stackTraceLimit = limit;
  }
}
