import type { Json, JsonObject } from "../../canonical/json.ts";
import type { ReasoningOptions } from "../../canonical/request.ts";
import type { EncodeContext } from "./encode-context.ts";
import { warn } from "./encode-context.ts";

type Effort = Exclude<NonNullable<ReasoningOptions["effort"]>, "none">;

/**
 * Models without thoughts (https://docs.cohere.com/docs/models, https://docs.cohere.com/docs/reasoning); others, and those
 * that are not known yet, are taken to have them.
 */
const THOUGHTLESS =
  /(?:^|[/.])(?:c4ai-|aya-|command(?:-r(?:7b|-plus)?)?(?:-\d|-light|-nightly|-arabic|$)|command-a-(?:03-2025|vision|translate))/;

/** False for a model that is known to refuse `thinking`. */
export function modelThinks(model: string): boolean {
  return !THOUGHTLESS.test(model.toLowerCase());
}

/** Effort as tokens to think with, which is all that the wire can say. */
const BUDGETS: Record<Effort, number> = {
  minimal: 512,
  low: 2048,
  medium: 8192,
  high: 16_384,
  xhigh: 24_576,
  max: 30_000,
};

/** `thinking` (vendor SDK: `Thinking`): what a caller of this dialect wrote (`wrote`), else what comes nearest. */
export function encodeThinking(
  wanted: ReasoningOptions | undefined,
  wrote: Json | undefined,
  context: EncodeContext,
): JsonObject | undefined {
  if (wrote !== undefined) return { thinking: wrote };
  if (wanted === undefined || !asksForThought(wanted)) return undefined;
  const isOff = wanted.effort === "none" || wanted.budgetTokens === 0;
  if (isOff) return context.thinks ? { thinking: { type: "disabled" } } : undefined;
  if (!context.thinks) {
    warn(context, "unsupported_field", "reasoning", "reasoning was left out: the model has none");
    return undefined;
  }
  return { thinking: { type: "enabled", ...budgetOf(wanted, context) } };
}

/** Wishes about how thoughts are shown alone switch nothing on. */
function asksForThought({ effort, budgetTokens, adaptive }: ReasoningOptions): boolean {
  return effort !== undefined || budgetTokens !== undefined || adaptive === true;
}

function budgetOf({ budgetTokens, effort }: ReasoningOptions, context: EncodeContext): JsonObject | undefined {
  if (budgetTokens !== undefined) return budgetTokens > 0 ? { token_budget: budgetTokens } : undefined;
  if (effort === undefined || effort === "none") return undefined;
  warn(context, "changed_field", "reasoning.effort", `the effort was sent as a budget of ${BUDGETS[effort]} tokens`);
  return { token_budget: BUDGETS[effort] };
}
