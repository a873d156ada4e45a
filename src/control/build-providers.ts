import { readFileSync } from "node:fs";
import { CHAT_DIALECTS, type DialectName, type TaskOperation } from "../canonical/names.ts";
import type { ProviderManifest, Wire } from "../canonical/provider.ts";
import type { NetworkConfig, ProviderConfig } from "../domain/config/index.ts";
import { networkSchema } from "../domain/config/schema/network.ts";
import type { NetworkData } from "../domain/attempt/provider-data.ts";
import { providersFromEnvironment, settingsOf, taskWire, type TaskWire } from "../domain/config/index.ts";
import type { SnapshotProvider } from "../pipeline/snapshot-data.ts";
import { buildBounds } from "./build-bounds.ts";
import { emptyKey, environmentKey, statedKeys, type KeySources } from "./build-provider-keys.ts";
import type { SnapshotSources } from "./build-snapshot.ts";

/**
 * The providers of a snapshot: those of the config, then built-in ones whose key stands in the environment. With neither,
 * those that this process runs itself, so that a first request works.
 */
export function buildProviders(sources: SnapshotSources): SnapshotProvider[] {
  const built = [...statedProviders(sources), ...environmentProviders(sources)];
  if (built.length > 0) return built;
  const hosted = sources.manifests.filter((manifest) => manifest.hosted === true);
  return hosted.map((manifest) => {
    const it = located(manifest, sources);
    const from = keySources(it.name, it, null, sources);
    return plainProvider(it, [emptyKey(from)], from);
  });
}

/** With the address where this process runs it, if it does. */
function located(manifest: ProviderManifest, { hostedUrl }: SnapshotSources): ProviderManifest {
  return manifest.hosted === true && hostedUrl !== null ? { ...manifest, baseUrl: hostedUrl } : manifest;
}

function statedProviders(sources: SnapshotSources): SnapshotProvider[] {
  const enabled = Object.entries(sources.config.providers).filter(([, provider]) => provider.enabled);
  return enabled.map(([name, provider]) => {
    const manifest = located(manifestOf(name, provider, sources), sources);
    const from = keySources(name, manifest, provider, sources);
    const bounds = buildBounds(name, provider, sources);
    return {
      ...(bounds !== undefined && { bounds }),
      name,
      manifest,
      headers: Object.fromEntries(
        Object.entries(provider.headers).map(([key, value]) => [key.toLowerCase(), value.reveal()]),
      ),
      network: buildNetwork(provider.network),
      keys: statedKeys(provider, from),
      settings: { ...from.settings },
      models: provider.models,
    };
  });
}

function environmentProviders(sources: SnapshotSources): SnapshotProvider[] {
  const { config, manifests, env } = sources;
  const absent = manifests.filter(({ name }) => !Object.hasOwn(config.providers, name));
  return providersFromEnvironment(absent, env).flatMap(({ name }) => {
    const manifest = absent.find((each) => each.name === name);
    if (manifest === undefined) return [];
    const from = keySources(name, manifest, null, sources);
    const key = environmentKey(from);
    return key === null ? [] : [plainProvider(manifest, [key], from)];
  });
}

function keySources(
  provider: string,
  manifest: ProviderManifest,
  stated: ProviderConfig | null,
  { env, keys: slots }: SnapshotSources,
): KeySources {
  const own = stated?.settings ?? {};
  const settings = settingsOf(manifest, own, env);
  return { provider, manifest, baseUrl: stated?.base_url ?? manifest.baseUrl, settings, stated: own, env, slots };
}

/**
 * A custom provider is like the vendor of its dialect, in the plainest form that all compatible servers take; operations that
 * it has in other dialects are as the vendors of these have them. One without a dialect of chat is like the first of these.
 */
function manifestOf(name: string, provider: ProviderConfig, sources: SnapshotSources): ProviderManifest {
  const known = sources.manifests.find((manifest) => manifest.name === name);
  if (known !== undefined) return known;
  const { dialect } = provider;
  const tasks = taskWires(provider, sources);
  const vendor =
    dialect === undefined
      ? tasks[0]?.vendor
      : sources.manifests.find(({ vendorOf = [] }) => vendorOf.includes(dialect));
  if (vendor === undefined) throw new Error(`provider ${name} names no dialect`);
  const { models, ...like } = vendor;
  const stated = tasks.map(({ wire }) => wire);
  return {
    ...like,
    ...(dialect !== undefined && models !== undefined && { models }),
    name,
    title: name,
    wires: [...stated, ...(dialect === undefined ? [] : without(customWires(vendor, dialect), stated))],
    keyVariables: [],
    aliases: [],
    extensions: CUSTOM_EXTENSIONS,
    keeps: [],
  };
}

function taskWires({ dialects }: ProviderConfig, { manifests }: SnapshotSources): TaskWire[] {
  const stated = Object.entries(dialects) as [TaskOperation, DialectName][];
  return stated.flatMap(([operation, dialect]) => taskWire(manifests, operation, dialect) ?? []);
}

/** Wires without the operations that others have. */
function without(wires: readonly Wire[], others: readonly Wire[]): Wire[] {
  const taken = new Set(others.flatMap(({ operations }) => operations));
  const left = wires.map((wire) => ({ ...wire, operations: wire.operations.filter((each) => !taken.has(each)) }));
  return left.filter(({ operations }) => operations.length > 0);
}

/** A host that nobody here knows may be a gateway itself: what its kind of client says beside the dialect goes on to it. */
const CUSTOM_EXTENSIONS = ["openrouter", "vercel"];

/** The wires of the vendor in that dialect and in its APIs beside chat, without what only the vendor itself has. */
function customWires({ wires, compatibleWires = [] }: ProviderManifest, dialect: DialectName): Wire[] {
  const flags = { legacyMaxTokens: true, noDeveloperRole: true, noCustomTools: true };
  const family = wires.filter((wire) => wire.dialect === dialect || !isChatDialect(wire.dialect));
  return [...family, ...compatibleWires].map((wire) => ({ ...wire, models: ["*"], flags }));
}

function isChatDialect(name: DialectName): boolean {
  return CHAT_DIALECTS.some((dialect) => dialect === name);
}

function plainProvider(
  manifest: ProviderManifest,
  keys: SnapshotProvider["keys"],
  { settings }: KeySources,
): SnapshotProvider {
  const { name } = manifest;
  const network = buildNetwork(networkDefaults());
  return { name, manifest, headers: {}, network, keys, settings: { ...settings }, models: [] };
}

function networkDefaults(): NetworkConfig {
  return networkSchema.parse({});
}

function buildNetwork(network: NetworkConfig): NetworkData {
  return {
    connectTimeoutMs: network.connect_timeout_ms,
    firstByteTimeoutMs: network.first_byte_timeout_ms,
    idleTimeoutMs: network.idle_timeout_ms,
    maxRetries: network.max_retries,
    backoffInitialMs: network.backoff_initial_ms,
    backoffMaxMs: network.backoff_max_ms,
    maxResponseBytes: network.max_response_bytes,
    ca: network.ca_file === undefined ? null : readFileSync(network.ca_file, "utf8"),
  };
}
