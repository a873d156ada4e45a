import { printPath, type Path } from "../path.ts";
import type { BudgetConfig, RateLimitConfig, VirtualKeyConfig } from "../schema/types.ts";
import type { CheckContext } from "./context.ts";

interface Limited {
  budgets: readonly BudgetConfig[];
  rate_limits: readonly RateLimitConfig[];
}

/** Limits of a virtual key with the name that they are counted under, and where they stand. */
interface Counted {
  scope: string;
  owner: Limited;
  path: Path;
}

/**
 * Limits of a virtual key are counted under its name, those that it has from elsewhere under its name, a slash and theirs. A name
 * that holds a slash may come to the same: then one would spend what another has.
 */
export function checkCounters(context: CheckContext): void {
  const places = new Map<string, string>();
  const names = new Set<string>();
  for (const [at, key] of context.config.governance.virtual_keys.entries()) {
    // Keys of the same name are told as such.
    if (names.size === names.add(key.name).size) continue;
    const all = countedOf(context, key, ["governance", "virtual_keys", at]);
    const counters = all.flatMap(({ scope, owner, path }) =>
      identitiesOf(owner).map((identity) => [`${scope} ${identity}`, printPath(path)] as const),
    );
    const taken = counters.map(([counter, place]) => placeOf(places, counter, place)).find((place) => place !== null);
    if (taken === undefined) continue;
    const message = `its limits would be counted together with those of ${taken}`;
    context.problem(["governance", "virtual_keys", at, "name"], message, "give one of them a name without a slash");
  }
}

/** Where the counter is in use already; null: it is not. */
function placeOf(places: Map<string, string>, counter: string, place: string): string | null {
  const known = places.get(counter);
  if (known === undefined) places.set(counter, place);
  return known === undefined || known === place ? null : known;
}

function countedOf({ config }: CheckContext, key: VirtualKeyConfig, path: Path): Counted[] {
  const profiles = config.governance.access_profiles;
  const at = profiles.findIndex(({ name }) => name === key.access_profile);
  const profile = profiles[at];
  const own = key.provider_configs.length > 0;
  const grants = own ? key.provider_configs : (profile?.provider_configs ?? []);
  const grantPath = own ? [...path, "provider_configs"] : ["governance", "access_profiles", at, "provider_configs"];
  const counted = grants.map((grant, index) => ({
    scope: `${key.name}/provider:${grant.provider}`,
    owner: grant,
    path: [...grantPath, index],
  }));
  const shared =
    profile === undefined
      ? []
      : [{ scope: `${key.name}/${profile.name}`, owner: profile, path: ["governance", "access_profiles", at] }];
  return [{ scope: key.name, owner: key, path }, ...shared, ...counted];
}

function identitiesOf({ budgets, rate_limits }: Limited): string[] {
  const money = budgets.map(({ period }) => `usd ${period.count}${period.unit}`);
  return [...money, ...rate_limits.map(({ metric, window }) => `${metric} ${window.count}${window.unit}`)];
}
