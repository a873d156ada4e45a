import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { chunk, jsonAnswer, LAST_CHUNK } from "../mock-upstream/answers.ts";
import { chunksOf } from "./invoke/events.ts";
import { startScene, streamed, type Scene } from "./invoke/scene.ts";
import { readAnswer } from "./reading/index.ts";

let scene: Scene;

beforeAll(async () => {
  scene = await startScene();
});
afterAll(() => scene.stop());
beforeEach(() => (scene.mock.requests.length = 0));

const COUNTS = { "x-amzn-bedrock-input-token-count": "8", "x-amzn-bedrock-output-token-count": "4" };

const last = (event: object): object => ({
  ...event,
  "amazon-bedrock-invocationMetrics": { inputTokenCount: 8, outputTokenCount: 4 },
});

/** Bodies of each family, an answer and a stream; all say "Hello!" for 8 and 4 tokens. */
const FAMILIES: [string, string, object, object][] = [
  [
    "amazon.titan-text-premier-v1:0",
    '{ "inputText" : "User: Hi\\nBot:" }',
    { inputTextTokenCount: 8, results: [{ tokenCount: 4, outputText: "Hello!", completionReason: "FINISH" }] },
    last({ outputText: "Hello!", index: 0, completionReason: "FINISH" }),
  ],
  [
    "us.meta.llama3-3-70b-instruct-v1:0",
    '{"prompt":"Hi", "max_gen_len":10}',
    { generation: "Hello!", prompt_token_count: 8, generation_token_count: 4, stop_reason: "stop" },
    last({ generation: "Hello!", prompt_token_count: 8, generation_token_count: 4, stop_reason: "stop" }),
  ],
  [
    "mistral.mistral-7b-instruct-v0:2",
    '{"prompt":"<s>[INST] Hi [/INST]", "max_tokens":10}',
    { outputs: [{ text: "Hello!", stop_reason: "stop" }] },
    last({ outputs: [{ text: "Hello!", stop_reason: "stop" }] }),
  ],
  [
    "cohere.command-r-plus-v1:0",
    '{"message":"Hi","chat_history":[]}',
    { response_id: "r", text: "Hello!", finish_reason: "COMPLETE" },
    last({ is_finished: true, event_type: "stream-end", finish_reason: "COMPLETE" }),
  ],
];

describe("rankings", () => {
  /** https://docs.cohere.com/v1/docs/cohere-on-aws/amazon-bedrock */
  const results = [
    { index: 1, relevance_score: 0.9 },
    { index: 0, relevance_score: 0.1 },
  ];
  const documents = ["Rome is old.", "Paris is big."];
  const query = "capital of France";

  test.each(["/v1/rerank", "/v2/rerank", "/cohere/v1/rerank"])("%s reaches both makers' models", async (path) => {
    for (const [model, more] of [
      ["cohere.rerank-v3-5:0", { api_version: 2 }],
      ["amazon.rerank-v1:0", {}],
    ] as const) {
      scene.mock.requests.length = 0;
      scene.steps = jsonAnswer({ results });
      const answer = await scene.post(path, { model: `bedrock/${model}`, query, documents, top_n: 2 });
      expect(answer.json()).toMatchObject({ results });
      expect(scene.sent().path).toBe(`/model/${encodeURIComponent(model)}/invoke`);
      expect(scene.sent().headers["authorization"]).toBe("Bearer provider-key");
      expect(JSON.parse(scene.sent().body)).toEqual({ query, documents, top_n: 2, ...more });
    }
  });

  test("InvokeModel's own body goes there, and to others", async () => {
    scene.steps = jsonAnswer({ results });
    const body = { query, documents, api_version: 2 };
    const relayed = await scene.invoke("bedrock/cohere.rerank-v3-5:0", body);
    expect(relayed.json()).toEqual({ results });
    expect(JSON.parse(scene.sent().body)).toEqual(body);
    scene.mock.requests.length = 0;
    const answer = await scene.invoke("openai/rerank-x", body);
    expect([answer.status, answer.json()["message"]]).toEqual([400, expect.stringContaining("does not offer rerank")]);
  });
});

describe.each(FAMILIES)("%s", (model, body, whole, event) => {
  test("is relayed to the byte, and counted", async () => {
    scene.steps = jsonAnswer(whole, 200, COUNTS);
    const answer = await scene.invoke(`invoker/${model}`, body, false, { "content-type": "application/octet-stream" });
    expect(answer.json()).toEqual(whole);
    expect(scene.sent()).toMatchObject({ path: `/model/${encodeURIComponent(model)}/invoke`, body });
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      ...COUNTS,
      "x-amzn-requestid": answer.headers.get("x-trunkline-request-id") ?? "",
    });
    expect(await scene.record(answer)).toMatchObject({ dialect: "bedrock-text", input_tokens: 8, output_tokens: 4 });
  });

  test("is relayed as a stream", async () => {
    const text = { is_finished: false, event_type: "text-generation", text: "Hello!" };
    const events = model.startsWith("cohere") ? [text, event] : [event];
    scene.steps = streamed(events);
    const answer = await scene.invoke(`invoker/${model}`, body, true);
    expect(answer.headers.get("content-type")).toBe("application/vnd.amazon.eventstream");
    expect(answer.headers.get("x-amzn-bedrock-content-type")).toBe("application/json");
    expect(chunksOf(answer.bytes)).toEqual(events);
    expect(scene.sent()).toMatchObject({
      path: `/model/${encodeURIComponent(model)}/invoke-with-response-stream`,
      body,
    });
    expect(await scene.record(answer)).toMatchObject({
      outcome: "success",
      stream: true,
      input_tokens: 8,
      output_tokens: 4,
    });
  });

  test("answers clients of chat completions", async () => {
    scene.steps = jsonAnswer(whole, 200, COUNTS);
    const answer = await scene.post("/v1/chat/completions", {
      model: `invoker/${model}`,
      messages: [{ role: "user", content: "Hi" }],
    });
    const { text, tokens } = readAnswer("openai-chat", false, answer.bytes.toString());
    expect({ text, input: tokens?.input, output: tokens?.output }).toEqual({ text: "Hello!", input: 8, output: 4 });
    expect(JSON.stringify(scene.sent().json)).toContain("Hi");
  });

  test.each([false, true])("its clients are answered by another vendor (stream: %p)", async (stream) => {
    scene.steps = stream
      ? [
          { write: "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n" },
          ...["Hel", "lo!"].map((content) => chunk(sse({ choices: [{ index: 0, delta: { content } }] }))),
          chunk(sse({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] })),
          chunk(sse({ choices: [], usage: { prompt_tokens: 8, completion_tokens: 4 } })),
          LAST_CHUNK,
        ]
      : jsonAnswer({
          choices: [{ index: 0, message: { role: "assistant", content: "Hello!" }, finish_reason: "stop" }],
          usage: { prompt_tokens: 8, completion_tokens: 4 },
        });
    const answer = await scene.invoke("openai/gpt-4o", body, stream);
    expect(scene.sent().json["messages"]).toEqual([{ role: "user", content: "Hi" }]);
    const shown = stream ? JSON.stringify(chunksOf(answer.bytes)) : answer.bytes.toString();
    const field = Object.keys(whole).find((key) => ["results", "generation", "outputs", "text"].includes(key)) ?? "";
    expect(shown).toContain(stream ? "Hel" : "Hello!");
    expect(shown).toContain(field === "results" ? "outputText" : field);
  });
});

const sse = (body: object): string =>
  `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", ...body })}\n\n`;

describe("embeddings", () => {
  const TITAN = { embedding: [0.5, 1], inputTextTokenCount: 3 };
  const COHERE = { id: "e", response_type: "embeddings_floats", embeddings: [[0.5], [1]], texts: ["a", "b"] };

  test("of Titan are relayed, and counted", async () => {
    scene.steps = jsonAnswer(TITAN);
    const body = '{"inputText": "Hi",  "dimensions": 2}';
    const answer = await scene.invoke("invoker/amazon.titan-embed-text-v2:0", body);
    expect(answer.json()).toEqual(TITAN);
    expect(scene.sent()).toMatchObject({ path: "/model/amazon.titan-embed-text-v2%3A0/invoke", body });
    expect(await scene.record(answer)).toMatchObject({ input_tokens: 3, outcome: "success" });
  });

  test("of Cohere answer OpenAI's clients, counted by the headers", async () => {
    scene.steps = jsonAnswer(COHERE, 200, COUNTS);
    const answer = await scene.post("/v1/embeddings", { model: "invoker/cohere.embed-english-v3", input: ["a", "b"] });
    expect(answer.json()).toMatchObject({
      data: [{ embedding: [0.5] }, { embedding: [1] }],
      usage: { prompt_tokens: 8 },
    });
    expect(scene.sent().json).toEqual({ texts: ["a", "b"], input_type: "search_document" });
    expect(await scene.record(answer)).toMatchObject({ input_tokens: 8 });
  });

  test("of OpenAI answer Bedrock's clients in their form", async () => {
    scene.steps = jsonAnswer({ data: [{ index: 0, embedding: [0.5] }], model: "m", usage: { prompt_tokens: 3 } });
    const answer = await scene.invoke("openai/text-embedding-3-small", { inputText: "Hi", dimensions: 1 });
    expect(answer.json()).toEqual({ embedding: [0.5], inputTextTokenCount: 3 });
    expect(scene.sent().json).toEqual({ model: "text-embedding-3-small", input: "Hi", dimensions: 1 });
  });
});
