import { fillSettings } from "../../canonical/fill-settings.ts";
import type { ProviderManifest, ProviderSetting } from "../../canonical/provider.ts";
import type { Environment } from "./options.ts";
import { Secret } from "./secret.ts";

/** A credential that stands in the environment under its usual name. */
export interface EnvironmentCredential {
  /** Name of the variable that switched it on. */
  variable: string;
  /** Empty when the credential has parts. */
  value: Secret;
  fields: Record<string, Secret>;
}

/** A provider that a variable of the environment switches on. */
export interface EnvironmentProvider extends EnvironmentCredential {
  name: string;
}

/** Providers whose key stands in the environment under its usual name, in the order of the manifests. */
export function providersFromEnvironment(
  manifests: readonly ProviderManifest[],
  env: Environment,
): EnvironmentProvider[] {
  return manifests.flatMap((manifest) => {
    const found = credentialFromEnvironment(manifest, env);
    return found === null || lacksSetting(manifest, env) ? [] : [{ name: manifest.name, ...found }];
  });
}

/** The credential of a provider: its one variable, else all the parts that it needs; null when neither is there. */
export function credentialFromEnvironment(manifest: ProviderManifest, env: Environment): EnvironmentCredential | null {
  const variable = present(manifest.keyVariables, env);
  if (variable !== undefined) return { variable, value: new Secret(env[variable] ?? ""), fields: {} };
  const parts = (manifest.credentials ?? []).map((field) => ({ field, variable: present(field.variables, env) }));
  const first = parts.find((part) => part.variable !== undefined)?.variable;
  if (first === undefined || parts.some((part) => part.field.required && part.variable === undefined)) return null;
  const fields = parts.flatMap(({ field, variable: name }) =>
    name === undefined ? [] : [[field.name, new Secret(env[name] ?? "")] as const],
  );
  return { variable: first, value: new Secret(""), fields: Object.fromEntries(fields) };
}

/** What a setting may hold: it becomes part of addresses. */
export const SETTING_TEXT = /^[\w.:/@-]+$/;

/** All settings of a provider: those stated, else from the environment, else the manifest's defaults. */
export function settingsOf(
  manifest: ProviderManifest,
  stated: Readonly<Record<string, string>>,
  env: Environment,
): Record<string, string> {
  const settings: Record<string, string> = {};
  const known = manifest.settings ?? [];
  for (const { name, variables } of known) {
    const variable = present(variables, env);
    const value = stated[name] ?? (variable === undefined ? undefined : env[variable]);
    if (value !== undefined && (stated[name] !== undefined || SETTING_TEXT.test(value))) settings[name] = value;
  }
  for (const setting of known) {
    const value = settings[setting.name] ?? defaultOf(setting, settings);
    if (value !== undefined) settings[setting.name] = value;
  }
  return settings;
}

function defaultOf(setting: ProviderSetting, settings: Readonly<Record<string, string>>): string | undefined {
  const { defaultBy } = setting;
  const by = defaultBy === undefined ? undefined : settings[defaultBy.setting];
  const text = by === undefined ? setting.default : (defaultBy?.values[by] ?? defaultBy?.values["*"]);
  const filled = text === undefined ? undefined : fillSettings(text, settings);
  return filled?.includes("{") === true ? undefined : filled;
}

function lacksSetting(manifest: ProviderManifest, env: Environment): boolean {
  const settings = settingsOf(manifest, {}, env);
  return (manifest.settings ?? []).some(({ name, optional }) => optional !== true && settings[name] === undefined);
}

function present(variables: readonly string[], env: Environment): string | undefined {
  return variables.find((name) => (env[name] ?? "") !== "");
}
