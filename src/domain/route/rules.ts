import type { TraceStep } from "../../canonical/trace.ts";
import { ABSENT, compileCel, type CelProgram } from "../../lib/cel/index.ts";
import type { RuleData } from "./data.ts";
import { RULE_ENVIRONMENT, type RuleVariables } from "./variables.ts";

export interface CompiledRule {
  data: RuleData;
  program: CelProgram;
}

/** Compiled rules by scope: a request only pays for the rules of its own scopes. */
export class RuleSet {
  private readonly byScope = new Map<string, CompiledRule[]>();

  constructor(rules: readonly CompiledRule[]) {
    for (const rule of rules) {
      const list = this.byScope.get(rule.data.scope);
      if (list === undefined) this.byScope.set(rule.data.scope, [rule]);
      else list.push(rule);
    }
    for (const list of this.byScope.values()) list.sort((one, other) => one.data.priority - other.data.priority);
  }

  /** Which classifiers the rules of each scope read; null: which, only an evaluation knows. Scopes that read none are left out. */
  classesRead(): Map<string, ReadonlySet<string> | null> {
    const read = new Map<string, ReadonlySet<string> | null>();
    for (const [scope, rules] of this.byScope) {
      const keys = rules.map(({ program }) => program.keysOf("classes"));
      const known = keys.filter((each) => each !== null);
      if (known.length < keys.length) read.set(scope, null);
      else if (known.some(({ size }) => size > 0)) read.set(scope, new Set(known.flatMap((each) => [...each])));
    }
    return read;
  }

  /** The first rule that holds, nearest scope first, then by priority. A rule that cannot be evaluated does not match. */
  firstMatch(scopes: readonly string[], variables: RuleVariables, trace: TraceStep[]): CompiledRule | undefined {
    for (const scope of scopes) {
      const rules = this.byScope.get(scope);
      if (rules === undefined) continue;
      for (const rule of rules) {
        if (!holds(rule, variables, trace)) continue;
        trace.push({ step: "rule", result: rule.data.name });
        return rule;
      }
    }
    return undefined;
  }
}

function holds(rule: CompiledRule, variables: RuleVariables, trace: TraceStep[]): boolean {
  const decision = rule.program.decide(variables);
  if (typeof decision === "boolean") return decision;
  if (decision !== ABSENT) trace.push({ step: "rule", result: `${rule.data.name}: error, no match: ${decision}` });
  return false;
}

/** Compiles rules; throws `CelError` for the first that does not. */
export function compileRules(rules: readonly RuleData[]): RuleSet {
  return new RuleSet(rules.map((data) => ({ data, program: compileCel(data.when, RULE_ENVIRONMENT) })));
}
