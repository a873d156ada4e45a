import type { Catalog } from "../domain/catalog/index.ts";
import { VirtualKeyIndex, type Identified } from "../domain/identity/virtual-key.ts";
import { Router } from "../domain/route/router.ts";
import { Caller, Parties } from "./caller.ts";
import { ModelIndex } from "./model-index.ts";
import { ReadyProvider } from "./provider.ts";
import type { SnapshotData, SnapshotKey } from "./snapshot-data.ts";

/** The configuration of one version, compiled and immutable. */
export class Snapshot {
  readonly data: SnapshotData;
  readonly providers: ReadonlyMap<string, ReadyProvider>;
  readonly router: Router;
  readonly models: ModelIndex;
  readonly parties: Parties;
  /** Some provider key has prices of its own. */
  readonly hasKeyPrices: boolean;
  private readonly names: ReadonlyMap<string, string>;
  private readonly keys: VirtualKeyIndex<LazyCaller>;

  /** Throws when a rule does not compile or a base URL is none; the last good snapshot then stays. */
  constructor(data: SnapshotData, catalog: Catalog) {
    this.data = data;
    this.providers = new Map(data.providers.map((provider) => [provider.name, new ReadyProvider(provider)]));
    this.hasKeyPrices = Object.keys(data.keyPrices).length > 0;
    this.names = foreignNames(data.providers);
    this.router = new Router(data.route);
    this.models = new ModelIndex(data.providers, catalog);
    this.parties = new Parties(data.teams, data.customers, data.users);
    this.keys = new VirtualKeyIndex(data.virtualKeys.map((key) => ({ data: key, caller: null })));
  }

  /** Our name of a provider that goes by this name here or at another gateway; undefined: it is not configured. */
  providerNamed(name: string): string | undefined {
    return this.providers.has(name) ? name : this.names.get(name.toLowerCase());
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
