import type { TraceStep } from "../../canonical/trace.ts";
import { compileCel, type CelProgram } from "../../lib/cel/index.ts";
import type { ScopedProgram } from "./classes-read.ts";
import type { RuleData } from "./data.ts";
import type { Evaluation } from "./evaluation.ts";
import { RULE_ENVIRONMENT } from "./variables.ts";

export interface CompiledRule {
  data: RuleData;
  program: CelProgram;
}

/** What a look at the rules came to: the first that holds, or one that refuses because it failed. */
export interface Match {
  rule: CompiledRule;
  hasFailed: boolean;
}

/** Compiled rules by scope: a request only pays for the rules of its own scopes. */
export class RuleSet {
  private readonly byScope = new Map<string, CompiledRule[]>();
  private readonly binding: ReadonlySet<string>;

  constructor(rules: readonly CompiledRule[]) {
    for (const rule of rules) {
      const list = this.byScope.get(rule.data.scope);
      if (list === undefined) this.byScope.set(rule.data.scope, [rule]);
      else list.push(rule);
    }
    for (const list of this.byScope.values()) list.sort((one, other) => one.data.priority - other.data.priority);
    const strict = rules.filter(({ data }) => !data.isShadow && (data.refuse !== null || data.isConfined));
    this.binding = new Set(strict.map(({ data }) => data.scope));
  }

  programs(): ScopedProgram[] {
    return [...this.byScope].flatMap(([scope, rules]) => rules.map(({ program }) => [scope, program] as const));
  }

  /** Whether some rule of these scopes refuses calls or confines them. */
  binds(scopes: readonly string[]): boolean {
    return this.binding.size > 0 && scopes.some((scope) => this.binding.has(scope));
  }

  /**
   * The first rule that holds, nearest scope first, then by priority. A rule that cannot be evaluated does not match, or is
   * returned as failed when it refuses then. Shadow rules that are come by leave no more than a trace.
   */
  firstMatch(scopes: readonly string[], evaluation: Evaluation): Match | undefined {
    for (const scope of scopes) {
      const rules = this.byScope.get(scope);
      if (rules === undefined) continue;
      for (const rule of rules) {
        const match = isInForce(rule.data, evaluation) ? matchOf(rule, evaluation) : undefined;
        if (match !== undefined) return match;
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
      count += found?.scope === scope ? placeOf(found, rules) : rules.length;
      if (found?.scope === scope) break;
    }
    return count;
  }
}

function placeOf(rule: RuleData, rules: readonly CompiledRule[]): number {
  return rules.findIndex(({ data }) => data === rule);
}

function isInForce({ validFrom, validUntil }: RuleData, { variables }: Evaluation): boolean {
  if (validFrom === null && validUntil === null) return true;
  const now = variables.now.getTime();
  return now >= (validFrom ?? -Infinity) && now < (validUntil ?? Infinity);
}

function matchOf(rule: CompiledRule, evaluation: Evaluation): Match | undefined {
  const { data, program } = rule;
  const found = evaluation.rule(program, data.isShadow);
  if (data.isShadow) return noteShadow(data, found, evaluation);
  if (found === false) return undefined;
  if (found === true) {
    evaluation.trace.push({ step: "rule", result: data.name, scope: data.scope });
    return { rule, hasFailed: false };
  }
  evaluation.fault("error", data);
  const isRefused = data.onError === "refuse";
  const outcome = isRefused ? "error_refused" : "error";
  evaluation.trace.push({ step: "rule", result: data.name, scope: data.scope, outcome, text: found });
  return isRefused ? { rule, hasFailed: true } : undefined;
}

/** A shadow rule is never a match; what is noted of it is noted once, however often a chain comes by. */
function noteShadow(data: RuleData, found: boolean | string, evaluation: Evaluation): undefined {
  if (found === false) return undefined;
  const { name: result, scope } = data;
  const isKnown = evaluation.trace.some((each) => each.outcome !== undefined && isOf(each, data));
  if (isKnown) return undefined;
  if (found === true) evaluation.trace.push({ step: "rule", result, scope, outcome: "would_match" });
  else evaluation.trace.push({ step: "rule", result, scope, outcome: "error", text: found });
  if (found !== true) evaluation.fault("error", data);
  return undefined;
}

function isOf({ step, result, scope }: TraceStep, rule: RuleData): boolean {
  return step === "rule" && result === rule.name && scope === rule.scope;
}

/** Compiles rules; throws `CelError` for the first that does not. */
export function compileRules(rules: readonly RuleData[]): RuleSet {
  return new RuleSet(rules.map((data) => ({ data, program: compileCel(data.when, RULE_ENVIRONMENT) })));
}
