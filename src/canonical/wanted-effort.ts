import type { Effort, ReasoningOptions } from "./request.ts";
import { warnOnce, type Warning } from "./warning.ts";

/** Where there are efforts instead of token budgets: the steps follow the usual budgets of the makers that have them. */
const BUDGETS: readonly (readonly [most: number, effort: Effort])[] = [
  [0, "none"],
  [1_024, "minimal"],
  [4_096, "low"],
  [16_384, "medium"],
];

const FIELD = "thinking.budget_tokens";

/**
 * The effort that is asked for, or the one nearest to a budget; undefined where the model is to decide. A budget becomes a warning,
 * whichever goes out.
 */
export function wantedEffort({ effort, budgetTokens }: ReasoningOptions, warnings: Warning[]): Effort | undefined {
  if (budgetTokens === undefined || budgetTokens < 0) return effort;
  if (effort === undefined) return nearestEffort(budgetTokens, warnings);
  if (budgetTokens > 0) warnOnce(warnings, "unsupported_field", FIELD, `the effort '${effort}' was sent in its place`);
  return effort;
}

function nearestEffort(budgetTokens: number, warnings: Warning[]): Effort {
  const near = BUDGETS.find(([most]) => budgetTokens <= most)?.[1] ?? "high";
  warnOnce(warnings, "changed_field", FIELD, `a budget of ${budgetTokens} tokens was sent as effort '${near}'`);
  return near;
}
