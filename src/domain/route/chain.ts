import { GatewayError } from "../../canonical/errors.ts";
import type { RuleData } from "./data.ts";
import type { Evaluation } from "./evaluation.ts";
import type { CompiledRule, RuleSet } from "./rules.ts";

/** What the rules make of a request: one of them decides, it is refused, or neither. */
export interface Verdict {
  rule: CompiledRule | undefined;
  refusal: GatewayError | null;
  /** The rule that each round of looking at rules ended with; null: none held. */
  stops: (RuleData | null)[];
}

/** As many rules may hold one after the other. */
const MAX_CHAIN = 8;

/**
 * The rule that decides: the first that matches, or the last of a chain of matches. A chain that comes back to one of its rules,
 * or that gets too long, is stopped there: what it had come to by then stands, and the fault is noted.
 */
export function followRules(rules: RuleSet, scopes: readonly string[], evaluation: Evaluation): Verdict {
  const seen: CompiledRule[] = [];
  const stops: (RuleData | null)[] = [];
  let found: CompiledRule | undefined;
  for (;;) {
    const match = rules.firstMatch(scopes, evaluation);
    stops.push(match?.rule.data ?? null);
    if (match === undefined) return { rule: found, refusal: null, stops };
    const { rule, hasFailed } = match;
    if (hasFailed) return { rule: undefined, refusal: failed(rule), stops };
    if (rule.data.refuse !== null) return { rule: undefined, refusal: refused(rule, rule.data.refuse), stops };
    const stop = seen.includes(rule) ? "loop" : seen.length >= MAX_CHAIN ? "too_deep" : null;
    if (stop !== null) {
      noteStop(stop, rule, evaluation);
      return { rule: found, refusal: null, stops };
    }
    seen.push(rule);
    found = rule;
    if (!rule.data.chainRule) return { rule, refusal: null, stops };
    choose(rule, evaluation);
  }
}

const STOPS = { loop: "chain_loop", too_deep: "chain_too_deep" } as const;

function noteStop(kind: keyof typeof STOPS, { data }: CompiledRule, evaluation: Evaluation): void {
  evaluation.trace.push({ step: "rule", result: data.name, scope: data.scope, outcome: STOPS[kind] });
  evaluation.fault(kind, data);
}

/** Lets the next round of a chain see the provider and model that the rule chose. */
function choose({ data }: CompiledRule, { variables }: Evaluation): void {
  const [target] = data.targets;
  if (target?.provider !== undefined) variables.provider = target.provider;
  if (target?.model !== undefined) variables.model = target.model;
}

function refused({ data }: CompiledRule, { message, status }: { message: string; status: number }): GatewayError {
  return new GatewayError("refused_by_rule", `${message} (rule ${JSON.stringify(data.name)})`, { status });
}

/** Why it could not be evaluated may quote the request of the caller or what the operator wrote: the trace has it. */
function failed({ data }: CompiledRule): GatewayError {
  return new GatewayError(
    "rule_failed",
    `the rule ${JSON.stringify(data.name)} could not be evaluated for this request`,
  );
}
