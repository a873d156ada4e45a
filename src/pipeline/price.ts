import { overriddenPrice, type Price } from "../domain/catalog/index.ts";
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
  const { provider, model } = target;
  const { runtime, arrival } = context;
  return statedPrice(context, target) ?? runtime.catalog.priceOf(provider, model, arrival.wall);
}

/** The price of `priceOf` as far as the configuration says it; null: it does not. */
export function configuredPrice(context: RequestContext, target: Target): Price | null {
  return callerPriceOf(context, target) ?? statedPrice(context, target);
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
