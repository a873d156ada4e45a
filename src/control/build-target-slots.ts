import type { RouteData, WeightedTarget } from "../domain/route/data.ts";
import { ModelResolver } from "../domain/route/resolve.ts";
import type { SnapshotProvider } from "../pipeline/snapshot-data.ts";
import type { TargetSlots } from "./target-slots.ts";

/**
 * Places in the health of targets: of every target that the configuration names, and of each provider for the models that it
 * does not name. A bare model name may be served by any provider.
 */
export function buildTargetSlots(
  providers: readonly SnapshotProvider[],
  route: RouteData,
  slots: TargetSlots,
): Record<string, number> {
  const found: Record<string, number> = {};
  const add = (target: string): void => {
    found[target] ??= slots.slotOf(target);
  };
  for (const { name } of providers) add(`${name}/*`);
  for (const { name, models } of providers) for (const model of models) add(`${name}/${model}`);
  const resolver = new ModelResolver(route);
  for (const target of namedTargets(route)) for (const name of namesOf(target, route, resolver)) add(name);
  return found;
}

function namedTargets({ aliases, rules, experiments = [], fallbacks }: RouteData): Omit<WeightedTarget, "weight">[] {
  const named = Object.values(aliases).flat();
  // A target of an alias that names no model is of the alias's own name.
  const ofAliases = named.flatMap(({ name, targets }) => targets.map((target) => ({ model: name, ...target })));
  const others = [...rules, ...experiments.flatMap(({ arms }) => arms)];
  const chains = [fallbacks, ...[...named, ...others].map((group) => group.fallbacks)];
  return [...ofAliases, ...others.flatMap(({ targets }) => targets), ...chains.flat().map((model) => ({ model }))];
}

function namesOf(target: Omit<WeightedTarget, "weight">, route: RouteData, resolver: ModelResolver): string[] {
  const { model, key } = target;
  if (model === undefined) return [];
  const read = target.provider === undefined ? resolver.split(model) : { provider: target.provider, model };
  const providers = read.provider === null ? route.providers : [read.provider];
  return providers.map((provider) => `${provider}/${read.model}${key === undefined ? "" : `#${key}`}`);
}
