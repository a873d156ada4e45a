import { Mistral } from "@mistralai/mistralai";
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import Groq from "groq-sdk";
import type {
  ChatCompletionCreateParamsNonStreaming,
  ChatCompletionCreateParamsStreaming,
} from "groq-sdk/resources/chat/completions";
import { ANSWERS } from "../e2e/provider/answer.ts";
import type { Loose } from "../e2e/reading/loose.ts";
import { checkCall, checkRecords, DIALECTS, KEY, modelAt, startScene, type Scene } from "../e2e/sdk/scene.ts";

let scene: Scene;

beforeAll(async () => {
  scene = await startScene();
});

afterAll(() => scene.close());

/** What both SDKs bring, in one form. */
interface Said {
  text: string;
  calls: { name: string; arguments: unknown }[];
  ending: string | null | undefined;
  output: number | undefined;
}

const SCHEMA = {
  type: "object",
  properties: { city: { type: "string" }, unit: { type: "string" } },
  required: ["city"],
};
const FUNCTION = { name: "get_weather", description: "Weather of a city", parameters: SCHEMA };
const OUTPUT = {
  name: "weather",
  schema: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
};

type Wish = "text" | "tools" | "schema";
type Ask = (model: string, isStream: boolean, wish: Wish) => Promise<Said>;

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
const argumentsOf = (value: unknown): unknown => (typeof value === "string" ? JSON.parse(value) : value);

const askGroq: Ask = async (model, isStream, wish) => {
  const groq = new Groq({ apiKey: KEY, baseURL: scene.gateway.url, maxRetries: 0 });
  const body: ChatCompletionCreateParamsNonStreaming = {
    model,
    messages: [
      { role: "system", content: "Be brief." },
      { role: "user", content: "Weather in Paris?" },
    ],
    ...(wish === "tools" && { tools: [{ type: "function", function: FUNCTION }] }),
    ...(wish === "schema" && { response_format: { type: "json_schema", json_schema: OUTPUT } }),
  };
  const path = { path: "/v1/chat/completions" };
  if (!isStream) {
    const { choices, usage } = await groq.chat.completions.create(body, path);
    const { message, finish_reason: ending } = choices[0] ?? { message: { content: "" }, finish_reason: null };
    const calls = ("tool_calls" in message && message.tool_calls) || [];
    return {
      text: message.content ?? "",
      calls: calls.map(({ function: call }) => ({ name: call.name, arguments: argumentsOf(call.arguments) })),
      ending,
      output: usage?.completion_tokens,
    };
  }
  const said: Said = { text: "", calls: [], ending: null, output: undefined };
  const texts: string[] = [];
  const more = { stream: true, stream_options: { include_usage: true } } as const;
  const stream = await groq.chat.completions.create({ ...body, ...more } as ChatCompletionCreateParamsStreaming, path);
  for await (const chunk of stream) {
    // Its typings have usage below `x_groq` only, where no other host has it.
    const { choices, usage }: Loose = chunk;
    const [choice] = choices;
    said.text += choice?.delta.content ?? "";
    for (const { index, function: call } of choice?.delta.tool_calls ?? []) {
      if (call?.name !== undefined) said.calls[index] = { name: call.name, arguments: null };
      texts[index] = (texts[index] ?? "") + (call?.arguments ?? "");
    }
    said.ending ??= choice?.finish_reason;
    said.output = usage?.completion_tokens ?? said.output;
  }
  for (const [index, call] of said.calls.entries()) call.arguments = argumentsOf(texts[index]);
  return said;
};

const askMistral: Ask = async (model, isStream, wish) => {
  const mistral = new Mistral({ apiKey: KEY, serverURL: scene.gateway.url });
  const body = {
    model,
    messages: [
      { role: "system" as const, content: "Be brief." },
      { role: "user" as const, content: "Weather in Paris?" },
    ],
    ...(wish === "tools" && { tools: [{ type: "function" as const, function: FUNCTION }] }),
    ...(wish === "schema" && {
      responseFormat: {
        type: "json_schema" as const,
        jsonSchema: { name: OUTPUT.name, schemaDefinition: OUTPUT.schema },
      },
    }),
  };
  if (!isStream) {
    const { choices, usage } = await mistral.chat.complete(body);
    const choice = choices?.[0];
    return {
      text: textOf(choice?.message?.content),
      calls: (choice?.message?.toolCalls ?? []).map(({ function: call }) => ({
        name: call.name,
        arguments: argumentsOf(call.arguments),
      })),
      ending: choice?.finishReason,
      output: usage?.completionTokens,
    };
  }
  const said: Said = { text: "", calls: [], ending: null, output: undefined };
  const texts: string[] = [];
  for await (const { data } of await mistral.chat.stream(body)) {
    const [choice] = data.choices;
    if (typeof choice?.delta.content === "string") said.text += choice.delta.content;
    for (const { index = 0, function: call } of choice?.delta.toolCalls ?? []) {
      if (call.name !== "") said.calls[index] = { name: call.name, arguments: null };
      texts[index] = (texts[index] ?? "") + textOf(call.arguments);
    }
    said.ending ??= choice?.finishReason;
    said.output = data.usage?.completionTokens ?? said.output;
  }
  for (const [index, call] of said.calls.entries()) call.arguments = argumentsOf(texts[index]);
  return said;
};

for (const [name, ask] of Object.entries({ "groq-sdk": askGroq, "@mistralai/mistralai": askMistral })) {
  for (const dialect of DIALECTS) {
    for (const isStream of [false, true]) {
      describe(`${name} on ${dialect}${isStream ? ", streamed" : ""}`, () => {
        test("text", async () => {
          scene.providers.answerWith("text");
          const said = await ask(modelAt(dialect), isStream, "text");
          expect(said).toEqual({ text: ANSWERS.text.text, calls: [], ending: "stop", output: 45 });
          checkCall(scene, dialect);
          expect(scene.asked()).toMatchObject({ system: "Be brief.", stream: isStream });
        });

        test("tools", async () => {
          scene.providers.answerWith("calls");
          const { calls, ending } = await ask(modelAt(dialect), isStream, "tools");
          expect(calls).toEqual(ANSWERS.calls.calls.map((call) => ({ name: call.name, arguments: call.arguments })));
          expect(ending).toBe("tool_calls");
          expect(scene.asked().tools).toMatchObject([{ name: "get_weather", description: "Weather of a city" }]);
        });

        test("structured output", async () => {
          scene.providers.answerWith("json");
          const { text } = await ask(modelAt(dialect), isStream, "schema");
          expect(JSON.parse(text)).toMatchObject({ city: "Paris" });
          expect(scene.asked().schema).toMatchObject({ required: ["city"] });
        });
      });
    }
  }
}

test("one record a call", () => checkRecords(scene));
