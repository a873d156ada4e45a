import { existsSync, readFileSync } from "node:fs";
import type { ProviderManifest } from "../../canonical/provider.ts";
import { checkAliases } from "./check/aliases.ts";
import { checkClassifiers } from "./check/classifiers.ts";
import type { CheckCondition, CheckContext } from "./check/context.ts";
import { checkGovernance } from "./check/governance.ts";
import { checkProcess } from "./check/process.ts";
import { checkProviders } from "./check/providers.ts";
import { checkExperiments } from "./check/experiments.ts";
import { checkRouting } from "./check/routing.ts";
import { checkVirtualKeys } from "./check/virtual-keys.ts";
import { findingsOf, type Finding } from "./issues.ts";
import { CONFIG_OPTIONS, readOption, type CliOverrides, type Environment, type OptionName } from "./options.ts";
import { printPath, type Path } from "./path.ts";
import { ConfigError, type Problem } from "./problem.ts";
import { resolveReferences } from "./references.ts";
import { configSchema } from "./schema/config.ts";
import type { Config } from "./schema/types.ts";
import { parseSource, type SourceText } from "./source-text.ts";

export interface LoadOptions {
  /** The config file; otherwise `--config`, `TRUNKLINE_CONFIG`, or `trunkline.yaml` when it is there. */
  file?: string | undefined;
  /** The file's text, when it is at hand; `file` is then only its name. */
  text?: string | undefined;
  env: Environment;
  cliOverrides?: CliOverrides;
  /** The built-in providers. */
  manifests: readonly ProviderManifest[];
  /** Compiles conditions of rules; without it they are not looked at. */
  checkCondition?: CheckCondition;
}

export interface LoadedConfig {
  config: Config;
  warnings: Problem[];
  /** The file that was read; null when there was none. */
  file: string | null;
}

const DEFAULT_FILE = "trunkline.yaml";

const CHECKS = [
  checkProviders,
  checkAliases,
  checkRouting,
  checkExperiments,
  checkClassifiers,
  checkGovernance,
  checkVirtualKeys,
  checkProcess,
];

/** A file that is being written, or was lost, must not stand for the defaults, which ask callers for no key. */
const EMPTY_FILE: Finding = {
  path: [],
  message: "the file is empty",
  remedy: "write `version: 1` for a configuration of defaults",
};

/**
 * Reads the configuration: file (YAML or JSON), then variables, then flags over it, references resolved, defaults filled in,
 * everything checked. Throws `ConfigError` with all problems found.
 */
export function loadConfig(options: LoadOptions): LoadedConfig {
  const file = findFile(options);
  const text = options.text ?? (file === null ? "" : readText(file));
  const source = parseSource(text);
  const origin = new Origin(source, file ?? "config");
  origin.throwIfAny(source.faults.map((fault) => ({ ...origin.locate(fault), ...fault.position })));
  origin.throwIfAny(file !== null && options.text === undefined && isBlank(text) ? [origin.locate(EMPTY_FILE)] : []);
  const tree = override(source.value, options, origin);
  const { tree: resolved, faults } = resolveReferences(tree, options.env);
  const parsed = configSchema.safeParse(resolved);
  const found: Finding[] = parsed.success ? [] : findingsOf(parsed.error.issues, tree, resolved);
  const unset = new Set(faults.map(({ path }) => printPath(path)));
  origin.throwIfAny(
    [...faults, ...found.filter(({ path }) => !unset.has(printPath(path)))].map((each) => origin.locate(each)),
  );
  const config = parsed.data as Config;
  return { config, warnings: checkAcross(config, options, origin), file };
}

/** Nothing but blank lines and comments. */
function isBlank(text: string): boolean {
  return text.split("\n").every((line) => /^\s*(?:#|$)/.test(line));
}

function findFile({ file, text, cliOverrides = {}, env }: LoadOptions): string | null {
  const stated = file ?? readOption("config", cliOverrides, env)?.text;
  if (stated !== undefined || text !== undefined) return stated ?? null;
  return existsSync(DEFAULT_FILE) ? DEFAULT_FILE : null;
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    const reasons: Record<string, string> = {
      ENOENT: "there is no such file",
      EISDIR: "this is a folder, not a file",
      EACCES: "this file may not be read",
    };
    const message = reasons[code] ?? `this file cannot be read (${code})`;
    throw new ConfigError([{ path: "", source: file, line: null, column: null, message }]);
  }
}

/** Says where values come from. */
class Origin {
  private readonly text: SourceText;
  private readonly file: string;
  /** By path: the flag or variable that set it. */
  readonly overridden = new Map<string, string>();

  constructor(text: SourceText, file: string) {
    this.text = text;
    this.file = file;
  }

  locate({ path, message, got, remedy }: Finding): Problem {
    const printed = printPath(path);
    const option = this.overridden.get(printed);
    const position = option === undefined ? this.text.locate(path) : null;
    return {
      path: printed,
      source: option ?? this.file,
      line: position?.line ?? null,
      column: position?.column ?? null,
      message,
      ...(got !== undefined && { got }),
      ...(remedy !== undefined && { remedy }),
    };
  }

  throwIfAny(problems: Problem[]): void {
    if (problems.length > 0) throw new ConfigError(problems.toSorted(byPosition));
  }
}

function byPosition(one: Problem, other: Problem): number {
  return (one.line ?? 0) - (other.line ?? 0) || (one.column ?? 0) - (other.column ?? 0);
}

/** Lays the options that are set over the file's value. */
function override(value: unknown, { cliOverrides = {}, env }: LoadOptions, origin: Origin): unknown {
  let tree = value;
  for (const name of Object.keys(CONFIG_OPTIONS) as OptionName[]) {
    const { path, parse } = CONFIG_OPTIONS[name];
    const set = path === null ? undefined : readOption(name, cliOverrides, env);
    if (path === null || set === undefined) continue;
    tree = withValue(tree, path, parse(set.text));
    origin.overridden.set(printPath(path), set.source);
  }
  return tree;
}

/** A copy with another value at a place; what is in the way and no mapping is left for the schema to refuse. */
function withValue(tree: unknown, [step, ...rest]: readonly string[], value: unknown): unknown {
  if (step === undefined) return value;
  const isMapping = typeof tree === "object" && tree !== null && !Array.isArray(tree);
  if (!isMapping && tree !== undefined && tree !== null) return tree;
  const mapping = (tree ?? {}) as Record<string, unknown>;
  return { ...mapping, [step]: withValue(mapping[step], rest, value) };
}

function conditionChecks(
  { routing }: Config,
  check: CheckCondition = () => null,
): Pick<CheckContext, "checkCondition" | "checkTextCondition"> {
  const hasComplexity = routing.complexity.enabled;
  const classifiers = Object.keys(routing.classifiers);
  return {
    checkCondition: (source) => check(source, { hasComplexity, classifiers }),
    checkTextCondition: (source) => check(source, { hasComplexity, classifiers: null }),
  };
}

/** What the schema of one section cannot see; throws for problems and gives the warnings. */
function checkAcross(config: Config, options: LoadOptions, origin: Origin): Problem[] {
  const problems: Problem[] = [];
  const warnings: Problem[] = [];
  const report = (list: Problem[]) => (path: Path, message: string, remedy?: string) => {
    list.push(origin.locate({ path, message, ...(remedy !== undefined && { remedy }) }));
  };
  const names = [...options.manifests.map(({ name }) => name), ...Object.keys(config.providers)];
  const context: CheckContext = {
    config,
    manifests: options.manifests,
    env: options.env,
    ...conditionChecks(config, options.checkCondition),
    providerNames: [...new Set(names)],
    problem: report(problems),
    warn: report(warnings),
  };
  for (const check of CHECKS) check(context);
  origin.throwIfAny(problems);
  return warnings.toSorted(byPosition);
}
