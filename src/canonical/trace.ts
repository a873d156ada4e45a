/** One thing that the route looked at, for the explanation of its decision. */
export interface TraceStep {
  /** `model`, `alias`, `rule`, `target`, `left_out`, `fallback`, `key`. */
  step: string;
  /** What was found or chosen, and why. */
  result: string;
}
