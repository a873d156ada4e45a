import type { Target } from "./data.ts";
import type { ModelResolver, ScopedAlias } from "./resolve.ts";

/** What callers of some scopes neither see nor reach by name. */
interface Hidden {
  aliases: Set<string>;
  /** `provider/model`, or the model alone: of every provider. */
  targets: Set<string>;
}

const NOTHING: Hidden = { aliases: new Set(), targets: new Set() };

/** Names that stand behind aliases with `hide_targets`, worked out once for each list of scopes. */
export class HiddenNames {
  /** No alias hides anything. */
  readonly isEmpty: boolean;
  private readonly resolver: ModelResolver;
  private readonly known = new WeakMap<readonly string[], Hidden>();

  constructor(resolver: ModelResolver, hasAny: boolean) {
    this.resolver = resolver;
    this.isEmpty = !hasAny;
  }

  hasAlias(name: string, scopes: readonly string[]): boolean {
    return !this.isEmpty && this.from(scopes).aliases.has(name);
  }

  hasTarget({ provider, model }: Target, scopes: readonly string[]): boolean {
    if (this.isEmpty) return false;
    const { targets } = this.from(scopes);
    return targets.has(`${provider}/${model}`) || targets.has(model);
  }

  private from(scopes: readonly string[]): Hidden {
    const known = this.known.get(scopes);
    if (known !== undefined) return known;
    const hiding = this.resolver.aliasesOf(scopes).filter(({ hidesTargets }) => hidesTargets);
    const found = hiding.length === 0 ? NOTHING : { aliases: new Set<string>(), targets: new Set<string>() };
    for (const alias of hiding) this.hide(alias, scopes, found);
    this.known.set(scopes, found);
    return found;
  }

  /** An alias among the targets is hidden itself, and what it leads to. */
  private hide(alias: ScopedAlias, scopes: readonly string[], into: Hidden): void {
    for (const { provider, model } of alias.targets) {
      const name = model ?? alias.name;
      const inner = provider === undefined && model !== undefined ? this.resolver.alias(model, scopes) : undefined;
      if (provider !== undefined) into.targets.add(`${provider}/${this.resolver.placeOf(provider, name).model}`);
      else if (inner === undefined) into.targets.add(name);
      else if (!into.aliases.has(name)) {
        into.aliases.add(name);
        this.hide(inner, scopes, into);
      }
    }
  }
}
