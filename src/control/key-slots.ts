import { KeyHealth } from "../domain/balance/key-health.ts";

/** A process has room for this many provider keys over its life: 512 KiB of shared memory, touched only where used. */
const MOST_KEYS = 65_536;

/** Gives each provider key its place in the shared `KeyHealth`; it keeps the place over reloads. */
export class KeySlots {
  readonly memory = KeyHealth.createMemory(MOST_KEYS);
  private readonly slots = new Map<string, number>();

  slotOf(provider: string, key: string): number {
    const id = `${provider}\n${key}`;
    const known = this.slots.get(id);
    if (known !== undefined) return known;
    const slot = this.slots.size % MOST_KEYS;
    this.slots.set(id, slot);
    return slot;
  }
}
