import type { ProviderManifest } from "../../canonical/provider.ts";
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

/** All settings of a provider: those stated, else from the environment, else the manifest's defaults. */
export function settingsOf(
  manifest: ProviderManifest,
  stated: Readonly<Record<string, string>>,
  env: Environment,
): Record<string, string> {
  const settings: Record<string, string> = {};
  for (const { name, variables, default: fallback } of manifest.settings ?? []) {
    const variable = present(variables, env);
    const value = stated[name] ?? (variable === undefined ? fallback : env[variable]);
    if (value !== undefined) settings[name] = value;
  }
  return settings;
}

function lacksSetting(manifest: ProviderManifest, env: Environment): boolean {
  const settings = settingsOf(manifest, {}, env);
  return (manifest.settings ?? []).some(({ name }) => settings[name] === undefined);
}

function present(variables: readonly string[], env: Environment): string | undefined {
  return variables.find((name) => (env[name] ?? "") !== "");
}
