import type { ProviderManifest } from "../canonical/provider.ts";
import { KeyHealth } from "../domain/balance/key-health.ts";
import { StickyTable } from "../domain/balance/sticky-table.ts";
import { openCatalog, type Catalog, type PriceOverrides } from "../domain/catalog/index.ts";
import type { Config } from "../domain/config/index.ts";
import { Counters } from "../domain/ledger/counters.ts";
import type { DecisionParts } from "../pipeline/simulate/parts.ts";
import { Snapshot } from "../pipeline/snapshot.ts";
import type { SnapshotData } from "../pipeline/snapshot-data.ts";
import { buildSnapshot } from "./build-snapshot.ts";
import { KeySlots } from "./key-slots.ts";
import { LoadSlots } from "./load-slots.ts";
import { LedgerSlots } from "./ledger-slots.ts";
import { TargetSlots } from "./target-slots.ts";

/** Memory that data threads share with the control thread. */
export interface SharedMemory {
  keys: SharedArrayBuffer;
  targets: SharedArrayBuffer;
  sessions: SharedArrayBuffer;
  /** Grows at its end only. */
  ledger: readonly SharedArrayBuffer[];
}

/** The configuration in force and the live figures, for trying out decisions; compiled when it is first asked for. */
export class DecisionDesk {
  private readonly memory: SharedMemory;
  private readonly catalog: Catalog;
  private compiled: Snapshot | null = null;

  constructor(memory: SharedMemory, catalog: Catalog) {
    this.memory = memory;
    this.catalog = catalog;
  }

  parts(data: SnapshotData, live: readonly (readonly [string, readonly string[]])[]): DecisionParts {
    if (this.compiled?.data !== data) this.compiled = new Snapshot(data, this.catalog);
    this.compiled.models.setLive(new Map(live));
    const { keys, ...memory } = this.memory;
    return { snapshot: this.compiled, catalog: this.catalog, health: new KeyHealth(keys), ...memory };
  }
}

const NOTHING_STOPPED = { stopOf: () => null };

/** What a configuration is built with where no gateway runs. */
export interface OfflineSources {
  config: Config;
  manifests: readonly ProviderManifest[];
  env: Readonly<Record<string, string | undefined>>;
  hostedPrices: PriceOverrides;
}

/** The same of a configuration alone: nothing was called yet, nothing is used up. Throws as `buildSnapshot` does. */
export function offlineDecisions(sources: OfflineSources): DecisionParts {
  const [keys, targets, load] = [new KeySlots(), new TargetSlots(), new LoadSlots()];
  const ledger = new LedgerSlots(
    (segments) => new Counters(segments),
    () => [],
  );
  ledger.begin();
  const slots = { ledger, keys, targets, load, guard: NOTHING_STOPPED };
  const data = buildSnapshot({ version: 1, ...sources, ...slots, hostedUrl: "http://127.0.0.1" });
  const memory = {
    keys: keys.memory,
    targets: targets.memories.targetHealth,
    sessions: StickyTable.createMemory(),
    ledger: ledger.segments,
  };
  return new DecisionDesk(memory, openCatalog()).parts(data, []);
}
