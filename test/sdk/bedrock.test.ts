import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import {
  BedrockRuntimeClient,
  BedrockRuntimeServiceException,
  ConverseCommand,
  ConverseStreamCommand,
  CountTokensCommand,
  type BedrockRuntimeClientConfig,
  type ContentBlock,
  type ConverseCommandInput,
  type Message,
  type StopReason,
  type TokenUsage,
  type ToolConfiguration,
} from "@aws-sdk/client-bedrock-runtime";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { ANSWERS } from "../e2e/provider/answer.ts";
import { FAULTS, faultSteps } from "../e2e/provider/faults.ts";
import { DIALECTS, KEY, modelAt, secretsOf, startScene, TURNS, type Scene } from "../e2e/sdk/scene.ts";

let scene: Scene;
let client: BedrockRuntimeClient;

/** Over HTTP/1.1, which the SDK does not speak by default to addresses without TLS. */
function clientWith(more: BedrockRuntimeClientConfig): BedrockRuntimeClient {
  return new BedrockRuntimeClient({
    region: "us-east-1",
    endpoint: `${scene.gateway.url}/bedrock`,
    requestHandler: new NodeHttpHandler(),
    maxAttempts: 1,
    ...more,
  });
}

/** As `AWS_BEARER_TOKEN_BEDROCK` does. */
const bearer = (key: string): BedrockRuntimeClientConfig => ({
  token: { token: key },
  authSchemePreference: ["httpBearerAuth"],
});
const signing = (accessKeyId: string): BedrockRuntimeClientConfig => ({
  credentials: { accessKeyId, secretAccessKey: "anything" },
});

beforeAll(async () => {
  scene = await startScene();
  client = clientWith(bearer(KEY));
});

afterAll(() => scene.close());

const MESSAGES: Message[] = [
  { role: "user", content: [{ text: "Bonjour" }] },
  { role: "assistant", content: [{ text: "Salut !" }] },
  { role: "user", content: [{ text: "Weather in Paris?" }] },
];

const SCHEMA = {
  type: "object",
  properties: { city: { type: "string" }, unit: { type: "string", enum: ["c", "f"] } },
  required: ["city"],
};

const TOOLS: ToolConfiguration = {
  tools: [{ toolSpec: { name: "get_weather", description: "Weather of a city", inputSchema: { json: SCHEMA } } }],
};

/** An answer, however it came. */
interface Gathered {
  content: ContentBlock[];
  stopReason: StopReason | undefined;
  usage: TokenUsage | undefined;
}

async function ask(input: ConverseCommandInput, isStream: boolean): Promise<Gathered> {
  if (isStream) return gather(input);
  const { output, stopReason, usage, metrics } = await client.send(new ConverseCommand(input));
  expect(metrics?.latencyMs).toBeNumber();
  return { content: output?.message?.content ?? [], stopReason, usage };
}

interface OpenBlock {
  text: string;
  thought: string;
  signature: string;
  redacted: Uint8Array | undefined;
  json: string;
  tool: { toolUseId: string | undefined; name: string | undefined } | null;
}

async function gather(input: ConverseCommandInput): Promise<Gathered> {
  const { stream } = await client.send(new ConverseStreamCommand(input));
  const blocks: OpenBlock[] = [];
  let stopReason: StopReason | undefined;
  let usage: TokenUsage | undefined;
  let hasStarted = false;
  for await (const event of stream ?? []) {
    hasStarted ||= event.messageStart?.role === "assistant";
    const { contentBlockStart: start, contentBlockDelta: delta } = event;
    const at = (start ?? delta)?.contentBlockIndex ?? -1;
    if (at >= 0) blocks[at] ??= { text: "", thought: "", signature: "", redacted: undefined, json: "", tool: null };
    const block = blocks[at];
    if (block !== undefined && start?.start?.toolUse !== undefined) block.tool = { ...start.start.toolUse };
    if (block !== undefined && delta?.delta !== undefined) {
      block.text += delta.delta.text ?? "";
      block.json += delta.delta.toolUse?.input ?? "";
      block.thought += delta.delta.reasoningContent?.text ?? "";
      block.signature += delta.delta.reasoningContent?.signature ?? "";
      block.redacted ??= delta.delta.reasoningContent?.redactedContent;
    }
    stopReason ??= event.messageStop?.stopReason;
    usage ??= event.metadata?.usage;
  }
  expect(hasStarted).toBe(true);
  return { content: blocks.map(blockOf), stopReason, usage };
}

function blockOf({ text, thought, signature, redacted, json, tool }: OpenBlock): ContentBlock {
  if (redacted !== undefined) return { reasoningContent: { redactedContent: redacted } };
  if (tool !== null) return { toolUse: { ...tool, input: JSON.parse(json) } };
  return thought === "" ? { text } : { reasoningContent: { reasoningText: { text: thought, signature } } };
}

function textOf({ content }: Gathered): string {
  return content.map((block) => block.text ?? "").join("");
}

for (const dialect of DIALECTS) {
  for (const isStream of [false, true]) {
    describe(`bedrock on ${dialect}${isStream ? ", streamed" : ""}`, () => {
      const modelId = modelAt(dialect);

      test("text", async () => {
        scene.providers.answerWith("text");
        const answer = await ask(
          { modelId, system: [{ text: "Be brief." }], messages: MESSAGES, inferenceConfig: { maxTokens: 2048 } },
          isStream,
        );
        expect(textOf(answer)).toBe(ANSWERS.text.text);
        expect(answer.stopReason).toBe("end_turn");
        expect(answer.usage).toMatchObject({ inputTokens: 56, cacheReadInputTokens: 64, outputTokens: 45 });
        expect(scene.providers.calls.at(-1)?.dialect).toBe(dialect);
        expect(scene.asked()).toMatchObject({
          system: "Be brief.",
          turns: TURNS,
          maxTokens: 2048,
          stream: isStream,
        });
      });

      test("parallel tool use and its results", async () => {
        scene.providers.answerWith("calls", "final");
        const first = await ask(
          { modelId, messages: MESSAGES, toolConfig: { ...TOOLS, toolChoice: { any: {} } } },
          isStream,
        );
        expect(first.stopReason).toBe("tool_use");
        expect(textOf(first)).toBe(ANSWERS.calls.text);
        const uses = first.content.flatMap((block) => block.toolUse ?? []);
        expect(uses).toMatchObject([
          { toolUseId: "call_paris_1", name: "get_weather", input: { city: "Paris", unit: "c" } },
          { toolUseId: "call_sao_2", name: "get_weather", input: { city: "São Paulo", unit: "c" } },
        ]);
        expect(scene.asked().choice).toBe("required");
        expect(scene.asked().tools).toEqual([
          { name: "get_weather", description: "Weather of a city", parameters: SCHEMA },
        ]);
        const results = uses.map(({ toolUseId }) => ({
          toolResult: { toolUseId, content: [{ text: `21 (${toolUseId})` }] },
        }));
        const messages: Message[] = [
          ...MESSAGES,
          { role: "assistant", content: first.content },
          { role: "user", content: results },
        ];
        expect(textOf(await ask({ modelId, messages, toolConfig: TOOLS }, isStream))).toBe(ANSWERS.final.text);
        expect(scene.asked().results.map(({ text }) => text)).toEqual(["21 (call_paris_1)", "21 (call_sao_2)"]);
      });

      test("reasoning with a signature that goes back to its maker", async () => {
        scene.providers.answerWith("thought", "final");
        const thinking = { thinking: { type: "enabled", budget_tokens: 1024 } };
        const base = { modelId, toolConfig: TOOLS, inferenceConfig: { maxTokens: 4096 } };
        const first = await ask({ ...base, messages: MESSAGES, additionalModelRequestFields: thinking }, isStream);
        const thoughts = first.content.map((block) => block.reasoningContent?.reasoningText?.text ?? "").join("");
        expect(thoughts).toBe(ANSWERS.thought.thought.text);
        const result = { toolResult: { toolUseId: "call_paris_1", content: [{ text: "21" }] } };
        const messages: Message[] = [
          ...MESSAGES,
          { role: "assistant", content: first.content },
          { role: "user", content: [result] },
        ];
        await ask({ ...base, messages, additionalModelRequestFields: thinking }, isStream);
        expect(scene.asked().secrets).toEqual(secretsOf(dialect));
      });

      test("structured output", async () => {
        scene.providers.answerWith("json");
        const schema = {
          type: "object",
          properties: { city: { type: "string" } },
          required: ["city"],
          additionalProperties: false,
        };
        const jsonSchema = { name: "place", schema: JSON.stringify(schema) };
        const outputConfig = { textFormat: { type: "json_schema" as const, structure: { jsonSchema } } };
        const answer = await ask({ modelId, messages: MESSAGES, outputConfig }, isStream);
        expect(JSON.parse(textOf(answer))).toMatchObject({ city: "Paris" });
        expect(scene.asked().schema).toMatchObject({ type: "object", required: ["city"] });
      });

      test("an answer cut at the limit, and one that was filtered", async () => {
        scene.providers.answerWith("length");
        expect((await ask({ modelId, messages: MESSAGES }, isStream)).stopReason).toBe("max_tokens");
        scene.providers.answerWith("refusal");
        expect((await ask({ modelId, messages: MESSAGES }, isStream)).stopReason).toBe("content_filtered");
      });
    });
  }

  test(`CountTokens on ${dialect}`, async () => {
    scene.providers.answerWith("text");
    const input = { converse: { messages: MESSAGES, toolConfig: TOOLS } };
    const { inputTokens } = await client.send(new CountTokensCommand({ modelId: modelAt(dialect), input }));
    if (dialect === "openai-chat" || dialect === "cohere") expect(inputTokens).toBeGreaterThan(20);
    else expect(inputTokens).toBe(42);
  });
}

test("an image goes to another dialect as base64 and bytes come back as they were", async () => {
  scene.providers.answerWith("text");
  const bytes = Buffer.from("iVBORw0KGgoAAAANSUhEUg==", "base64");
  const image: ContentBlock = { image: { format: "png", source: { bytes } } };
  await ask(
    { modelId: modelAt("openai-chat"), messages: [{ role: "user", content: [{ text: "What?" }, image] }] },
    false,
  );
  expect(JSON.stringify(scene.providers.calls.at(-1)?.request.json)).toContain(bytes.toString("base64"));
  expect(scene.providers.calls.at(-1)?.asked.turns).toEqual([{ role: "user", text: "What?" }]);
});

describe("credentials", () => {
  const input = { modelId: modelAt("openai-chat"), messages: MESSAGES };

  test("a virtual key as the access key id of a signing client", async () => {
    scene.providers.answerWith("text");
    const answer = await clientWith(signing(KEY)).send(new ConverseCommand(input));
    expect(answer.output?.message?.content?.[0]?.text).toBe(ANSWERS.text.text);
    expect(JSON.stringify(scene.providers.calls)).not.toContain(KEY);
    expect(JSON.stringify(scene.providers.calls)).not.toContain("AWS4-HMAC-SHA256");
  });

  test("credentials of AWS are no virtual key, and do not travel on", async () => {
    scene.providers.answerWith("text");
    const error = await clientWith(signing("AKIDEXAMPLE"))
      .send(new ConverseCommand(input))
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(BedrockRuntimeServiceException);
    expect(error).toMatchObject({ name: "AccessDeniedException", $metadata: { httpStatusCode: 401 } });
    expect(scene.providers.calls).toEqual([]);
  });
});

describe("errors", () => {
  const thrownBy = (modelId: string, isStream: boolean): Promise<unknown> => {
    const input = { modelId, messages: MESSAGES };
    const sent = isStream ? client.send(new ConverseStreamCommand(input)) : client.send(new ConverseCommand(input));
    return sent.then(
      () => new Error("it did not fail"),
      (error: unknown) => error,
    );
  };
  const NAMES = { 400: "ValidationException", 429: "ThrottlingException", 500: "InternalServerException" } as const;

  for (const dialect of DIALECTS) {
    for (const status of [400, 429, 500] as const) {
      test(`${status} of a provider of ${dialect}`, async () => {
        for (const isStream of [false, true]) {
          scene.providers.failWith(faultSteps(dialect, status));
          expect(await thrownBy(modelAt(dialect), isStream)).toMatchObject({
            name: NAMES[status],
            message: FAULTS[dialect][status].message,
            $metadata: { httpStatusCode: status === 500 ? 502 : status },
          });
        }
      });
    }
  }

  test("a model that nobody has", async () => {
    const error = await thrownBy("arn:aws:bedrock:us-east-1:123456789012:inference-profile/no-such-model", false);
    expect(error).toMatchObject({ name: "ResourceNotFoundException", $metadata: { httpStatusCode: 404 } });
  });
});
