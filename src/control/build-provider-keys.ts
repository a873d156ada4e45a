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
  return plainKey(sources, found.variable, { value: found.value.reveal(), fields: revealed(found.fields) });
}

/** A key without a credential, for a provider that takes none. */
export function emptyKey(sources: KeySources): ProviderKeyData {
  return plainKey(sources, "none", { value: "", fields: {} });
}

type CredentialData = Pick<ProviderKeyData, "value" | "fields">;

function plainKey({ provider, slots, ...from }: KeySources, name: string, credential: CredentialData): ProviderKeyData {
  const settings = { ...from.settings };
  const baseUrl = addressOf(from.baseUrl, settings);
  return {
    name,
    ...credential,
    settings,
    baseUrl,
    weight: 1,
    models: ["*"],
    blockedModels: [],
    slot: slots.slotOf(provider, name, accessText(credential, settings, baseUrl)),
  };
}

function statedKey(key: ProviderKeyConfig, sources: KeySources): ProviderKeyData {
  const { manifest, env, baseUrl } = sources;
  const settings = settingsOf(manifest, { ...sources.stated, ...key.settings }, env);
  const credential = { value: key.value?.reveal() ?? "", fields: revealed(key.credentials) };
  const address = addressOf(baseUrl, settings);
  return {
    name: key.name,
    ...credential,
    settings,
    baseUrl: address,
    weight: key.weight,
    models: key.models,
    blockedModels: key.blocked_models,
    slot: sources.slots.slotOf(sources.provider, key.name, accessText(credential, settings, address)),
  };
}

/** All that decides whether a key is accepted: to tell whether it changed. */
function accessText(
  { value, fields }: CredentialData,
  settings: Readonly<Record<string, string>>,
  baseUrl: string,
): string {
  return JSON.stringify([value, fields, settings, baseUrl]);
}

function revealed(fields: Readonly<Record<string, { reveal(): string }>>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).map(([name, secret]) => [name, secret.reveal()]));
}

function addressOf(baseUrl: string, settings: Readonly<Record<string, string>>): string {
  return fillSettings(baseUrl, settings).replace(/\/+$/, "");
}
