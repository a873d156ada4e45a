import { afterAll, beforeAll, expect, test } from "bun:test";
import { startGateway, type Gateway } from "../gateway/start.ts";
import { jsonAnswer, streamAnswer, textAnswer } from "../mock-upstream/answers.ts";
import { startMockUpstream, type MockRequest, type MockUpstream, type Step } from "../mock-upstream/server.ts";
import { writeChat } from "./provider/chat.ts";
import { writeCompletions } from "./provider/completions.ts";
import { writeMessages } from "./provider/messages.ts";
import { writeOllama } from "./provider/ollama.ts";
import { writeResponses } from "./provider/responses.ts";
import { ANSWERS } from "./provider/answer.ts";
import { readAnswer } from "./reading/index.ts";

/** One server with all that an Ollama server answers, by path. */
const WRITERS: Readonly<Record<string, typeof writeChat>> = {
  "/api/chat": writeOllama,
  "/v1/chat/completions": writeChat,
  "/v1/responses": writeResponses,
  "/v1/completions": writeCompletions,
  "/v1/messages": writeMessages,
};

const EMBEDDED: Readonly<Record<string, object>> = {
  "/api/embed": { model: "e", embeddings: [[0.5, -1]], prompt_eval_count: 3 },
  "/api/embeddings": { embedding: [0.5, -1] },
  "/v1/embeddings": {
    object: "list",
    data: [{ object: "embedding", index: 0, embedding: [0.5, -1] }],
    model: "e",
    usage: { prompt_tokens: 3, total_tokens: 3 },
  },
};

let mock: MockUpstream;
let gateway: Gateway;

function answerTo(request: MockRequest): Step[] {
  const { path, json } = request;
  if (path === "/api/tags") return jsonAnswer({ models: [{ name: "qwen3", model: "qwen3" }] });
  const embedded = EMBEDDED[path];
  if (embedded !== undefined) return jsonAnswer(embedded);
  if (path === "/api/generate") return jsonAnswer({ model: "m", created_at: "", response: "return 1", done: true });
  const writer = WRITERS[path];
  if (writer === undefined) return textAnswer("404 page not found", "text/plain", 404);
  const { whole, events } = writer(ANSWERS.text);
  return json?.stream === true ? streamAnswer(events) : jsonAnswer(whole);
}

beforeAll(async () => {
  mock = await startMockUpstream(answerTo);
  gateway = await startGateway({
    config: {
      providers: {
        ollama: { base_url: mock.url, models: ["qwen3", "e"], network: { max_retries: 0 } },
        openai: { base_url: `${mock.url}/v1`, keys: [{ name: "main", value: "sk-1" }], network: { max_retries: 0 } },
      },
    },
  });
});

afterAll(async () => {
  await gateway.stop();
  await mock.stop();
});

async function post(path: string, body: object): Promise<{ response: Response; text: string; sent: MockRequest }> {
  const before = mock.requests.length;
  const response = await fetch(gateway.url + path, { method: "POST", body: JSON.stringify(body) });
  const text = await response.text();
  const sent = mock.requests.slice(before).find(({ method }) => method === "POST");
  if (sent === undefined) throw new Error(`nothing was sent on: ${response.status} ${text}`);
  return { response, text, sent };
}

const messages = [{ role: "user", content: "Hello" }];

test.each([
  ["openai-chat", "/v1/chat/completions", { messages }, "/v1/chat/completions"],
  ["openai-responses", "/v1/responses", { input: "Hello" }, "/v1/responses"],
  ["openai-completions", "/v1/completions", { prompt: "Hello" }, "/v1/completions"],
  ["anthropic-messages", "/anthropic/v1/messages", { messages, max_tokens: 100 }, "/v1/messages"],
  ["ollama", "/ollama/api/chat", { messages, stream: false }, "/api/chat"],
  ["ollama", "/litellm/ollama/api/chat", { messages, stream: false }, "/api/chat"],
] as const)(
  "a client of %s at %s is relayed over the server's own wire for it",
  async (dialect, path, body, wanted) => {
    const { response, text, sent } = await post(path, { model: "ollama/qwen3", ...body });
    expect({ status: response.status, path: sent.path, body: sent.json }).toEqual({
      status: 200,
      path: wanted,
      body: { model: "qwen3", ...body },
    });
    expect(readAnswer(dialect, false, text).text).toBe(ANSWERS.text.text);
    expect(sent.headers["authorization"]).toBeUndefined();
  },
);

test("other dialects are translated to Ollama's own API", async () => {
  const generate = "/genai/v1beta/models/ollama%2Fqwen3:generateContent";
  const { text, sent } = await post(generate, {
    contents: [{ role: "user", parts: [{ text: "Hello" }] }],
    generationConfig: { topK: 7, maxOutputTokens: 50, thinkingConfig: { thinkingBudget: 0 } },
  });
  expect(sent).toMatchObject({
    path: "/api/chat",
    json: { model: "qwen3", messages, options: { top_k: 7, num_predict: 50 }, think: false, stream: false },
  });
  expect(readAnswer("gemini", false, text).text).toBe(ANSWERS.text.text);
});

test("chat tells its limit under the name that the server knows", async () => {
  const { sent } = await post("/v1/chat/completions", { model: "ollama/qwen3", messages, max_completion_tokens: 9 });
  expect(sent.json).toEqual({ model: "qwen3", messages, max_tokens: 9 });
});

test("a stream passes to the byte, and streaming is the default", async () => {
  const { response, text, sent } = await post("/ollama/api/chat", { model: "ollama/qwen3", messages, stream: true });
  expect(response.headers.get("content-type")).toStartWith("application/x-ndjson");
  expect(text).toBe(writeOllama(ANSWERS.text).events.join(""));
  expect(sent.json).toEqual({ model: "qwen3", messages, stream: true });
  const { text: other } = await post("/ollama/api/chat", { model: "openai/gpt-4o", messages });
  expect(readAnswer("ollama", true, other)).toMatchObject({ text: ANSWERS.text.text, ending: "stop" });
});

test("generate is relayed to where it came to", async () => {
  const body = { prompt: "def f(", suffix: "\n", stream: false, raw: true };
  const { text, sent } = await post("/ollama/api/generate", { model: "ollama/qwen3", ...body });
  expect(sent).toMatchObject({ path: "/api/generate", json: { model: "qwen3", ...body } });
  expect(JSON.parse(text).response).toBe("return 1");
});

test("completions with text to fill in are relayed", async () => {
  const { text, sent } = await post("/v1/completions", {
    model: "ollama/qwen3",
    prompt: "def f(",
    suffix: "\n",
  });
  expect(sent).toMatchObject({ path: "/v1/completions", json: { prompt: "def f(", suffix: "\n" } });
  expect(readAnswer("openai-completions", false, text).text).toBe(ANSWERS.text.text);
});

test.each([
  ["/ollama/api/embed", { input: ["a"] }, "/api/embed", { model: "e", embeddings: [[0.5, -1]], prompt_eval_count: 3 }],
  ["/ollama/api/embeddings", { prompt: "a" }, "/api/embeddings", { embedding: [0.5, -1] }],
])("embeddings at %s are relayed", async (path, body, wanted, answer) => {
  const { text, sent } = await post(path, { model: "ollama/e", ...body });
  expect({ path: sent.path, json: sent.json }).toEqual({ path: wanted, json: { model: "e", ...body } });
  expect(JSON.parse(text)).toEqual(answer);
});

test("embeddings of OpenAI's clients are relayed to its own API there, and Ollama's reach OpenAI", async () => {
  const { sent } = await post("/v1/embeddings", { model: "ollama/e", input: "a" });
  expect(sent.path).toBe("/v1/embeddings");
  const { text, sent: other } = await post("/ollama/api/embed", { model: "openai/text-embedding-3-small", input: "a" });
  expect(other).toMatchObject({ path: "/v1/embeddings", json: { model: "text-embedding-3-small", input: "a" } });
  expect(JSON.parse(text)).toEqual({ model: "e", embeddings: [[0.5, -1]], prompt_eval_count: 3 });
});

test("a model of OpenAI that only completes text gets a chat as text", async () => {
  const { text, sent } = await post("/anthropic/v1/messages", {
    model: "openai/gpt-3.5-turbo-instruct",
    max_tokens: 100,
    messages,
  });
  expect(sent).toMatchObject({ path: "/v1/completions", json: { prompt: "Hello", max_tokens: 100 } });
  expect(readAnswer("anthropic-messages", false, text).text).toBe(ANSWERS.text.text);
});

test("shows a model with what the catalog knows of it", async () => {
  const show = (model: string): Promise<Response> =>
    fetch(`${gateway.url}/ollama/api/show`, { method: "POST", body: JSON.stringify({ model }) });
  expect(await (await show("ollama/qwen3")).json()).toMatchObject({ details: { family: "ollama" } });
  const missing = await show("nobody/knows");
  expect(missing.status).toBe(404);
  expect(await missing.json()).toMatchObject({ error: 'no model "nobody/knows" here', code: "model_not_found" });
  const unknown = await fetch(`${gateway.url}/ollama/api/pull`, { method: "POST", body: "{}" });
  expect(unknown.status).toBe(404);
  expect(await unknown.json()).toMatchObject({ error: expect.stringContaining("/ollama/api/pull") });
});
