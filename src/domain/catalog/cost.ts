import type { Usage, UsageUnit } from "../../canonical/usage.ts";
import { SERVICES } from "./data.ts";
import type { Price, Rates } from "./price.ts";

const PICO_PER_NANO = 1000;

/**
 * The cost of a call in whole nano-dollars, rounded to the nearest. Every token is charged once: cached, written and audio
 * tokens at their own rates instead of the plain one. A search or unit without a known rate is left out: see `isPriced`.
 * `serviceTier` is the provider's word for the tier that served; one without rates of its own costs what the standard one does.
 */
export function costNano(price: Price, usage: Usage, serviceTier?: string): number {
  const rates = ratesFor(serviceOf(price, serviceTier), usage.inputTokens);
  const searches = rates.webSearchOnce ? Math.min(1, usage.webSearches) : usage.webSearches;
  const tokens = inputCost(rates, usage) + outputCost(rates, usage);
  const pico = tokens + unitCost(rates, usage) + searches * (rates.webSearch ?? 0) + rates.request;
  return Math.min(Math.round(pico / PICO_PER_NANO), Number.MAX_SAFE_INTEGER);
}

/** False when the call did something whose rate is not known: its cost is then unknown, not what `costNano` says. */
export function isPriced(price: Price, usage: Usage): boolean {
  const rates = ratesFor(price, usage.inputTokens);
  if (usage.webSearches > 0 && rates.webSearch === null) return false;
  if (rates.isByPiece && usage.units === undefined) return false;
  for (const unit in usage.units) {
    if ((usage.units[unit as UsageUnit] ?? 0) > 0 && rates.units[unit as UsageUnit] === undefined) return false;
  }
  return true;
}

function serviceOf(price: Price, tier: string | undefined): Price {
  if (tier === undefined || price.services === undefined) return price;
  const service = SERVICES.find((each) => each === tier);
  return (service === undefined ? undefined : price.services[service]) ?? price;
}

function unitCost(rates: Rates, { units }: Usage): number {
  let pico = 0;
  for (const unit in units) pico += (units[unit as UsageUnit] ?? 0) * (rates.units[unit as UsageUnit] ?? 0);
  return pico;
}

function ratesFor(price: Price, inputTokens: number): Rates {
  let { rates } = price;
  for (const tier of price.tiers) if (inputTokens > tier.above) rates = tier.rates;
  return rates;
}

function inputCost(rates: Rates, usage: Usage): number {
  let left = usage.inputTokens;
  const cached = Math.min(left, usage.cachedInputTokens);
  left -= cached;
  const written = Math.min(left, usage.cacheWriteTokens);
  left -= written;
  const written1h = Math.min(left, usage.cacheWrite1hTokens);
  left -= written1h;
  const audio = Math.min(left, usage.audioInputTokens);
  left -= audio;
  const image = Math.min(left, usage.imageInputTokens ?? 0);
  return (
    cached * rates.cachedInput +
    written * rates.cacheWrite +
    written1h * rates.cacheWrite1h +
    audio * rates.audioInput +
    image * rates.imageInput +
    (left - image) * rates.input
  );
}

function outputCost(rates: Rates, usage: Usage): number {
  let left = usage.outputTokens;
  const audio = Math.min(left, usage.audioOutputTokens);
  left -= audio;
  const image = Math.min(left, usage.imageOutputTokens ?? 0);
  left -= image;
  const reasoning = Math.min(left, usage.reasoningTokens);
  const special = audio * rates.audioOutput + image * rates.imageOutput + reasoning * rates.reasoning;
  return special + (left - reasoning) * rates.output;
}
