import type { Catalog } from "../domain/catalog/index.ts";
import type { SnapshotProvider } from "./snapshot-data.ts";

const MAX_CACHED = 10_000;

/** Which of the configured providers serves a bare model name. */
export class ModelIndex {
  private readonly providers: readonly SnapshotProvider[];
  private readonly catalog: Catalog;
  private readonly declared = new Map<string, string[]>();
  private readonly cache = new Map<string, readonly string[]>();
  private live: ReadonlyMap<string, readonly string[]> = new Map();

  constructor(providers: readonly SnapshotProvider[], catalog: Catalog) {
    this.providers = providers;
    this.catalog = catalog;
    for (const provider of providers) {
      for (const model of declaredModels(provider)) {
        const known = this.declared.get(model);
        if (known === undefined) this.declared.set(model, [provider.name]);
        else if (!known.includes(provider.name)) known.push(provider.name);
      }
    }
  }

  /** Takes over what the providers' own model lists say. */
  setLive(live: ReadonlyMap<string, readonly string[]>): void {
    this.live = live;
    this.cache.clear();
  }

  /**
   * Providers for a bare model name, best first: those where it is declared, then those whose live list or catalog entry has
   * it. When nobody knows it and there is one provider only, that one.
   */
  providersOf(model: string): readonly string[] {
    const known = this.cache.get(model);
    if (known !== undefined) return known;
    const found = this.find(model);
    if (this.cache.size >= MAX_CACHED) this.cache.clear();
    this.cache.set(model, found);
    return found;
  }

  /** All models that a provider is known to have: declared, else from its live list, else from the catalog. */
  modelsOf(provider: SnapshotProvider): readonly string[] {
    const declared = declaredModels(provider);
    if (declared.length > 0) return declared;
    return this.live.get(provider.name) ?? this.catalog.modelsOf(provider.name);
  }

  private find(model: string): readonly string[] {
    const enabled = new Set(this.providers.map((provider) => provider.name));
    const names = new Set(this.declared.get(model));
    for (const provider of this.catalog.providersOf(model)) if (enabled.has(provider)) names.add(provider);
    for (const [provider, models] of this.live) if (models.includes(model)) names.add(provider);
    const only = this.providers.length === 1 ? this.providers[0] : undefined;
    if (names.size === 0 && only !== undefined) names.add(only.name);
    return [...names];
  }
}

/** Ids that the operator names: the provider's list, and what its keys are limited to, as far as those are no patterns. */
function declaredModels(provider: SnapshotProvider): string[] {
  const fromKeys = provider.keys.flatMap((key) => key.models.filter((model) => !model.includes("*")));
  return [...new Set([...provider.models, ...fromKeys])];
}
