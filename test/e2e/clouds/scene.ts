import { expect } from "bun:test";
import { generateKeyPairSync } from "node:crypto";
import { startTokenServer, tokenAnswer } from "../../../src/lib/oauth/fixtures/token-server.ts";
import { startGateway, type Gateway } from "../../gateway/start.ts";
import { jsonAnswer } from "../../mock-upstream/answers.ts";
import { startMockUpstream, type MockRequest, type MockUpstream, type Step } from "../../mock-upstream/server.ts";

export const KEY = "sk-tl-clouds-of-the-test";
export const SECRET = "a-secret-of-the-test-cloud";
export const messages = [{ role: "user", content: "Hello" }];

/** A gateway before the models of clouds, all on one mock, and the server that hands out tokens for them. */
export interface Scene {
  gateway: Gateway;
  mock: MockUpstream;
  /** What the next calls are answered with; null: as the path asks. */
  refusal: ((request: MockRequest) => Step[]) | null;
  post(path: string, body: object): Promise<{ status: number; text: string; warnings: string | null }>;
  /** The one call that the provider got. */
  received(): MockRequest;
  /** Forgets what was called, and answers as the path asks. */
  reset(): void;
  stop(): Promise<void>;
}

export async function startScene(): Promise<Scene> {
  const scene: Pick<Scene, "refusal"> = { refusal: null };
  const answer = (request: MockRequest): Step[] => (scene.refusal ?? answerTo)(request);
  const mock = await startMockUpstream(answer, answer);
  const tokens = startTokenServer();
  tokens.answer = (count) => tokenAnswer(`a-token-of-the-test-${count}`);
  const gateway = await startGateway({ config: configFor(mock.url, tokens.url) });
  return Object.assign(scene, {
    gateway,
    mock,
    post: (path: string, body: object) => post(gateway.url + path, body),
    received: () => onlyCallOf(mock),
    reset() {
      scene.refusal = null;
      mock.requests.length = 0;
    },
    async stop() {
      await gateway.stop();
      await mock.stop();
      await tokens.stop();
    },
  });
}

const CHAT = {
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1,
  model: "m",
  choices: [{ index: 0, message: { role: "assistant", content: "Hello" }, finish_reason: "stop" }],
  usage: { prompt_tokens: 5, completion_tokens: 1, total_tokens: 6 },
};
const MESSAGE = {
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "claude",
  content: [{ type: "text", text: "Hello" }],
  stop_reason: "end_turn",
  usage: { input_tokens: 5, output_tokens: 1 },
};
const GEMINI = {
  candidates: [{ content: { role: "model", parts: [{ text: "Hello" }] }, finishReason: "STOP" }],
  usageMetadata: { promptTokenCount: 5, candidatesTokenCount: 1, totalTokenCount: 6 },
};
export const VECTOR = [0.5, 0.25];
const LISTS: Readonly<Record<string, object>> = {
  google: { publisherModels: [{ name: "publishers/google/models/gemini-listed" }] },
  anthropic: { publisherModels: [{ name: "publishers/anthropic/models/claude-listed" }] },
};

function vectorIn({ encoding_format: format }: MockRequest["json"]): number[] | string {
  return format === "base64" ? Buffer.from(new Float32Array(VECTOR).buffer).toString("base64") : VECTOR;
}

function answerTo({ method, path, json }: MockRequest): Step[] {
  if (method === "GET") return jsonAnswer(LISTS[path.split("/")[3] ?? ""] ?? { data: [] });
  if (path.includes("count-tokens")) return jsonAnswer({ input_tokens: 42 });
  if (path.includes("countTokens")) return jsonAnswer({ totalTokens: 42 });
  if (path.includes(":predict"))
    return jsonAnswer({ predictions: [{ embeddings: { values: VECTOR, statistics: { token_count: 3 } } }] });
  if (path.includes(":embedContent"))
    return jsonAnswer({ embedding: { values: VECTOR }, usageMetadata: { promptTokenCount: 3 } });
  if (path.includes("/embeddings"))
    return jsonAnswer({ object: "list", data: [{ index: 0, embedding: vectorIn(json) }], usage: { prompt_tokens: 3 } });
  if (path.includes(":generateContent")) return jsonAnswer(GEMINI);
  return jsonAnswer(path.includes("anthropic") || path.endsWith("/messages") ? MESSAGE : CHAT);
}

function configFor(url: string, tokenUrl: string): object {
  const network = { max_retries: 0 };
  const plain = (more: object = {}) => ({ base_url: url, network, keys: [{ name: "main", value: SECRET }], ...more });
  const entraParts = { tenant_id: "tenant", client_id: "application", client_secret: SECRET };
  const providers = {
    vertex: plain({
      settings: { project: "p" },
      keys: [
        { name: "main", value: account(tokenUrl), blocked_models: ["gemini-eu*"] },
        { name: "europe", value: "ya29.ready", settings: { location: "europe-west4" }, models: ["gemini-eu*"] },
      ],
    }),
    "vertex-express": plain(),
    azure: plain({
      settings: { authority: tokenUrl },
      keys: [{ name: "main", credentials: entraParts }],
    }),
    "azure-deployments": plain({ settings: { api_version: "2025-04-01-preview" } }),
    "azure-anthropic": plain(),
    watsonx: plain({ settings: { iam_url: tokenUrl, project_id: "a-project" } }),
    databricks: plain({ base_url: `${url}/serving-endpoints` }),
    snowflake: plain(),
    cloudflare: plain({ base_url: `${url}/accounts/{account_id}/ai/v1`, settings: { account_id: "acc" } }),
    "github-models": plain(),
    oracle: plain(),
  };
  const provider_configs = Object.keys(providers).map((provider) => ({ provider }));
  return { providers, governance: { virtual_keys: [{ name: "app", value: KEY, provider_configs }] } };
}

function account(tokenUrl: string): string {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return JSON.stringify({
    type: "service_account",
    client_email: "gateway@example.iam.gserviceaccount.com",
    private_key: privateKey.export({ type: "pkcs8", format: "pem" }),
    token_uri: `${tokenUrl}/google`,
  });
}

async function post(url: string, body: object): ReturnType<Scene["post"]> {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${KEY}` },
    body: JSON.stringify(body),
  });
  return { status: answer.status, text: await answer.text(), warnings: answer.headers.get("x-trunkline-warnings") };
}

function onlyCallOf(mock: MockUpstream): MockRequest {
  const calls = mock.requests.filter(({ method }) => method === "POST");
  expect(calls).toHaveLength(1);
  const [call] = calls;
  if (call === undefined) throw new Error("no call");
  expect(JSON.stringify(call)).not.toContain(KEY);
  return call;
}
