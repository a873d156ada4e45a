import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { GoogleGenAI } from "@google/genai";
import { AzureOpenAI } from "openai";
import { streamAnswer } from "../mock-upstream/answers.ts";
import { KEY, messages, SECRET, startScene, VECTOR, type Scene } from "./clouds/scene.ts";

let scene: Scene;

beforeAll(async () => {
  scene = await startScene();
});
afterAll(() => scene.stop());
beforeEach(() => scene.reset());

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
    const answer = await scene.post("/v1/chat/completions", { model, messages, tool_choice: "auto" });
    expect(answer).toMatchObject({ status: 200, text: expect.stringContaining("Hello") });
    const call = scene.received();
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
    expect((await scene.post("/anthropic/v1/messages", body)).status).toBe(200);
    expect(scene.received()).toMatchObject({ path, headers: { "anthropic-version": "2023-06-01" } });
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
    scene.refusal = () => streamAnswer(events);
    const options = { stream: true, stream_options: { include_usage: true } };
    const { status, text } = await scene.post("/v1/chat/completions", { model, messages, ...options });
    expect([status, text]).toEqual([200, expect.stringContaining('"lo"')]);
    expect(text).not.toContain('"error"');
    const call = scene.received();
    expect([call.path, call.json["stream"], call.json["stream_options"]]).toEqual([path, stream, undefined]);
  });
});

describe("counting tokens", () => {
  test("Claude at Vertex AI names its model in the body", async () => {
    const body = { model: "vertex/claude-sonnet-4-5@20250929", messages };
    expect(JSON.parse((await scene.post("/anthropic/v1/messages/count_tokens", body)).text)).toEqual({
      input_tokens: 42,
    });
    const { path, json } = scene.received();
    expect(path).toBe(`/v1/${VERTEX}/publishers/anthropic/models/count-tokens:rawPredict`);
    expect(json).toEqual({ model: "claude-sonnet-4-5@20250929", messages, anthropic_version: "vertex-2023-10-16" });
  });

  test("Gemini at Vertex AI takes the fields without a wrapper", async () => {
    const contents = [{ role: "user", parts: [{ text: "Hello" }] }];
    const answer = await scene.post("/v1beta/models/vertex/gemini-2.5-pro:countTokens", { contents });
    expect(JSON.parse(answer.text)).toEqual({ totalTokens: 42 });
    expect(scene.received().json).toEqual({ contents });
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
    const answer = await scene.post("/v1/embeddings", { model, input: "x" });
    expect(JSON.parse(answer.text)).toMatchObject({ data: [{ embedding: VECTOR }], usage: { prompt_tokens: 3 } });
    const call = scene.received();
    expect(call.path).toBe(path);
    expect(call.json).toEqual(wanted);
  });

  test("Vertex AI's own form is relayed", async () => {
    const body = { instances: [{ content: "x", task_type: "CLUSTERING" }], parameters: { autoTruncate: true } };
    const answer = await scene.post("/v1beta1/publishers/vertex/models/text-embedding-005:predict", body);
    expect(JSON.parse(answer.text).predictions[0].embeddings.values).toEqual(VECTOR);
    expect(scene.received().json).toEqual(body);
  });
});

describe("embeddings of SDKs as they are", () => {
  test("Google's, towards Vertex AI", async () => {
    const ai = new GoogleGenAI({ vertexai: true, apiKey: KEY, httpOptions: { baseUrl: scene.gateway.url } });
    const config = { taskType: "CLUSTERING", outputDimensionality: 2 };
    const answer = await ai.models.embedContent({ model: "vertex/text-embedding-005", contents: ["x", "y"], config });
    expect(answer.embeddings?.[0]).toEqual({ values: VECTOR, statistics: { tokenCount: 3 } });
    expect(scene.received().json).toEqual({
      instances: ["x", "y"].map((content) => ({ content, task_type: "CLUSTERING" })),
      parameters: { outputDimensionality: 2 },
    });
  });

  test("Google's, to a provider that is none of Google's", async () => {
    const ai = new GoogleGenAI({ vertexai: true, apiKey: KEY, httpOptions: { baseUrl: scene.gateway.url } });
    const answer = await ai.models.embedContent({ model: "databricks/my-embedder", contents: ["x"] });
    expect(answer.embeddings?.[0]?.values).toEqual(VECTOR);
    expect(scene.received().json).toEqual({ model: "my-embedder", input: ["x"] });
  });

  test("Azure's", async () => {
    const azure = new AzureOpenAI({
      endpoint: scene.gateway.url,
      apiKey: KEY,
      apiVersion: "2024-10-21",
      maxRetries: 0,
    });
    const answer = await azure.embeddings.create({ model: "azure/my-embedder", input: "x" });
    expect([...(answer.data[0]?.embedding ?? [])]).toEqual(VECTOR);
    expect(scene.received()).toMatchObject({ path: "/embeddings", json: { model: "my-embedder", input: "x" } });
  });
});
