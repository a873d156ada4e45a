import type { UsageUnit } from "../../canonical/usage.ts";
import type { PriceRow, RatesRow, Service } from "./data.ts";

/** Pico-dollars (10⁻¹² US dollars), whole numbers: per token, per search, per call. */
export interface Rates {
  input: number;
  cachedInput: number;
  cacheWrite: number;
  cacheWrite1h: number;
  output: number;
  reasoning: number;
  audioInput: number;
  audioOutput: number;
  imageInput: number;
  imageOutput: number;
  /** null: not known. */
  webSearch: number | null;
  /** True when a call pays `webSearch` once, however often it searches. */
  webSearchOnce: boolean;
  request: number;
  /** By the piece; a unit that is absent has no known rate. */
  units: Readonly<Partial<Record<UsageUnit, number>>>;
  /** Tokens have no rate: the cost is told by pieces alone. */
  isByPiece: boolean;
}

/** A price at one moment. */
export interface Price {
  rates: Rates;
  /** By rising `above`: a call with more input tokens than that pays these rates for all of it. */
  tiers: readonly { above: number; rates: Rates }[];
  /** What calls of other service tiers pay. */
  services?: Readonly<Partial<Record<Service, Price>>>;
}

/** A price and when it holds. */
export interface DatedPrice {
  price: Price;
  /** Unix milliseconds. */
  from: number | null;
  /** Milliseconds of the UTC day: from the first up to, not including, the second; may wrap around midnight. */
  daily: readonly [number, number] | null;
}

const DAY_MS = 86_400_000;
const PICO_PER_USD = 1e12;
const PICO_PER_USD_A_MILLION = 1e6;
const PICO_PER_USD_A_THOUSAND = 1e9;

const perToken = (usd: number): number => Math.round(usd * PICO_PER_USD_A_MILLION);
const perPiece = (usd: number): number => Math.round(usd * PICO_PER_USD);
const perCall = (usd: number): number => Math.round(usd * PICO_PER_USD_A_THOUSAND);

/**
 * Rates from US dollars. A kind without a rate of its own costs what its whole costs (cached and written input as input,
 * one-hour writes as writes, reasoning as output, audio as text), never nothing.
 */
export function decodeRates(row: RatesRow): Rates {
  const output = row.output ?? 0;
  const cacheWrite = row.cache_write ?? row.input;
  const searchIncluded = row.request_per_thousand === undefined ? null : 0;
  const search = row.web_search_per_thousand;
  return {
    input: perToken(row.input),
    cachedInput: perToken(row.cached_input ?? row.input),
    cacheWrite: perToken(cacheWrite),
    cacheWrite1h: perToken(row.cache_write_1h ?? cacheWrite),
    output: perToken(output),
    reasoning: perToken(row.reasoning ?? output),
    ...mediaRates(row, output),
    webSearch: search === undefined ? searchIncluded : perCall(search),
    webSearchOnce: row.web_search_per_call === true,
    request: perCall(row.request_per_thousand ?? 0),
    isByPiece: row.units !== undefined && row.input === 0 && output === 0,
    units: Object.fromEntries(Object.entries(row.units ?? {}).map(([unit, usd]) => [unit, perPiece(usd)])),
  };
}

/** Media within tokens. */
function mediaRates(
  row: RatesRow,
  output: number,
): Pick<Rates, "audioInput" | "audioOutput" | "imageInput" | "imageOutput"> {
  return {
    audioInput: perToken(row.audio_input ?? row.input),
    audioOutput: perToken(row.audio_output ?? output),
    imageInput: perToken(row.image_input ?? row.input),
    imageOutput: perToken(row.image_output ?? output),
  };
}

/** A price and its condition from a row of the data. */
export function decodePrice(row: PriceRow): DatedPrice {
  return {
    price: plainPrice(row),
    from: row.from === undefined ? null : Date.parse(row.from),
    daily: row.daily === undefined ? null : [row.daily[0] * 1000, row.daily[1] * 1000],
  };
}

function plainPrice(row: PriceRow): Price {
  const tiers = (row.tiers ?? []).map(({ above, rates }) => ({ above, rates: decodeRates(rates) }));
  return { rates: decodeRates(row.rates), tiers };
}

/** The price that holds at `at` (Unix milliseconds): the last whose condition is met; null when there is none. */
export function priceAt(prices: readonly DatedPrice[], at: number): Price | null {
  for (let index = prices.length - 1; index >= 0; index -= 1) {
    const dated = prices[index];
    if (dated !== undefined && holds(dated, at)) return dated.price;
  }
  return prices[0]?.price ?? null;
}

function holds(dated: DatedPrice, at: number): boolean {
  if (dated.from !== null) return at >= dated.from;
  if (dated.daily === null) return true;
  const [start, end] = dated.daily;
  const time = at % DAY_MS;
  return end < start ? time >= start || time < end : time >= start && time < end;
}
