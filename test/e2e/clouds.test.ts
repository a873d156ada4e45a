import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { generateKeyPairSync } from "node:crypto";
import { GoogleGenAI } from "@google/genai";
import { AzureOpenAI } from "openai";
import { startTokenServer, tokenAnswer, type TokenServer } from "../../src/lib/oauth/fixtures/token-server.ts";
import { startGateway, type Gateway } from "../gateway/start.ts";
import { jsonAnswer, streamAnswer } from "../mock-upstream/answers.ts";
import { startMockUpstream, type MockRequest, type MockUpstream, type Step } from "../mock-upstream/server.ts";

const KEY = "sk-tl-clouds-of-the-test";
const SECRET = "a-secret-of-the-test-cloud";

let gateway: Gateway;
let mock: MockUpstream;
let tokens: TokenServer;
/** What the next calls are answered with; null: as the path asks. */
let refusal: ((request: MockRequest) => Step[]) | null = null;

beforeAll(async () => {
  mock = await startMockUpstream((request) => (refusal ?? answerTo)(request));
  tokens = startTokenServer();
  tokens.answer = (count) => tokenAnswer(`a-token-of-the-test-${count}`);
  gateway = await startGateway({ config: configFor(mock.url, tokens.url) });
});

afterAll(async () => {
  await gateway.stop();
  await mock.stop();
  await tokens.stop();
});

beforeEach(() => {
  refusal = null;
  mock.requests.length = 0;
});

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
const VECTOR = [0.5, 0.25];
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

async function post(path: string, body: object): Promise<{ status: number; text: string; warnings: string | null }> {
  const answer = await fetch(gateway.url + path, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${KEY}` },
    body: JSON.stringify(body),
  });
  return { status: answer.status, text: await answer.text(), warnings: answer.headers.get("x-trunkline-warnings") };
}

/** The one call that the provider got. */
function received(): MockRequest {
  const calls = mock.requests.filter(({ method }) => method === "POST");
  expect(calls).toHaveLength(1);
  const [call] = calls;
  if (call === undefined) throw new Error("no call");
  expect(JSON.stringify(call)).not.toContain(KEY);
  return call;
}

const messages = [{ role: "user", content: "Hello" }];
const BEARER = /^Bearer a-token-of-the-test-\d+$/;
const VERTEX = "projects/p/locations/global";

interface ChatCase {
  model: string;
  path: string;
  header: string;
  value: string | RegExp;
  /** Fields that the body must have. */
  body?: object;
  without?: string[];
}

const CASES: ChatCase[] = [
  {
    model: "vertex/gemini-2.5-flash",
    path: `/v1beta1/${VERTEX}/publishers/google/models/gemini-2.5-flash:generateContent`,
    header: "authorization",
    value: BEARER,
  },
  {
    model: "vertex/gemini-eu",
    path: "/v1beta1/projects/p/locations/europe-west4/publishers/google/models/gemini-eu:generateContent",
    header: "authorization",
    value: "Bearer ya29.ready",
  },
  {
    model: "vertex/claude-sonnet-4-5@20250929",
    path: `/v1/${VERTEX}/publishers/anthropic/models/claude-sonnet-4-5@20250929:rawPredict`,
    header: "authorization",
    value: BEARER,
    body: { anthropic_version: "vertex-2023-10-16" },
    without: ["model"],
  },
  {
    model: "vertex/meta/llama-4-scout-17b-16e-instruct-maas",
    path: `/v1/${VERTEX}/endpoints/openapi/chat/completions`,
    header: "authorization",
    value: BEARER,
    body: { model: "meta/llama-4-scout-17b-16e-instruct-maas" },
  },
  {
    model: "vertex/mistral-medium-3",
    path: `/v1/${VERTEX}/publishers/mistralai/models/mistral-medium-3:rawPredict`,
    header: "authorization",
    value: BEARER,
    body: { model: "mistral-medium-3" },
  },
  {
    model: "vertex/jamba-1.5-mini",
    path: `/v1/${VERTEX}/publishers/ai21/models/jamba-1.5-mini:rawPredict`,
    header: "authorization",
    value: BEARER,
  },
  {
    model: "vertex-express/gemini-2.5-flash",
    path: "/publishers/google/models/gemini-2.5-flash:generateContent",
    header: "x-goog-api-key",
    value: SECRET,
  },
  { model: "azure/my-gpt", path: "/chat/completions", header: "authorization", value: BEARER },
  {
    model: "azure-deployments/my gpt",
    path: "/deployments/my%20gpt/chat/completions?api-version=2025-04-01-preview",
    header: "api-key",
    value: SECRET,
  },
  { model: "azure-anthropic/claude-opus-4-5", path: "/messages", header: "x-api-key", value: SECRET },
  {
    model: "watsonx/ibm/granite-4-h-small",
    path: "/ml/v1/text/chat?version=2024-10-10",
    header: "authorization",
    value: BEARER,
    body: { model_id: "ibm/granite-4-h-small", project_id: "a-project", tool_choice_option: "auto" },
    without: ["model", "stream", "space_id", "tool_choice"],
  },
  {
    model: "databricks/my-endpoint",
    path: "/serving-endpoints/chat/completions",
    header: "authorization",
    value: `Bearer ${SECRET}`,
  },
  { model: "snowflake/llama3.1-70b", path: "/chat/completions", header: "authorization", value: `Bearer ${SECRET}` },
  { model: "snowflake/claude-4-sonnet", path: "/chat/completions", header: "authorization", value: `Bearer ${SECRET}` },
  {
    model: "cloudflare/@cf/meta/llama-3.1-8b-instruct",
    path: "/accounts/acc/ai/v1/chat/completions",
    header: "authorization",
    value: `Bearer ${SECRET}`,
    body: { model: "@cf/meta/llama-3.1-8b-instruct" },
  },
  {
    model: "github-models/openai/gpt-4.1",
    path: "/chat/completions",
    header: "x-github-api-version",
    value: "2022-11-28",
    body: { model: "openai/gpt-4.1" },
  },
  {
    model: "oracle/meta.llama-3.3-70b-instruct",
    path: "/chat/completions",
    header: "authorization",
    value: `Bearer ${SECRET}`,
  },
];

describe("chat", () => {
  test.each(CASES)("$model", async ({ model, path, header, value, body = {}, without = [] }) => {
    const answer = await post("/v1/chat/completions", { model, messages, tool_choice: "auto" });
    expect(answer).toMatchObject({ status: 200, text: expect.stringContaining("Hello") });
    const call = received();
    expect(call.path).toBe(path);
    expect(call.headers[header] ?? "").toMatch(value);
    expect(call.json).toMatchObject(body);
    for (const field of without) expect(call.json).not.toHaveProperty(field);
  });

  test.each([
    ["snowflake/claude-4-sonnet", "/messages"],
    ["databricks/databricks-claude-sonnet-4-5", "/serving-endpoints/anthropic/v1/messages"],
    ["azure-anthropic/claude-opus-4-5", "/messages"],
  ])("Claude at %s is relayed to clients of its own dialect", async (model, path) => {
    const body = { model, max_tokens: 10, messages };
    expect((await post("/anthropic/v1/messages", body)).status).toBe(200);
    expect(received()).toMatchObject({ path, headers: { "anthropic-version": "2023-06-01" } });
  });
});

describe("streams", () => {
  const event = (data: object) => `id: 1\nevent: message\ndata: ${JSON.stringify(data)}\n\n`;
  const delta = (more: object) => event({ id: "c", model: "m", choices: [{ index: 0, ...more }] });
  const events = [
    delta({ delta: { role: "assistant", content: "Hel" }, finish_reason: null }),
    delta({ delta: { content: "lo" }, finish_reason: "stop" }),
    event({ id: "c", model: "m", choices: [], usage: { prompt_tokens: 5, completion_tokens: 1, total_tokens: 6 } }),
  ];

  test.each([
    ["watsonx/ibm/granite-4-h-small", "/ml/v1/text/chat_stream?version=2024-10-10", undefined],
    ["vertex/mistral-medium-3", `/v1/${VERTEX}/publishers/mistralai/models/mistral-medium-3:streamRawPredict`, true],
  ])("of %s have a path of their own, and end without a mark", async (model, path, stream) => {
    refusal = () => streamAnswer(events);
    const options = { stream: true, stream_options: { include_usage: true } };
    const { status, text } = await post("/v1/chat/completions", { model, messages, ...options });
    expect([status, text]).toEqual([200, expect.stringContaining('"lo"')]);
    expect(text).not.toContain('"error"');
    const call = received();
    expect([call.path, call.json["stream"], call.json["stream_options"]]).toEqual([path, stream, undefined]);
  });
});

describe("counting tokens", () => {
  test("Claude at Vertex AI names its model in the body", async () => {
    const body = { model: "vertex/claude-sonnet-4-5@20250929", messages };
    expect(JSON.parse((await post("/anthropic/v1/messages/count_tokens", body)).text)).toEqual({ input_tokens: 42 });
    const { path, json } = received();
    expect(path).toBe(`/v1/${VERTEX}/publishers/anthropic/models/count-tokens:rawPredict`);
    expect(json).toEqual({ model: "claude-sonnet-4-5@20250929", messages, anthropic_version: "vertex-2023-10-16" });
  });

  test("Gemini at Vertex AI takes the fields without a wrapper", async () => {
    const contents = [{ role: "user", parts: [{ text: "Hello" }] }];
    const answer = await post("/v1beta/models/vertex/gemini-2.5-pro:countTokens", { contents });
    expect(JSON.parse(answer.text)).toEqual({ totalTokens: 42 });
    expect(received().json).toEqual({ contents });
  });
});

describe("embeddings", () => {
  const PUBLISHER = `${VERTEX}/publishers/google/models`;
  test.each([
    ["vertex/gemini-embedding-001", `/v1/${PUBLISHER}/gemini-embedding-001:predict`, { instances: [{ content: "x" }] }],
    ["vertex/text-embedding-005", `/v1/${PUBLISHER}/text-embedding-005:predict`, { instances: [{ content: "x" }] }],
    [
      "vertex/gemini-embedding-2",
      `/v1beta1/${PUBLISHER}/gemini-embedding-2:embedContent`,
      { content: { parts: [{ text: "x" }] } },
    ],
    ["azure/my-embedder", "/embeddings", { model: "my-embedder", input: "x" }],
    [
      "azure-deployments/my-embedder",
      "/deployments/my-embedder/embeddings?api-version=2025-04-01-preview",
      { model: "my-embedder", input: "x" },
    ],
    ["cloudflare/@cf/baai/bge-m3", "/accounts/acc/ai/v1/embeddings", { model: "@cf/baai/bge-m3", input: "x" }],
  ])("%s", async (model, path, wanted) => {
    const answer = await post("/v1/embeddings", { model, input: "x" });
    expect(JSON.parse(answer.text)).toMatchObject({ data: [{ embedding: VECTOR }], usage: { prompt_tokens: 3 } });
    const call = received();
    expect(call.path).toBe(path);
    expect(call.json).toEqual(wanted);
  });

  test("Vertex AI's own form is relayed", async () => {
    const body = { instances: [{ content: "x", task_type: "CLUSTERING" }], parameters: { autoTruncate: true } };
    const answer = await post("/v1beta1/publishers/vertex/models/text-embedding-005:predict", body);
    expect(JSON.parse(answer.text).predictions[0].embeddings.values).toEqual(VECTOR);
    expect(received().json).toEqual(body);
  });
});

describe("embeddings of SDKs as they are", () => {
  test("Google's, towards Vertex AI", async () => {
    const ai = new GoogleGenAI({ vertexai: true, apiKey: KEY, httpOptions: { baseUrl: gateway.url } });
    const config = { taskType: "CLUSTERING", outputDimensionality: 2 };
    const answer = await ai.models.embedContent({ model: "vertex/text-embedding-005", contents: ["x", "y"], config });
    expect(answer.embeddings?.[0]).toEqual({ values: VECTOR, statistics: { tokenCount: 3 } });
    expect(received().json).toEqual({
      instances: ["x", "y"].map((content) => ({ content, task_type: "CLUSTERING" })),
      parameters: { outputDimensionality: 2 },
    });
  });

  test("Google's, to a provider that is none of Google's", async () => {
    const ai = new GoogleGenAI({ vertexai: true, apiKey: KEY, httpOptions: { baseUrl: gateway.url } });
    const answer = await ai.models.embedContent({ model: "databricks/my-embedder", contents: ["x"] });
    expect(answer.embeddings?.[0]?.values).toEqual(VECTOR);
    expect(received().json).toEqual({ model: "my-embedder", input: ["x"] });
  });

  test("Azure's", async () => {
    const azure = new AzureOpenAI({ endpoint: gateway.url, apiKey: KEY, apiVersion: "2024-10-21", maxRetries: 0 });
    const answer = await azure.embeddings.create({ model: "azure/my-embedder", input: "x" });
    expect([...(answer.data[0]?.embedding ?? [])]).toEqual(VECTOR);
    expect(received()).toMatchObject({ path: "/embeddings", json: { model: "my-embedder", input: "x" } });
  });
});

describe("tokens", () => {
  test("that the provider refuses make the key's fault, and the words of nobody reach the client", async () => {
    const error = { code: 401, message: `token of ${SECRET}`, status: "UNAUTHENTICATED" };
    refusal = () => jsonAnswer({ error }, 401);
    const answer = await post("/v1/chat/completions", { model: "vertex/gemini-2.5-flash", messages });
    expect(answer.status).toBe(502);
    expect(answer.text).not.toContain(SECRET);
    expect(answer.text).toContain("refused the gateway's credential");
  });

  test("that the provider quotes do not reach the client", async () => {
    let quoted = "";
    refusal = ({ headers }) => {
      quoted = (headers["authorization"] ?? "").slice("Bearer ".length);
      return jsonAnswer({ error: { code: "bad", message: `cannot use ${headers["authorization"]}` } }, 400);
    };
    const answer = await post("/v1/chat/completions", { model: "azure/x", messages });
    expect(quoted).toStartWith("a-token-of-the-test-");
    expect(answer.status).toBe(400);
    expect(answer.text).toContain("cannot use Bearer ***");
    expect(answer.text).not.toContain(quoted);
  });

  test("models of a signed provider are listed with one", async () => {
    const listed = async () => {
      const answer = await fetch(`${gateway.url}/v1/models`, { headers: { authorization: `Bearer ${KEY}` } });
      const { data } = (await answer.json()) as { data: { id: string }[] };
      return data.map(({ id }) => id).filter((id) => id.endsWith("-listed"));
    };
    let found = await listed();
    for (let tries = 0; found.length === 0 && tries < 100; tries += 1) {
      await Bun.sleep(50);
      found = await listed();
    }
    expect(found.toSorted()).toEqual(["vertex/claude-listed", "vertex/gemini-listed"]);
  });
});

test("a token endpoint that is away or refuses ends in an error of the gateway's own, on the record", async () => {
  const dead = startTokenServer();
  dead.answer = () => Response.json({ error: "invalid_client", error_description: SECRET }, { status: 401 });
  const network = { max_retries: 0 };
  const entra = { tenant_id: "t", client_id: "c", client_secret: SECRET };
  const own = await startGateway({
    config: {
      providers: {
        azure: {
          base_url: mock.url,
          network,
          settings: { authority: dead.url },
          keys: [{ name: "main", credentials: entra }],
        },
        watsonx: {
          base_url: mock.url,
          network,
          settings: { iam_url: "http://127.0.0.1:1" },
          keys: [{ name: "main", value: SECRET }],
        },
      },
    },
  });
  const ask = async (model: string) => {
    const answer = await fetch(`${own.url}/v1/chat/completions`, {
      method: "POST",
      body: JSON.stringify({ model, messages }),
    });
    const text = await answer.text();
    expect(text).not.toContain(SECRET);
    return [answer.status, JSON.parse(text).error.code];
  };
  expect(await ask("azure/x")).toEqual([502, "upstream_auth"]);
  expect(await ask("watsonx/x")).toEqual([502, "upstream_unreachable"]);
  const records = await own.records(2);
  expect(records.map(({ outcome }) => outcome)).toEqual(["upstream_failed", "upstream_failed"]);
  expect(JSON.stringify(records)).not.toContain(SECRET);
  expect(mock.requests.filter(({ method }) => method === "POST")).toEqual([]);
  await own.stop();
  await dead.stop();
});

test("a caller who goes away does not wait for a token", async () => {
  const slow = startTokenServer();
  slow.answer = () => new Promise(() => {});
  const own = await startGateway({
    config: {
      providers: {
        watsonx: {
          base_url: mock.url,
          settings: { iam_url: slow.url },
          keys: [{ name: "main", value: SECRET }],
        },
      },
    },
  });
  const leaving = new AbortController();
  const body = JSON.stringify({ model: "watsonx/x", messages });
  const { signal } = leaving;
  const asking = fetch(`${own.url}/v1/chat/completions`, { method: "POST", body, signal }).catch(() => null);
  while (slow.asked.length < 2) await Bun.sleep(5);
  leaving.abort();
  expect(await asking).toBeNull();
  const [record] = await own.records(1);
  expect(record?.outcome).toBe("client_aborted");
  // A fetch that was given up would have taken ten seconds.
  expect(record?.duration_ms).toBeLessThan(9_000);
  await own.stop();
  await slow.stop();
});
