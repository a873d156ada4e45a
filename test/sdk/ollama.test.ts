import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { Ollama } from "ollama";
import { ANSWERS } from "../e2e/provider/answer.ts";
import type { Loose } from "../e2e/reading/loose.ts";
import { ALL_DIALECTS, KEY, modelAt, startScene, type Scene } from "../e2e/sdk/scene.ts";

/** As far as it is used here. */
interface OllamaClient {
  chat(request: object): Promise<Loose>;
  generate(request: object): Promise<Loose>;
  embed(request: object): Promise<Loose>;
  embeddings(request: object): Promise<Loose>;
  list(): Promise<{ models: { name: string }[] }>;
  show(request: object): Promise<Loose>;
  version(): Promise<{ version: string }>;
}

describe("the ollama client", () => {
  let scene: Scene;
  let client: OllamaClient;

  beforeAll(async () => {
    scene = await startScene(undefined, ALL_DIALECTS);
    const options = { host: `${scene.gateway.url}/ollama`, headers: { authorization: `Bearer ${KEY}` } };
    client = new Ollama(options);
  });

  afterAll(() => scene.close());

  const tools = [
    {
      type: "function",
      function: {
        name: "get_weather",
        description: "Weather of a city",
        parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
      },
    },
  ];

  /** An answer, whole or put together from its parts. */
  async function chat(request: object, stream: boolean): Promise<Loose> {
    const answer = await client.chat({ ...request, stream });
    if (!stream) return answer;
    const message: Loose = { content: "", thinking: "", tool_calls: [] };
    let last: Loose = {};
    for await (const part of answer) {
      message.content += part.message.content;
      message.thinking += part.message.thinking ?? "";
      message.tool_calls.push(...(part.message.tool_calls ?? []));
      last = part;
    }
    return { ...last, message };
  }

  const messages = [
    { role: "system", content: "Be brief." },
    { role: "user", content: "Weather in Paris?" },
  ];

  for (const dialect of ALL_DIALECTS) {
    for (const stream of [false, true]) {
      test(`chat on ${dialect}${stream ? ", streamed" : ""}`, async () => {
        scene.providers.answerWith("text");
        const request = { model: modelAt(dialect), messages, options: { num_predict: 300 } };
        const answer = await chat(request, stream);
        expect(answer.message.content).toBe(ANSWERS.text.text);
        const { input, output } = ANSWERS.text.usage;
        expect(answer).toMatchObject({
          done: true,
          done_reason: "stop",
          prompt_eval_count: input,
          eval_count: output,
        });
        expect(scene.asked()).toMatchObject({ maxTokens: 300, stream });
      });

      if (dialect !== "openai-completions")
        test(`tools on ${dialect}${stream ? ", streamed" : ""}`, async () => {
          scene.providers.answerWith("calls", "final");
          const first = await chat({ model: modelAt(dialect), messages, tools }, stream);
          const { tool_calls: calls } = first.message;
          expect(calls.map(({ function: call }: Loose) => [call.name, call.arguments])).toEqual(
            ANSWERS.calls.calls.map((call) => [call.name, { ...call.arguments }]),
          );
          expect(scene.asked().tools).toMatchObject([{ name: "get_weather", description: "Weather of a city" }]);
          const results = calls.map(({ function: call }: Loose) => ({
            role: "tool",
            tool_name: call.name,
            content: "21 degrees",
          }));
          const all = [...messages, { role: "assistant", ...first.message }, ...results];
          const second = await chat({ model: modelAt(dialect), messages: all, tools }, stream);
          expect(second.message.content).toBe(ANSWERS.final.text);
          expect(scene.asked().results.map(({ text }) => text)).toEqual(["21 degrees", "21 degrees"]);
        });
    }

    test(`generate on ${dialect}`, async () => {
      scene.providers.answerWith("text");
      const model = modelAt(dialect);
      if (dialect !== "ollama") {
        const answer = await client.generate({ model, prompt: "Hello", system: "Be brief." });
        expect(answer).toMatchObject({ response: ANSWERS.text.text, done: true, done_reason: "stop" });
      }
      let text = "";
      for await (const part of await client.generate({ model, prompt: "Hello", stream: true })) {
        text += part.response ?? part.message.content;
      }
      expect(text).toBe(ANSWERS.text.text);
      expect(scene.asked().turns).toEqual([{ role: "user", text: "Hello" }]);
      if (dialect === "ollama") expect(scene.providers.calls.at(-1)?.request.path).toEndWith("/api/generate");
    });
  }

  test("thoughts and formats", async () => {
    scene.providers.answerWith("thought");
    const answer = await client.chat({ model: modelAt("ollama"), messages, think: "high", tools });
    expect(answer.message.thinking).toBe(ANSWERS.thought.thought.text);
    scene.providers.answerWith("json");
    const format = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
    await client.chat({ model: modelAt("openai-chat"), messages, format });
    expect(scene.asked().schema).toEqual(format);
  });

  test("errors say why, before a stream and instead of an answer", async () => {
    for (const stream of [false, true]) {
      const error: Loose = await client.chat({ model: "nobody/knows", messages, stream }).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error).toMatchObject({ name: "ResponseError", status_code: 404 });
      expect(error.error).toBeString();
    }
  });

  test("lists, shows and tells its version", async () => {
    const { models } = await client.list();
    expect(models.map(({ name }) => name).toSorted()).toEqual(ALL_DIALECTS.map(modelAt).toSorted());
    const shown = await client.show({ model: modelAt("openai-chat") });
    expect(shown.capabilities).toContain("completion");
    expect((await client.version()).version).toMatch(/^\d+\.\d+\.\d+$/);
  });
});
