import type { ProviderManifest } from "../../../canonical/provider.ts";
import type { Environment } from "../options.ts";
import type { Path } from "../path.ts";
import type { Config } from "../schema/types.ts";

/** What is wrong with a rule's condition. */
export interface ConditionFault {
  message: string;
  remedy?: string;
}

/** Compiles a rule's condition; null when it is sound. */
export type CheckCondition = (source: string) => ConditionFault | null;

/** What the checks across the config look at, and where they report. */
export interface CheckContext {
  config: Config;
  manifests: readonly ProviderManifest[];
  env: Environment;
  checkCondition: CheckCondition;
  /** Names of all providers: built-in ones and those of the config. */
  providerNames: readonly string[];
  problem(path: Path, message: string, remedy?: string): void;
  warn(path: Path, message: string, remedy?: string): void;
}
