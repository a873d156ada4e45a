import type { Priority } from "../canonical/priority.ts";
import { compileGlobs, type Glob } from "../lib/glob.ts";
import type { ProviderGrant, VirtualKeyData } from "../domain/identity/virtual-key.ts";
import type { LimitData } from "../domain/ledger/plan.ts";
import { Limit } from "../domain/ledger/reserve.ts";
import type { PartyData, SnapshotKey } from "./snapshot-data.ts";

export interface Grant {
  weight: number;
  allowed: Glob;
  /** Every model of the provider. */
  allowsAll: boolean;
  /** Of the caller's use of this provider alone. */
  rateLimits: readonly Limit[];
  budgets: readonly Limit[];
}

/** Who calls: a virtual key with its party, compiled when it is first seen. */
export class Caller {
  readonly data: VirtualKeyData;
  readonly team: PartyData | null;
  readonly customer: PartyData | null;
  readonly user: PartyData | null;
  /** Nearest first: the key's own scope, team, customer, global. */
  readonly scopes: readonly string[];
  /** Rate limits, which admit the request, and budgets, which reserve money; nearest first. */
  readonly rateLimits: readonly Limit[];
  readonly budgets: readonly Limit[];
  /** The highest that its requests may have. */
  readonly priority: Priority;
  readonly grants: ReadonlyMap<string, Grant>;
  /** Some of the grants have limits of their own. */
  readonly hasGrantLimits: boolean;

  constructor(data: SnapshotKey, parties: Parties) {
    this.data = data;
    this.team = parties.find("team", data.team);
    this.customer = parties.find("customer", data.customer);
    this.user = parties.find("user", data.user);
    this.priority = data.priority ?? this.team?.priority ?? "normal";
    this.scopes = scopesOf(data);
    const limits = [data, this.user, this.team, this.customer].flatMap((owner) => owner?.limits ?? []);
    this.rateLimits = ratesOf(limits);
    this.budgets = budgetsOf(limits);
    this.grants = new Map(data.grants.map((grant) => [grant.provider, grantOf(grant, data.grantLimits)]));
    this.hasGrantLimits = Object.keys(data.grantLimits).length > 0;
  }
}

function grantOf({ provider, weight, allowedModels }: ProviderGrant, limits: SnapshotKey["grantLimits"]): Grant {
  const own = limits[provider] ?? [];
  const allowed = { allowed: compileGlobs(allowedModels), allowsAll: allowedModels.includes("*") };
  return { weight, ...allowed, rateLimits: ratesOf(own), budgets: budgetsOf(own) };
}

function ratesOf(limits: readonly LimitData[]): Limit[] {
  return limits.filter((limit) => limit.metric !== "usd").map((limit) => new Limit(limit));
}

function budgetsOf(limits: readonly LimitData[]): Limit[] {
  return limits.filter((limit) => limit.metric === "usd").map((limit) => new Limit(limit));
}

function scopesOf(data: VirtualKeyData): string[] {
  const scopes = [`virtual_key:${data.name}`];
  if (data.team !== null) scopes.push(`team:${data.team}`);
  if (data.customer !== null) scopes.push(`customer:${data.customer}`);
  scopes.push("global");
  return scopes;
}

export type PartyKind = "team" | "customer" | "user";

/** Teams, customers and users by name. */
export class Parties {
  private readonly byKind: Record<PartyKind, ReadonlyMap<string, PartyData>>;

  constructor(teams: readonly PartyData[], customers: readonly PartyData[], users: readonly PartyData[]) {
    const byName = (list: readonly PartyData[]) => new Map(list.map((party) => [party.name, party]));
    this.byKind = { team: byName(teams), customer: byName(customers), user: byName(users) };
  }

  find(kind: PartyKind, name: string | null): PartyData | null {
    return name === null ? null : (this.byKind[kind].get(name) ?? null);
  }
}
