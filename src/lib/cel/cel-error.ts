/** A place in the source, in UTF-16 units; `end` is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Thrown by `compileCel` for a source that cannot become a program. */
export class CelError extends Error {
  /** What is wrong, without the place and the remedy; `message` has all three. */
  readonly problem: string;
  /** What to do about it; empty where nothing better than the problem can be said. */
  readonly hint: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
  /** From 0, in UTF-16 units. */
  readonly offset: number;
  /** The offset after the last character concerned. */
  readonly end: number;

  constructor(problem: string, source: string, span: Span, hint = "") {
    const { line, column } = placeOf(source, span.start);
    super(`line ${line}, column ${column}: ${problem}${hint === "" ? "" : `; ${hint}`}`);
    this.name = "CelError";
    this.problem = problem;
    this.hint = hint;
    this.line = line;
    this.column = column;
    this.offset = span.start;
    this.end = span.end;
  }
}

/** Line and column, both from 1, of an offset. */
export function placeOf(source: string, offset: number): { line: number; column: number } {
  let line = 1;
  let lineStart = 0;
  for (let at = source.indexOf("\n"); at >= 0 && at < offset; at = source.indexOf("\n", at + 1)) {
    line += 1;
    lineStart = at + 1;
  }
  return { line, column: offset - lineStart + 1 };
}
