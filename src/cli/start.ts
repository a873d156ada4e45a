import { watchFile, unwatchFile } from "node:fs";
import { parseArgs } from "node:util";
import {
  CONFIG_OPTIONS,
  loadConfig,
  type CliOverrides,
  type Config,
  type LoadOptions,
  type OptionName,
} from "../domain/config/index.ts";
import { Control, type ControlOptions } from "../control/control.ts";
import { messageOf } from "../control/journal-loop.ts";
import { createProcessLog, type ProcessLog } from "../control/process-log.ts";
import { UsageError, type Command, type CommandContext } from "./command.ts";

/** What the program puts together for its processes. */
export type StartParts = Pick<
  ControlOptions,
  "createWorker" | "startHosted" | "hostedPrices" | "answerAdmin" | "hashToken" | "signers"
> &
  Pick<LoadOptions, "manifests" | "checkCondition">;

/** How often the config file is looked at, and how long it must have been left alone before it is read. */
const WATCH_MS = 500;
const QUIET_MS = 750;

/** Runs the gateway until a signal ends it. */
export function createStartCommand(parts: StartParts): Command {
  return {
    name: "start",
    summary: "Run the gateway (also without a command).",
    usage: `Usage: trunkline start [OPTIONS]

  --host HOST         default 127.0.0.1                       TRUNKLINE_HOST
  --port PORT         default 8080; 0 takes a free one        TRUNKLINE_PORT
  --config FILE       default trunkline.yaml if it is there   TRUNKLINE_CONFIG
  --store URL         default sqlite:./data/trunkline.db      TRUNKLINE_STORE
  --threads N|auto    data threads, default one per core      TRUNKLINE_THREADS
  --log-level LEVEL   debug, info, warn or error              TRUNKLINE_LOG_LEVEL

SIGHUP, or a change of the config file, reloads the configuration. SIGTERM drains and ends; a second one ends at once.`,
    run: (context) => start(parts, context),
  };
}

async function start(parts: StartParts, context: CommandContext): Promise<number> {
  const cliOverrides = parseFlags(context.args);
  const load = () => loadConfig({ ...parts, env: context.env, cliOverrides });
  const first = load();
  const log = createProcessLog(first.config.log_level);
  for (const { path, message } of first.warnings) log("warn", `config: ${path}: ${message}`);
  const control = new Control({ ...parts, env: context.env, log, load: () => load().config });
  await control.start();
  const stopWatching = watch(first.file, control, log);
  const end = ended(control, log);
  // Whoever reads that it runs may send a signal at once.
  greet(control, first.config, context);
  await end;
  stopWatching();
  return 0;
}

function parseFlags(args: readonly string[]): CliOverrides {
  const names = Object.keys(CONFIG_OPTIONS) as OptionName[];
  const options = Object.fromEntries(
    names.map((name) => [CONFIG_OPTIONS[name].flag.slice(2), { type: "string" as const }]),
  );
  try {
    const { values } = parseArgs({ args: [...args], options, strict: true });
    return Object.fromEntries(names.map((name) => [name, values[CONFIG_OPTIONS[name].flag.slice(2)]]));
  } catch (error) {
    throw new UsageError(messageOf(error));
  }
}

function greet(control: Control, config: Config, { print }: CommandContext): void {
  const host = config.server.host.includes(":") ? `[${config.server.host}]` : config.server.host;
  const url = `http://${host}:${control.port}`;
  const providers = control.snapshot?.providers.map(({ name }) => name) ?? [];
  print(`Trunkline is listening on ${url}`);
  print(`providers: ${providers.join(", ")}`);
  print(control.snapshot?.requireVirtualKey === true ? "callers need a virtual key" : "callers need no virtual key");
  if (control.newAdminToken !== null) print(`admin token, shown only this once: ${control.newAdminToken}`);
  if (!providers.includes("demo")) return;
  print(`try it:\n  curl ${url}/v1/chat/completions -H 'content-type: application/json' \\
    -d '{"model":"demo/demo-fast","messages":[{"role":"user","content":"Hello"}]}'`);
}

function watch(file: string | null, control: Control, log: ProcessLog): () => void {
  process.on("SIGHUP", () => control.reload());
  if (file === null) return () => {};
  let quiet: Timer | undefined;
  watchFile(file, { interval: WATCH_MS }, (now, before) => {
    if (now.mtimeMs === before.mtimeMs && now.ino === before.ino) return;
    clearTimeout(quiet);
    // Half of a file can be valid, and mean something else.
    quiet = setTimeout(() => {
      log("info", `${file} has changed`);
      control.reload();
    }, QUIET_MS);
  });
  return () => {
    clearTimeout(quiet);
    unwatchFile(file);
  };
}

/** Resolves when the process has drained after a first signal; a second one ends it at once. */
function ended(control: Control, log: ProcessLog): Promise<void> {
  return new Promise((resolve, reject) => {
    let isStopping = false;
    const stop = (signal: string): void => {
      if (isStopping) process.exit(130);
      isStopping = true;
      log("info", `${signal}: finishing requests under way; the same signal again ends at once`);
      control.stop().then(resolve, reject);
    };
    process.on("SIGTERM", () => stop("SIGTERM"));
    process.on("SIGINT", () => stop("SIGINT"));
  });
}
