/** What one expression may cost, at compile time and in each evaluation. */
export interface CelLimits {
  /** UTF-16 units of source. Default 20,000. */
  readonly maxLength: number;
  /** Nodes of the syntax tree. Default 10,000. */
  readonly maxNodes: number;
  /** Nesting of the source and of the tree; `a + b + c` nests twice, `a || b || c` once. Default 200. */
  readonly maxDepth: number;
  /**
   * Steps of one evaluation: every node that a macro evaluates for an element, every element and every 16 characters
   * or bytes that a function reads or makes, more in regular expressions. Default 100,000: some 10 ms as a rule, some 100 ms
   * for the worst of regular expressions.
   */
  readonly maxSteps: number;
}

/** Steps that several evaluations share, such as those of all rules that one request is held against. */
export interface CelAllowance {
  /** What is left; evaluations take from it. */
  steps: number;
}

export const DEFAULT_LIMITS: CelLimits = { maxLength: 20_000, maxNodes: 10_000, maxDepth: 200, maxSteps: 100_000 };
