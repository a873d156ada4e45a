import type { Span } from "../cel-error.ts";

/** `symbol` is an operator or punctuation, also the word `in`; `quoted` a field name in back-ticks. */
export type TokenKind = "name" | "quoted" | "int" | "uint" | "double" | "string" | "bytes" | "symbol" | "end";

export interface Token extends Span {
  readonly kind: TokenKind;
  /** The source text; for `quoted`, the name within. */
  readonly text: string;
  /** The value of a `string` or `bytes`. */
  readonly value?: string | Uint8Array;
}

/** Longest first, so that the first that fits is the right one. */
export const SYMBOLS: readonly string[] = [
  ..."&& || == != <= >=".split(" "),
  ..."( ) [ ] { } . , : ? + - * / % ! < >".split(" "),
];

/** Words that later versions of CEL may want; refused as names of variables, fine as fields and methods. */
export const RESERVED: ReadonlySet<string> = new Set(
  "as break const continue else for function if import let loop package namespace return var void while".split(" "),
);
