import { MOST_LIMITED_KEYS } from "../canonical/load-bounds.ts";
import { Bells } from "../domain/load/bells.ts";
import { Crowd } from "../domain/load/crowd.ts";
import { Gate, type GateLimits } from "../domain/load/gate.ts";
import type { SnapshotProvider } from "../pipeline/snapshot-data.ts";
import { KEY_PLACES } from "../domain/load/layout.ts";

const OPEN: GateLimits = { limit: null, queue: 0, keys: [] };

/** A provider whose calls are bounded, with the places of its keys. */
interface KnownGate {
  provider: string;
  slot: number;
  gate: Gate;
  keys: Map<string, number>;
}

/** Shared memory that bounds the load of the process; providers and keys keep their places in it over reloads. */
export class LoadSlots {
  /** A gate each; grows at its end only. */
  readonly segments: SharedArrayBuffer[] = [];
  readonly bells = Bells.createMemory();
  readonly crowd = Crowd.createMemory();
  private readonly known = new Map<string, KnownGate>();
  private readonly ringer = new Bells(this.bells);

  /** The slot of a provider's gate. */
  slotOf(provider: string): number {
    return this.gateOf(provider).slot;
  }

  /**
   * Places of the keys with a limit of their own, in the order of `keys`. Places of keys that are not there any more are given to
   * others when there are no new ones left. Throws when there are more keys than places.
   */
  placesOf(provider: string, keys: readonly string[]): number[] {
    const { keys: known } = this.gateOf(provider);
    if (keys.length > MOST_LIMITED_KEYS) {
      throw new Error(`provider ${provider}: at most ${MOST_LIMITED_KEYS} keys can have a concurrency of their own`);
    }
    return keys.map((key) => {
      const place = known.get(key) ?? freePlace(known, keys);
      known.set(key, place);
      return place;
    });
  }

  /** Sets what each gate lets through; those of providers that have none any more let everything through. */
  apply(providers: readonly SnapshotProvider[]): void {
    for (const { provider, gate } of this.known.values()) {
      const stated = providers.find(({ name }) => name === provider)?.bounds?.gate;
      gate.setLimits(stated?.limits ?? OPEN);
    }
  }

  /** All providers that ever had a gate. */
  gates(): Iterable<{ provider: string; gate: Gate; keys: ReadonlyMap<string, number> }> {
    return this.known.values();
  }

  /** The data thread of a seat is gone. */
  reclaim(seat: number): void {
    for (const { gate } of this.known.values()) gate.reclaim(seat);
    new Crowd(this.crowd).reclaim(seat);
  }

  private gateOf(provider: string): KnownGate {
    const known = this.known.get(provider);
    if (known !== undefined) return known;
    const memory = Gate.createMemory();
    const made = {
      provider,
      slot: this.segments.length,
      gate: new Gate(memory, (seat) => this.ringer.ring(seat)),
      keys: new Map<string, number>(),
    };
    this.segments.push(memory);
    this.known.set(provider, made);
    return made;
  }
}

function freePlace(known: Map<string, number>, wanted: readonly string[]): number {
  const taken = new Set(known.values());
  for (let place = 1; place < KEY_PLACES; place += 1) if (!taken.has(place)) return place;
  for (const [key, place] of known) {
    if (wanted.includes(key)) continue;
    known.delete(key);
    return place;
  }
  throw new Error("no place for a further key");
}
