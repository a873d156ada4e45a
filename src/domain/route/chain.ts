import { GatewayError } from "../../canonical/errors.ts";
import type { Evaluation } from "./evaluation.ts";
import type { CompiledRule, RuleSet } from "./rules.ts";

/** What the rules make of a request: one of them decides, it is refused, or neither. */
export interface Verdict {
  rule: CompiledRule | undefined;
  refusal: GatewayError | null;
}

/** As many rules may hold one after the other. */
const MAX_CHAIN = 8;

/**
 * The rule that decides: the first that matches, or the last of a chain of matches. A chain that comes back to one of its rules,
 * or that gets too long, is stopped there: what it had come to by then stands, and the fault is noted.
 */
export function followRules(rules: RuleSet, scopes: readonly string[], evaluation: Evaluation): Verdict {
  const seen: CompiledRule[] = [];
  let found: CompiledRule | undefined;
  for (;;) {
    const match = rules.firstMatch(scopes, evaluation);
    if (match === undefined) return { rule: found, refusal: null };
    const { rule, hasFailed } = match;
    if (hasFailed) return { rule: undefined, refusal: failed(rule) };
    if (rule.data.refuse !== null) return { rule: undefined, refusal: refused(rule, rule.data.refuse) };
    const stop = seen.includes(rule) ? "loop" : seen.length >= MAX_CHAIN ? "too_deep" : null;
    if (stop !== null) {
      noteStop(stop, rule, evaluation);
      return { rule: found, refusal: null };
    }
    seen.push(rule);
    found = rule;
    if (!rule.data.chainRule) return { rule, refusal: null };
    choose(rule, evaluation);
  }
}

const STOPS = {
  loop: "chain comes back to it, stopped",
  too_deep: `chain of more than ${MAX_CHAIN} rules, stopped`,
} as const;

function noteStop(kind: keyof typeof STOPS, { data }: CompiledRule, evaluation: Evaluation): void {
  evaluation.trace.push({ step: "rule", result: `${data.name}: ${STOPS[kind]}` });
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
