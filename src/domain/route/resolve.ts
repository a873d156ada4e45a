import type { PolicyName } from "../../canonical/names.ts";
import { compileCel, type CelProgram } from "../../lib/cel/index.ts";
import type { ScopedProgram } from "./classes-read.ts";
import type { AliasData, AttemptData, Choice, GroupPolicy, RouteData, Target, WeightedTarget } from "./data.ts";
import type { Evaluation } from "./evaluation.ts";
import { HiddenNames } from "./hidden-names.ts";
import { RULE_ENVIRONMENT } from "./variables.ts";

/** What a model string stands for: places to try in order, and what to fall back to when all of them fail. */
export interface Resolution {
  targets: Target[];
  /** Model strings. */
  fallbacks: readonly string[];
  /** Name of the alias, when it was one. */
  alias: string | null;
  /** How an alias wants its attempts made. */
  attempts?: AttemptData | undefined;
  /** It stands for something, but not for this caller. */
  isHidden?: boolean;
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

/** Who asks, and under which conditions. */
export interface Asking {
  input: Choices & { scopes: readonly string[] };
  evaluation: Evaluation;
}

/** An alias with the scope that it stands in. */
export interface ScopedAlias extends AliasData {
  scope: string;
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
  private readonly folders: ReadonlyMap<string, string>;
  private readonly aliases = new Map<string, Map<string, ScopedAlias>>();
  private readonly conditions = new Map<WeightedTarget, CelProgram>();
  private readonly hidden: HiddenNames;

  /** Throws when a target's condition does not compile. */
  constructor(data: RouteData) {
    this.providers = new Set(data.providers);
    this.folders = new Map(Object.entries(data.modelFolders ?? {}));
    for (const [scope, aliases] of Object.entries(data.aliases)) {
      this.aliases.set(scope, new Map(aliases.map((alias) => [alias.name, { ...alias, scope }])));
    }
    const all = Object.values(data.aliases).flat();
    for (const target of all.flatMap(({ targets }) => targets)) {
      if (target.when !== undefined) this.conditions.set(target, compileCel(target.when, RULE_ENVIRONMENT));
    }
    this.hidden = new HiddenNames(
      this,
      all.some(({ hidesTargets }) => hidesTargets),
    );
  }

  /** Conditions of targets. */
  programs(): ScopedProgram[] {
    const aliases = [...this.aliases.values()].flatMap((byName) => [...byName.values()]);
    return aliases.flatMap(({ scope, targets }) =>
      targets.flatMap((target) => {
        const program = this.conditions.get(target);
        return program === undefined ? [] : [[scope, program] as const];
      }),
    );
  }

  /** Splits `provider/model` when the part before the first slash names a provider; model ids may hold slashes themselves. */
  split(model: string): { provider: string | null; model: string } {
    const slash = model.indexOf("/");
    if (slash <= 0) return { provider: null, model };
    const provider = model.slice(0, slash);
    if (!this.providers.has(provider) || slash === model.length - 1) return { provider: null, model };
    return this.placeOf(provider, model.slice(slash + 1));
  }

  /** The model of a provider by the one name that grants, keys and prices know it by. */
  placeOf(provider: string, model: string): { provider: string; model: string } {
    const folder = this.folders.get(provider);
    if (folder === undefined || !model.startsWith(folder) || model.length === folder.length) return { provider, model };
    return { provider, model: model.slice(folder.length) };
  }

  /** The alias of that name in the nearest of the caller's scopes. */
  alias(name: string, scopes: readonly string[]): ScopedAlias | undefined {
    for (const scope of scopes) {
      const found = this.aliases.get(scope)?.get(name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** All aliases that the scopes see, nearest first. */
  aliasesOf(scopes: readonly string[]): ScopedAlias[] {
    const seen = new Map<string, ScopedAlias>();
    for (const scope of scopes) {
      for (const [name, alias] of this.aliases.get(scope) ?? []) if (!seen.has(name)) seen.set(name, alias);
    }
    return [...seen.values()];
  }

  /** Names of the aliases that the scopes see and that are not hidden, nearest first. */
  aliasNames(scopes: readonly string[]): string[] {
    const seen = this.aliasesOf(scopes).filter(
      ({ name, isHidden }) => !isHidden && !this.hidden.hasAlias(name, scopes),
    );
    return seen.map(({ name }) => name);
  }

  /** Whether callers with these scopes may not reach the target by its own name: it stands behind an alias that hides it. */
  hides(target: Target, scopes: readonly string[]): boolean {
    return this.hidden.hasTarget(target, scopes);
  }

  /** As `resolve`, for a string that a caller wrote: what is hidden from it is not found. */
  asked(model: string, asking: Asking): Resolution {
    const { scopes } = asking.input;
    if (this.hidden.hasAlias(model, scopes)) return { ...plain([]), isHidden: true };
    const found = this.resolve(model, asking);
    return found.alias !== null || this.hidden.isEmpty ? found : this.withoutHidden(found, scopes);
  }

  private withoutHidden(found: Resolution, scopes: readonly string[]): Resolution {
    if (!found.targets.some((target) => this.hides(target, scopes))) return found;
    const targets = found.targets.filter((target) => !this.hides(target, scopes));
    return { ...found, targets, isHidden: targets.length === 0 };
  }

  /** Reads a model string: an alias, `provider/model`, or a bare model. No targets when nobody has it. */
  resolve(model: string, asking: Asking, depth = 0): Resolution {
    const { input } = asking;
    const alias = depth < MAX_ALIAS_DEPTH ? this.alias(model, input.scopes) : undefined;
    if (alias !== undefined) {
      const stated = alias.targets
        .filter((target) => this.holds(target, alias, asking.evaluation))
        .map((target) => this.choiceOf(target, alias.name, asking, depth + 1));
      const ranked = input.order(stated, alias.policy);
      const targets = ranked.flatMap((each) => each.targets);
      const within = ranked[0]?.via ?? NO_ALIASES;
      const via = within.length === 0 ? [alias.name] : [alias.name, ...within];
      const { name, fallbacks, attempts } = alias;
      return { targets, fallbacks, alias: name, attempts, ranked, policy: alias.policy.name, via };
    }
    const { provider, model: name } = this.split(model);
    return plain(provider === null ? this.bare(name, asking) : [{ provider, model: name }]);
  }

  private bare(model: string, { input }: Asking): Target[] {
    return input.providersOf(model).map((provider) => this.placeOf(provider, model));
  }

  private holds(target: WeightedTarget, alias: ScopedAlias, evaluation: Evaluation): boolean {
    const condition = this.conditions.get(target);
    if (condition === undefined) return true;
    const { provider, model = alias.name } = target;
    return evaluation.target(condition, alias, { provider, model });
  }

  /** A target that names no model is of the alias's own name. */
  private choiceOf(stated: WeightedTarget, name: string, asking: Asking, depth: number): Choice {
    const { provider, model, key, weight } = stated;
    if (provider !== undefined)
      return choice(weight, [{ ...this.placeOf(provider, model ?? name), ...(key !== undefined && { key }) }]);
    const found = model === undefined ? plain(this.bare(name, asking)) : this.resolve(model, asking, depth);
    const first = found.targets.slice(0, 1);
    const targets = key === undefined ? first : first.map((each) => ({ ...each, key }));
    return choice(weight, targets, found.via);
  }
}
