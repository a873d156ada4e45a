import type { ModelRow } from "./data.ts";
import type { FactRow, ModelKind } from "./facts.ts";
import { outputLimitOf } from "./output-limits.ts";
import { decodePrice, type DatedPrice, type Price } from "./price.ts";
import { servicePrice } from "./service-price.ts";

/** What is known of a model. */
export interface CatalogModel {
  /** The catalog's own id of it, which may differ from the one asked for (a dated version, say). */
  id: string;
  /** Tokens; null when not known. */
  contextWindow: number | null;
  maxOutputTokens: number | null;
  /** Empty when not known. */
  prices: readonly DatedPrice[];
  kind: ModelKind;
  /** Letters of `CAPABILITIES`; null when not known. */
  can: string | null;
  /** ISO date from which the vendor does not serve it any more; null when none is known. */
  ends: string | null;
  successor: string | null;
  /** Length of its vectors; null when not known. */
  dimensions: number | null;
}

/** A model of which nothing is known. */
export const UNKNOWN_MODEL: CatalogModel = {
  id: "",
  contextWindow: null,
  maxOutputTokens: null,
  prices: [],
  kind: "chat",
  can: null,
  ends: null,
  successor: null,
  dimensions: null,
};

/** What the sources say together: of each thing the newest that says it. */
export function modelOf(id: string, row: ModelRow | null, newer: FactRow | null, facts: FactRow | null): CatalogModel {
  const [first] = [row?.id, newer?.id, facts?.id].filter((each) => each !== undefined);
  const name = first ?? id;
  const contexts = [newer?.context, row?.context, facts?.context];
  const outputs = [newer?.output, outputLimitOf(name.toLowerCase()), facts?.output];
  return {
    ...factsOf(newer ?? facts),
    id: name,
    contextWindow: firstOf(contexts),
    maxOutputTokens: firstOf(outputs),
    prices: pricesOf(row, newer, facts),
  };
}

function firstOf(values: readonly (number | null | undefined)[]): number | null {
  return values.find((value) => typeof value === "number") ?? null;
}

function factsOf(facts: FactRow | null): CatalogModel {
  if (facts === null) return UNKNOWN_MODEL;
  const { kind = "chat", can = null, ends = null, successor = null, dimensions = null } = facts;
  return { ...UNKNOWN_MODEL, kind, can, ends, successor, dimensions };
}

function pricesOf(row: ModelRow | null, newer: FactRow | null, facts: FactRow | null): DatedPrice[] {
  if (newer?.price !== undefined) return [withServices(decodePrice(newer.price), newer)];
  if (row?.prices !== undefined) return row.prices.map((price) => withServices(decodePrice(price), facts));
  return facts?.price === undefined ? [] : [withServices(decodePrice(facts.price), facts)];
}

/** Rates of other service tiers and units belong to a price only where their source agrees about its input. */
function withServices(dated: DatedPrice, facts: FactRow | null): DatedPrice {
  if (facts?.price === undefined) return dated;
  const own = decodePrice(facts.price).price.rates;
  const { price } = dated;
  if (own.input !== price.rates.input) return dated;
  const rates = { ...price.rates, units: { ...own.units, ...price.rates.units } };
  const standard = { ...price, rates };
  return { ...dated, price: { ...standard, ...servicesOf(facts, standard) } };
}

function servicesOf({ services }: FactRow, standard: Price): Pick<Price, "services"> {
  if (services === undefined) return {};
  const rows = Object.entries(services);
  return { services: Object.fromEntries(rows.map(([name, row]) => [name, servicePrice(row, standard)])) };
}
