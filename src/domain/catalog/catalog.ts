import type { CatalogData, ModelRow } from "./data.ts";
import { SOURCE_NAMES } from "./names.ts";
import { outputLimitOf } from "./output-limits.ts";
import { overriddenPrice, type PriceOverrides } from "./overrides.ts";
import { decodePrice, priceAt, type DatedPrice, type Price } from "./price.ts";
import { SourceIndex } from "./source-index.ts";

/** What is known of a model. */
export interface CatalogModel {
  /** The catalog's own id of it, which may differ from the one asked for (a dated version, say). */
  id: string;
  /** Tokens; null when not known. */
  contextWindow: number | null;
  maxOutputTokens: number | null;
  /** Empty when not known. */
  prices: readonly DatedPrice[];
}

/** Longer texts are no model ids, and are not looked up. */
const MAX_ID_LENGTH = 256;
/** Answers remembered per provider; past it the memory starts anew, which bounds what strange names can hold. */
const MAX_REMEMBERED = 2000;

interface Place {
  index: SourceIndex;
  prefixes: readonly string[] | null;
  remembered: Map<string, CatalogModel | null>;
}

/** Models, their prices, and who has them. Answers are remembered: after the first look-up of a name it is one map access. */
export class Catalog {
  private readonly sources: Map<string, SourceIndex>;
  private readonly places = new Map<string, Place>();
  private readonly known = new WeakMap<ModelRow, CatalogModel>();
  private readonly holders = new Map<string, readonly string[]>();
  private readonly names: readonly string[];

  constructor(data: CatalogData) {
    this.sources = new Map(Object.entries(data.providers).map(([id, row]) => [id, new SourceIndex(row)]));
    this.names = providerNames([...this.sources.keys()]);
  }

  /** What is known of a provider's model, or null. Any text is safe. */
  findModel(provider: string, model: string): CatalogModel | null {
    const place = this.placeOf(provider);
    if (place === null || model.length > MAX_ID_LENGTH) return null;
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
    if (place === null) return [];
    return place.index.ids().filter((id) => isInside(place, normalId(id)));
  }

  private placeOf(provider: string): Place | null {
    const known = this.places.get(provider);
    if (known !== undefined) return known;
    const name = Object.hasOwn(SOURCE_NAMES, provider) ? SOURCE_NAMES[provider] : undefined;
    const index = this.sources.get(name?.source ?? provider);
    if (index === undefined) return null;
    const place: Place = { index, prefixes: name?.prefixes ?? null, remembered: new Map() };
    this.places.set(provider, place);
    return place;
  }

  private look(place: Place, id: string): CatalogModel | null {
    if (!isInside(place, id)) return null;
    const row = this.rowOf(place.index, id);
    if (row !== null) return this.modelOf(row);
    const limit = place.index.isHomeOf(id) ? outputLimitOf(id) : null;
    return limit === null ? null : { id, contextWindow: null, maxOutputTokens: limit, prices: [] };
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

  private modelOf(row: ModelRow): CatalogModel {
    const known = this.known.get(row);
    if (known !== undefined) return known;
    const made: CatalogModel = {
      id: row.id,
      contextWindow: row.context ?? null,
      maxOutputTokens: outputLimitOf(row.id.toLowerCase()),
      prices: (row.prices ?? []).map(decodePrice),
    };
    this.known.set(row, made);
    return made;
  }

  private holdersOf(id: string): readonly string[] {
    const home: string[] = [];
    const others: string[] = [];
    const guessed: string[] = [];
    for (const name of this.names) {
      const place = this.placeOf(name);
      if (place === null || !isInside(place, id)) continue;
      const isHome = place.index.isHomeOf(id);
      if (findDated(place.index, id) !== null) (isHome ? home : others).push(name);
      else if (isHome) guessed.push(name);
    }
    return [...home, ...others, ...guessed];
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
