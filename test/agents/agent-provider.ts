import type { SpokenDialect } from "../e2e/spoken.ts";
import type { Answer } from "../e2e/provider/answer.ts";
import type { Asked } from "../e2e/provider/asked.ts";
import { listAnswer, WIRES } from "../e2e/provider/index.ts";
import type { Loose } from "../e2e/reading/loose.ts";
import { jsonAnswer, streamAnswer } from "../mock-upstream/answers.ts";
import { startMockUpstream, type MockRequest, type MockUpstream } from "../mock-upstream/server.ts";

/** What the provider's models make of an agent's tools: a call that writes a file, by the tool's name. */
export interface Task {
  /** Below the agent's working directory. */
  file: string;
  content: string;
  /** What is said once the tool has run. */
  last: string;
}

/** A request of an agent as a provider received it, or why the real API would have refused it. */
export interface AgentCall {
  dialect: SpokenDialect;
  request: MockRequest;
  asked: Asked | null;
  refusal: string | null;
  /** It asks how many tokens a turn has, and is none. */
  isCount: boolean;
}

/** Fields that agents send to their own vendors' APIs beside those of the typings. */
const OWN_FIELDS: Partial<Record<SpokenDialect, readonly string[]>> = {
  "anthropic-messages": ["context_management"],
  "openai-responses": ["client_metadata"],
};

type Arguments = (task: Task, parameters: Loose) => Record<string, unknown>;

const command = ({ file, content }: Task): string => `printf %s '${content}' > ${file}`;
const bash: Arguments = (task) => ({ command: command(task), description: "writes a file" });

/** The tools of agents that can write a file, by name; the first that is offered is called. */
const TOOLS: Readonly<Record<string, Arguments>> = {
  apply_patch: ({ file, content }, parameters) => ({
    [Object.keys(parameters.properties)[0] ?? ""]: `*** Begin Patch\n*** Add File: ${file}\n+${content}\n*** End Patch`,
  }),
  Bash: bash,
  bash,
  run_shell_command: bash,
  exec_command: (task) => ({ cmd: command(task) }),
  shell_command: bash,
  shell: (task) => ({ command: ["bash", "-c", command(task)] }),
};

const usage = { input: 120, cached: 64, output: 45, reasoning: 0 };

/** Starts a provider of every dialect whose models call a tool once and then end. */
export async function startAgentProvider(task: Task): Promise<{ mock: MockUpstream; calls: AgentCall[] }> {
  const calls: AgentCall[] = [];
  const mock = await startMockUpstream((request) => {
    const dialect = request.path.split("/")[1] as SpokenDialect;
    const wire = WIRES[dialect];
    const isCount = /count[_-]?tokens|input_tokens/i.test(request.path);
    try {
      const asked = wire.read(request.path, withoutOwn(dialect, request.json));
      calls.push({ dialect, request, asked, refusal: null, isCount });
      if (isCount) return jsonAnswer(wire.count);
      const { whole, events } = wire.write(answerTo(asked, task));
      return asked.stream ? streamAnswer(events) : jsonAnswer(whole);
    } catch (error) {
      calls.push({ dialect, request, asked: null, refusal: String(error), isCount });
      return jsonAnswer({ error: { message: String(error), type: "invalid_request_error" } }, 400);
    }
  }, listAnswer);
  return { mock, calls };
}

function answerTo({ tools, results }: Asked, task: Task): Answer {
  const [name, write] = Object.entries(TOOLS).find(([each]) => tools.some((tool) => tool.name === each)) ?? [];
  if (name === undefined || write === undefined || results.length > 0)
    return { text: task.last, ending: "stop", usage };
  const parameters = tools.find((tool) => tool.name === name)?.parameters;
  const call = { id: "call_write_1", name, arguments: write(task, parameters) };
  return { text: "I will write it.", calls: [call], ending: "tool_calls", usage };
}

function withoutOwn(dialect: SpokenDialect, body: Record<string, unknown>): Record<string, unknown> {
  const own = OWN_FIELDS[dialect] ?? [];
  return Object.fromEntries(Object.entries(body).filter(([name]) => !own.includes(name)));
}
