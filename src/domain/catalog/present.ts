import { UNKNOWN_MODEL, type CatalogModel } from "./catalog-model.ts";
import { SERVICES } from "./data.ts";
import { CAPABILITIES, type Capability, type ModelKind } from "./facts.ts";
import type { Price, Rates } from "./price.ts";

const PICO_PER_USD = 1e12;
const TOKENS = 1e6;

/** Rates as people read them: US dollars per million tokens, per thousand searches, per piece. */
export interface PresentedRates {
  input: number;
  cached_input: number;
  cache_write: number;
  cache_write_1h: number;
  output: number;
  reasoning: number;
  audio_input: number;
  audio_output: number;
  /** null: not known. */
  web_search_per_thousand: number | null;
  units: Record<string, number>;
}

/** A model as the API and the command line show it. */
export interface PresentedModel {
  /** `provider/model`. */
  id: string;
  provider: string;
  model: string;
  kind: ModelKind;
  context_window: number | null;
  max_output_tokens: number | null;
  /** null: not known. */
  capabilities: Capability[] | null;
  dimensions: number | null;
  /** ISO date from which the vendor does not serve it any more. */
  ends_on: string | null;
  successor: string | null;
  /** null: not known, which is never the same as free. */
  pricing: (PresentedRates & { tiers: object[]; services: Record<string, PresentedRates> }) | null;
}

/** A model of a provider; `known` null: the catalog has nothing about it. */
export function presentModel(
  provider: string,
  model: string,
  known: CatalogModel | null,
  price: Price | null,
): PresentedModel {
  const { kind, contextWindow, maxOutputTokens, can, dimensions, ends, successor } = known ?? UNKNOWN_MODEL;
  return {
    id: `${provider}/${model}`,
    provider,
    model,
    kind,
    context_window: contextWindow,
    max_output_tokens: maxOutputTokens,
    capabilities: can === null ? null : capabilitiesOf(can),
    dimensions,
    ends_on: ends,
    successor,
    pricing: price === null ? null : presentPrice(price),
  };
}

function capabilitiesOf(letters: string): Capability[] {
  const names = Object.keys(CAPABILITIES) as Capability[];
  return names.filter((name) => letters.includes(CAPABILITIES[name]));
}

function presentPrice(price: Price): NonNullable<PresentedModel["pricing"]> {
  const services = SERVICES.flatMap((service) => {
    const own = price.services?.[service];
    return own === undefined ? [] : [[service, presentRates(own.rates)] as const];
  });
  const tiers = price.tiers.map(({ above, rates }) => ({ above_input_tokens: above, ...presentRates(rates) }));
  return { ...presentRates(price.rates), tiers, services: Object.fromEntries(services) };
}

function presentRates(rates: Rates): PresentedRates {
  return {
    input: perMillion(rates.input),
    cached_input: perMillion(rates.cachedInput),
    cache_write: perMillion(rates.cacheWrite),
    cache_write_1h: perMillion(rates.cacheWrite1h),
    output: perMillion(rates.output),
    reasoning: perMillion(rates.reasoning),
    audio_input: perMillion(rates.audioInput),
    audio_output: perMillion(rates.audioOutput),
    web_search_per_thousand: rates.webSearch === null ? null : (rates.webSearch * 1000) / PICO_PER_USD,
    units: Object.fromEntries(Object.entries(rates.units).map(([unit, pico]) => [unit, pico / PICO_PER_USD])),
  };
}

function perMillion(pico: number): number {
  return (pico * TOKENS) / PICO_PER_USD;
}
