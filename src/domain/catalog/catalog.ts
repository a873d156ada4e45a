import type { CatalogData, ModelRow } from "./data.ts";
import { modelOf, UNKNOWN_MODEL, type CatalogModel } from "./catalog-model.ts";
import { FactIndex, type FactsData } from "./facts.ts";
import { SOURCE_NAMES } from "./names.ts";
import { outputLimitOf } from "./output-limits.ts";
import { overriddenPrice, type PriceOverrides } from "./overrides.ts";
import { priceAt, type Price } from "./price.ts";
import { SourceIndex } from "./source-index.ts";

/** Longer texts are no model ids, and are not looked up. */
const MAX_ID_LENGTH = 256;
/** Answers remembered per provider; past it the memory starts anew, which bounds what strange names can hold. */
const MAX_REMEMBERED = 2000;

interface Place {
  /** Our name of the provider. */
  name: string;
  /** Null: only facts are known of it. */
  index: SourceIndex | null;
  prefixes: readonly string[] | null;
  remembered: Map<string, CatalogModel | null>;
}

/** Models, their prices, and who has them. Answers are remembered: after the first look-up of a name it is one map access. */
export class Catalog {
  private readonly sources: Map<string, SourceIndex>;
  private readonly places = new Map<string, Place>();
  private readonly holders = new Map<string, readonly string[]>();
  private readonly names: readonly string[];
  private readonly facts: FactIndex;
  /** Facts that the operator had fetched: newer than what came with the program. */
  private refreshed: FactIndex | null = null;

  constructor(data: CatalogData, facts: FactsData) {
    this.sources = new Map(Object.entries(data.providers).map(([id, row]) => [id, new SourceIndex(row)]));
    this.names = providerNames([...this.sources.keys()]);
    this.facts = new FactIndex(facts);
  }

  /** Puts newer facts, prices included, above what came with the program; null takes them away. */
  refresh(facts: FactsData | null): void {
    this.refreshed = facts === null ? null : new FactIndex(facts);
    this.places.clear();
    this.holders.clear();
  }

  /** What is known of a provider's model, or null. Any text is safe. */
  findModel(provider: string, model: string): CatalogModel | null {
    if (model.length > MAX_ID_LENGTH) return null;
    const place = this.placeOf(provider);
    const known = place.remembered.get(model);
    if (known !== undefined) return known;
    const found = this.look(place, normalId(model));
    if (place.remembered.size >= MAX_REMEMBERED) place.remembered.clear();
    place.remembered.set(model, found);
    return found;
  }

  /** The price of a model at a moment (Unix milliseconds): the operator's, else the catalog's; null when unknown. */
  priceOf(provider: string, model: string, at: number, overrides?: PriceOverrides): Price | null {
    const own = overrides === undefined ? null : overriddenPrice(overrides, provider, model);
    if (own !== null) return own;
    const found = this.findModel(provider, model);
    return found === null ? null : priceAt(found.prices, at);
  }

  /**
   * Providers that have a model, by their names in the config: the vendor whose own model it is first, then others that are
   * known to have it, by name; last the vendor whose own it seems to be by its name alone, as with models newer than the catalog.
   */
  providersOf(model: string): readonly string[] {
    if (model.length > MAX_ID_LENGTH) return [];
    const known = this.holders.get(model);
    if (known !== undefined) return known;
    const found = this.holdersOf(normalId(model));
    if (this.holders.size >= MAX_REMEMBERED) this.holders.clear();
    this.holders.set(model, found);
    return found;
  }

  /** Ids of the models that a provider is known to have. */
  modelsOf(provider: string): readonly string[] {
    const place = this.placeOf(provider);
    const priced = (place.index?.ids() ?? []).filter((id) => isInside(place, normalId(id)));
    if (priced.length > 0) return priced;
    return this.refreshed?.ids(provider) ?? this.facts.ids(provider);
  }

  private placeOf(provider: string): Place {
    const known = this.places.get(provider);
    if (known !== undefined) return known;
    const name = Object.hasOwn(SOURCE_NAMES, provider) ? SOURCE_NAMES[provider] : undefined;
    const index = this.sources.get(name?.source ?? provider) ?? null;
    const place: Place = { name: provider, index, prefixes: name?.prefixes ?? null, remembered: new Map() };
    if (this.places.size < MAX_REMEMBERED) this.places.set(provider, place);
    return place;
  }

  private look(place: Place, id: string): CatalogModel | null {
    const { index, name } = place;
    const row = index === null || !isInside(place, id) ? null : this.rowOf(index, id);
    const newer = this.refreshed?.find(name, id) ?? null;
    const facts = this.facts.find(name, id);
    if (row !== null || newer !== null || facts !== null) return modelOf(id, row, newer, facts);
    const limit = index?.isHomeOf(id) === true && isInside(place, id) ? outputLimitOf(id) : null;
    return limit === null ? null : { ...UNKNOWN_MODEL, id, maxOutputTokens: limit };
  }

  /** A vendor that resells others' models has their prices where it does not list its own. */
  private rowOf(index: SourceIndex, id: string): ModelRow | null {
    const own = findDated(index, id);
    if (own !== null) return own;
    for (const fallback of index.fallbacks) {
      const source = this.sources.get(fallback);
      const found = source === undefined ? null : findDated(source, id);
      if (found !== null) return found;
    }
    return null;
  }

  private holdersOf(id: string): readonly string[] {
    const home: string[] = [];
    const others: string[] = [];
    const guessed: string[] = [];
    for (const name of this.names) {
      const place = this.placeOf(name);
      if (place.index === null || !isInside(place, id)) continue;
      const isHome = place.index.isHomeOf(id);
      if (findDated(place.index, id) !== null) (isHome ? home : others).push(name);
      else if (isHome) guessed.push(name);
    }
    const listed = [...(this.refreshed?.providersOf(id) ?? []), ...this.facts.providersOf(id)].toSorted();
    return [...new Set([...home, ...others, ...listed, ...guessed])];
  }
}

/** Our names of all places in the catalog, sorted. A source that goes by a name of ours answers to its own too. */
function providerNames(sources: readonly string[]): readonly string[] {
  return [...new Set([...Object.keys(SOURCE_NAMES), ...sources])].toSorted();
}

function isInside(place: Place, id: string): boolean {
  return place.prefixes === null || place.prefixes.some((prefix) => id.startsWith(prefix));
}

function normalId(model: string): string {
  return model.trim().toLowerCase();
}

/** Tries an id as it stands, then with a compact date (`-20250101`) spelled out (`-2025-01-01`), as some resellers write it. */
function findDated(index: SourceIndex, id: string): ModelRow | null {
  const found = index.find(id);
  if (found !== null) return found;
  const dated = id.replace(/-(20\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=-|:|$)/g, "-$1-$2-$3");
  return dated === id ? null : index.find(dated);
}
