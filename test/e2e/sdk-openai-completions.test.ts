import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import OpenAI, { BadRequestError } from "openai";
import type { Completion } from "openai/resources";
import { ANSWERS } from "./provider/answer.ts";
import { ALL_DIALECTS, KEY, modelAt, startScene, type Scene } from "./sdk/scene.ts";

let scene: Scene;
let client: OpenAI;

beforeAll(async () => {
  scene = await startScene(undefined, ALL_DIALECTS);
  client = new OpenAI({ baseURL: `${scene.gateway.url}/v1`, apiKey: KEY, maxRetries: 0 });
});

afterAll(() => scene.close());

const { input, output } = ANSWERS.text.usage;
const WANTED_USAGE = { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };

/** The chunks of a stream put together, as clients do. */
async function streamed(body: OpenAI.CompletionCreateParamsNonStreaming): Promise<Completion> {
  const stream = await client.completions.create({ ...body, stream: true, stream_options: { include_usage: true } });
  let whole: Completion | undefined;
  let text = "";
  let finish: Completion["choices"][number]["finish_reason"] | null = null;
  for await (const chunk of stream) {
    whole = chunk.usage ? chunk : (whole ?? chunk);
    text += chunk.choices[0]?.text ?? "";
    finish = chunk.choices[0]?.finish_reason ?? finish;
  }
  if (whole === undefined || finish === null) throw new Error("the stream did not end");
  return { ...whole, choices: [{ text, index: 0, logprobs: null, finish_reason: finish }] };
}

for (const dialect of ALL_DIALECTS) {
  describe(`openai completions on ${dialect}`, () => {
    const body = { model: modelAt(dialect), prompt: "Say hello.", max_tokens: 300 };

    test.each([false, true])("text, streamed: %p", async (isStream) => {
      scene.providers.answerWith("text");
      const answer = isStream ? await streamed(body) : await client.completions.create(body);
      expect(answer).toMatchObject({ object: "text_completion", usage: WANTED_USAGE });
      expect(answer.choices).toEqual([{ text: ANSWERS.text.text, index: 0, logprobs: null, finish_reason: "stop" }]);
      expect(scene.asked()).toMatchObject({ turns: [{ role: "user", text: "Say hello." }], maxTokens: 300 });
      const records = await scene.gateway.records(scene.seen.length);
      const record = records.find(({ id }) => id === scene.seen.at(-1)?.id);
      expect(record).toMatchObject({ outcome: "success", input_tokens: input, output_tokens: output });
    });

    test("cut at the limit", async () => {
      scene.providers.answerWith("length");
      const answer = await client.completions.create(body);
      expect(answer.choices[0]).toMatchObject({ text: ANSWERS.length.text, finish_reason: "length" });
    });

    test("several prompts go to a provider of completions only", async () => {
      scene.providers.answerWith("text");
      const call = client.completions.create({ ...body, prompt: ["one", "two"] });
      if (dialect === "openai-completions") {
        await call;
        expect(scene.providers.calls.at(-1)?.request.json).toMatchObject({ prompt: ["one", "two"] });
        return;
      }
      const error = await call.then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error).toBeInstanceOf(BadRequestError);
      expect(error).toMatchObject({ param: "prompt", code: "invalid_request" });
      expect(scene.providers.calls).toEqual([]);
    });
  });
}

test("a chat reaches a model that only completes text as one text", async () => {
  scene.providers.answerWith("text");
  const answer = await client.chat.completions.create({
    model: modelAt("openai-completions"),
    messages: [
      { role: "system", content: "Be brief." },
      { role: "user", content: "Hello" },
    ],
  });
  expect(answer.choices[0]?.message.content).toBe(ANSWERS.text.text);
  expect(scene.providers.calls.at(-1)?.request.json).toMatchObject({
    prompt: "Be brief.\n\nUser: Hello\nAssistant:",
    stop: ["\nUser:"],
    max_tokens: 1024,
  });
  expect(scene.headers().get("x-trunkline-warnings")).toContain("changed_field messages");
});
