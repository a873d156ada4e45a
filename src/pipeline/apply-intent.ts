import { GatewayError } from "../canonical/errors.ts";
import type { LeftOutReason } from "../canonical/names.ts";
import { latencyOf } from "../domain/balance/policies/latency.ts";
import type { IntentTarget, RoutingIntent } from "../domain/intent/intent.ts";
import type { Target, WeightedTarget } from "../domain/route/data.ts";
import type { RequestContext } from "./context.ts";
import { blendedPrice, usdOf } from "./blended-price.ts";
import { readTarget } from "./rank-targets.ts";
import type { Snapshot } from "./snapshot.ts";

/** The model string that the request asks for, with the provider that an extension names for a bare one. */
export function intendedModel(context: RequestContext, model: string): string {
  const { intent, snapshot } = context;
  if (intent === null || intent.provider === null) return model;
  if (snapshot.router.resolver.split(model).provider !== null) return model;
  const provider = snapshot.providerNamed(intent.provider);
  if (provider === undefined) {
    const text = `provider ${JSON.stringify(intent.provider.slice(0, 200))} is not configured`;
    throw new GatewayError("model_not_found", text, { param: "provider" });
  }
  return `${provider}/${model}`;
}

/** Places of an intent in the router's terms; a bare model string stays one. */
export function routeTargets(snapshot: Snapshot, targets: readonly IntentTarget[]): (string | WeightedTarget)[] {
  return targets.map((target) => {
    const { model, provider, key } = target;
    if (model !== undefined && provider === undefined && key === undefined) return model;
    return weighted(snapshot, target);
  });
}

/** The same where each has a weight. */
export function weightedTargets(snapshot: Snapshot, targets: readonly IntentTarget[]): WeightedTarget[] {
  return targets.map((target) => weighted(snapshot, target));
}

function weighted(snapshot: Snapshot, { provider, ...target }: IntentTarget): WeightedTarget {
  if (provider === undefined) return target;
  return { ...target, provider: snapshot.providerNamed(provider) ?? provider };
}

/** Why the request itself wants none of a target; null: it may serve. */
export function intentRefusal(context: RequestContext, intent: RoutingIntent, target: Target): LeftOutReason | null {
  const isNamed = (names: readonly string[]): boolean =>
    names.some((name) => context.snapshot.providerNamed(name) === target.provider);
  if (decidesItself(context, intent, target)) return null;
  if (intent.only !== null && !isNamed(intent.only)) return "not_among_allowed";
  if (intent.ignore.length > 0 && isNamed(intent.ignore)) return "ruled_out_by_request";
  return intent.maxPrice === null ? null : priceRefusal(context, intent.maxPrice, target);
}

/**
 * Whether the model that was asked for names the target's provider, and that one has the extension itself: the names and
 * prices in it are then of that gateway's own providers.
 */
function decidesItself({ call, snapshot }: RequestContext, { taken }: RoutingIntent, { provider }: Target): boolean {
  const extensions = snapshot.providers.get(provider)?.data.manifest.extensions ?? [];
  if (!taken.some(({ gateway }) => extensions.includes(gateway))) return false;
  return snapshot.router.resolver.split(call.model).provider === provider;
}

function priceRefusal(
  context: RequestContext,
  most: NonNullable<RoutingIntent["maxPrice"]>,
  target: Target,
): LeftOutReason | null {
  const price = usdOf(context, target);
  if (price === null) return "price_unknown";
  if (most.input !== undefined && price.input > most.input) return "input_price_too_high";
  return most.output !== undefined && price.output > most.output ? "output_price_too_high" : null;
}

/** The targets in the order that the request wants: named providers first, the rest as it sorts them. */
export function orderByIntent(context: RequestContext, intent: RoutingIntent, targets: readonly Target[]): Target[] {
  const { snapshot } = context;
  const places = new Map(intent.order.map((name, at) => [snapshot.providerNamed(name), at]));
  const place = ({ provider }: Target): number => places.get(provider) ?? places.size;
  const sorted = intent.sort === null ? [...targets] : sortTargets(context, intent.sort, targets);
  sorted.sort((one, other) => place(one) - place(other));
  const kept = intent.allowFallbacks ? sorted : sorted.slice(0, 1);
  return intent.key === null ? kept : kept.map((target) => withKey(context, target, intent.key ?? ""));
}

/** What a request may have its targets sorted by, lowest first. What was not measured yet comes first, unknown prices come last. */
const SORT_COSTS: Record<
  NonNullable<RoutingIntent["sort"]>,
  (context: RequestContext, target: Target) => number | null
> = {
  price: blendedPrice,
  latency: (context, target) => latencyOf(readTarget(context, target), context.call.stream) ?? 0,
  throughput: (context, target) => readTarget(context, target).perToken?.peak ?? 0,
};

function sortTargets(
  context: RequestContext,
  sort: NonNullable<RoutingIntent["sort"]>,
  targets: readonly Target[],
): Target[] {
  const costs = new Map(targets.map((target) => [target, SORT_COSTS[sort](context, target) ?? Number.MAX_VALUE]));
  return targets.toSorted((one, other) => (costs.get(one) ?? 0) - (costs.get(other) ?? 0));
}

function withKey(context: RequestContext, target: Target, key: string): Target {
  const provider = context.snapshot.providers.get(target.provider);
  return provider?.keys.some(({ data }) => data.name === key) === true ? { ...target, key } : target;
}
