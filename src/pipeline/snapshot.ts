import type { Catalog } from "../domain/catalog/index.ts";
import { VirtualKeyIndex, type Identified } from "../domain/identity/virtual-key.ts";
import { Router } from "../domain/route/router.ts";
import type { Target } from "../domain/route/data.ts";
import { Caller, Parties } from "./caller.ts";
import { ReadyClassify } from "./classify/ready-classify.ts";
import { ModelIndex } from "./model-index.ts";
import { ReadyProvider } from "./provider.ts";
import type { SnapshotData, SnapshotKey } from "./snapshot-data.ts";

/** Where the health of a target stands. */
export interface TargetSlot {
  slot: number;
  /** With other models of the provider: what fails there says little of each. */
  isShared: boolean;
}

/** Of a provider that the snapshot does not have, which is never called. */
const NO_PLACE: TargetSlot = { slot: 0, isShared: true };

function targetSlotsOf({ targetSlots }: SnapshotData): Map<string, TargetSlot> {
  const entries = Object.entries(targetSlots);
  return new Map(entries.map(([name, slot]) => [name, { slot, isShared: name.endsWith("/*") }]));
}

/** The configuration of one version, compiled and immutable. */
export class Snapshot {
  readonly data: SnapshotData;
  readonly providers: ReadonlyMap<string, ReadyProvider>;
  readonly router: Router;
  readonly classify: ReadyClassify;
  readonly models: ModelIndex;
  readonly parties: Parties;
  /** Some provider key has prices of its own. */
  readonly hasKeyPrices: boolean;
  /** Names and places of the targets whose health is known. */
  readonly targetSlots: ReadonlyMap<string, TargetSlot>;
  private readonly names: ReadonlyMap<string, string>;
  private readonly keys: VirtualKeyIndex<LazyCaller>;
  private lastTarget: Target | null = null;
  private lastSlot: TargetSlot = NO_PLACE;

  /** Throws when a condition does not compile or an address is none; the last good snapshot then stays. */
  constructor(data: SnapshotData, catalog: Catalog) {
    this.data = data;
    this.providers = new Map(data.providers.map((provider) => [provider.name, new ReadyProvider(provider)]));
    this.hasKeyPrices = Object.keys(data.keyPrices).length > 0;
    this.targetSlots = targetSlotsOf(data);
    this.names = foreignNames(data.providers);
    this.router = new Router(data.route);
    this.classify = new ReadyClassify(data.classify, this.router.classesRead());
    this.models = new ModelIndex(data.providers, catalog);
    this.parties = new Parties(data.teams, data.customers, data.users);
    this.keys = new VirtualKeyIndex(data.virtualKeys.map((key) => ({ data: key, caller: null })));
  }

  /** Our name of a provider that goes by this name here or at another gateway; undefined: it is not configured. */
  providerNamed(name: string): string | undefined {
    return this.providers.has(name) ? name : this.names.get(name.toLowerCase());
  }

  /** Where a target's health stands; models that the configuration does not name share one place a provider. */
  slotOf(target: Target): TargetSlot {
    // A request asks for the place of its target several times in a row.
    if (target === this.lastTarget) return this.lastSlot;
    const { provider, model, key } = target;
    const name = key === undefined ? `${provider}/${model}` : `${provider}/${model}#${key}`;
    this.lastSlot = this.targetSlots.get(name) ?? this.targetSlots.get(`${provider}/*`) ?? NO_PLACE;
    this.lastTarget = target;
    return this.lastSlot;
  }

  /** Who presented this virtual key. */
  identify(presented: string | null, now: number): Identified<Caller> {
    const found = this.keys.find(presented, now);
    return found.status === "found" ? { status: "found", key: this.callerOf(found.key) } : found;
  }

  /** Who is meant by the id of a virtual key that somebody vouches for. */
  identifyById(id: string, now: number): Identified<Caller> {
    const found = this.keys.findById(id, now);
    return found.status === "found" ? { status: "found", key: this.callerOf(found.key) } : found;
  }

  private callerOf(key: LazyCaller): Caller {
    key.caller ??= new Caller(key.data, this.parties);
    return key.caller;
  }
}

/** Names of other gateways, and our own in any case of letters; the first provider that has one keeps it. */
function foreignNames(providers: SnapshotData["providers"]): Map<string, string> {
  const names = new Map<string, string>();
  for (const { name, manifest } of providers) {
    for (const known of [name, ...(manifest.aliases ?? [])]) {
      if (!names.has(known.toLowerCase())) names.set(known.toLowerCase(), name);
    }
  }
  return names;
}

/** A virtual key whose compiled form is made when it is first used: most of many never are. */
interface LazyCaller {
  data: SnapshotKey;
  caller: Caller | null;
}
