export type { CheckCondition, ConditionFault, ConditionScope } from "./check/context.ts";
export {
  credentialFromEnvironment,
  providersFromEnvironment,
  settingsOf,
  type EnvironmentProvider,
} from "./environment.ts";
export { configJsonSchema } from "./json-schema.ts";
export { loadConfig, type LoadedConfig, type LoadOptions } from "./load.ts";
export { CONFIG_OPTIONS, type CliOverrides, type ConfigOption, type Environment, type OptionName } from "./options.ts";
export { ConfigError, formatProblems, type Problem } from "./problem.ts";
export { configSchema } from "./schema/config.ts";
export type { Period, PeriodUnit } from "./schema/period.ts";
export type * from "./schema/types.ts";
export { Secret } from "./secret.ts";
export { taskWire, type TaskWire } from "./task-wires.ts";
