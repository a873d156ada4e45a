import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Agent, AgentPlan } from "./agents/agent.ts";
import { agents } from "./agents/index.ts";
import { UsageError, type Command, type CommandContext } from "./command.ts";
import { offeredModels } from "./offered-models.ts";

const DEFAULT_URL = "http://127.0.0.1:8080";
/** No virtual key, so it stands for none: see `presentedKey`. */
const PLACEHOLDER_KEY = "none";

/** Starts a coding agent that talks to a running gateway; the agent's own configuration stays as it is. */
export const launch: Command = {
  name: "launch",
  summary: "Start a coding agent on a running gateway.",
  usage: `Usage: trunkline launch ${agents.map(({ name }) => name).join("|")} [OPTIONS] [-- ARGS…]

  --model MODEL   provider/model or an alias; default: the agent's own choice
  --url URL       the gateway; default ${DEFAULT_URL}    TRUNKLINE_URL
  --key KEY       a virtual key, where the gateway asks for one   TRUNKLINE_KEY
What stands behind -- goes to the agent.`,
  run: (context) => launchAgent(context),
};

interface Choice {
  agent: Agent;
  program: string;
  url: string;
  key: string;
  model: string | null;
  args: readonly string[];
}

async function launchAgent(context: CommandContext): Promise<number> {
  const choice = readChoice(context);
  const { url, key, model } = choice;
  const models = await offeredModels(url, key);
  let made: string | null = null;
  const folder = (): string => (made ??= mkdtempSync(join(tmpdir(), "trunkline-launch-")));
  try {
    return await runAgent(
      choice,
      choice.agent.plan({ url, key, model, models, env: context.env, folder }),
      context.env,
    );
  } finally {
    if (made !== null) rmSync(made, { recursive: true, force: true });
  }
}

function readChoice({ args, env }: CommandContext): Choice {
  const end = args.indexOf("--");
  const own = end < 0 ? args : args.slice(0, end);
  const { values, positionals } = parse(own);
  const [name = "", surplus] = positionals;
  const agent = agents.find((each) => each.name === name);
  if (agent === undefined) throw new UsageError(name === "" ? "which agent?" : `no agent ${JSON.stringify(name)}`);
  if (surplus !== undefined) throw new UsageError(`arguments of the agent stand behind --, as in -- ${surplus}`);
  const url = (values.url ?? env["TRUNKLINE_URL"] ?? DEFAULT_URL).replace(/\/+$/, "");
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) throw new UsageError(`--url ${JSON.stringify(url)} is no URL`);
  return {
    agent,
    program: findProgram(agent, env),
    url,
    key: values.key ?? env["TRUNKLINE_KEY"] ?? PLACEHOLDER_KEY,
    model: values.model ?? null,
    args: end < 0 ? [] : args.slice(end + 1),
  };
}

function parse(args: readonly string[]): {
  values: { [name in "model" | "url" | "key"]?: string };
  positionals: string[];
} {
  const options = { model: { type: "string" }, url: { type: "string" }, key: { type: "string" } } as const;
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function findProgram({ title, command, install }: Agent, env: CommandContext["env"]): string {
  const found = Bun.which(command, { PATH: env["PATH"] ?? "" });
  if (found === null) throw new Error(`${title} (${command}) is not on the PATH; install it: ${install}`);
  return found;
}

/** The agent's exit code; 128 and the signal's number where a signal ended it. */
function runAgent({ program, args }: Choice, plan: AgentPlan, env: CommandContext["env"]): Promise<number> {
  let child: ChildProcess | null = null;
  // Before the agent is there: a signal in between would end the launcher alone.
  const stopPassing = passSignals((signal) => child?.kill(signal));
  return new Promise<number>((resolve, reject) => {
    child = spawn(program, [...plan.args, ...args], { stdio: "inherit", env: { ...env, ...plan.env } });
    child.on("error", reject);
    child.on("exit", (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  }).finally(stopPassing);
}

/** A terminal's Ctrl-C reaches the agent by itself, as one of the same group. */
function passSignals(pass: (signal: NodeJS.Signals) => void): () => void {
  const handlers = (["SIGINT", "SIGTERM", "SIGHUP"] as const).map((signal) => {
    const handler = (): void => {
      if (signal !== "SIGINT" || !process.stdin.isTTY) pass(signal);
    };
    process.on(signal, handler);
    return { signal, handler };
  });
  return () => {
    for (const { signal, handler } of handlers) process.off(signal, handler);
  };
}
