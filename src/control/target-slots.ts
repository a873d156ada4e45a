import { RetryBudget } from "../domain/attempt/retry-budget.ts";
import { Latencies } from "../domain/balance/latencies.ts";
import { TargetHealth } from "../domain/balance/target-health.ts";

/** A process has room for this many targets and groups over its life: 10 MiB of shared memory, touched only where used. */
const MOST_SLOTS = 16_384;

/** Gives each target and each group its place in the shared `TargetHealth` and its neighbours; it keeps the place over reloads. */
export class TargetSlots {
  readonly memories = {
    targetHealth: TargetHealth.createMemory(MOST_SLOTS),
    latencies: Latencies.createMemory(MOST_SLOTS),
    retryBudget: RetryBudget.createMemory(MOST_SLOTS),
  };
  private readonly targets = new Map<string, number>();
  private readonly groups = new Map<string, number>();

  /** `target`: `provider/model`, with `#key` when a key is named, or `provider/*` for all other models. */
  slotOf(target: string): number {
    return this.take(this.targets, target);
  }

  groupSlotOf(group: string): number {
    return this.take(this.groups, group);
  }

  /** All targets that ever had a place. */
  entries(): Iterable<readonly [target: string, slot: number]> {
    return this.targets;
  }

  private take(slots: Map<string, number>, id: string): number {
    const known = slots.get(id);
    if (known !== undefined) return known;
    const slot = (this.targets.size + this.groups.size) % MOST_SLOTS;
    slots.set(id, slot);
    return slot;
  }
}
