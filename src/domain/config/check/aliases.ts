import type { Path } from "../path.ts";
import type { AliasConfig } from "../schema/types.ts";
import { checkCondition } from "./conditions.ts";
import type { CheckContext } from "./context.ts";
import { checkModelStrings, checkTargets } from "./targets.ts";

type Aliases = Record<string, AliasConfig>;

interface Scope {
  path: Path;
  aliases: Aliases;
  /** Aliases that its names may stand for, nearest first. */
  visible: readonly Aliases[];
}

/** As deep as the router follows aliases of aliases. */
const MAX_DEPTH = 8;

/** Aliases of all scopes: their targets exist, and none leads back to itself. */
export function checkAliases(context: CheckContext): void {
  for (const scope of scopesOf(context)) {
    for (const [name, alias] of Object.entries(scope.aliases)) {
      const place = [...scope.path, name];
      checkTargets(context, [...place, "targets"], alias.targets);
      checkModelStrings(context, [...place, "fallbacks"], alias.fallbacks);
      checkConditions(context, place, alias);
      checkChain(context, place, name, scope);
    }
  }
}

function checkConditions(context: CheckContext, path: Path, { targets, fallbacks }: AliasConfig): void {
  for (const [at, { when }] of targets.entries()) {
    if (when !== undefined) checkCondition(context, [...path, "targets", at, "when"], when);
  }
  if (fallbacks.length > 0 || targets.some(({ when }) => when === undefined)) return;
  const remedy = "leave one target without `when`, or add fallbacks";
  context.warn([...path, "targets"], "leads nowhere when none of the conditions holds", remedy);
}

function scopesOf({ config }: CheckContext): Scope[] {
  const { customers, teams, virtual_keys: keys } = config.governance;
  const none: Aliases = {};
  const ofCustomer = (wanted: string | undefined): Aliases =>
    customers.find(({ name }) => name === wanted)?.aliases ?? none;
  const scopes: Scope[] = [{ path: ["aliases"], aliases: config.aliases, visible: [config.aliases] }];
  for (const [at, { aliases }] of customers.entries()) {
    scopes.push({ path: ["governance", "customers", at, "aliases"], aliases, visible: [aliases, config.aliases] });
  }
  for (const [at, { aliases, customer }] of teams.entries()) {
    const visible = [aliases, ofCustomer(customer), config.aliases];
    scopes.push({ path: ["governance", "teams", at, "aliases"], aliases, visible });
  }
  for (const [at, key] of keys.entries()) {
    const team = teams.find(({ name }) => name === key.team);
    const path = ["governance", "virtual_keys", at, "aliases"];
    const above = [team?.aliases ?? none, ofCustomer(key.customer ?? team?.customer), config.aliases];
    scopes.push({ path, aliases: key.aliases, visible: [key.aliases, ...above] });
  }
  return scopes;
}

function checkChain(context: CheckContext, path: Path, name: string, { visible }: Scope): void {
  const chain = followChain(name, [], visible);
  if (chain === null) return;
  const last = chain.at(-1) ?? name;
  const remedy = `to reach a model of the name ${last}, write provider/${last}`;
  if (chain.indexOf(last) < chain.length - 1)
    context.problem(path, `leads back to itself: ${chain.join(" → ")}`, remedy);
  else context.problem(path, `leads through more than ${MAX_DEPTH} aliases: ${chain.join(" → ")}`);
}

/** The first way from an alias that comes back or gets too long; null when there is none. */
function followChain(name: string, above: readonly string[], visible: readonly Aliases[]): string[] | null {
  const alias = visible.find((aliases) => Object.hasOwn(aliases, name))?.[name];
  if (alias === undefined) return null;
  const chain = [...above, name];
  if (above.includes(name) || chain.length > MAX_DEPTH) return chain;
  for (const { provider, model } of alias.targets) {
    const found = provider === undefined && model !== undefined ? followChain(model, chain, visible) : null;
    if (found !== null) return found;
  }
  return null;
}
