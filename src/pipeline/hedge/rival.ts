import type { Target } from "../../domain/route/data.ts";
import type { Call } from "../call.ts";
import type { RequestContext } from "../context.ts";
import { readTarget } from "../rank-targets.ts";
import type { TargetQueue } from "../target-queue.ts";
import { isResting } from "../target-turn.ts";

/** Where a rival goes, and the provider key (its place in `KeyHealth`) that it leaves to the attempt that it runs against. */
export interface Rival {
  target: Target;
  avoidedKey: number | null;
}

/** The next target that is well, else another key of the one under way; null: there is neither. */
export function findRival(context: RequestContext, queue: TargetQueue, slow: Call): Rival | null {
  const now = context.runtime.clock.wall();
  const next = queue.left.find((target) => isWell(context, target, now));
  if (next !== undefined) return { target: next, avoidedKey: null };
  return hasOtherKey(context, slow, now) ? { target: slow.target, avoidedKey: slow.key.data.slot } : null;
}

function isWell(context: RequestContext, target: Target, now: number): boolean {
  return readTarget(context, target).isClosed && !isResting(context, target, now);
}

function hasOtherKey({ runtime }: RequestContext, { target, provider, key }: Call, now: number): boolean {
  if (target.key !== undefined) return false;
  return provider.keys.some(
    ({ data, allowed, blocked }) =>
      data.slot !== key.data.slot &&
      allowed.test(target.model) &&
      !blocked.test(target.model) &&
      !runtime.health.isResting(data.slot, now),
  );
}
