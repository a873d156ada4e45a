import { configJsonSchema, ConfigError, loadConfig, type LoadOptions } from "../domain/config/index.ts";
import { UsageError, type Command, type CommandContext } from "./command.ts";

/** Checks a config file, or prints the JSON Schema of config files. */
export function createConfigCommand(options: Pick<LoadOptions, "manifests" | "checkCondition">): Command {
  return {
    name: "config",
    summary: "Check a config file, or print the JSON Schema of config files.",
    usage: `Usage: trunkline config check FILE
       trunkline config schema

check    reads FILE as the gateway would at its start and lists every problem with its place; exit code 1 when there is one
schema   prints the JSON Schema (2020-12) for editors and CI`,
    run: (context) => {
      const [verb, file, ...more] = context.args;
      if (verb === "schema" && file === undefined) return printSchema(context);
      if (verb !== "check" || file === undefined || more.length > 0)
        throw new UsageError("expected: config check FILE, or config schema");
      return check(file, context, options);
    },
  };
}

function printSchema({ print }: CommandContext): number {
  print(JSON.stringify(configJsonSchema(), null, 2));
  return 0;
}

function check(
  file: string,
  { env, print, printError }: CommandContext,
  options: Pick<LoadOptions, "manifests" | "checkCondition">,
): number {
  try {
    const { warnings, config } = loadConfig({ ...options, file, env });
    for (const { path, message } of warnings) printError(`warning: ${path}: ${message}`);
    const { governance, providers, routing } = config;
    print(
      `${file} is good: ${Object.keys(providers).length} providers, ${routing.rules.length} rules, ${governance.virtual_keys.length} virtual keys`,
    );
    return 0;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    printError(error.message);
    return 1;
  }
}
