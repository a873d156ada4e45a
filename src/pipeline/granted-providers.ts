import type { LeftOutReason } from "../canonical/names.ts";
import { drawnFirst } from "../domain/balance/weighted.ts";
import type { Target } from "../domain/route/data.ts";
import type { Grant } from "./caller.ts";
import type { RequestContext } from "./context.ts";
import { isUsedUp } from "./grant-limits.ts";
import { isResting } from "./target-turn.ts";

/** Providers that serve a bare model name, best first, and why some of them stand behind. */
export interface Granted {
  providers: readonly string[];
  behind: readonly { target: Target; reason: LeftOutReason }[];
}

/**
 * Providers that serve a bare model name for this caller: without a virtual key in the catalog's order, else one drawn by the weights
 * of its grants and behind it the others by descending weight. Those that cannot serve now take no part in the draw and come last.
 */
export function grantedProviders(context: RequestContext, model: string): Granted {
  const known = context.snapshot.models.providersOf(model);
  const grants = context.caller?.grants;
  if (grants === undefined) return { providers: known, behind: [] };
  const able = [...grants].filter(([name, grant]) => context.snapshot.providers.has(name) && grant.allowed.test(model));
  const having = able.filter(([name]) => known.includes(name));
  const usable = having.length > 0 || able.length !== 1 ? having : able;
  if (usable.length === 0) return { providers: known, behind: [] };
  if (usable.length === 1) return { providers: usable.map(([name]) => name), behind: [] };
  return drawn(context, model, usable);
}

function drawn(context: RequestContext, model: string, usable: readonly (readonly [string, Grant])[]): Granted {
  const ready: { name: string; weight: number }[] = [];
  const behind: { name: string; weight: number; target: Target; reason: LeftOutReason }[] = [];
  for (const [name, grant] of usable) {
    const target = { provider: name, model };
    const reason = whyBehind(context, grant, target);
    if (reason === null) ready.push({ name, weight: grant.weight });
    else behind.push({ name, weight: grant.weight, target, reason });
  }
  behind.sort((one, other) => other.weight - one.weight);
  const ordered = [...drawnFirst(ready, context.runtime.draw), ...behind];
  // With nobody before them they are not behind.
  return { providers: ordered.map(({ name }) => name), behind: ready.length === 0 ? [] : behind };
}

function whyBehind(context: RequestContext, grant: Grant, target: Target): LeftOutReason | null {
  const { snapshot, runtime } = context;
  if (isUsedUp(context, grant)) return "limits_exhausted";
  const now = runtime.clock.wall();
  if (isResting(context, target, now)) return "keys_resting";
  const { slot, isShared } = snapshot.slotOf(target);
  return !isShared && runtime.targets.isOpen(slot, now) ? "breaker_open" : null;
}
