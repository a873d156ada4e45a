import type { Json } from "../../canonical/json.ts";
import type { ReasoningOptions } from "../../canonical/request.ts";
import type { Warn } from "./encode-context.ts";

type Effort = NonNullable<ReasoningOptions["effort"]>;

/** Levels of `think` (https://docs.ollama.com/capabilities/thinking). */
const LEVELS: Readonly<Record<Effort, { think: string | false; isExact: boolean }>> = {
  none: { think: false, isExact: true },
  minimal: { think: "low", isExact: false },
  low: { think: "low", isExact: true },
  medium: { think: "medium", isExact: true },
  high: { think: "high", isExact: true },
  xhigh: { think: "high", isExact: false },
  max: { think: "max", isExact: true },
};

/** The value of `think`; undefined when the request says nothing that Ollama knows. */
export function encodeThink(reasoning: ReasoningOptions, warn: Warn): Json | undefined {
  const { effort, budgetTokens, adaptive, summary } = reasoning;
  if (summary === "none" && effort !== "none") {
    warn("unsupported_field", "reasoning.summary", "Ollama always shows the thoughts of a model that thinks");
  }
  if (effort !== undefined) {
    const { think, isExact } = LEVELS[effort];
    if (!isExact)
      warn("changed_field", "reasoning.effort", `Ollama has no effort ${effort}; ${String(think)} was sent`);
    return think;
  }
  if (budgetTokens === undefined) return adaptive === true ? true : undefined;
  if (budgetTokens > 0) {
    warn("changed_field", "reasoning.budget_tokens", "Ollama has no budget for thoughts; thinking was switched on");
  }
  return budgetTokens !== 0;
}
