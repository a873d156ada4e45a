import { readFileSync } from "node:fs";
import type { ProviderManifest } from "../canonical/provider.ts";
import type { NetworkConfig, ProviderConfig, ProviderKeyConfig } from "../domain/config/index.ts";
import { networkSchema } from "../domain/config/schema/network.ts";
import type { NetworkData } from "../domain/attempt/provider-data.ts";
import type { ProviderKeyData } from "../domain/balance/keys.ts";
import type { SnapshotProvider } from "../pipeline/snapshot-data.ts";
import type { SnapshotSources } from "./build-snapshot.ts";
import type { KeySlots } from "./key-slots.ts";

type Env = SnapshotSources["env"];

/**
 * The providers of a snapshot: those of the config, then built-in ones whose key stands in the environment. With neither,
 * those that this process runs itself, so that a first request works.
 */
export function buildProviders(sources: SnapshotSources): SnapshotProvider[] {
  const built = [...statedProviders(sources), ...environmentProviders(sources)];
  if (built.length > 0) return built;
  const hosted = sources.manifests.filter((manifest) => manifest.hosted === true);
  return hosted.map((manifest) => plainProvider(located(manifest, sources), [noKey(manifest.name, sources.keys)]));
}

/** With the address where this process runs it, if it does. */
function located(manifest: ProviderManifest, { hostedUrl }: SnapshotSources): ProviderManifest {
  return manifest.hosted === true && hostedUrl !== null ? { ...manifest, baseUrl: hostedUrl } : manifest;
}

function statedProviders(sources: SnapshotSources): SnapshotProvider[] {
  const enabled = Object.entries(sources.config.providers).filter(([, provider]) => provider.enabled);
  return enabled.map(([name, provider]) => {
    const manifest = located(manifestOf(name, provider, sources), sources);
    return {
      name,
      manifest,
      baseUrl: (provider.base_url ?? manifest.baseUrl).replace(/\/+$/, ""),
      headers: Object.fromEntries(
        Object.entries(provider.headers).map(([key, value]) => [key.toLowerCase(), value.reveal()]),
      ),
      network: buildNetwork(provider.network),
      keys: keysOf(name, provider, manifest, sources),
      models: provider.models,
    };
  });
}

function environmentProviders({ config, manifests, env, keys }: SnapshotSources): SnapshotProvider[] {
  const absent = manifests.filter(({ name }) => !Object.hasOwn(config.providers, name));
  return absent.flatMap((manifest) => {
    const found = keyFromEnvironment(manifest, env, keys);
    return found === null ? [] : [plainProvider(manifest, [found])];
  });
}

/** A custom provider is like the vendor of its dialect, in the plainest form that all compatible servers take. */
function manifestOf(name: string, provider: ProviderConfig, sources: SnapshotSources): ProviderManifest {
  const known = sources.manifests.find((manifest) => manifest.name === name);
  if (known !== undefined) return known;
  const vendors = sources.manifests.filter((manifest) => manifest.hosted !== true);
  const vendor = vendors.find(({ dialects }) => provider.dialect !== undefined && dialects.includes(provider.dialect));
  if (vendor === undefined || provider.dialect === undefined) throw new Error(`provider ${name} names no dialect`);
  const { translation: _, ...manifest } = vendor;
  const flags = { legacyMaxTokens: true, noDeveloperRole: true };
  return { ...manifest, name, title: name, dialects: [provider.dialect], keyVariables: [], flags };
}

function keysOf(
  name: string,
  provider: ProviderConfig,
  manifest: ProviderManifest,
  { env, keys }: SnapshotSources,
): ProviderKeyData[] {
  const stated = provider.keys.filter(({ enabled }) => enabled).map((key) => buildKey(name, key, keys));
  if (stated.length > 0) return stated;
  const found = provider.keyless ? null : keyFromEnvironment(manifest, env, keys);
  if (found !== null) return [found];
  return provider.keyless || manifest.auth.type === "none" ? [noKey(name, keys)] : [];
}

function buildKey(provider: string, key: ProviderKeyConfig, slots: KeySlots): ProviderKeyData {
  return {
    name: key.name,
    value: key.value.reveal(),
    weight: key.weight,
    models: key.models,
    blockedModels: key.blocked_models,
    slot: slots.slotOf(provider, key.name),
  };
}

function keyFromEnvironment(manifest: ProviderManifest, env: Env, slots: KeySlots): ProviderKeyData | null {
  const variable = manifest.keyVariables.find((name) => (env[name] ?? "") !== "");
  if (variable === undefined) return null;
  return { ...noKey(manifest.name, slots, variable), value: env[variable] ?? "" };
}

function noKey(provider: string, slots: KeySlots, name = "none"): ProviderKeyData {
  return { name, value: "", weight: 1, models: ["*"], blockedModels: [], slot: slots.slotOf(provider, name) };
}

function plainProvider(manifest: ProviderManifest, keys: ProviderKeyData[]): SnapshotProvider {
  const { name, baseUrl } = manifest;
  return { name, manifest, baseUrl, headers: {}, network: buildNetwork(networkDefaults()), keys, models: [] };
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
