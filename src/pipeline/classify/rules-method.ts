import type { ClassifierData } from "../../domain/classify/data.ts";
import { PhraseIndex } from "../../domain/classify/phrase-index.ts";
import { CLASSIFIER_ENVIRONMENT } from "../../domain/route/variables.ts";
import { compileCel, type CelInput, type CelProgram } from "../../lib/cel/index.ts";

interface CompiledRule {
  label: string;
  programs: readonly CelProgram[];
}

/** Finds the label by the gateway's own rules, without asking anybody. */
export class RulesMethod {
  private readonly rules: readonly CompiledRule[];
  private readonly keywords: PhraseIndex;

  /** Throws `CelError` for a condition that does not compile. */
  constructor({ rules }: ClassifierData) {
    this.rules = rules.map(({ label, conditions }) => ({
      label,
      programs: conditions.map((condition) => compileCel(condition, CLASSIFIER_ENVIRONMENT)),
    }));
    this.keywords = new PhraseIndex(rules.map((rule) => rule.keywords));
  }

  /** The label of the first rule that holds; null when none does. A condition that cannot be evaluated does not hold. */
  find(variables: CelInput, text: string): string | null {
    const counts = this.keywords.count(text.toLowerCase());
    for (const [at, { label, programs }] of this.rules.entries()) {
      if ((counts[at] ?? 0) > 0) return label;
      if (programs.some((program) => program.decide(variables) === true)) return label;
    }
    return null;
  }
}
