import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { startGateway, type Gateway } from "../gateway/start.ts";
import { jsonAnswer, textAnswer } from "../mock-upstream/answers.ts";
import { startMockUpstream, type MockRequest, type MockUpstream, type Step } from "../mock-upstream/server.ts";

let mock: MockUpstream;
let gateway: Gateway;
let steps: Step[] = [];

beforeAll(async () => {
  mock = await startMockUpstream(() => steps);
  const own = { base_url: `${mock.url}/own`, network: { max_retries: 0 } };
  gateway = await startGateway({
    config: {
      providers: {
        ranker: { ...own, keyless: true, dialects: { rerank: "tei" } },
        infinity: { ...own, keyless: true, dialects: { rerank: "jina", embeddings: "openai" } },
        studio: {
          ...own,
          dialect: "openai-chat",
          keys: [{ name: "main", value: "secret" }],
          dialects: { rerank: "cohere", embeddings: "cohere", speech: "elevenlabs", video: "runway" },
        },
        voice: { ...own, keys: [{ name: "main", value: "secret" }], dialects: { speech: "elevenlabs" } },
      },
      access: { require_virtual_key: false },
    },
  });
});
afterAll(async () => {
  await gateway.stop();
  await mock.stop();
});
beforeEach(() => (mock.requests.length = 0));

function post(path: string, body: object): Promise<Response> {
  return fetch(gateway.url + path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

function sent(): MockRequest {
  const posts = mock.requests.filter(({ method }) => method === "POST");
  expect(posts).toHaveLength(1);
  return posts[0] as MockRequest;
}

const RERANK = { query: "q", documents: ["a", "b"], top_n: 1 };
const RESULTS = [{ index: 1, relevance_score: 0.9 }];

describe("providers of one's own with dialects beside chat", () => {
  test("a TEI server ranks for every client of rerank", async () => {
    for (const path of ["/v1/rerank", "/v2/rerank"]) {
      mock.requests.length = 0;
      steps = jsonAnswer([
        { index: 0, score: 0.1 },
        { index: 1, score: 0.9 },
      ]);
      const response = await post(path, { model: "ranker/bge", ...RERANK });
      expect(await response.json()).toMatchObject({ results: RESULTS });
      expect(sent().path).toBe("/own/rerank");
      expect(JSON.parse(sent().body)).toEqual({ query: "q", texts: ["a", "b"], truncate: true });
    }
  });

  test("one without a dialect of chat has what it names, and nothing else", async () => {
    steps = jsonAnswer({ results: RESULTS });
    expect((await post("/v1/rerank", { model: "infinity/m", ...RERANK })).status).toBe(200);
    expect(sent().path).toBe("/own/rerank");
    const chat = await post("/v1/chat/completions", {
      model: "infinity/m",
      messages: [{ role: "user", content: "x" }],
    });
    expect([chat.status, await chat.text()]).toEqual([400, expect.stringContaining("does not offer this operation")]);
  });

  test("what is named takes the place of what a dialect of chat brings", async () => {
    steps = jsonAnswer({ id: "r", results: RESULTS });
    await post("/v1/rerank", { model: "studio/m", ...RERANK, return_documents: true });
    // Cohere's own has no such field.
    expect(JSON.parse(sent().body)).toEqual({ model: "m", query: "q", documents: ["a", "b"], top_n: 1 });
    expect(sent().headers["authorization"]).toBe("Bearer secret");
  });

  test("a credential goes as the vendor of the dialect takes it, headers come along", async () => {
    steps = textAnswer("mp3", "audio/mpeg");
    await post("/v1/audio/speech", { model: "voice/eleven", voice: "v", input: "Hello" });
    expect(sent()).toMatchObject({ path: expect.stringContaining("/own/"), headers: { "xi-api-key": "secret" } });
    mock.requests.length = 0;
    steps = jsonAnswer({ id: "t1" });
    const begun = (await (await post("/v1/videos", { model: "studio/gen", prompt: "x" })).json()) as { id: string };
    expect(sent().headers["x-runway-version"]).toBe("2024-11-06");
    steps = jsonAnswer({ id: "t1", status: "RUNNING" });
    const looked = await fetch(`${gateway.url}/v1/videos/${begun.id}`);
    expect(await looked.json()).toMatchObject({ status: "in_progress" });
  });
});
