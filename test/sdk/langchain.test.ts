import { ChatAnthropic } from "@langchain/anthropic";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import {
  AIMessage,
  HumanMessage,
  SystemMessage,
  ToolMessage,
  type AIMessageChunk,
  type BaseMessage,
} from "@langchain/core/messages";
import { ChatGoogleGenerativeAI } from "@langchain/google-genai";
import { ChatOpenAI } from "@langchain/openai";
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { ANSWERS } from "../e2e/provider/answer.ts";
import { checkCall, checkRecords, DIALECTS, KEY, modelAt, startScene, type Scene } from "../e2e/sdk/scene.ts";

let scene: Scene;

beforeAll(async () => {
  scene = await startScene();
});

afterAll(() => scene.close());

/** LangChain's models, each with our address in place of its vendor's. */
const CLIENTS: Readonly<Record<string, (model: string) => BaseChatModel>> = {
  "@langchain/openai": (model) =>
    new ChatOpenAI({ model, apiKey: KEY, maxRetries: 0, configuration: { baseURL: `${scene.gateway.url}/v1` } }),
  "@langchain/openai, responses": (model) =>
    new ChatOpenAI({
      model,
      apiKey: KEY,
      maxRetries: 0,
      useResponsesApi: true,
      configuration: { baseURL: `${scene.gateway.url}/v1` },
    }),
  "@langchain/anthropic": (model) =>
    new ChatAnthropic({
      model,
      apiKey: KEY,
      maxRetries: 0,
      maxTokens: 2048,
      anthropicApiUrl: `${scene.gateway.url}/anthropic`,
    }),
  "@langchain/google-genai": (model) =>
    new ChatGoogleGenerativeAI({ model, apiKey: KEY, maxRetries: 0, baseUrl: `${scene.gateway.url}/genai` }),
};

const MESSAGES: BaseMessage[] = [
  new SystemMessage("Be brief."),
  new HumanMessage("Bonjour"),
  new AIMessage("Salut !"),
  new HumanMessage("Weather in Paris?"),
];

const TOOL = {
  name: "get_weather",
  description: "Weather of a city",
  schema: {
    type: "object",
    properties: { city: { type: "string" }, unit: { type: "string", enum: ["c", "f"] } },
    required: ["city"],
  },
};

async function ask(
  model: { invoke: BaseChatModel["invoke"]; stream: BaseChatModel["stream"] },
  messages: BaseMessage[],
  isStream: boolean,
): Promise<AIMessage | AIMessageChunk> {
  if (!isStream) return model.invoke(messages);
  let whole: AIMessageChunk | undefined;
  for await (const chunk of await model.stream(messages)) whole = whole === undefined ? chunk : whole.concat(chunk);
  if (whole === undefined) throw new Error("an empty stream");
  return whole;
}

for (const [name, connect] of Object.entries(CLIENTS)) {
  for (const dialect of DIALECTS) {
    for (const isStream of [false, true]) {
      describe(`${name} on ${dialect}${isStream ? ", streamed" : ""}`, () => {
        test("text", async () => {
          scene.providers.answerWith("text");
          const message = await ask(connect(modelAt(dialect)), MESSAGES, isStream);
          expect(message.text).toBe(ANSWERS.text.text);
          // LangChain adds what Anthropic's own streams count at their start.
          const isSummed = name === "@langchain/anthropic" && dialect === "anthropic-messages" && isStream;
          expect(message).toMatchObject({ usage_metadata: { output_tokens: isSummed ? 46 : 45 } });
          checkCall(scene, dialect);
          expect(scene.asked()).toMatchObject({ system: "Be brief.", stream: isStream });
          expect(scene.asked().turns.at(-1)).toEqual({ role: "user", text: "Weather in Paris?" });
        });

        test("tools and their results", async () => {
          scene.providers.answerWith("calls", "final");
          const model = connect(modelAt(dialect)).bindTools?.([TOOL]);
          if (model === undefined) throw new Error("no tools");
          const first = await ask(model, MESSAGES, isStream);
          expect(first.tool_calls).toMatchObject([
            { name: "get_weather", args: { city: "Paris", unit: "c" } },
            { name: "get_weather", args: { city: "São Paulo", unit: "c" } },
          ]);
          const results = (first.tool_calls ?? []).map(
            (call) =>
              new ToolMessage({ content: `21 in ${call.args["city"]}`, tool_call_id: call.id ?? "", name: call.name }),
          );
          const last = await ask(model, [...MESSAGES, first, ...results], isStream);
          expect(last.text).toBe(ANSWERS.final.text);
          checkCall(scene, dialect);
          expect(scene.asked().calls.map((call) => call.arguments)).toEqual(
            ANSWERS.calls.calls.map((call) => call.arguments),
          );
          expect(scene.asked().results.map((result) => result.text)).toEqual([
            expect.stringContaining("21 in Paris"),
            expect.stringContaining("21 in São Paulo"),
          ]);
        });
      });
    }

    test(`${name} on ${dialect}: structured output`, async () => {
      scene.providers.answerWith("json");
      const schema = {
        title: "weather",
        type: "object",
        properties: { city: { type: "string" }, days: { type: "array", items: { type: "object" } } },
        required: ["city", "days"],
      };
      const model = connect(modelAt(dialect)).withStructuredOutput(schema, { method: "jsonSchema" });
      expect((await model.invoke(MESSAGES)) as unknown).toEqual({ city: "Paris", days: [{ day: "Mon", celsius: 21 }] });
      expect(scene.asked().schema).toMatchObject({ type: "object", required: ["city", "days"] });
    });
  }
}

test("one record a call", () => checkRecords(scene));
