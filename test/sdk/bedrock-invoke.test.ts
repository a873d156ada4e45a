import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import {
  BedrockRuntimeClient,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
} from "@aws-sdk/client-bedrock-runtime";
import { startGateway, type Gateway } from "../gateway/start.ts";
import type { Loose } from "../e2e/reading/loose.ts";

const KEY = "sk-tl-for-the-aws-sdk";
let gateway: Gateway;
let client: BedrockRuntimeClient;

/** Unmodified, with its own handler: HTTP/2. */
const clientOf = (key: string): BedrockRuntimeClient =>
  new BedrockRuntimeClient({
    endpoint: `${gateway.url}/bedrock`,
    region: "us-east-1",
    token: { token: key },
    authSchemePreference: ["httpBearerAuth"],
    maxAttempts: 1,
  });

beforeAll(async () => {
  gateway = await startGateway({
    config: {
      providers: { demo: {} },
      governance: { virtual_keys: [{ name: "app", value: KEY, provider_configs: [{ provider: "demo" }] }] },
    },
  });
  client = clientOf(KEY);
});
afterAll(async () => {
  client.destroy();
  await gateway.stop();
});

const CLAUDE = JSON.stringify({
  anthropic_version: "bedrock-2023-05-31",
  max_tokens: 100,
  messages: [{ role: "user", content: "Hello" }],
});
const LLAMA = JSON.stringify({ prompt: "Hello", max_gen_len: 100 });

async function invoke(modelId: string, body: string): Promise<Loose> {
  const answer = await client.send(new InvokeModelCommand({ modelId, body }));
  return JSON.parse(answer.body.transformToString());
}

async function stream(modelId: string, body: string): Promise<Loose[]> {
  const answer = await client.send(new InvokeModelWithResponseStreamCommand({ modelId, body }));
  const chunks: Loose[] = [];
  for await (const { chunk } of answer.body ?? []) chunks.push(JSON.parse(new TextDecoder().decode(chunk?.bytes)));
  return chunks;
}

describe("the SDK of AWS", () => {
  test("gets whole answers in the body's form", async () => {
    expect((await invoke("demo/demo-fast", CLAUDE)).content[0].text).toContain("Hello");
    expect((await invoke("demo/demo-fast", LLAMA)).generation).toContain("Hello");
  });

  test("gets streams in the body's form", async () => {
    const text = (chunks: Loose[]): string => chunks.map((each) => each.delta?.text ?? each.generation ?? "").join("");
    const [claude, llama] = [await stream("demo/demo-fast", CLAUDE), await stream("demo/demo-fast", LLAMA)];
    expect(text(claude)).toContain("Hello");
    expect(claude.at(-1).type).toBe("message_stop");
    expect(text(llama)).toContain("Hello");
    expect(llama.at(-1)["amazon-bedrock-invocationMetrics"].outputTokenCount).toBeGreaterThan(0);
  });

  test("runs many streams over its connection", async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => stream("demo/demo-fast", CLAUDE)));
    for (const chunks of all) expect(chunks.at(-1).type).toBe("message_stop");
  });

  test.each([
    ["demo/demo-error-500", "InternalServerException", 502],
    ["demo/demo-error-429", "ThrottlingException", 429],
    ["demo/nope", "ResourceNotFoundException", 404],
  ])("throws AWS's exceptions: %s", async (modelId, name, httpStatusCode) => {
    const thrown = await invoke(modelId, CLAUDE).catch((error: unknown) => error);
    expect(thrown).toMatchObject({ name, $metadata: { httpStatusCode } });
  });

  test("throws an exception within a stream", async () => {
    const thrown = await stream("demo/demo-cut", CLAUDE).catch((error: unknown) => error);
    expect(thrown).toMatchObject({ name: "InternalServerException" });
  });

  test("is refused without a virtual key", async () => {
    const stranger = clientOf("no-key");
    const thrown = await stranger
      .send(new InvokeModelCommand({ modelId: "demo/demo-fast", body: CLAUDE }))
      .catch((error: unknown) => error);
    stranger.destroy();
    expect(thrown).toMatchObject({ name: "AccessDeniedException", $metadata: { httpStatusCode: 401 } });
  });

  test("leaves a record each", async () => {
    const records = await gateway.records(28);
    expect(new Set(records.map(({ dialect }) => dialect))).toEqual(new Set(["anthropic-messages", "bedrock-text"]));
  });
});
