import { startGateway, type Gateway } from "../gateway/start.ts";
import { jsonAnswer, streamAnswer } from "../mock-upstream/answers.ts";
import { startMockUpstream, type MockUpstream, type Step } from "../mock-upstream/server.ts";
import { WIRES } from "../faults/wire.ts";

export const wire = WIRES["openai-chat"];
/** Tokens of each answer of the scene: at one dollar a million that many micro-dollars. */
export const TOKENS = 19;

/** The answer of a provider that is well, with its name as the text. */
export function good(name: string, stream = false): Step[] {
  return stream ? streamAnswer(wire.events([name], wire.usage)) : jsonAnswer(wire.whole(name, wire.usage));
}

export function failed(status: number, headers: Record<string, string> = {}): Step[] {
  return jsonAnswer(wire.errorBody(status, "no"), status, headers);
}

/** A gateway before a mock that is several providers of the OpenAI dialect, told apart by their names. */
export interface Scene {
  gateway: Gateway;
  mock: MockUpstream;
  /** What a provider answers in place of its name. */
  answers: Map<string, (stream: boolean) => Step[]>;
  stop(): Promise<void>;
}

export interface SceneOptions {
  providers: readonly string[];
  config?: Record<string, unknown>;
  args?: string[];
}

export async function startScene({ providers, config = {}, args = [] }: SceneOptions): Promise<Scene> {
  const answers: Scene["answers"] = new Map();
  const mock = await startMockUpstream((request) => {
    const name = request.path.split("/")[1] ?? "";
    const stream = request.json["stream"] === true;
    return answers.get(name)?.(stream) ?? good(name, stream);
  });
  const entries = providers.map((name) => [
    name,
    {
      dialect: "openai-chat",
      base_url: `${mock.url}/${name}`,
      keys: [{ name: "main", value: "upstream-secret" }],
      models: ["m"],
      pricing: { "*": { input: 1, output: 1 } },
      network: { max_retries: 0, first_byte_timeout_ms: 5000, connect_timeout_ms: 5000 },
    },
  ]);
  const gateway = await startGateway({
    args,
    config: {
      version: 1,
      access: { require_virtual_key: false },
      providers: Object.fromEntries(entries),
      ...config,
    },
  });
  const scene: Scene = {
    gateway,
    mock,
    answers,
    // A test may have put another gateway in its place.
    stop: async () => {
      await scene.gateway.stop();
      await mock.stop();
    },
  };
  return scene;
}

export function keyValue(name: string): string {
  return `sk-tl-${name}-0123456789abcdef`;
}

export interface Answer {
  id: string;
  status: number;
  /** Name of the provider that answered; empty for an error. */
  by: string;
  route: string;
  attempts: number;
  retryAfter: string | null;
  error: { code?: string; message?: string; limit?: { scope: string; limit: number; used: number; reset_at: string } };
}

export interface AskFields {
  key?: string;
  headers?: Record<string, string>;
  stream?: boolean;
  maxTokens?: number;
  more?: Record<string, unknown>;
}

/** Sends a chat completion, with the name of a virtual key where one is given. */
export async function ask(gateway: Pick<Gateway, "url">, model: string, fields: AskFields = {}): Promise<Answer> {
  const { stream = false, maxTokens, more = {} } = fields;
  const { path, body } = wire.ask(model, { stream, more, ...(maxTokens !== undefined && { maxTokens }) });
  const response = await fetch(gateway.url + path, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(fields.key !== undefined && { "x-trunkline-key": keyValue(fields.key) }),
      ...fields.headers,
    },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  const isGood = response.status === 200;
  const json = isGood && stream ? {} : (JSON.parse(text) as { error?: Answer["error"] });
  return {
    id: response.headers.get("x-trunkline-request-id") ?? "",
    status: response.status,
    by: isGood ? (stream ? wire.readStream(text).text : wire.readWhole(json)) : "",
    route: response.headers.get("x-trunkline-route") ?? "",
    attempts: Number(response.headers.get("x-trunkline-attempts")),
    retryAfter: response.headers.get("retry-after"),
    error: json.error ?? {},
  };
}

/** The value of a sample of `/metrics`; 0 where it is not there. */
export async function metric(gateway: Pick<Gateway, "url">, sample: string): Promise<number> {
  const text = await (await fetch(`${gateway.url}/metrics`)).text();
  const line = text.split("\n").find((each) => each.startsWith(`${sample} `));
  return line === undefined ? 0 : Number(line.slice(sample.length + 1));
}
