import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { until } from "../faults/bench.ts";
import { chunk, jsonAnswer, LAST_CHUNK } from "../mock-upstream/answers.ts";
import { messageView, wireBytes } from "../mock-upstream/event-stream-view.ts";
import type { Step } from "../mock-upstream/server.ts";
import { chunksOf, exceptionOf, exceptionsOf } from "./invoke/events.ts";
import { startScene, streamed, STREAM_HEAD, type Scene } from "./invoke/scene.ts";

let scene: Scene;

beforeAll(async () => {
  scene = await startScene();
});
afterAll(() => scene.stop());
beforeEach(() => (scene.mock.requests.length = 0));

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
    scene.steps = jsonAnswer(MESSAGE);
    const headers = { "anthropic-version": "2023-06-01", "anthropic-beta": "one, two" };
    const answer = await scene.post("/anthropic/v1/messages", { model: CLAUDE, stream: false, ...ASK }, headers);
    expect(answer.json()).toEqual(MESSAGE);
    expect(scene.sent().json).toEqual({ ...BEDROCK_ASK, anthropic_beta: ["one", "two"] });
    expect(scene.sent().headers).not.toHaveProperty("anthropic-beta");
  });

  test("of Bedrock's clients get model, stream and betas for the vendor, and lose the version", async () => {
    scene.steps = jsonAnswer(MESSAGE);
    const answer = await scene.invoke("vendor/claude-x", { ...BEDROCK_ASK, anthropic_beta: ["one"] });
    expect(answer.json()).toEqual(MESSAGE);
    expect(scene.sent().json).toEqual({ ...ASK, model: "claude-x" });
    expect(scene.sent().headers).toMatchObject({ "anthropic-beta": "one", "anthropic-version": "2023-06-01" });
  });

  test("of Bedrock's clients are streamed by the vendor", async () => {
    const events = [
      ...TEXT,
      { type: "content_block_stop", index: 0 },
      { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 4 } },
      { type: "message_stop" },
    ];
    scene.steps = [
      { write: "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n" },
      ...events.map((event) => chunk(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)),
      LAST_CHUNK,
    ];
    const answer = await scene.invoke("vendor/claude-x", BEDROCK_ASK, true);
    expect(scene.sent().json).toEqual({ ...ASK, model: "claude-x", stream: true });
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
    scene.steps = jsonAnswer({ output, stopReason: "end_turn", usage: USAGE, metrics: { latencyMs: 5 } });
    const answer = await scene.invoke(NOVA, NOVA_ASK);
    expect(answer.json()).toMatchObject({ output, stopReason: "end_turn", usage: USAGE });
    expect(scene.sent()).toMatchObject({ path: "/model/us.amazon.nova-lite-v1%3A0/converse", json: CONVERSED });
    expect(scene.sent().headers["authorization"]).toBe("Bearer provider-key");
    expect(scene.sent().json).toEqual(CONVERSED);
  });

  test("streamed, each event a chunk", async () => {
    const events = wireBytes(
      messageView("messageStart", { role: "assistant" }) +
        messageView("contentBlockDelta", { contentBlockIndex: 0, delta: { text: "Hel" } }) +
        messageView("contentBlockStop", { contentBlockIndex: 0 }) +
        messageView("messageStop", { stopReason: "end_turn" }) +
        messageView("metadata", { usage: USAGE, metrics: { latencyMs: 5 } }),
    );
    scene.steps = [{ write: STREAM_HEAD }, chunk(events), LAST_CHUNK];
    const answer = await scene.invoke(NOVA, NOVA_ASK, true);
    expect(scene.sent()).toMatchObject({ path: "/model/us.amazon.nova-lite-v1%3A0/converse-stream", json: CONVERSED });
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
    scene.steps = jsonAnswer(MESSAGE);
    expect((await scene.invoke("bedrock/anthropic.claude-3-haiku", BEDROCK_ASK)).json()).toEqual(MESSAGE);
    expect(scene.sent().path).toBe("/model/anthropic.claude-3-haiku/invoke");
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
    scene.steps = jsonAnswer({ message: "Its words." }, status, { "x-amzn-errortype": type });
    const answer = await scene.invoke(CLAUDE, BEDROCK_ASK);
    expect({ status: answer.status, type: answer.json()["__type"] }).toEqual({ status: seen, type: name });
    if (status !== 403) expect(answer.json().message).toBe("Its words.");
  });

  test.each([
    ["openai", "/v1/chat/completions"],
    ["invoke", ""],
  ])("an exception before the first word is a status: %s", async (_, path) => {
    scene.steps = [{ write: STREAM_HEAD }, chunk(exceptionOf("throttlingException", "Slow down.")), LAST_CHUNK];
    const ask = { model: CLAUDE, stream: true, messages: ASK.messages };
    const answer = await (path === "" ? scene.invoke(CLAUDE, BEDROCK_ASK, true) : scene.post(path, ask));
    expect(answer.status).toBe(429);
    expect(answer.bytes.toString()).toContain("Slow down.");
  });

  test("an exception within a relayed stream passes", async () => {
    scene.steps = streamed(TEXT, [APART, chunk(exceptionOf("modelStreamErrorException", "It broke.")), LAST_CHUNK]);
    const answer = await scene.invoke(CLAUDE, BEDROCK_ASK, true);
    expect(chunksOf(answer.bytes)).toEqual(TEXT);
    expect(exceptionsOf(answer.bytes)).toEqual([{ name: "modelStreamErrorException", message: "It broke." }]);
    expect(await scene.record(answer)).toMatchObject({ outcome: "upstream_rejected" });
  });

  test("an exception within a stream is an error event of another dialect", async () => {
    scene.steps = streamed(TEXT, [APART, chunk(exceptionOf("internalServerException", "It broke.")), LAST_CHUNK]);
    const answer = await scene.post("/v1/chat/completions", { model: CLAUDE, stream: true, messages: ASK.messages });
    expect(answer.bytes.toString()).toContain('"content":"Hel"');
    expect(answer.bytes.toString()).toContain("It broke.");
  });

  test("a stream that breaks off ends with an exception", async () => {
    scene.steps = streamed(TEXT, [{ write: Buffer.from([50, 13, 10, 1]) }, { cut: "fin" }]);
    const answer = await scene.invoke(CLAUDE, BEDROCK_ASK, true);
    expect(chunksOf(answer.bytes)).toEqual(TEXT);
    expect(exceptionsOf(answer.bytes)).toMatchObject([{ name: "internalServerException" }]);
    expect(await scene.record(answer)).toMatchObject({ outcome: "upstream_truncated" });
  });

  test("a body of no kind is refused, and recorded", async () => {
    const answer = await scene.invoke(CLAUDE, { foo: 1 });
    expect(answer.json()).toMatchObject({ __type: "ValidationException", reason: "unsupported_operation" });
    expect(await scene.record(answer)).toMatchObject({ error_code: "unsupported_operation" });
    expect(scene.mock.requests).toEqual([]);
  });

  test("a body that is no JSON is refused", async () => {
    expect((await scene.invoke(CLAUDE, "{")).json()).toMatchObject({
      __type: "ValidationException",
      reason: "invalid_json",
    });
  });

  test("other methods and other paths are not there", async () => {
    const get = await fetch(`${scene.gateway.url}/bedrock/model/x/invoke`);
    expect({ status: get.status, path: (await scene.post("/model/x/guess", {})).status }).toEqual({
      status: 405,
      path: 404,
    });
  });
});

test("a client that leaves a stream ends the call", async () => {
  scene.steps = streamed(TEXT, [{ stall: true }]);
  const { abandoned } = scene.mock;
  const leave = new AbortController();
  const response = await fetch(`${scene.gateway.url}/model/${encodeURIComponent(CLAUDE)}/invoke-with-response-stream`, {
    method: "POST",
    body: JSON.stringify(BEDROCK_ASK),
    signal: leave.signal,
  });
  await response.body?.getReader().read();
  leave.abort();
  await until(() => scene.mock.abandoned > abandoned, "the upstream call is closed");
});
