import type { ProviderManifest } from "../../canonical/provider.ts";
import type { Environment } from "./options.ts";
import { Secret } from "./secret.ts";

/** A provider that a variable of the environment switches on. */
export interface EnvironmentProvider {
  name: string;
  /** Name of the variable. */
  variable: string;
  key: Secret;
}

/** Providers whose key stands in the environment under its usual name, in the order of the manifests. */
export function providersFromEnvironment(
  manifests: readonly ProviderManifest[],
  env: Environment,
): EnvironmentProvider[] {
  return manifests.flatMap(({ name, keyVariables }) => {
    const variable = keyVariables.find((each) => (env[each] ?? "") !== "");
    return variable === undefined ? [] : [{ name, variable, key: new Secret(env[variable] ?? "") }];
  });
}
