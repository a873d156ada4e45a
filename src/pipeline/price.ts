import { overriddenPrice, type Price } from "../domain/catalog/index.ts";
import type { Target } from "../domain/route/data.ts";
import type { RequestContext } from "./context.ts";

/**
 * The price of a call to a target: what its caller is charged, else that of the provider key's account, else the provider's,
 * else the catalog's; null when nobody knows it. A target without a key is priced without one.
 */
export function priceOf(context: RequestContext, target: Target): Price | null {
  const { provider, model } = target;
  const { runtime, arrival } = context;
  return configuredPrice(context, target) ?? runtime.catalog.priceOf(provider, model, arrival.wall);
}

/** The same as far as the configuration says; null: it does not. */
export function configuredPrice({ snapshot, caller }: RequestContext, target: Target): Price | null {
  const { prices, keyPrices, callerPrices } = snapshot.data;
  const { provider, model, key } = target;
  const charged = caller === null ? null : overriddenPrice(callerPrices, caller.data.name, `${provider}/${model}`);
  if (charged !== null) return charged;
  const own = key === undefined ? null : overriddenPrice(keyPrices, `${provider}/${key}`, model);
  return own ?? overriddenPrice(prices, provider, model);
}
