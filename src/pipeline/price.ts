import { overriddenPrice, type Price } from "../domain/catalog/index.ts";
import type { Target } from "../domain/route/data.ts";
import type { RequestContext } from "./context.ts";

/**
 * The price of a call to a target: what its caller is charged, else that of the provider key's account, else the provider's,
 * else the catalog's; null when nobody knows it. A target without a key is priced without one.
 */
export function priceOf(context: RequestContext, target: Target): Price | null {
  const { snapshot, caller } = context;
  const { provider, model } = target;
  const charged =
    caller === null ? null : overriddenPrice(snapshot.data.callerPrices, caller.data.name, `${provider}/${model}`);
  return charged ?? providerPriceOf(context, target);
}

/** What the provider takes for a call to a target, whatever its caller is charged. */
export function providerPriceOf({ snapshot, runtime, arrival }: RequestContext, target: Target): Price | null {
  const { prices, keyPrices } = snapshot.data;
  const { provider, model, key } = target;
  const own = key === undefined ? null : overriddenPrice(keyPrices, `${provider}/${key}`, model);
  return own ?? runtime.catalog.priceOf(provider, model, arrival.wall, prices);
}
