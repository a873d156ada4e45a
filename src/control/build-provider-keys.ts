import { fillSettings } from "../canonical/fill-settings.ts";
import type { ProviderManifest } from "../canonical/provider.ts";
import type { Environment, ProviderConfig, ProviderKeyConfig } from "../domain/config/index.ts";
import { credentialFromEnvironment, settingsOf } from "../domain/config/index.ts";
import type { ProviderKeyData } from "../domain/balance/keys.ts";
import type { KeySlots } from "./key-slots.ts";

/** What the keys of one provider are built from. */
export interface KeySources {
  /** Name of the provider. */
  provider: string;
  manifest: ProviderManifest;
  /** With the names of settings in braces. */
  baseUrl: string;
  /** All of the provider's. */
  settings: Readonly<Record<string, string>>;
  /** Those that stand in the config; a key's own go over them before defaults are made from them. */
  stated: Readonly<Record<string, string>>;
  env: Environment;
  slots: KeySlots;
}

/** The keys of a provider of the config: those that it states, else the one in the environment, else an empty one where none is needed. */
export function statedKeys(provider: ProviderConfig, sources: KeySources): ProviderKeyData[] {
  const stated = provider.keys.filter(({ enabled }) => enabled).map((key) => statedKey(key, sources));
  if (stated.length > 0) return stated;
  const found = provider.keyless ? null : environmentKey(sources);
  if (found !== null) return [found];
  const { auth, keyOptional } = sources.manifest;
  return provider.keyless || auth.type === "none" || keyOptional === true ? [emptyKey(sources)] : [];
}

/** The key that stands in the environment under its usual name; null: there is none. */
export function environmentKey(sources: KeySources): ProviderKeyData | null {
  const found = credentialFromEnvironment(sources.manifest, sources.env);
  if (found === null) return null;
  return { ...emptyKey(sources, found.variable), value: found.value.reveal(), fields: revealed(found.fields) };
}

/** A key without a credential, for a provider that takes none. */
export function emptyKey({ provider, slots, baseUrl, settings }: KeySources, name = "none"): ProviderKeyData {
  return {
    name,
    value: "",
    fields: {},
    settings: { ...settings },
    baseUrl: addressOf(baseUrl, settings),
    weight: 1,
    models: ["*"],
    blockedModels: [],
    slot: slots.slotOf(provider, name),
  };
}

function statedKey(key: ProviderKeyConfig, sources: KeySources): ProviderKeyData {
  const { manifest, env, baseUrl } = sources;
  const settings = settingsOf(manifest, { ...sources.stated, ...key.settings }, env);
  return {
    name: key.name,
    value: key.value?.reveal() ?? "",
    fields: revealed(key.credentials),
    settings,
    baseUrl: addressOf(baseUrl, settings),
    weight: key.weight,
    models: key.models,
    blockedModels: key.blocked_models,
    slot: sources.slots.slotOf(sources.provider, key.name),
  };
}

function revealed(fields: Readonly<Record<string, { reveal(): string }>>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).map(([name, secret]) => [name, secret.reveal()]));
}

function addressOf(baseUrl: string, settings: Readonly<Record<string, string>>): string {
  return fillSettings(baseUrl, settings).replace(/\/+$/, "");
}
