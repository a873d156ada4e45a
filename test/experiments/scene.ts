import type { ExperimentReport } from "../../src/admin/experiments.ts";
import { startGateway, type Gateway } from "../gateway/start.ts";
import { jsonAnswer } from "../mock-upstream/answers.ts";
import { startMockUpstream, type MockUpstream } from "../mock-upstream/server.ts";

export const KEYS = {
  mine: "sk-tl-experiment-tests-000000000001",
  mate: "sk-tl-experiment-tests-000000000002",
  other: "sk-tl-experiment-tests-000000000003",
};

/** A gateway with experiments between two providers, of which the second fails for prompts that say so. */
export interface Scene {
  gateway: Gateway;
  mock: MockUpstream;
  chat(body: Record<string, unknown>, key?: string): Promise<Chat>;
  post(path: string, body: unknown, token?: string): Promise<Answer>;
  /** Of the management API. */
  get(path: string): Promise<Answer>;
  report(name: string): Promise<ExperimentReport>;
  stop(): Promise<void>;
}

export interface Answer {
  status: number;
  json: Record<string, never>;
}

export interface Chat {
  id: string;
  answerId: string;
  status: number;
  by: string;
  route: string;
}

let answers = 0;

function answer(name: string, prompt: string) {
  if (name === "b" && prompt.includes("fail"))
    return jsonAnswer({ error: { message: "no", type: "server_error" } }, 500);
  answers += 1;
  return jsonAnswer({
    id: `chatcmpl-${answers}`,
    object: "chat.completion",
    created: 1,
    model: "m",
    choices: [{ index: 0, message: { role: "assistant", content: name }, finish_reason: "stop" }],
    usage: { prompt_tokens: 100 + answers, completion_tokens: 10, total_tokens: 110 + answers },
  });
}

export async function openScene(experiments: unknown[], rules: unknown[] = []): Promise<Scene> {
  const mock = await startMockUpstream(({ path, body }) => answer(path.split("/")[1] ?? "", body));
  const provider = (name: string, price: object): object => ({
    dialect: "openai-chat",
    base_url: `${mock.url}/${name}`,
    keys: [{ name: "main", value: "secret" }],
    models: ["m"],
    pricing: price,
    network: { max_retries: 0 },
  });
  const grants = ["a", "b", "c"].map((name) => ({ provider: name, allowed_models: ["*"] }));
  const gateway = await startGateway({
    config: {
      providers: {
        a: provider("a", { m: { input: 1, output: 2 } }),
        b: provider("b", { m: { input: 3, output: 4 } }),
        c: provider("c", {}),
      },
      aliases: { assistant: "a/m", priceless: "c/m" },
      experiments,
      routing: { rules },
      governance: {
        teams: [{ name: "ml" }],
        virtual_keys: [
          { name: "mine", value: KEYS.mine, team: "ml", provider_configs: grants },
          { name: "mate", value: KEYS.mate, team: "ml", provider_configs: grants },
          { name: "other", value: KEYS.other, provider_configs: grants },
        ],
      },
    },
  });
  return sceneOf(gateway, mock);
}

function sceneOf(gateway: Gateway, mock: MockUpstream): Scene {
  const send = async (path: string, init: RequestInit): Promise<Answer> => {
    const response = await fetch(gateway.url + path, init);
    return { status: response.status, json: (await response.json()) as Record<string, never> };
  };
  const post = (path: string, body: unknown, token: string = KEYS.mine): Promise<Answer> =>
    send(path, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
  const get = (path: string): Promise<Answer> =>
    send(path, { headers: { authorization: `Bearer ${gateway.adminToken}` } });
  return {
    gateway,
    mock,
    post,
    get,
    report: async (name) =>
      (await get(`/api/experiments/${encodeURIComponent(name)}`)).json as unknown as ExperimentReport,
    chat: (body, key = KEYS.mine) => chat(gateway.url, body, key),
    stop: async () => {
      await gateway.stop();
      await mock.stop();
    },
  };
}

async function chat(url: string, body: Record<string, unknown>, key: string): Promise<Chat> {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${key}`, connection: "close" },
    body: JSON.stringify({ model: "assistant", messages: [{ role: "user", content: "Hi" }], ...body }),
  });
  const json = (await response.json()) as { id?: string };
  return {
    id: response.headers.get("x-trunkline-request-id") ?? "",
    answerId: json.id ?? "",
    status: response.status,
    by: response.headers.get("x-trunkline-provider") ?? "",
    route: response.headers.get("x-trunkline-route") ?? "",
  };
}
