import type { Usage } from "../../canonical/usage.ts";
import type { Price, Rates } from "./price.ts";

const PICO_PER_NANO = 1000;

/**
 * The cost of a call in whole nano-dollars, rounded to the nearest. Every token is charged once: cached, written and audio
 * tokens at their own rates instead of the plain one. A search without a known rate is left out: see `isPriced`.
 */
export function costNano(price: Price, usage: Usage): number {
  const rates = ratesFor(price, usage.inputTokens);
  const searches = rates.webSearchOnce ? Math.min(1, usage.webSearches) : usage.webSearches;
  const pico = inputCost(rates, usage) + outputCost(rates, usage) + searches * (rates.webSearch ?? 0) + rates.request;
  return Math.min(Math.round(pico / PICO_PER_NANO), Number.MAX_SAFE_INTEGER);
}

/** False when the call did something whose rate is not known: its cost is then unknown, not what `costNano` says. */
export function isPriced(price: Price, usage: Usage): boolean {
  if (usage.units !== undefined && usage.inputTokens + usage.outputTokens === 0) return false;
  return usage.webSearches === 0 || ratesFor(price, usage.inputTokens).webSearch !== null;
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
  return (
    cached * rates.cachedInput +
    written * rates.cacheWrite +
    written1h * rates.cacheWrite1h +
    audio * rates.audioInput +
    (left - audio) * rates.input
  );
}

function outputCost(rates: Rates, usage: Usage): number {
  let left = usage.outputTokens;
  const audio = Math.min(left, usage.audioOutputTokens);
  left -= audio;
  const reasoning = Math.min(left, usage.reasoningTokens);
  return audio * rates.audioOutput + reasoning * rates.reasoning + (left - reasoning) * rates.output;
}
