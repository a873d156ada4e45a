import type { Json } from "../json.ts";
import { isJsonObject, objectOf } from "../json.ts";
import type { ReasoningOptions } from "../request.ts";

type Effort = NonNullable<ReasoningOptions["effort"]>;
const EFFORTS: ReadonlySet<string> = new Set(["low", "medium", "high", "xhigh", "max"]);

/**
 * What `thinking` and `output_config.effort` together ask for; undefined when they ask for nothing. `disabled` and
 * `between_tools` (no thinking before the answer) become effort `none`.
 */
export function decodeReasoning(
  thinking: Json | undefined,
  outputConfig: Json | undefined,
): ReasoningOptions | undefined {
  const options: ReasoningOptions = {};
  const effort = objectOf(outputConfig)["effort"];
  if (typeof effort === "string" && EFFORTS.has(effort)) options.effort = effort as Effort;
  if (isJsonObject(thinking)) decodeThinkingMode(thinking, options);
  return Object.keys(options).length === 0 ? undefined : options;
}

function decodeThinkingMode(thinking: { [key: string]: Json | undefined }, options: ReasoningOptions): void {
  const { type, budget_tokens: budget, display } = thinking;
  if (type === "disabled" || type === "between_tools") options.effort = "none";
  else if (type === "adaptive") options.adaptive = true;
  else if (type === "enabled") options.budgetTokens = typeof budget === "number" ? budget : -1;
  if (display === "omitted") options.summary = "none";
  else if (display === "summarized" || display === "updates") options.summary = "auto";
}

/** True when both ask for the same. */
export function isSameReasoning(left: ReasoningOptions | undefined, right: ReasoningOptions | undefined): boolean {
  return (
    left?.effort === right?.effort &&
    left?.budgetTokens === right?.budgetTokens &&
    left?.adaptive === right?.adaptive &&
    left?.summary === right?.summary
  );
}
