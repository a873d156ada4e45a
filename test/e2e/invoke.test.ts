import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { startGateway, type Gateway } from "../gateway/start.ts";
import { chunk, jsonAnswer, LAST_CHUNK } from "../mock-upstream/answers.ts";
import { messageView, wireBytes } from "../mock-upstream/event-stream-view.ts";
import { startMockUpstream, type MockUpstream, type Step } from "../mock-upstream/server.ts";
import { recordOf, until } from "../faults/bench.ts";
import { chunkOf, chunksOf, exceptionOf, exceptionsOf } from "./invoke/events.ts";
import type { Loose } from "./reading/loose.ts";
import { readAnswer } from "./reading/index.ts";

let gateway: Gateway;
let mock: MockUpstream;
let steps: Step[] = [];

beforeAll(async () => {
  mock = await startMockUpstream(() => steps);
  const keys = [{ name: "main", value: "provider-key" }];
  const network = { max_retries: 0 };
  gateway = await startGateway({
    entry: join(import.meta.dir, "../gateway/invoke-main.ts"),
    config: {
      providers: {
        invoker: { base_url: mock.url, keys, network },
        bedrock: { base_url: mock.url, settings: { region: "us-east-1" }, keys, network },
        vendor: { dialect: "anthropic-messages", base_url: mock.url, keys, network },
        openai: { base_url: mock.url, keys, network },
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

const STREAM_HEAD =
  "HTTP/1.1 200 OK\r\ncontent-type: application/vnd.amazon.eventstream\r\ntransfer-encoding: chunked\r\n\r\n";
const COUNTS = { "x-amzn-bedrock-input-token-count": "8", "x-amzn-bedrock-output-token-count": "4" };

function streamed(events: readonly object[], more: Step[] = [LAST_CHUNK]): Step[] {
  return [{ write: STREAM_HEAD }, ...events.map((event) => chunk(chunkOf(event))), ...more];
}

interface Answer {
  status: number;
  headers: Headers;
  bytes: Buffer;
  json(): Loose;
}

/** Posts a body; the upstream's only call beside the lists of models is in `mock.requests`. */
async function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(gateway.url + path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  return { status: response.status, headers: response.headers, bytes, json: () => JSON.parse(bytes.toString()) };
}

function invoke(model: string, body: unknown, stream = false, headers: Record<string, string> = {}): Promise<Answer> {
  const action = stream ? "invoke-with-response-stream" : "invoke";
  return post(`/bedrock/model/${encodeURIComponent(model)}/${action}`, body, headers);
}

function sent(): { path: string; headers: Record<string, string>; body: string; json: Loose } {
  const found = mock.requests.filter(({ method }) => method === "POST");
  expect(found).toHaveLength(1);
  return found[0] as ReturnType<typeof sent>;
}

const record = (answer: Answer): ReturnType<typeof recordOf> =>
  recordOf(gateway, answer.headers.get("x-trunkline-request-id") ?? "");

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
      mock.requests.length = 0;
      steps = jsonAnswer({ results });
      const answer = await post(path, { model: `bedrock/${model}`, query, documents, top_n: 2 });
      expect(answer.json()).toMatchObject({ results });
      expect(sent().path).toBe(`/model/${encodeURIComponent(model)}/invoke`);
      expect(sent().headers["authorization"]).toBe("Bearer provider-key");
      expect(JSON.parse(sent().body)).toEqual({ query, documents, top_n: 2, ...more });
    }
  });

  test("InvokeModel's own body goes there, and to others", async () => {
    steps = jsonAnswer({ results });
    const body = { query, documents, api_version: 2 };
    const relayed = await invoke("bedrock/cohere.rerank-v3-5:0", body);
    expect(relayed.json()).toEqual({ results });
    expect(JSON.parse(sent().body)).toEqual(body);
    mock.requests.length = 0;
    const answer = await invoke("openai/rerank-x", body);
    expect([answer.status, answer.json()["message"]]).toEqual([400, expect.stringContaining("does not offer rerank")]);
  });
});

describe.each(FAMILIES)("%s", (model, body, whole, event) => {
  test("is relayed to the byte, and counted", async () => {
    steps = jsonAnswer(whole, 200, COUNTS);
    const answer = await invoke(`invoker/${model}`, body, false, { "content-type": "application/octet-stream" });
    expect(answer.json()).toEqual(whole);
    expect(sent()).toMatchObject({ path: `/model/${encodeURIComponent(model)}/invoke`, body });
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      ...COUNTS,
      "x-amzn-requestid": answer.headers.get("x-trunkline-request-id") ?? "",
    });
    expect(await record(answer)).toMatchObject({ dialect: "bedrock-text", input_tokens: 8, output_tokens: 4 });
  });

  test("is relayed as a stream", async () => {
    const text = { is_finished: false, event_type: "text-generation", text: "Hello!" };
    const events = model.startsWith("cohere") ? [text, event] : [event];
    steps = streamed(events);
    const answer = await invoke(`invoker/${model}`, body, true);
    expect(answer.headers.get("content-type")).toBe("application/vnd.amazon.eventstream");
    expect(answer.headers.get("x-amzn-bedrock-content-type")).toBe("application/json");
    expect(chunksOf(answer.bytes)).toEqual(events);
    expect(sent()).toMatchObject({ path: `/model/${encodeURIComponent(model)}/invoke-with-response-stream`, body });
    expect(await record(answer)).toMatchObject({ outcome: "success", stream: true, input_tokens: 8, output_tokens: 4 });
  });

  test("answers clients of chat completions", async () => {
    steps = jsonAnswer(whole, 200, COUNTS);
    const answer = await post("/v1/chat/completions", {
      model: `invoker/${model}`,
      messages: [{ role: "user", content: "Hi" }],
    });
    const { text, tokens } = readAnswer("openai-chat", false, answer.bytes.toString());
    expect({ text, input: tokens?.input, output: tokens?.output }).toEqual({ text: "Hello!", input: 8, output: 4 });
    expect(JSON.stringify(sent().json)).toContain("Hi");
  });

  test.each([false, true])("its clients are answered by another vendor (stream: %p)", async (stream) => {
    steps = stream
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
    const answer = await invoke("openai/gpt-4o", body, stream);
    expect(sent().json["messages"]).toEqual([{ role: "user", content: "Hi" }]);
    const shown = stream ? JSON.stringify(chunksOf(answer.bytes)) : answer.bytes.toString();
    const field = Object.keys(whole).find((key) => ["results", "generation", "outputs", "text"].includes(key)) ?? "";
    expect(shown).toContain(stream ? "Hel" : "Hello!");
    expect(shown).toContain(field === "results" ? "outputText" : field);
  });
});

const sse = (body: object): string =>
  `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", ...body })}\n\n`;

const CLAUDE = "invoker/us.anthropic.claude-sonnet-4-5-20250929-v1:0";
const ASK = { max_tokens: 100, messages: [{ role: "user", content: "Hi" }] };
const BEDROCK_ASK = { anthropic_version: "bedrock-2023-05-31", ...ASK };
const MESSAGE = {
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "claude",
  content: [{ type: "text", text: "Hello!" }],
  stop_reason: "end_turn",
  stop_sequence: null,
  usage: { input_tokens: 8, output_tokens: 4 },
};
const START = { type: "message_start", message: { ...MESSAGE, content: [], stop_reason: null } };
const TEXT = [
  START,
  { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
  { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Hel" } },
];

describe("Anthropic's bodies", () => {
  test("of its own clients get Bedrock's version and betas, and lose model and stream", async () => {
    steps = jsonAnswer(MESSAGE);
    const headers = { "anthropic-version": "2023-06-01", "anthropic-beta": "one, two" };
    const answer = await post("/anthropic/v1/messages", { model: CLAUDE, stream: false, ...ASK }, headers);
    expect(answer.json()).toEqual(MESSAGE);
    expect(sent().json).toEqual({ ...BEDROCK_ASK, anthropic_beta: ["one", "two"] });
    expect(sent().headers).not.toHaveProperty("anthropic-beta");
  });

  test("of Bedrock's clients get model, stream and betas for the vendor, and lose the version", async () => {
    steps = jsonAnswer(MESSAGE);
    const answer = await invoke("vendor/claude-x", { ...BEDROCK_ASK, anthropic_beta: ["one"] });
    expect(answer.json()).toEqual(MESSAGE);
    expect(sent().json).toEqual({ ...ASK, model: "claude-x" });
    expect(sent().headers).toMatchObject({ "anthropic-beta": "one", "anthropic-version": "2023-06-01" });
  });

  test("of Bedrock's clients are streamed by the vendor", async () => {
    const events = [
      ...TEXT,
      { type: "content_block_stop", index: 0 },
      { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 4 } },
      { type: "message_stop" },
    ];
    steps = [
      { write: "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n" },
      ...events.map((event) => chunk(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)),
      LAST_CHUNK,
    ];
    const answer = await invoke("vendor/claude-x", BEDROCK_ASK, true);
    expect(sent().json).toEqual({ ...ASK, model: "claude-x", stream: true });
    expect(chunksOf(answer.bytes).map(({ type }) => type)).toEqual(events.map(({ type }) => type));
  });
});

const NOVA = "bedrock/us.amazon.nova-lite-v1:0";
const NOVA_ASK = {
  schemaVersion: "messages-v1",
  messages: [{ role: "user", content: [{ text: "Hi" }] }],
  inferenceConfig: { max_new_tokens: 9 },
};
const CONVERSED = { messages: NOVA_ASK.messages, inferenceConfig: { maxTokens: 9 } };
const USAGE = { inputTokens: 8, outputTokens: 4, totalTokens: 12 };

describe("Nova's bodies go to Converse", () => {
  test("whole", async () => {
    const output = { message: { role: "assistant", content: [{ text: "Hello!" }] } };
    steps = jsonAnswer({ output, stopReason: "end_turn", usage: USAGE, metrics: { latencyMs: 5 } });
    const answer = await invoke(NOVA, NOVA_ASK);
    expect(answer.json()).toMatchObject({ output, stopReason: "end_turn", usage: USAGE });
    expect(sent()).toMatchObject({ path: "/model/us.amazon.nova-lite-v1%3A0/converse", json: CONVERSED });
    expect(sent().headers["authorization"]).toBe("Bearer provider-key");
    expect(sent().json).toEqual(CONVERSED);
  });

  test("streamed, each event a chunk", async () => {
    const events = wireBytes(
      messageView("messageStart", { role: "assistant" }) +
        messageView("contentBlockDelta", { contentBlockIndex: 0, delta: { text: "Hel" } }) +
        messageView("contentBlockStop", { contentBlockIndex: 0 }) +
        messageView("messageStop", { stopReason: "end_turn" }) +
        messageView("metadata", { usage: USAGE, metrics: { latencyMs: 5 } }),
    );
    steps = [{ write: STREAM_HEAD }, chunk(events), LAST_CHUNK];
    const answer = await invoke(NOVA, NOVA_ASK, true);
    expect(sent()).toMatchObject({ path: "/model/us.amazon.nova-lite-v1%3A0/converse-stream", json: CONVERSED });
    expect(chunksOf(answer.bytes).map((each) => Object.keys(each)[0])).toEqual([
      "messageStart",
      "contentBlockDelta",
      "contentBlockStop",
      "messageStop",
      "metadata",
    ]);
    expect(chunksOf(answer.bytes)[1]).toEqual({ contentBlockDelta: { contentBlockIndex: 0, delta: { text: "Hel" } } });
  });

  test("Claude's stay with InvokeModel", async () => {
    steps = jsonAnswer(MESSAGE);
    expect((await invoke("bedrock/anthropic.claude-3-haiku", BEDROCK_ASK)).json()).toEqual(MESSAGE);
    expect(sent().path).toBe("/model/anthropic.claude-3-haiku/invoke");
  });
});

/** So that what follows is read by itself. */
const APART: Step = { wait: 50 };

describe("errors", () => {
  test.each([
    [400, "ValidationException", 400, "ValidationException"],
    [429, "ThrottlingException", 429, "ThrottlingException"],
    [503, "ServiceUnavailableException", 502, "InternalServerException"],
    [403, "AccessDeniedException", 502, "InternalServerException"],
  ])("%d of the provider", async (status, type, seen, name) => {
    steps = jsonAnswer({ message: "Its words." }, status, { "x-amzn-errortype": type });
    const answer = await invoke(CLAUDE, BEDROCK_ASK);
    expect({ status: answer.status, type: answer.json()["__type"] }).toEqual({ status: seen, type: name });
    if (status !== 403) expect(answer.json().message).toBe("Its words.");
  });

  test.each([
    ["openai", "/v1/chat/completions"],
    ["invoke", ""],
  ])("an exception before the first word is a status: %s", async (_, path) => {
    steps = [{ write: STREAM_HEAD }, chunk(exceptionOf("throttlingException", "Slow down.")), LAST_CHUNK];
    const ask = { model: CLAUDE, stream: true, messages: ASK.messages };
    const answer = await (path === "" ? invoke(CLAUDE, BEDROCK_ASK, true) : post(path, ask));
    expect(answer.status).toBe(429);
    expect(answer.bytes.toString()).toContain("Slow down.");
  });

  test("an exception within a relayed stream passes", async () => {
    steps = streamed(TEXT, [APART, chunk(exceptionOf("modelStreamErrorException", "It broke.")), LAST_CHUNK]);
    const answer = await invoke(CLAUDE, BEDROCK_ASK, true);
    expect(chunksOf(answer.bytes)).toEqual(TEXT);
    expect(exceptionsOf(answer.bytes)).toEqual([{ name: "modelStreamErrorException", message: "It broke." }]);
    expect(await record(answer)).toMatchObject({ outcome: "upstream_rejected" });
  });

  test("an exception within a stream is an error event of another dialect", async () => {
    steps = streamed(TEXT, [APART, chunk(exceptionOf("internalServerException", "It broke.")), LAST_CHUNK]);
    const answer = await post("/v1/chat/completions", { model: CLAUDE, stream: true, messages: ASK.messages });
    expect(answer.bytes.toString()).toContain('"content":"Hel"');
    expect(answer.bytes.toString()).toContain("It broke.");
  });

  test("a stream that breaks off ends with an exception", async () => {
    steps = streamed(TEXT, [{ write: Buffer.from([50, 13, 10, 1]) }, { cut: "fin" }]);
    const answer = await invoke(CLAUDE, BEDROCK_ASK, true);
    expect(chunksOf(answer.bytes)).toEqual(TEXT);
    expect(exceptionsOf(answer.bytes)).toMatchObject([{ name: "internalServerException" }]);
    expect(await record(answer)).toMatchObject({ outcome: "upstream_truncated" });
  });

  test("a body of no kind is refused, and recorded", async () => {
    const answer = await invoke(CLAUDE, { foo: 1 });
    expect(answer.json()).toMatchObject({ __type: "ValidationException", reason: "unsupported_operation" });
    expect(await record(answer)).toMatchObject({ error_code: "unsupported_operation" });
    expect(mock.requests).toEqual([]);
  });

  test("a body that is no JSON is refused", async () => {
    expect((await invoke(CLAUDE, "{")).json()).toMatchObject({ __type: "ValidationException", reason: "invalid_json" });
  });

  test("other methods and other paths are not there", async () => {
    const get = await fetch(`${gateway.url}/bedrock/model/x/invoke`);
    expect({ status: get.status, path: (await post("/model/x/guess", {})).status }).toEqual({ status: 405, path: 404 });
  });
});

test("a client that leaves a stream ends the call", async () => {
  steps = streamed(TEXT, [{ stall: true }]);
  const { abandoned } = mock;
  const leave = new AbortController();
  const response = await fetch(`${gateway.url}/model/${encodeURIComponent(CLAUDE)}/invoke-with-response-stream`, {
    method: "POST",
    body: JSON.stringify(BEDROCK_ASK),
    signal: leave.signal,
  });
  await response.body?.getReader().read();
  leave.abort();
  await until(() => mock.abandoned > abandoned, "the upstream call is closed");
});

describe("embeddings", () => {
  const TITAN = { embedding: [0.5, 1], inputTextTokenCount: 3 };
  const COHERE = { id: "e", response_type: "embeddings_floats", embeddings: [[0.5], [1]], texts: ["a", "b"] };

  test("of Titan are relayed, and counted", async () => {
    steps = jsonAnswer(TITAN);
    const body = '{"inputText": "Hi",  "dimensions": 2}';
    const answer = await invoke("invoker/amazon.titan-embed-text-v2:0", body);
    expect(answer.json()).toEqual(TITAN);
    expect(sent()).toMatchObject({ path: "/model/amazon.titan-embed-text-v2%3A0/invoke", body });
    expect(await record(answer)).toMatchObject({ input_tokens: 3, outcome: "success" });
  });

  test("of Cohere answer OpenAI's clients, counted by the headers", async () => {
    steps = jsonAnswer(COHERE, 200, COUNTS);
    const answer = await post("/v1/embeddings", { model: "invoker/cohere.embed-english-v3", input: ["a", "b"] });
    expect(answer.json()).toMatchObject({
      data: [{ embedding: [0.5] }, { embedding: [1] }],
      usage: { prompt_tokens: 8 },
    });
    expect(sent().json).toEqual({ texts: ["a", "b"], input_type: "search_document" });
    expect(await record(answer)).toMatchObject({ input_tokens: 8 });
  });

  test("of OpenAI answer Bedrock's clients in their form", async () => {
    steps = jsonAnswer({ data: [{ index: 0, embedding: [0.5] }], model: "m", usage: { prompt_tokens: 3 } });
    const answer = await invoke("openai/text-embedding-3-small", { inputText: "Hi", dimensions: 1 });
    expect(answer.json()).toEqual({ embedding: [0.5], inputTextTokenCount: 3 });
    expect(sent().json).toEqual({ model: "text-embedding-3-small", input: "Hi", dimensions: 1 });
  });
});
