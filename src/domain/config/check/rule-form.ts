import type { Path } from "../path.ts";
import type { AliasConfig, Config, RuleConfig } from "../schema/types.ts";
import type { CheckContext } from "./context.ts";

/** What a rule is made of: one of targets and refusal, and nothing beside it that would have no effect. */
export function checkRuleForm(context: CheckContext, path: Path, rule: RuleConfig): void {
  checkWindow(context, path, rule);
  if (rule.refuse !== undefined) checkRefusal(context, path, rule);
  else if (rule.targets.length === 0) {
    context.problem(path, "has neither targets nor refuse", "say where the calls go, or that they are refused");
  }
  if (rule.confine) checkConfined(context, path, rule);
}

function checkWindow(context: CheckContext, path: Path, { valid_from: from, valid_until: until }: RuleConfig): void {
  if (until === undefined) return;
  const place = [...path, "valid_until"];
  if (from !== undefined && from >= until)
    context.problem(place, "is not after valid_from", "the rule would never be looked at: swap them, or take one out");
  else if (until <= Date.now()) context.warn(place, "lies in the past: the rule is no longer looked at");
}

/** Fields of a rule that say where calls go, and whether they are set. */
const COURSE: readonly (readonly [keyof RuleConfig, (rule: RuleConfig) => boolean])[] = [
  ["targets", ({ targets }) => targets.length > 0],
  ["policy", ({ policy }) => policy !== "weighted"],
  ["sticky", ({ sticky }) => sticky !== undefined],
  ["fallbacks", ({ fallbacks }) => fallbacks.length > 0],
  ["attempt_timeout_ms", ({ attempt_timeout_ms: timeout }) => timeout !== undefined],
  ["hedging", ({ hedging }) => hedging !== undefined],
  ["confine", ({ confine }) => confine],
  ["chain_rule", ({ chain_rule: chain }) => chain],
];

function checkRefusal(context: CheckContext, path: Path, rule: RuleConfig): void {
  for (const [field, isSet] of COURSE) {
    if (!isSet(rule)) continue;
    const remedy = field === "targets" ? "keep one of them" : `take ${field} out: a call that is refused goes nowhere`;
    context.problem([...path, field], "stands beside refuse", remedy);
  }
}

/** A rule confines calls only as far as its targets say where they are. */
function checkConfined(context: CheckContext, path: Path, rule: RuleConfig): void {
  if (rule.chain_rule) {
    const remedy = "take one of them out: the rules that a chain goes on to are not confined";
    context.problem([...path, "chain_rule"], "stands beside confine", remedy);
  }
  const remedy = "name a provider, write provider/model, or name an alias whose targets do";
  const names = rule.targets.map(({ provider, model }) => (provider === undefined ? (model ?? "") : `${provider}/`));
  for (const [list, models] of [
    ["targets", names],
    ["fallbacks", rule.fallbacks],
  ] as const) {
    for (const [at, model] of models.entries()) {
      if (!namesProvider(context, model, 0))
        context.problem([...path, list, at], "leaves open at which provider, beside confine", remedy);
    }
  }
}

const MAX_DEPTH = 8;

/** Whether a model string leads to providers that the configuration names, by whatever alias of that name. */
function namesProvider(context: CheckContext, model: string, depth: number): boolean {
  const aliases = aliasesOf(context.config, model);
  if (aliases.length === 0) return context.providerNames.includes(model.slice(0, Math.max(0, model.indexOf("/"))));
  if (depth >= MAX_DEPTH) return false;
  return aliases.every(({ targets }) =>
    targets.every((target) => target.provider !== undefined || namesProvider(context, target.model ?? "", depth + 1)),
  );
}

function aliasesOf({ aliases, governance }: Config, name: string): AliasConfig[] {
  const owners = [{ aliases }, ...governance.customers, ...governance.teams, ...governance.virtual_keys];
  return owners.flatMap((owner) => (Object.hasOwn(owner.aliases, name) ? [owner.aliases[name]] : [])).filter(isAlias);
}

function isAlias(alias: AliasConfig | undefined): alias is AliasConfig {
  return alias !== undefined;
}
