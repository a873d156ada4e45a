import type { ProviderManifest } from "../../../canonical/provider.ts";
import type { Environment } from "../options.ts";
import type { Path } from "../path.ts";
import type { Config } from "../schema/types.ts";

/** What is wrong with a rule's condition. */
export interface ConditionFault {
  message: string;
  remedy?: string;
}

/** What a condition may read beside what all may. */
export interface ConditionScope {
  /** `routing.complexity` is enabled. */
  hasComplexity: boolean;
  /** Names of the classifiers; null within a classifier, which reads the text and no classifier. */
  classifiers: readonly string[] | null;
}

/** Compiles a condition; null when it is sound. */
export type CheckCondition = (source: string, scope: ConditionScope) => ConditionFault | null;

/** What the checks across the config look at, and where they report. */
export interface CheckContext {
  config: Config;
  manifests: readonly ProviderManifest[];
  env: Environment;
  /** Of a rule. */
  checkCondition(source: string): ConditionFault | null;
  /** Of a classifier. */
  checkTextCondition(source: string): ConditionFault | null;
  /** Names of all providers: built-in ones and those of the config. */
  providerNames: readonly string[];
  problem(path: Path, message: string, remedy?: string): void;
  warn(path: Path, message: string, remedy?: string): void;
}
