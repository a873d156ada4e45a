import { createAmazonBedrock } from "@ai-sdk/amazon-bedrock";
import { createAnthropic } from "@ai-sdk/anthropic";
import { createGateway } from "@ai-sdk/gateway";
import { createGoogleGenerativeAI } from "@ai-sdk/google";
import { createOpenAI } from "@ai-sdk/openai";
import {
  generateText,
  jsonSchema,
  Output,
  stepCountIs,
  streamText,
  tool,
  type LanguageModel,
  type ModelMessage,
} from "ai";
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { ANSWERS } from "../e2e/provider/answer.ts";
import {
  checkCall,
  checkRecords,
  checkSwitched,
  DIALECTS,
  KEY,
  modelAt,
  secretsOf,
  startScene,
  TURNS,
  type Scene,
} from "../e2e/sdk/scene.ts";

let scene: Scene;

beforeAll(async () => {
  scene = await startScene();
});

afterAll(() => scene.close());

const at = (path: string): { baseURL: string; apiKey: string } => ({ baseURL: scene.gateway.url + path, apiKey: KEY });

/** The AI SDK's providers, each with our address as its base URL. */
const CLIENTS: Readonly<Record<string, (model: string) => LanguageModel>> = {
  "@ai-sdk/amazon-bedrock": (model) => createAmazonBedrock({ ...at("/bedrock"), region: "us-east-1" })(model),
  "@ai-sdk/openai, chat": (model) => createOpenAI(at("/v1")).chat(model),
  "@ai-sdk/openai, responses": (model) => createOpenAI(at("/v1")).responses(model),
  "@ai-sdk/anthropic": (model) => createAnthropic(at("/anthropic/v1"))(model),
  "@ai-sdk/google": (model) => createGoogleGenerativeAI(at("/genai/v1beta"))(model),
  "@ai-sdk/gateway": (model) => createGateway(at("/v3/ai"))(model),
};

/** Dialects whose models in these tests are Claude. */
const CLAUDE: ReadonlySet<string> = new Set(["anthropic-messages", "bedrock-converse"]);
/** For models that are no Claude, these have a tool in place of a schema. */
const MAKES_A_TOOL = new Set(["@ai-sdk/amazon-bedrock", "@ai-sdk/anthropic"]);

const SCHEMA = {
  type: "object" as const,
  properties: { city: { type: "string" as const }, unit: { type: "string" as const, enum: ["c", "f"] } },
  required: ["city"],
  additionalProperties: false,
};

const tools = {
  get_weather: tool({
    description: "Weather of a city",
    inputSchema: jsonSchema<{ city: string }>(SCHEMA),
    execute: ({ city }) => `21 in ${city}`,
  }),
};

const MESSAGES: ModelMessage[] = [
  { role: "user", content: "Bonjour" },
  { role: "assistant", content: "Salut !" },
  { role: "user", content: [{ type: "text", text: "Weather in Paris?" }] },
];

type Options = Omit<Parameters<typeof generateText>[0], "model" | "prompt">;

/** What both ways of asking end with. */
async function ask(model: LanguageModel, isStream: boolean, options: Partial<Options> = {}) {
  const call = { model, system: "Be brief.", messages: MESSAGES, maxRetries: 0, ...options } as Parameters<
    typeof generateText
  >[0];
  if (!isStream) {
    const { text, finishReason, totalUsage, steps, output, reasoningText, response } = await generateText(call);
    return { text, finishReason, totalUsage, steps, output, reasoningText, messages: response.messages };
  }
  const errors: unknown[] = [];
  const stream = streamText({ ...call, onError: ({ error }) => void errors.push(error) });
  const text = await stream.text;
  expect(errors).toEqual([]);
  const { messages } = await stream.response;
  const [finishReason, totalUsage, steps] = [await stream.finishReason, await stream.totalUsage, await stream.steps];
  return {
    text,
    finishReason,
    totalUsage,
    steps,
    output: await stream.output,
    reasoningText: await stream.reasoningText,
    messages,
  };
}

for (const [name, connect] of Object.entries(CLIENTS)) {
  for (const dialect of DIALECTS) {
    for (const isStream of [false, true]) {
      describe(`${name} on ${dialect}${isStream ? ", streamed" : ""}`, () => {
        test("text", async () => {
          scene.providers.answerWith("text");
          const { text, finishReason, totalUsage } = await ask(connect(modelAt(dialect)), isStream, {
            maxOutputTokens: 2048,
          });
          expect(text).toBe(ANSWERS.text.text);
          expect(finishReason).toBe("stop");
          expect(totalUsage).toMatchObject({ inputTokens: 120, outputTokens: 45, cachedInputTokens: 64 });
          checkCall(scene, dialect);
          expect(scene.asked()).toMatchObject({
            system: "Be brief.",
            turns: TURNS,
            maxTokens: 2048,
            stream: isStream,
          });
        });

        test("tools that run, and what the model makes of their results", async () => {
          scene.providers.answerWith("calls", "final");
          const { text, steps } = await ask(connect(modelAt(dialect)), isStream, {
            tools,
            stopWhen: stepCountIs(3),
            // By default it refers to items that the provider has stored, which the provider of these tests does not.
            providerOptions: { openai: { store: false } },
          });
          expect(steps[0]?.toolCalls).toMatchObject([
            { toolCallId: "call_paris_1", toolName: "get_weather", input: { city: "Paris", unit: "c" } },
            { toolCallId: "call_sao_2", toolName: "get_weather", input: { city: "São Paulo", unit: "c" } },
          ]);
          expect(steps[0]?.finishReason).toBe("tool-calls");
          expect(text).toBe(ANSWERS.final.text);
          checkCall(scene, dialect);
          expect(scene.asked().tools).toMatchObject([{ name: "get_weather", description: "Weather of a city" }]);
          expect(scene.asked().calls.map((call) => call.arguments)).toEqual(
            ANSWERS.calls.calls.map((call) => call.arguments),
          );
          // Google's provider has the tool's name in its result.
          expect(scene.asked().results.map((result) => result.text)).toEqual([
            expect.stringContaining("21 in Paris"),
            expect.stringContaining("21 in São Paulo"),
          ]);
        });

        test("structured output", async () => {
          const isTool = MAKES_A_TOOL.has(name) && !CLAUDE.has(dialect);
          scene.providers.answerWith(isTool ? "json_tool" : "json");
          const schema = {
            type: "object" as const,
            properties: {
              city: { type: "string" as const },
              days: { type: "array" as const, items: { type: "object" as const, additionalProperties: false } },
            },
            required: ["city", "days"],
            additionalProperties: false,
          };
          const { output } = await ask(connect(modelAt(dialect)), isStream, {
            output: Output.object({ schema: jsonSchema(schema) }) as never,
          });
          expect(output as unknown).toEqual({ city: "Paris", days: [{ day: "Mon", celsius: 21 }] });
          if (isTool) expect(scene.asked().tools.map((tool) => tool.name)).toEqual(["json"]);
          else expect(scene.asked().schema).toMatchObject({ type: "object", required: ["city", "days"] });
        });

        test("an answer cut at the limit", async () => {
          scene.providers.answerWith("length");
          const { text, finishReason } = await ask(connect(modelAt(dialect)), isStream);
          expect({ text, finishReason }).toEqual({ text: ANSWERS.length.text, finishReason: "length" });
        });
      });
    }
  }
}

describe("@ai-sdk/gateway", () => {
  for (const dialect of DIALECTS) {
    for (const isStream of [false, true]) {
      test(`thoughts whose state goes back to its maker, on ${dialect}${isStream ? ", streamed" : ""}`, async () => {
        const connect = createGateway(at("/v3/ai"));
        scene.providers.answerWith("thought", "final");
        const first = await ask(connect(modelAt(dialect)), isStream, { tools, stopWhen: stepCountIs(3) });
        expect(first.steps[0]?.reasoningText).toBe(ANSWERS.thought.thought.text);
        expect(scene.asked().secrets).toEqual(secretsOf(dialect));
        for (const other of DIALECTS.filter((each) => each !== dialect)) {
          scene.providers.answerWith("final");
          const messages: ModelMessage[] = [...MESSAGES, ...first.messages, { role: "user", content: "Again?" }];
          await ask(connect(modelAt(other)), isStream, { tools, messages });
          checkSwitched(scene, other, dialect);
        }
      });
    }
  }

  test("warnings reach the user", async () => {
    scene.providers.answerWith("text");
    const { warnings } = await generateText({
      model: createGateway(at("/v3/ai"))(modelAt("openai-chat")),
      prompt: "x",
      topK: 3,
    });
    expect(warnings).toEqual([{ type: "compatibility", feature: "top_k", details: expect.stringContaining("top_k") }]);
  });

  test("routing options choose, and others go on", async () => {
    scene.providers.answerWith("text");
    const model = createGateway(at("/v3/ai"))("no-such/model");
    const models = [modelAt("anthropic-messages")];
    const thinking = { type: "enabled", budgetTokens: 2000 };
    const providerOptions = { gateway: { models }, anthropic: { thinking } };
    await generateText({ model, prompt: "x", maxOutputTokens: 4000, providerOptions, maxRetries: 0 });
    expect(scene.providers.calls.at(-1)?.request.json).toMatchObject({
      thinking: { type: "enabled", budget_tokens: 2000 },
    });
  });

  test("the list of models", async () => {
    const { models } = await createGateway(at("/v3/ai")).getAvailableModels();
    expect(models.map(({ id }) => id).toSorted()).toEqual(DIALECTS.map(modelAt).toSorted());
    expect(models[0]).toMatchObject({ modelType: "language", specification: { specificationVersion: "v3" } });
  });
});

test("one record a call", () => checkRecords(scene));

test("errors are those of the SDK's own classes", async () => {
  const refused = (connect: ReturnType<typeof createGateway>, model: string) =>
    generateText({ model: connect(model), prompt: "x", maxRetries: 0 }).catch((error: unknown) => error);
  expect(await refused(createGateway({ ...at("/v3/ai"), apiKey: "sk-tl-wrong" }), modelAt("gemini"))).toMatchObject({
    message: expect.stringContaining("Unauthenticated request to AI Gateway"),
  });
  expect(await refused(createGateway(at("/v3/ai")), "no-such-model")).toMatchObject({
    name: "GatewayModelNotFoundError",
  });
});
