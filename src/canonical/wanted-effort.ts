import type { Effort, ReasoningOptions } from "./request.ts";
import { warnOnce, type Warning } from "./warning.ts";

/** Where there are efforts instead of token budgets: the steps follow the usual budgets of the makers that have them. */
const BUDGETS: readonly (readonly [most: number, effort: Effort])[] = [
  [0, "none"],
  [1_024, "minimal"],
  [4_096, "low"],
  [16_384, "medium"],
];

/** The effort that is asked for, or the one nearest to a budget, with a warning; undefined where the model is to decide. */
export function wantedEffort({ effort, budgetTokens }: ReasoningOptions, warnings: Warning[]): Effort | undefined {
  if (effort !== undefined || budgetTokens === undefined || budgetTokens < 0) return effort;
  const near = BUDGETS.find(([most]) => budgetTokens <= most)?.[1] ?? "high";
  const message = `a budget of ${budgetTokens} tokens was sent as effort '${near}'`;
  warnOnce(warnings, "changed_field", "thinking.budget_tokens", message);
  return near;
}
