import type { Usage } from "../canonical/usage.ts";
import { costNano, isPriced, overriddenPrice, statedCostNano, type Price } from "../domain/catalog/index.ts";
import type { Target } from "../domain/route/data.ts";
import type { RequestContext } from "./context.ts";

/**
 * The price of a call to a target: what its caller is charged, else that of the provider key's account, else the provider's,
 * else the catalog's; null when nobody knows it. A target without a key is priced without one.
 */
export function priceOf(context: RequestContext, target: Target): Price | null {
  return callerPriceOf(context, target) ?? providerPriceOf(context, target);
}

/** What the provider takes for a call to a target, whatever its caller is charged. */
export function providerPriceOf(context: RequestContext, target: Target): Price | null {
  return statedPrice(context, target) ?? catalogPrice(context, target);
}

function catalogPrice({ runtime, arrival }: RequestContext, { provider, model }: Target): Price | null {
  return runtime.catalog.priceOf(provider, model, arrival.wall);
}

/** What the caller is charged for what a call has used, nano-dollars; null when nobody knows. */
export function chargedCost(context: RequestContext, target: Target, usage: Usage): number | null {
  const own = callerPriceOf(context, target);
  return own === null ? takenCost(context, target, usage) : costAt(context, own, usage);
}

/**
 * What the provider takes for what a call has used, nano-dollars: by the price that the operator has set, else what the provider
 * says itself, else by the catalog's price; null when nobody knows.
 */
export function takenCost(context: RequestContext, target: Target, usage: Usage): number | null {
  const set = statedPrice(context, target);
  if (set !== null) return costAt(context, set, usage);
  const how = context.snapshot.providers.get(target.provider)?.data.manifest.statedCost;
  const said = how === undefined || context.error !== null ? null : statedCostNano(how, usage);
  return said ?? costAt(context, catalogPrice(context, target), usage);
}

function costAt({ serviceTier }: RequestContext, price: Price | null, usage: Usage): number | null {
  if (price === null || !isPriced(price, usage)) return null;
  return costNano(price, usage, serviceTier ?? undefined);
}

function callerPriceOf({ snapshot, caller }: RequestContext, { provider, model }: Target): Price | null {
  if (caller === null) return null;
  return overriddenPrice(snapshot.data.callerPrices, caller.data.name, `${provider}/${model}`);
}

/** What the configuration says that the provider takes. */
function statedPrice({ snapshot }: RequestContext, target: Target): Price | null {
  const { prices, keyPrices } = snapshot.data;
  const { provider, model, key } = target;
  const own = key === undefined ? null : overriddenPrice(keyPrices, `${provider}/${key}`, model);
  return own ?? overriddenPrice(prices, provider, model);
}
