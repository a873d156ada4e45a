import type { PolicyName } from "../../canonical/names.ts";
import type { AliasData, Choice, GroupPolicy, RouteData, Target, WeightedTarget } from "./data.ts";

/** What a model string stands for: places to try in order, and what to fall back to when all of them fail. */
export interface Resolution {
  targets: Target[];
  /** Model strings. */
  fallbacks: readonly string[];
  /** Name of the alias, when it was one. */
  alias: string | null;
  /** What the alias ranked, in order; null: it was none. */
  ranked: readonly Choice[] | null;
  policy: PolicyName | null;
  /** The alias and those that it led to for its first target. */
  via: readonly string[];
}

/** What a model string's reading depends on, besides the configuration. */
export interface Choices {
  /** Where a bare model name can be served, best first; empty when nobody is known to have it. */
  providersOf(model: string): readonly string[];
  /** Puts the choices of a group into the order in which to try them. */
  order(choices: readonly Choice[], policy: GroupPolicy): readonly Choice[];
}

const MAX_ALIAS_DEPTH = 8;
const NO_ALIASES: readonly string[] = [];

function plain(targets: Target[]): Resolution {
  return { targets, fallbacks: [], alias: null, ranked: null, policy: null, via: NO_ALIASES };
}

/** A choice of a group that is still to be put in order. */
export function choice(weight: number, targets: readonly Target[], via: readonly string[] = NO_ALIASES): Choice {
  return { weight, targets, via, score: null, draw: null };
}

/** Compiled aliases and provider names: reads model strings. */
export class ModelResolver {
  private readonly providers: ReadonlySet<string>;
  private readonly aliases = new Map<string, Map<string, AliasData>>();

  constructor(data: RouteData) {
    this.providers = new Set(data.providers);
    for (const [scope, aliases] of Object.entries(data.aliases)) {
      this.aliases.set(scope, new Map(aliases.map((alias) => [alias.name, alias])));
    }
  }

  /** Splits `provider/model` when the part before the first slash names a provider; model ids may hold slashes themselves. */
  split(model: string): { provider: string | null; model: string } {
    const slash = model.indexOf("/");
    if (slash <= 0) return { provider: null, model };
    const provider = model.slice(0, slash);
    if (!this.providers.has(provider) || slash === model.length - 1) return { provider: null, model };
    return { provider, model: model.slice(slash + 1) };
  }

  /** The alias of that name in the nearest of the caller's scopes. */
  alias(name: string, scopes: readonly string[]): AliasData | undefined {
    for (const scope of scopes) {
      const found = this.aliases.get(scope)?.get(name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Names of all aliases that the scopes see, nearest first. */
  aliasNames(scopes: readonly string[]): string[] {
    return [...new Set(scopes.flatMap((scope) => [...(this.aliases.get(scope)?.keys() ?? [])]))];
  }

  /** Reads a model string: an alias, `provider/model`, or a bare model. No targets when nobody has it. */
  resolve(model: string, scopes: readonly string[], choices: Choices, depth = 0): Resolution {
    const alias = depth < MAX_ALIAS_DEPTH ? this.alias(model, scopes) : undefined;
    if (alias !== undefined) {
      const stated = alias.targets.map((target) => this.choiceOf(target, scopes, choices, depth + 1));
      const ranked = choices.order(stated, alias.policy);
      const targets = ranked.flatMap((each) => each.targets);
      const within = ranked[0]?.via ?? NO_ALIASES;
      const via = within.length === 0 ? [alias.name] : [alias.name, ...within];
      return { targets, fallbacks: alias.fallbacks, alias: alias.name, ranked, policy: alias.policy.name, via };
    }
    const { provider, model: name } = this.split(model);
    if (provider !== null) return plain([{ provider, model: name }]);
    return plain(choices.providersOf(name).map((each) => ({ provider: each, model: name })));
  }

  private choiceOf(target: WeightedTarget, scopes: readonly string[], choices: Choices, depth: number): Choice {
    const { provider, model = "", key, weight } = target;
    const found = provider === undefined ? this.resolve(model, scopes, choices, depth) : null;
    const first = found === null ? [{ provider: provider ?? "", model }] : found.targets.slice(0, 1);
    const targets = key === undefined ? first : first.map((each) => ({ ...each, key }));
    return choice(weight, targets, found?.via);
  }
}
