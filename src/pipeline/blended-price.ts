import type { Target } from "../domain/route/data.ts";
import type { RequestContext } from "./context.ts";
import { priceOf } from "./price.ts";

const PICO_PER_USD_A_MILLION = 1e6;

/** US dollars per million tokens; null: nobody knows. */
export function usdOf(context: RequestContext, target: Target): { input: number; output: number } | null {
  const price = priceOf(context, target);
  if (price === null) return null;
  const { input, output } = price.rates;
  return { input: input / PICO_PER_USD_A_MILLION, output: output / PICO_PER_USD_A_MILLION };
}

/** One figure to compare prices by: most calls read about three times what they write. Null: unknown. */
export function blendedPrice(context: RequestContext, target: Target): number | null {
  const price = usdOf(context, target);
  return price === null ? null : price.input * 3 + price.output;
}
