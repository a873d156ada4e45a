import type { Path } from "../path.ts";
import type { RuleConfig } from "../schema/types.ts";
import { hint } from "../suggest.ts";
import { checkCondition } from "./conditions.ts";
import type { CheckContext } from "./context.ts";
import { checkRuleForm } from "./rule-form.ts";
import { checkModelStrings, checkTargets } from "./targets.ts";

/** Rules: names within a scope, scopes, conditions, targets; and the default fallbacks. */
export function checkRouting(context: CheckContext): void {
  const { routing } = context.config;
  checkModelStrings(context, ["routing", "fallbacks"], routing.fallbacks);
  const seen = new Set<string>();
  for (const [at, rule] of routing.rules.entries()) {
    const path = ["routing", "rules", at];
    const identity = JSON.stringify([rule.scope, rule.name]);
    if (seen.has(identity)) context.problem([...path, "name"], `another rule of the scope ${rule.scope} has this name`);
    seen.add(identity);
    checkScope(context, path, rule);
    checkRuleForm(context, path, rule);
    checkTargets(context, [...path, "targets"], rule.targets);
    checkModelStrings(context, [...path, "fallbacks"], rule.fallbacks);
    checkCondition(context, [...path, "when"], rule.when);
  }
}

/** Whoever a scope names must exist. */
export function checkScope(context: CheckContext, path: Path, { scope }: Pick<RuleConfig, "scope">): void {
  const colon = scope.indexOf(":");
  if (colon < 0) return;
  const { customers, teams, virtual_keys: keys } = context.config.governance;
  const owners: Record<string, readonly { name: string }[]> = { customer: customers, team: teams, virtual_key: keys };
  const kind = scope.slice(0, colon);
  const name = scope.slice(colon + 1);
  const known = owners[kind] ?? [];
  if (known.some((owner) => owner.name === name)) return;
  const names = known.map((owner) => owner.name);
  context.problem([...path, "scope"], `there is no ${kind} ${JSON.stringify(name)}`, hint(name, names));
}
