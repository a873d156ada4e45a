import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { Operation } from "../../src/canonical/names.ts";
import type { RequestRecord } from "../../src/canonical/record.ts";
import { DIALECTS, KEY, modelAt, providersAt } from "../e2e/sdk/scene.ts";
import type { SpokenDialect } from "../e2e/spoken.ts";
import { until } from "../faults/bench.ts";
import { startGateway, type Gateway } from "../gateway/start.ts";
import { startAgentProvider, type AgentCall, type Task } from "./agent-provider.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const INSTALLED = join(ROOT, "test/sdk/node_modules");
/** The agents' own programs, and that of the platform where the package would put it in place by a script. */
const PROGRAMS = [
  join(INSTALLED, `@anthropic-ai/claude-code-${process.platform}-${process.arch}`),
  join(INSTALLED, ".bin"),
].join(delimiter);

/** A name by which Codex knows which tools a model takes; `-on-DIALECT` behind it makes it one of the providers'. */
export const CODEX_MODEL = "gpt-5.5";

/** A name that any of the providers may serve. */
export const EITHER = `${CODEX_MODEL}-of-either`;

export const TASK: Task = { file: "out.txt", content: "written by an agent", last: "It is written." };

/** A gateway before a provider of each dialect, and a home and a project for agents. */
export interface AgentScene {
  gateway: Gateway;
  calls: AgentCall[];
  /** Starts an agent by `trunkline launch` with arguments of its own and waits for its end; `model`: not the provider's. */
  run(agent: string, dialect: SpokenDialect, args: readonly string[], model?: string): Promise<AgentRun>;
  close(): Promise<void>;
}

export interface AgentRun {
  code: number;
  output: string;
  /** What it wrote to the task's file; null: nothing. */
  written: string | null;
}

/** What the records say of where an agent's turns on `EITHER` went. */
export async function turnsOf(
  { gateway, calls }: AgentScene,
  operation: Operation,
): Promise<{ provider: string | null; place: string; sticky: string | undefined }[]> {
  const read = async (): Promise<RequestRecord[]> =>
    (await gateway.records()).filter((record) => record.requested_model === EITHER && record.operation === operation);
  const turns = calls.filter(({ isCount }) => !isCount).length;
  let records: RequestRecord[] = [];
  // Records are stored shortly after their answers: those of the last calls may not be there yet.
  await until(async () => (records = await read()).length >= turns, `${turns} calls have records of ${operation}`);
  return records.map(({ provider, model, trace }) => ({
    provider,
    place: `${provider}/${model}`,
    sticky: trace.find(({ step }) => step === "sticky")?.result,
  }));
}

/** Starts a scene. `programs`: where agents are looked for, before the PATH. */
export async function startAgentScene(programs: string = PROGRAMS): Promise<AgentScene> {
  const { mock, calls } = await startAgentProvider(TASK);
  const providers = providersAt(mock.url);
  const provider_configs = Object.keys(providers).map((provider) => ({ provider }));
  const governance = { virtual_keys: [{ name: "agent", value: KEY, provider_configs }] };
  const aliases = Object.fromEntries(DIALECTS.map((dialect) => [`${CODEX_MODEL}-on-${dialect}`, modelAt(dialect)]));
  const either = { targets: DIALECTS.map((dialect) => ({ model: modelAt(dialect) })) };
  const gateway = await startGateway({ config: { providers, aliases: { ...aliases, [EITHER]: either }, governance } });
  const home = mkdtempSync(join(tmpdir(), "trunkline-agent-"));
  return {
    gateway,
    calls,
    run: (agent, dialect, args, model = modelAt(dialect)) => {
      calls.length = 0;
      const options = ["--url", gateway.url, "--key", KEY, "--model", model, "--", ...args];
      return runAgent([agent, ...options], mkdtempSync(join(home, "project-")), environment(home, programs));
    },
    close: async () => {
      await gateway.stop();
      await mock.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

async function runAgent(words: readonly string[], project: string, env: Record<string, string>): Promise<AgentRun> {
  mkdirSync(join(project, ".git"));
  const child = Bun.spawn([process.execPath, join(ROOT, "src/compose/main.ts"), "launch", ...words], {
    cwd: project,
    env,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    timeout: 50_000,
  });
  const [out, err, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { code, output: `${out}\n${err}`, written: readOr(join(project, TASK.file)) };
}

/** Nothing of the machine's own home, and a proxy that is not there: agents reach only what is on this machine. */
function environment(home: string, programs: string): Record<string, string> {
  const nowhere = "http://127.0.0.1:9";
  const local = "127.0.0.1,localhost";
  return {
    HOME: home,
    PATH: [programs, process.env["PATH"] ?? ""].join(delimiter),
    HTTPS_PROXY: nowhere,
    https_proxy: nowhere,
    NO_PROXY: local,
    no_proxy: local,
    // Claude Code takes no permission to skip its questions from root elsewhere.
    IS_SANDBOX: "1",
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
  };
}

function readOr(path: string): string | null {
  try {
    return readFileSync(path, "utf8").trimEnd();
  } catch {
    return null;
  }
}
