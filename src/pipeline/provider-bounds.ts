import type { GateLimits } from "../domain/load/gate.ts";
import type { LimitData } from "../domain/ledger/plan.ts";
import { Limit } from "../domain/ledger/reserve.ts";

/** The gate that the calls of a provider go through. */
export interface GateData {
  slot: number;
  /** How long a request waits for room, milliseconds. */
  patienceMs: number;
  limits: GateLimits;
}

/** What bounds the calls of a provider and of its keys, as the snapshot carries it. */
export interface BoundsData {
  /** Null: any number of calls may be under way. */
  gate: GateData | null;
  limits: LimitData[];
  /** By name; keys that have no bounds of their own are absent. */
  keys: Record<string, { place: number; limits: LimitData[] }>;
}

/** Of a key. */
export interface KeyBounds {
  /** Its place at the gate; 0: it has no limit of its own there. */
  place: number;
  limits: readonly Limit[];
}

const UNBOUNDED: KeyBounds = { place: 0, limits: [] };

/** The same, compiled for the hot path. */
export class ProviderBounds {
  readonly gate: GateData | null;
  readonly limits: readonly Limit[];
  private readonly keys: ReadonlyMap<string, KeyBounds>;

  constructor({ gate, limits, keys }: BoundsData) {
    this.gate = gate;
    this.limits = limits.map((limit) => new Limit(limit));
    this.keys = new Map(
      Object.entries(keys).map(([name, it]) => [
        name,
        { place: it.place, limits: it.limits.map((limit) => new Limit(limit)) },
      ]),
    );
  }

  ofKey(name: string): KeyBounds {
    return this.keys.get(name) ?? UNBOUNDED;
  }
}
