/** An option of the program that stands above the config file. */
export interface ConfigOption {
  flag: string;
  variable: string;
  /** The place in the config that it sets; null for the option that names the file itself. */
  path: readonly string[] | null;
  /** The value from its text; text that does not fit is handed on as it is, and refused by the schema. */
  parse(text: string): unknown;
}

const text = (value: string): unknown => value;
const integer = (value: string): unknown => (/^\d{1,9}$/.test(value) ? Number(value) : value);

/** A flag beats a variable, a variable the file, the file the default. */
export const CONFIG_OPTIONS = {
  host: { flag: "--host", variable: "TRUNKLINE_HOST", path: ["server", "host"], parse: text },
  port: { flag: "--port", variable: "TRUNKLINE_PORT", path: ["server", "port"], parse: integer },
  config: { flag: "--config", variable: "TRUNKLINE_CONFIG", path: null, parse: text },
  store: { flag: "--store", variable: "TRUNKLINE_STORE", path: ["store", "url"], parse: text },
  threads: { flag: "--threads", variable: "TRUNKLINE_THREADS", path: ["server", "threads"], parse: integer },
  log_level: { flag: "--log-level", variable: "TRUNKLINE_LOG_LEVEL", path: ["log_level"], parse: text },
} as const satisfies Record<string, ConfigOption>;

export type OptionName = keyof typeof CONFIG_OPTIONS;

/** Texts of flags by option name. */
export type CliOverrides = Partial<Record<OptionName, string | undefined>>;

export type Environment = Readonly<Record<string, string | undefined>>;

/** An option that is set, and by what. */
export interface SetOption {
  /** `--port` or `TRUNKLINE_PORT`. */
  source: string;
  text: string;
}

/** What an option is set to by flag or variable; an empty variable counts as not set. */
export function readOption(name: OptionName, cli: CliOverrides, env: Environment): SetOption | undefined {
  const { flag, variable } = CONFIG_OPTIONS[name];
  const stated = cli[name];
  if (stated !== undefined) return { source: flag, text: stated };
  const inherited = env[variable];
  return inherited === undefined || inherited === "" ? undefined : { source: variable, text: inherited };
}
