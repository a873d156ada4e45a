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

  /** The first rule that holds, nearest scope first, then by priority. A rule that cannot be evaluated does not match. */
  firstMatch(scopes: readonly string[], variables: RuleVariables, trace: TraceStep[]): CompiledRule | undefined {
    for (const scope of scopes) {
      const rules = this.byScope.get(scope);
      if (rules === undefined) continue;
      for (const rule of rules) {
        if (!holds(rule, variables, trace)) continue;
        trace.push({ step: "rule", result: rule.data.name, scope });
        return rule;
      }
    }
    return undefined;
  }

  /** The rules that a request of these scopes looks at before `found`; all, when it finds none. */
  *before(scopes: readonly string[], found: RuleData | null): Generator<RuleData> {
    for (const scope of scopes) {
      for (const { data } of this.byScope.get(scope) ?? []) {
        if (data === found) return;
        yield data;
      }
    }
  }

  /** How many those are. */
  countBefore(scopes: readonly string[], found: RuleData | null): number {
    let count = 0;
    for (const scope of scopes) {
      const rules = this.byScope.get(scope);
      if (rules === undefined) continue;
      const place = found?.scope === scope ? rules.findIndex(({ data }) => data === found) : rules.length;
      count += place;
      if (found?.scope === scope) break;
    }
    return count;
  }
}

function holds(rule: CompiledRule, variables: RuleVariables, trace: TraceStep[]): boolean {
  const decision = rule.program.decide(variables);
  if (typeof decision === "boolean") return decision;
  if (decision !== ABSENT) {
    const { name, scope } = rule.data;
    trace.push({ step: "rule", result: name, scope, outcome: "error", text: decision });
  }
  return false;
}

/** Compiles rules; throws `CelError` for the first that does not. */
export function compileRules(rules: readonly RuleData[]): RuleSet {
  return new RuleSet(rules.map((data) => ({ data, program: compileCel(data.when, RULE_ENVIRONMENT) })));
}
