import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { GoogleGenAI } from "@google/genai";
import { CohereClient, CohereClientV2 } from "cohere-ai";
import OpenAI from "openai";
import { startGateway, type Gateway } from "../gateway/start.ts";
import { jsonAnswer } from "../mock-upstream/answers.ts";
import { startMockUpstream, type MockRequest, type MockUpstream } from "../mock-upstream/server.ts";
import type { Loose } from "../e2e/reading/loose.ts";

const KEY = "sk-tl-sdk-tasks-0123456789";
const PROVIDER_KEY = "secret-of-the-provider";
const VECTORS = [
  [0.25, -0.5],
  [1, 0],
];

let mock: MockUpstream;
let gateway: Gateway;
let openai: OpenAI;
let google: GoogleGenAI;

/** Answers of the vendors, by the path that they are called at. */
const ANSWERS: Record<string, (request: MockRequest) => object> = {
  "/openai/embeddings": ({ json }) => ({
    object: "list",
    model: "text-embedding-3-small",
    data: [json.input].flat().map((_: unknown, index: number) => {
      const base64 = Buffer.from(new Float32Array(VECTORS[index] ?? []).buffer).toString("base64");
      return { object: "embedding", index, embedding: json.encoding_format === "base64" ? base64 : VECTORS[index] };
    }),
    usage: { prompt_tokens: 4, total_tokens: 4 },
  }),
  "/openai/moderations": () => ({
    id: "modr-1",
    model: "omni-moderation-latest",
    results: [{ flagged: true, categories: { violence: true }, category_scores: { violence: 0.97 } }],
  }),
  "/openai/chat/moderations": () => ({
    id: "mod-1",
    model: "mistral-moderation-latest",
    usage: { prompt_tokens: 9, total_tokens: 9, completion_tokens: 0 },
    results: [{ categories: { pii: true }, category_scores: { pii: 0.9 } }],
  }),
  "/openai/rerank": () => ({
    model: "bge",
    usage: { total_tokens: 12 },
    results: [{ index: 1, relevance_score: 0.9, document: { text: "Paris" } }],
  }),
  "/cohere/embed": ({ json }: Loose) => ({
    id: "e1",
    embeddings: {
      float: VECTORS.slice(0, json.texts.length),
      ...(json.embedding_types.includes("base64") && { base64: ["AACAPgAAAL8=", "AACAPwAAAAA="] }),
    },
    texts: json.texts,
    meta: { billed_units: { input_tokens: 4 } },
    response_type: "embeddings_by_type",
  }),
  "/cohere/rerank": () => ({
    id: "r1",
    results: [{ index: 1, relevance_score: 0.9 }],
    meta: { billed_units: { search_units: 1 } },
  }),
  "/gemini/models/gemini-embedding-001:embedContent": () => ({ embedding: { values: VECTORS[0] } }),
  "/gemini/models/gemini-embedding-001:batchEmbedContents": ({ json }: Loose) => ({
    embeddings: json.requests.map((_: unknown, at: number) => ({ values: VECTORS[at] })),
  }),
};

beforeAll(async () => {
  mock = await startMockUpstream((request) => {
    const answer = ANSWERS[request.path];
    return answer === undefined ? jsonAnswer({ message: `no ${request.path}` }, 404) : jsonAnswer(answer(request));
  });
  const provider = (dialect: string, name: string): object => ({
    dialect,
    base_url: `${mock.url}/${name}`,
    keys: [{ name: "main", value: PROVIDER_KEY }],
    network: { max_retries: 0 },
    models: ["any"],
    pricing: { "*": { input: 1, output: 1 } },
  });
  gateway = await startGateway({
    config: {
      providers: {
        oai: provider("openai-chat", "openai"),
        coh: provider("cohere", "cohere"),
        gem: provider("gemini", "gemini"),
        ant: provider("anthropic-messages", "anthropic"),
      },
      aliases: { embedder: "gem/gemini-embedding-001" },
      governance: {
        virtual_keys: [
          {
            name: "app",
            value: KEY,
            provider_configs: ["oai", "coh", "gem", "ant"].map((name) => ({ provider: name })),
          },
        ],
      },
    },
  });
  openai = new OpenAI({ apiKey: KEY, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
  google = new GoogleGenAI({ apiKey: KEY, vertexai: false, httpOptions: { baseUrl: `${gateway.url}/genai` } });
});

afterAll(async () => {
  await gateway?.stop();
  await mock?.stop();
});

/** The latest call that a provider received. */
function called(): MockRequest {
  const last = mock.requests.findLast(({ method }) => method === "POST");
  if (last === undefined) throw new Error("no provider was called");
  expect(JSON.stringify(last)).not.toContain(KEY);
  expect(JSON.stringify(last.headers)).toContain(PROVIDER_KEY);
  return last;
}

async function post(path: string, body: object): Promise<{ status: number; headers: Headers; json: Loose }> {
  const headers = { "content-type": "application/json", authorization: `Bearer ${KEY}` };
  const answer = await fetch(gateway.url + path, { method: "POST", headers, body: JSON.stringify(body) });
  return { status: answer.status, headers: answer.headers, json: await answer.json() };
}

const TARGETS = [
  ["oai/text-embedding-3-small", "/openai/embeddings"],
  ["coh/embed-v4.0", "/cohere/embed"],
  ["gem/gemini-embedding-001", "/gemini/models/gemini-embedding-001:batchEmbedContents"],
] as const;

describe("the openai SDK", () => {
  test.each(TARGETS)("embeds with %s", async (model, path) => {
    const plain = await openai.embeddings.create({ model, input: ["Bonjour", "Salut"], encoding_format: "float" });
    expect(plain.data.map(({ embedding }) => embedding)).toEqual(VECTORS);
    // The SDK asks for base64 of its own and shows numbers.
    const packed = await openai.embeddings.create({ model, input: ["Bonjour", "Salut"] });
    expect(packed.data.map(({ embedding }) => [...embedding])).toEqual(VECTORS);
    const base64 = await openai.embeddings.create({ model, input: ["Bonjour"], encoding_format: "base64" });
    expect(JSON.stringify(base64.data[0]?.embedding)).toBe('"AACAPgAAAL8="');
    expect(called().path).toBe(path);
  });

  test("embeds one text", async () => {
    const { data } = await openai.embeddings.create({
      model: "gem/gemini-embedding-001",
      input: "Bonjour",
      dimensions: 2,
    });
    expect(data).toHaveLength(1);
    expect(called().path).toBe("/gemini/models/gemini-embedding-001:embedContent");
    expect(called().json).toMatchObject({ content: { parts: [{ text: "Bonjour" }] }, outputDimensionality: 2 });
  });

  test("moderates", async () => {
    const moderation = await openai.moderations.create({
      model: "oai/omni-moderation-latest",
      input: [
        { type: "text", text: "I will hurt you" },
        { type: "image_url", image_url: { url: "https://example.com/a.png" } },
      ],
    });
    expect(moderation.results[0]).toMatchObject({ flagged: true, categories: { violence: true } });
    expect(called().json).toMatchObject({ model: "omni-moderation-latest", input: [{ type: "text" }, {}] });
  });
});

describe("the Google Gen AI SDK", () => {
  test.each(TARGETS)("embeds with %s", async (model, path) => {
    const { embeddings } = await google.models.embedContent({
      model,
      contents: ["Bonjour", "Salut"],
      config: { taskType: "RETRIEVAL_QUERY", outputDimensionality: 2 },
    });
    expect(embeddings?.map(({ values }) => values)).toEqual(VECTORS);
    expect(called().path).toBe(path);
  });

  test("embeds with an alias, whose name stands in the body too", async () => {
    const { embeddings } = await google.models.embedContent({ model: "embedder", contents: "Bonjour" });
    expect(embeddings).toEqual([{ values: VECTORS[0] ?? [] }]);
    expect(called().json.requests).toMatchObject([{ model: "models/gemini-embedding-001" }]);
  });
});

describe("the cohere SDK", () => {
  let v2: Loose;
  let v1: Loose;
  beforeAll(async () => {
    const options = { token: KEY, environment: `${gateway.url}/cohere`, maxRetries: 0 };
    v2 = new CohereClientV2(options);
    v1 = new CohereClient(options);
  });

  test.each(TARGETS)("embeds with %s", async (model, path) => {
    const ask = { model, texts: ["Bonjour", "Salut"], inputType: "search_document" };
    const second = await v2.embed({ ...ask, embeddingTypes: ["float", "base64"] });
    expect(second.embeddings).toEqual({ float: VECTORS, base64: ["AACAPgAAAL8=", "AACAPwAAAAA="] });
    const first = await v1.embed(ask);
    expect(first).toMatchObject({ responseType: "embeddings_floats", embeddings: VECTORS, texts: ask.texts });
    expect(called().path).toBe(path);
  });

  test("reranks", async () => {
    const ask = { query: "capital of France", documents: ["Rome", "Paris"], topN: 1 };
    for (const model of ["oai/bge", "coh/rerank-v3.5"]) {
      expect((await v2.rerank({ model, ...ask })).results).toEqual([{ index: 1, relevanceScore: 0.9 }]);
      expect((await v1.rerank({ model, ...ask, returnDocuments: true })).results).toEqual([
        { index: 1, relevanceScore: 0.9, document: { text: "Paris" } },
      ]);
    }
    expect((await v2.rerank({ model: "coh/rerank-v3.5", ...ask })).meta.billedUnits).toEqual({ searchUnits: 1 });
  });
});

describe("without an SDK", () => {
  test("rerank goes from each client's wire to each provider's", async () => {
    const ask = { query: "capital of France", documents: ["Rome", "Paris"], top_n: 1 };
    for (const model of ["oai/bge", "coh/rerank-v3.5"]) {
      const jina = await post("/v1/rerank", { model, ...ask });
      expect(jina.json.results).toMatchObject([{ index: 1, relevance_score: 0.9 }]);
      expect((await post("/v2/rerank", { model, ...ask })).json.results).toEqual([
        expect.objectContaining({ index: 1, relevance_score: 0.9 }),
      ]);
      const first = await post("/cohere/v1/rerank", { model, ...ask, return_documents: true });
      expect(first.json.results).toEqual([{ index: 1, relevance_score: 0.9, document: { text: "Paris" } }]);
    }
  });

  test("a search that is billed by the piece is not estimated by its tokens", async () => {
    const { headers } = await post("/v2/rerank", { model: "coh/rerank-v3.5", query: "q", documents: ["a"] });
    expect(headers.get("x-trunkline-warnings")).toBeNull();
    const record = await recordOf(headers);
    expect(record).toMatchObject({ operation: "rerank", dialect: "cohere", outcome: "success", input_tokens: 0 });
  });

  test("conversations are moderated where Mistral does it", async () => {
    const input = [{ role: "user", content: "My number is 0123" }];
    const { json } = await post("/v1/chat/moderations", { model: "oai/mistral-moderation-latest", input });
    expect(json.results).toEqual([{ categories: { pii: true }, category_scores: { pii: 0.9 } }]);
    expect(called().path).toBe("/openai/chat/moderations");
  });

  test.each([
    ["/v1/embeddings", { model: "ant/claude-sonnet-4-5", input: "Bonjour" }],
    ["/v1/rerank", { model: "gem/gemini-2.5-flash", query: "q", documents: ["a"] }],
    ["/v2/rerank", { model: "ant/claude-sonnet-4-5", query: "q", documents: ["a"] }],
    ["/v1/moderations", { model: "coh/command-a-03-2025", input: "Bonjour" }],
    ["/v2/embed", { model: "ant/claude-sonnet-4-5", texts: ["Bonjour"], input_type: "search_query" }],
  ])("what a provider does not offer is refused by %s, and recorded", async (path, body) => {
    const before = mock.requests.filter(({ method }) => method === "POST").length;
    const { status, headers, json } = await post(path, body);
    expect(status).toBe(400);
    expect(json.error?.code ?? json.code).toBe("unsupported_operation");
    expect(json.error?.message ?? json.message).toContain("does not offer");
    expect(mock.requests.filter(({ method }) => method === "POST").length).toBe(before);
    expect(await recordOf(headers)).toMatchObject({
      outcome: "invalid_request",
      status: 400,
      error_code: "unsupported_operation",
      virtual_key: "app",
      attempts: [],
    });
  });
});

async function recordOf(headers: Headers): Promise<Loose> {
  const id = headers.get("x-trunkline-request-id");
  for (let round = 0; round < 100; round += 1) {
    const found = (await gateway.records()).find((record) => record.id === id);
    if (found !== undefined) return found;
    await Bun.sleep(25);
  }
  throw new Error(`no record of ${id}`);
}
