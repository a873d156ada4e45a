import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import OpenAI from "openai";
import { startGateway, type Gateway } from "../gateway/start.ts";
import { chunk, LAST_CHUNK, streamAnswer, streamHead } from "../mock-upstream/answers.ts";
import { startMockUpstream, type MockUpstream, type Step } from "../mock-upstream/server.ts";

/** As llama.cpp's server ends a stream whose context is full. */
const FULL = 'error: {"error":{"code":400,"message":"context size exceeded","type":"exceed_context_size_error"}}\n\n';
const event = (text: string): string =>
  `data: ${JSON.stringify({
    id: "c1",
    object: "chat.completion.chunk",
    created: 1,
    model: "m",
    choices: [{ index: 0, delta: { role: "assistant", content: text }, finish_reason: null }],
  })}\n\n`;

let mock: MockUpstream;
let gateway: Gateway;
let steps: Step[] = [];

beforeAll(async () => {
  mock = await startMockUpstream(() => steps);
  const network = { max_retries: 0 };
  const providers = { local: { dialect: "openai-chat", base_url: mock.url, network, keyless: true } };
  gateway = await startGateway({ config: { providers } });
});

afterAll(async () => {
  await gateway.stop();
  await mock.stop();
});

interface Seen {
  text: string;
  error: string;
}

/** `heard` is called when the first text is there. */
async function seen(heard: () => void): Promise<Seen> {
  const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: "none", maxRetries: 0 });
  let text = "";
  try {
    const messages = [{ role: "user" as const, content: "hi" }];
    const stream = await client.chat.completions.create({ model: "local/m", messages, stream: true });
    for await (const { choices } of stream) {
      text += choices[0]?.delta.content ?? "";
      heard();
    }
    return { text, error: "" };
  } catch (error) {
    return { text, error: String(error) };
  }
}

const TOLD = { error: expect.stringContaining("context size exceeded") };
const RECORDED = { outcome: "upstream_rejected", error_message: "context size exceeded" };

describe("an error in a field of its own, which clients pass over", () => {
  test("is the answer's where nothing of it has left", async () => {
    steps = streamAnswer([event("Hello") + FULL]);
    expect(await seen(() => {})).toMatchObject({ ...TOLD, text: "" });
    expect((await gateway.records(1))[0]).toMatchObject(RECORDED);
  });

  test("is told in an event behind content", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const head = { write: streamHead("text/event-stream") };
    steps = [head, chunk(event("Hello")), { after: promise }, chunk(event(" there") + FULL), LAST_CHUNK];
    expect(await seen(resolve)).toMatchObject({ ...TOLD, text: "Hello there" });
    expect((await gateway.records(2))[0]).toMatchObject(RECORDED);
  });
});
