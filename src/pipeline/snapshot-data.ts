import type { StickyMode } from "../canonical/names.ts";
import type { ProviderData } from "../domain/attempt/provider-data.ts";
import type { RetryBounds } from "../domain/attempt/retry-budget.ts";
import type { ProviderKeyData } from "../domain/balance/keys.ts";
import type { PriceOverrides } from "../domain/catalog/index.ts";
import type { ClassifyData } from "../domain/classify/data.ts";
import type { VirtualKeyData } from "../domain/identity/virtual-key.ts";
import type { LimitData } from "../domain/ledger/plan.ts";
import type { Priority } from "../canonical/priority.ts";
import type { BoundsData } from "./provider-bounds.ts";
import type { RouteData } from "../domain/route/data.ts";

/** A team, customer or user with the limits that it brings to every request of its members. */
export interface PartyData {
  id: string;
  name: string;
  tags: Record<string, string>;
  limits: LimitData[];
  /** Of its virtual keys that have none of their own. */
  priority?: Priority;
}

export interface SnapshotKey extends VirtualKeyData {
  limits: LimitData[];
  priority?: Priority;
  /** Of its use of one provider alone, by provider; those without limits are not there. */
  grantLimits: Record<string, LimitData[]>;
}

export interface SnapshotProvider extends ProviderData {
  keys: ProviderKeyData[];
  /** The operator's settings for the whole provider, with those of the environment and the defaults. */
  settings: Record<string, string>;
  /** Ids that the operator declared; with them the provider serves bare model names. */
  models: string[];
  /** Absent: nothing bounds its calls. */
  bounds?: BoundsData;
}

/**
 * The whole configuration of one version as plain data: built on the control thread, posted to every data thread, compiled
 * there into a `Snapshot`.
 */
export interface SnapshotData {
  version: number;
  /** Seals the ids of jobs at providers without a credential; of this process alone. */
  jobSecret: string;
  requireVirtualKey: boolean;
  maxBodyBytes: number;
  requestTimeoutMs: number;
  /** Most requests under way in the process; null: no limit. */
  maxInFlight: number | null;
  bodyTimeoutMs: number;
  idleTimeoutMs: number;
  /** Of sessions over WebSocket. */
  sessionTimeoutMs: number;
  sessionIdleTimeoutMs: number;
  journalMaxBytes: number;
  journalWhenFull: "refuse" | "drop_oldest";
  providers: SnapshotProvider[];
  route: RouteData;
  classify: ClassifyData;
  /** Places in the health of targets, by `provider/model`, `provider/model#key` and `provider/*`. */
  targetSlots: Record<string, number>;
  fallbackOnClientError: boolean;
  retryBudget: RetryBounds;
  /** Some route asks for the percentiles of its targets' times. */
  measuresLatency: boolean;
  /** Sessions stay where they were served while the cache there is warm, unless another target is so many times better. */
  sticky: { mode: StickyMode; ttlMs: number; switchFactor: number };
  unknownPrice: "allow" | "refuse";
  /** Answers of the Responses API that are kept where the provider does not. */
  responses: { store: boolean; maxBytes: number; retentionMs: number };
  /** By provider. */
  prices: PriceOverrides;
  /** By `provider/key`. */
  keyPrices: PriceOverrides;
  /** By virtual key; patterns are of `provider/model`. */
  callerPrices: PriceOverrides;
  virtualKeys: SnapshotKey[];
  teams: PartyData[];
  customers: PartyData[];
  users: PartyData[];
}
