import type { TargetContext } from "./dialect.ts";
import type { ChatRequest } from "./request.ts";
import { warnOnce } from "./warning.ts";

/**
 * The output limit of another dialect's request, at most what the target's model can give: its clients ask for what their own
 * vendor's models can (Claude Code for 32,000 tokens), and most APIs refuse more than their model has.
 */
export function fitOutput({ maxOutputTokens: wanted }: ChatRequest, target: TargetContext): number | undefined {
  const limit = target.maxOutputTokens;
  if (wanted === undefined || limit === undefined || wanted <= limit) return wanted;
  warnOnce(target.warnings, "changed_field", "max_tokens", `the model's limit of ${limit} output tokens was sent`);
  return limit;
}
