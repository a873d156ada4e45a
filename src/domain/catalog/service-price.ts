import type { UsageUnit } from "../../canonical/usage.ts";
import type { PriceRow, RatesRow } from "./data.ts";
import { decodeRates, type Price, type Rates } from "./price.ts";

/** What of rates costs more or less together with the input, and what with the output, by the field that states it. */
const WITH_INPUT = {
  cachedInput: "cached_input",
  cacheWrite: "cache_write",
  cacheWrite1h: "cache_write_1h",
  audioInput: "audio_input",
  imageInput: "image_input",
} as const satisfies Partial<Record<keyof Rates, keyof RatesRow>>;
const WITH_OUTPUT = {
  output: "output",
  reasoning: "reasoning",
  audioOutput: "audio_output",
  imageOutput: "image_output",
} as const satisfies Partial<Record<keyof Rates, keyof RatesRow>>;

/** How many times as much as the standard tier. */
interface Factors {
  input: number;
  output: number;
}

/**
 * The price of a service tier. Its source states little more than input and output: what is missing costs as many times as much as
 * at the standard tier as they do, and searches what they cost there. It never costs nothing, nor what plain text costs.
 */
export function servicePrice(row: PriceRow, standard: Price): Price {
  const factors = factorsOf(row.rates, standard.rates);
  const tiers = row.tiers?.map(({ above, rates }) => {
    const own = standard.tiers.find((tier) => tier.above === above)?.rates ?? standard.rates;
    return { above, rates: serviceRates(rates, own, factorsOf(rates, own)) };
  });
  return {
    rates: serviceRates(row.rates, standard.rates, factors),
    tiers: tiers ?? standard.tiers.map(({ above, rates }) => ({ above, rates: scaled(rates, factors) })),
  };
}

function factorsOf({ input, output }: RatesRow, standard: Rates): Factors {
  const own = decodeRates({ input, output: output ?? 0 });
  const byInput = standard.input > 0 ? own.input / standard.input : 1;
  return { input: byInput, output: own.output > 0 && standard.output > 0 ? own.output / standard.output : byInput };
}

function serviceRates(row: RatesRow, standard: Rates, factors: Factors): Rates {
  const own = decodeRates(row);
  const rates = { ...scaled(standard, factors), input: own.input };
  const names = Object.entries({ ...WITH_INPUT, ...WITH_OUTPUT }) as [keyof typeof WITH_INPUT, keyof RatesRow][];
  for (const [name, field] of names) if (row[field] !== undefined) rates[name] = own[name];
  if (row.web_search_per_thousand !== undefined) rates.webSearch = own.webSearch;
  if (row.request_per_thousand !== undefined) rates.request = own.request;
  return { ...rates, units: { ...rates.units, ...own.units } };
}

function scaled(rates: Rates, { input, output }: Factors): Rates {
  const result = { ...rates, input: Math.round(rates.input * input), units: scaledUnits(rates.units, input) };
  for (const name of Object.keys(WITH_INPUT) as (keyof typeof WITH_INPUT)[])
    result[name] = Math.round(rates[name] * input);
  for (const name of Object.keys(WITH_OUTPUT) as (keyof typeof WITH_OUTPUT)[])
    result[name] = Math.round(rates[name] * output);
  return result;
}

function scaledUnits(units: Rates["units"], factor: number): Rates["units"] {
  const all = Object.entries(units) as [UsageUnit, number][];
  return Object.fromEntries(all.map(([unit, rate]) => [unit, Math.round(rate * factor)]));
}
