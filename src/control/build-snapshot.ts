import { randomBytes } from "node:crypto";
import type { ProviderManifest } from "../canonical/provider.ts";
import { hashVirtualKey, type ProviderGrant } from "../domain/identity/virtual-key.ts";
import type {
  AccessProfileConfig,
  AliasConfig,
  Config,
  GrantConfig,
  ProviderConfig,
  RuleConfig,
  VirtualKeyConfig,
} from "../domain/config/index.ts";
import type { PriceOverrides } from "../domain/catalog/index.ts";
import type { AliasData, RouteData, RuleData } from "../domain/route/data.ts";
import type { PartyData, SnapshotData, SnapshotKey } from "../pipeline/snapshot-data.ts";
import { buildAttempts, buildRetryBudget, measuresLatency } from "./build-attempts.ts";
import { buildExperiments } from "./build-experiments.ts";
import { buildPolicy, buildTarget } from "./build-group.ts";
import { buildLimits } from "./build-limits.ts";
import { buildProviders } from "./build-providers.ts";
import type { ExperimentGuard } from "./experiment-guard.ts";
import { buildClassify } from "./build-classify.ts";
import type { KeySlots } from "./key-slots.ts";
import type { LedgerSlots } from "./ledger-slots.ts";
import type { LoadSlots } from "./load-slots.ts";
import { buildTargetSlots } from "./build-target-slots.ts";
import type { TargetSlots } from "./target-slots.ts";

const JOB_SECRET = randomBytes(32).toString("hex");

/** What a snapshot is built from. */
export interface SnapshotSources {
  version: number;
  config: Config;
  manifests: readonly ProviderManifest[];
  env: Readonly<Record<string, string | undefined>>;
  ledger: LedgerSlots;
  keys: KeySlots;
  targets: TargetSlots;
  load: LoadSlots;
  /** Knows which arms of experiments were stopped. */
  guard: Pick<ExperimentGuard, "stopOf">;
  /** Base URL of the provider that this process runs itself; null when it runs none. */
  hostedUrl: string | null;
  /** Prices of that provider, which no catalog has. */
  hostedPrices: PriceOverrides;
}

/** The whole configuration as plain data. Throws when a certificate file cannot be read. */
export function buildSnapshot(sources: SnapshotSources): SnapshotData {
  const { config, version } = sources;
  const { server, journal, governance, routing } = config;
  const providers = buildProviders(sources);
  const route = buildRoute(sources, providers);
  return {
    version,
    jobSecret: JOB_SECRET,
    requireVirtualKey: requiresVirtualKey(config),
    maxBodyBytes: server.max_body_bytes,
    maxInFlight: server.max_in_flight ?? null,
    requestTimeoutMs: server.request_timeout_ms,
    bodyTimeoutMs: server.body_timeout_ms,
    idleTimeoutMs: server.idle_timeout_ms,
    sessionTimeoutMs: server.session_timeout_ms,
    sessionIdleTimeoutMs: server.session_idle_timeout_ms,
    journalMaxBytes: journal.max_bytes,
    journalWhenFull: journal.when_full,
    providers,
    route,
    classify: buildClassify(config),
    targetSlots: buildTargetSlots(providers, route, sources.targets),
    fallbackOnClientError: routing.fallback_on_client_error,
    retryBudget: buildRetryBudget(routing.retry_budget),
    measuresLatency: measuresLatency(route),
    sticky: {
      mode: routing.sticky.mode,
      ttlMs: routing.sticky.ttl_seconds * 1000,
      switchFactor: routing.sticky.switch_factor,
    },
    unknownPrice: governance.unknown_price,
    responses: {
      store: config.responses.store,
      maxBytes: config.responses.max_bytes,
      retentionMs: config.responses.retention_days * 86_400_000,
    },
    prices: { ...sources.hostedPrices, ...statedPrices(Object.entries(config.providers)) },
    keyPrices: statedPrices(keysOf(config)),
    callerPrices: statedPrices(governance.virtual_keys.map((key) => [key.name, key])),
    virtualKeys: governance.virtual_keys.map((key) => buildKey(key, sources)),
    teams: governance.teams.map((team) => buildParty("team", team, sources)),
    customers: governance.customers.map((customer) => buildParty("customer", customer, sources)),
    users: governance.users.map((user) => buildParty("user", user, sources)),
  };
}

type Priced = readonly [name: string, owner: { pricing: ProviderConfig["pricing"] }];

function statedPrices(owners: readonly Priced[]): PriceOverrides {
  const stated = owners.filter(([, { pricing }]) => Object.keys(pricing).length > 0);
  return Object.fromEntries(stated.map(([name, { pricing }]) => [name, pricing]));
}

function keysOf({ providers }: Config): Priced[] {
  return Object.entries(providers).flatMap(([provider, { keys }]) =>
    keys.map((key) => [`${provider}/${key.name}`, key] as const),
  );
}

const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|::1|\[::1\])$/;

/** By default callers need a virtual key, unless only this machine can call and nobody has defined one. */
export function requiresVirtualKey(config: Config): boolean {
  const stated = config.access.require_virtual_key;
  if (stated !== undefined) return stated;
  return config.governance.virtual_keys.length > 0 || !LOOPBACK.test(config.server.host);
}

function buildRoute({ config, targets, guard }: SnapshotSources, providers: SnapshotData["providers"]): RouteData {
  const { fallbacks, rules } = config.routing;
  return {
    providers: providers.map(({ name }) => name),
    modelFolders: Object.fromEntries(
      providers.flatMap(({ name, manifest: { modelFolder } }) =>
        modelFolder === undefined ? [] : [[name, modelFolder]],
      ),
    ),
    aliases: buildAliases(config, targets),
    fallbacks,
    ...buildAttempts(config.routing),
    rules: rules.filter((rule) => rule.enabled).map((rule) => buildRule(rule, targets)),
    experiments: buildExperiments(config, targets, guard),
  };
}

function buildAliases(config: Config, slots: TargetSlots): Record<string, AliasData[]> {
  const scopes: [string, Record<string, AliasConfig>][] = [["global", config.aliases]];
  for (const customer of config.governance.customers) scopes.push([`customer:${customer.name}`, customer.aliases]);
  for (const team of config.governance.teams) scopes.push([`team:${team.name}`, team.aliases]);
  for (const key of config.governance.virtual_keys) scopes.push([`virtual_key:${key.name}`, key.aliases]);
  const built = scopes.map(
    ([scope, aliases]) => [scope, Object.entries(aliases).map((alias) => buildAlias(scope, alias, slots))] as const,
  );
  return Object.fromEntries(built.filter(([, aliases]) => aliases.length > 0));
}

function buildAlias(scope: string, [name, alias]: [string, AliasConfig], slots: TargetSlots): AliasData {
  const policy = buildPolicy(alias, slots.groupSlotOf(`alias\n${scope}\n${name}`));
  const { fallbacks, hidden, hide_targets: hidesTargets } = alias;
  const targets = alias.targets.map(buildTarget);
  return { name, targets, policy, fallbacks, hidesTargets, isHidden: hidden, ...buildAttempts(alias) };
}

function buildRule(rule: RuleConfig, slots: TargetSlots): RuleData {
  const { name, scope, priority, when, fallbacks } = rule;
  const policy = buildPolicy(rule, slots.groupSlotOf(`rule\n${scope}\n${name}`));
  const targets = rule.targets.map(buildTarget);
  return {
    name,
    scope,
    priority,
    when,
    fallbacks,
    targets,
    policy,
    chainRule: rule.chain_rule,
    isConfined: rule.confine,
    refuse: rule.refuse ?? null,
    onError: rule.on_error,
    isShadow: rule.shadow,
    validFrom: rule.valid_from ?? null,
    validUntil: rule.valid_until ?? null,
    ...buildAttempts(rule),
  };
}

function buildParty(
  kind: "team" | "customer" | "user",
  party: Omit<Config["governance"]["customers"][number], "aliases"> &
    Pick<Config["governance"]["teams"][number], "priority">,
  sources: SnapshotSources,
): PartyData {
  const { name, tags, priority } = party;
  const limits = buildLimits(`${kind}:${name}`, party, sources.ledger);
  return { id: name, name, tags, limits, ...(priority !== undefined && { priority }) };
}

function buildKey(key: VirtualKeyConfig, sources: SnapshotSources): SnapshotKey {
  const { governance } = sources.config;
  const profile = governance.access_profiles.find(({ name }) => name === key.access_profile);
  const team = governance.teams.find(({ name }) => name === key.team);
  return {
    id: key.name,
    name: key.name,
    hash: key.hash ?? hashVirtualKey(key.value?.reveal() ?? ""),
    team: key.team ?? null,
    customer: key.customer ?? team?.customer ?? null,
    user: key.user ?? null,
    tags: key.tags,
    enabled: key.enabled,
    expiresAt: key.expires_at ?? null,
    grants: grantsOf(key, profile).map(buildGrant),
    grantLimits: buildGrantLimits(key, grantsOf(key, profile), sources),
    limits: keyLimits(key, profile, sources),
    ...(key.priority !== undefined && { priority: key.priority }),
  };
}

/** Limits of an access profile are counted for each key by itself. */
function keyLimits(key: VirtualKeyConfig, profile: AccessProfileConfig | undefined, sources: SnapshotSources) {
  const own = buildLimits(`virtual_key:${key.name}`, key, sources.ledger);
  const shared =
    profile === undefined ? [] : buildLimits(`virtual_key:${key.name}/${profile.name}`, profile, sources.ledger);
  return [...own, ...shared];
}

function grantsOf(key: VirtualKeyConfig, profile: AccessProfileConfig | undefined): readonly GrantConfig[] {
  return key.provider_configs.length > 0 ? key.provider_configs : (profile?.provider_configs ?? []);
}

/** What a key may use of one provider; of an access profile's grants it is counted for each key by itself. */
function buildGrantLimits({ name }: VirtualKeyConfig, grants: readonly GrantConfig[], { ledger }: SnapshotSources) {
  const limits = grants.map(
    (grant) => [grant.provider, buildLimits(`virtual_key:${name}/provider:${grant.provider}`, grant, ledger)] as const,
  );
  return Object.fromEntries(limits.filter(([, list]) => list.length > 0));
}

function buildGrant({ provider, weight, allowed_models }: GrantConfig): ProviderGrant {
  return { provider, weight, allowedModels: allowed_models };
}
