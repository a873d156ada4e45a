import Anthropic from "@anthropic-ai/sdk";
import { GoogleGenAI } from "@google/genai";
import OpenAI, { NotFoundError } from "openai";
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { ANSWERS } from "./provider/answer.ts";
import { DIALECTS, KEY, modelAt, startScene, type Scene } from "./sdk/scene.ts";

const HEADERS = { "x-trunkline-explain": "true" };
const TEXT = ANSWERS.text.text;

let scene: Scene;
beforeAll(async () => {
  scene = await startScene();
});
afterAll(() => scene.close());

/** Whole answers and what they carry beside; streamed ones, whose comment no SDK shows. */
interface Client {
  whole(model: string): Promise<{ text: string; answer: object }>;
  streamed(model: string): Promise<string>;
}

const user = (content: string) => [{ role: "user" as const, content }];

function openai(): Client {
  const client = new OpenAI({
    baseURL: `${scene.gateway.url}/v1`,
    apiKey: KEY,
    maxRetries: 0,
    defaultHeaders: HEADERS,
  });
  return {
    async whole(model) {
      const answer = await client.chat.completions.create({ model, messages: user("Hi") });
      return { text: answer.choices[0]?.message.content ?? "", answer };
    },
    async streamed(model) {
      const stream = client.chat.completions.stream({ model, messages: user("Hi") });
      return (await stream.finalChatCompletion()).choices[0]?.message.content ?? "";
    },
  };
}

function responses(): Client {
  const client = new OpenAI({
    baseURL: `${scene.gateway.url}/v1`,
    apiKey: KEY,
    maxRetries: 0,
    defaultHeaders: HEADERS,
  });
  return {
    async whole(model) {
      const answer = await client.responses.create({ model, input: "Hi" });
      return { text: answer.output_text, answer };
    },
    streamed: async (model) => (await client.responses.stream({ model, input: "Hi" }).finalResponse()).output_text,
  };
}

function anthropic(): Client {
  const client = new Anthropic({
    baseURL: `${scene.gateway.url}/anthropic`,
    apiKey: KEY,
    maxRetries: 0,
    defaultHeaders: HEADERS,
  });
  const textOf = ({ content: [first] }: Anthropic.Message): string => (first?.type === "text" ? first.text : "");
  return {
    async whole(model) {
      const answer = await client.messages.create({ model, max_tokens: 50, messages: user("Hi") });
      return { text: textOf(answer), answer };
    },
    streamed: async (model) =>
      textOf(await client.messages.stream({ model, max_tokens: 50, messages: user("Hi") }).finalMessage()),
  };
}

function gemini(): Client {
  const httpOptions = { baseUrl: `${scene.gateway.url}/genai`, headers: HEADERS };
  const client = new GoogleGenAI({ apiKey: KEY, vertexai: false, httpOptions });
  return {
    async whole(model) {
      const answer = await client.models.generateContent({ model, contents: "Hi" });
      return { text: answer.text ?? "", answer };
    },
    async streamed(model) {
      let text = "";
      for await (const chunk of await client.models.generateContentStream({ model, contents: "Hi" }))
        text += chunk.text ?? "";
      return text;
    },
  };
}

/** Whether the SDK hands on what it does not know. */
const CLIENTS = {
  openai: [openai, true],
  responses: [responses, true],
  anthropic: [anthropic, true],
  gemini: [gemini, false],
} as const;

for (const [name, [connect, shows]] of Object.entries(CLIENTS)) {
  describe(`the SDK of ${name} and explanations`, () => {
    test.each(DIALECTS)("on %s", async (dialect) => {
      scene.providers.answerWith("text");
      const { text, answer } = await connect().whole(modelAt(dialect));
      expect(text).toBe(TEXT);
      if (shows) expect(answer).toMatchObject({ trunkline: { route: { attempts: [{ provider: `on-${dialect}` }] } } });
      expect(await connect().streamed(modelAt(dialect))).toBe(TEXT);
      const warnings = scene.headers().get("x-trunkline-warnings") ?? "";
      expect(warnings.includes("x-trunkline-explain")).toBe(name === "gemini");
    });
  });
}

test("errors keep their class and code", async () => {
  const client = new OpenAI({
    baseURL: `${scene.gateway.url}/v1`,
    apiKey: KEY,
    maxRetries: 0,
    defaultHeaders: HEADERS,
  });
  const error = await client.chat.completions.create({ model: "nobody-has-this", messages: user("Hi") }).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(NotFoundError);
  expect(error).toMatchObject({ status: 404, code: "model_not_found" });
});
