import { costNano, isPriced } from "../../domain/catalog/index.ts";
import type { Call } from "../call.ts";
import type { RequestContext } from "../context.ts";
import { priceOf } from "../price.ts";
import { isPlausible } from "../usage.ts";

/**
 * What a call that was given up is known to have cost, nano-dollars: what its provider had reported until then, input tokens
 * for the most part. Null: it had reported nothing, though it may bill something, or its price is unknown.
 */
export function lostCost(context: RequestContext, { target, key, earlyUsage }: Call): number | null {
  if (!isPlausible(earlyUsage)) return null;
  const price = priceOf(context, { ...target, key: key.data.name });
  return price !== null && isPriced(price, earlyUsage) ? costNano(price, earlyUsage) : null;
}
