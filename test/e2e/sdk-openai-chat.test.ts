import { expect, test } from "bun:test";
import OpenAI from "openai";
import { zodResponseFormat } from "openai/helpers/zod";
import type { ChatCompletion, ChatCompletionMessageParam, ChatCompletionTool } from "openai/resources";
import { z } from "zod";
import { ANSWERS } from "./provider/answer.ts";
import {
  checkCall,
  checkRecords,
  checkSwitched,
  DIALECTS,
  KEY,
  modelAt,
  secretsOf,
  toldModel,
  toldReasoning,
  TURNS,
} from "./sdk/scene.ts";
import { describeEach, useScene } from "./sdk/use-scene.ts";

const at = useScene((url) => new OpenAI({ baseURL: `${url}/v1`, apiKey: KEY, maxRetries: 0 }));

const MESSAGES: ChatCompletionMessageParam[] = [
  { role: "system", content: "Be brief." },
  { role: "user", content: "Bonjour" },
  { role: "assistant", content: "Salut !" },
  { role: "user", content: [{ type: "text", text: "Weather in Paris?" }] },
];

const PARAMETERS = {
  type: "object",
  properties: { city: { type: "string" }, unit: { type: "string", enum: ["c", "f"] } },
  required: ["city"],
};

const TOOLS: ChatCompletionTool[] = [
  { type: "function", function: { name: "get_weather", description: "Weather of a city", parameters: PARAMETERS } },
];

const WANTED_USAGE = {
  prompt_tokens: 120,
  completion_tokens: 45,
  total_tokens: 165,
  prompt_tokens_details: { cached_tokens: 64 },
};

type Body = OpenAI.ChatCompletionCreateParamsNonStreaming;

/** The final object, of a call or of a stream. */
async function complete(body: Body, isStream: boolean): Promise<ChatCompletion> {
  if (!isStream) return at.client.chat.completions.create(body);
  return at.client.chat.completions
    .stream({ ...body, stream: true, stream_options: { include_usage: true } })
    .finalChatCompletion();
}

describeEach("openai chat", (dialect, isStream, model) => {
  test("text", async () => {
    at.scene.providers.answerWith("text");
    const body: Body = { model, messages: MESSAGES, max_completion_tokens: 300, stop: ["END"], user: "u1" };
    const completion = await complete(body, isStream);
    const [choice] = completion.choices;
    expect(choice?.message).toMatchObject({ role: "assistant", content: ANSWERS.text.text });
    expect(choice?.finish_reason).toBe("stop");
    expect(completion.usage).toMatchObject(WANTED_USAGE);
    expect(completion.id).not.toBe("");
    expect(completion.model).toBe(toldModel(dialect));
    checkCall(at.scene, dialect);
    expect(at.scene.asked()).toMatchObject({
      system: "Be brief.",
      turns: TURNS,
      maxTokens: 300,
      stream: isStream,
    });
  });

  test("parallel tool calls, answered by hand", async () => {
    at.scene.providers.answerWith("calls", "final");
    const messages = [...MESSAGES];
    const first = await complete({ model, messages, tools: TOOLS, tool_choice: "required" }, isStream);
    const [choice] = first.choices;
    expect(choice?.finish_reason).toBe("tool_calls");
    expect(choice?.message.content).toBe(ANSWERS.calls.text);
    const calls = choice?.message.tool_calls ?? [];
    expect(calls).toMatchObject([
      {
        id: "call_paris_1",
        type: "function",
        function: { name: "get_weather", arguments: '{"city":"Paris","unit":"c"}' },
      },
      {
        id: "call_sao_2",
        type: "function",
        function: { name: "get_weather", arguments: '{"city":"São Paulo","unit":"c"}' },
      },
    ]);
    expect(at.scene.asked().tools).toEqual([
      { name: "get_weather", description: "Weather of a city", parameters: PARAMETERS },
    ]);
    expect(at.scene.asked().choice).toBe("required");
    if (choice === undefined) return;
    messages.push(choice.message);
    for (const { id } of calls) messages.push({ role: "tool", tool_call_id: id, content: `21 (${id})` });
    const second = await complete({ model, messages, tools: TOOLS }, isStream);
    expect(second.choices[0]?.message.content).toBe(ANSWERS.final.text);
    checkCall(at.scene, dialect);
    expect(at.scene.asked().calls.map((call) => call.arguments)).toEqual(
      ANSWERS.calls.calls.map((call) => call.arguments),
    );
    expect(at.scene.asked().results.map(({ text }) => text)).toEqual(["21 (call_paris_1)", "21 (call_sao_2)"]);
  });

  test("the tool runner", async () => {
    at.scene.providers.answerWith("calls", "final");
    const asked: string[] = [];
    const tool = {
      type: "function" as const,
      function: {
        name: "get_weather",
        description: "Weather of a city",
        parameters: PARAMETERS,
        parse: (text: string): { city: string } => JSON.parse(text),
        function: ({ city }: { city: string }) => {
          asked.push(city);
          return `21 in ${city}`;
        },
      },
    };
    const runner = isStream
      ? at.client.chat.completions.runTools({ model, messages: MESSAGES, tools: [tool], stream: true })
      : at.client.chat.completions.runTools({ model, messages: MESSAGES, tools: [tool] });
    expect(await runner.finalContent()).toBe(ANSWERS.final.text);
    expect(asked).toEqual(["Paris", "São Paulo"]);
    expect(at.scene.providers.calls).toHaveLength(2);
    expect(at.scene.asked().results.map(({ text }) => text)).toEqual(["21 in Paris", "21 in São Paulo"]);
  });

  test("reasoning with state that goes back to its maker", async () => {
    at.scene.providers.answerWith("thought", "final");
    const messages = [...MESSAGES];
    const first = await complete({ model, messages, tools: TOOLS, reasoning_effort: "low" }, isStream);
    const message = first.choices[0]?.message;
    expect(first.usage?.completion_tokens_details?.reasoning_tokens).toBe(toldReasoning(dialect, 20));
    expect(message?.tool_calls).toHaveLength(1);
    if (message === undefined) return;
    messages.push(message, { role: "tool", tool_call_id: "call_paris_1", content: "21" });
    await complete({ model, messages, tools: TOOLS, reasoning_effort: "low" }, isStream);
    expect(at.scene.asked().secrets).toEqual(secretsOf(dialect));
    // The place of a thought among a client's fields is state too, and of no use to a maker that has none.
    if (secretsOf(dialect).length > 0)
      expect(at.scene.headers().get("x-trunkline-warnings") ?? "").not.toContain("dropped_opaque");

    for (const other of DIALECTS.filter((each) => each !== dialect)) {
      at.scene.providers.answerWith("final");
      await complete({ model: modelAt(other), messages, tools: TOOLS }, isStream);
      checkSwitched(at.scene, other, dialect);
    }
  });

  test("parsed structured output", async () => {
    at.scene.providers.answerWith("json");
    const Forecast = z.object({
      city: z.string(),
      days: z.array(z.object({ day: z.string(), celsius: z.number() })),
    });
    const body = { model, messages: MESSAGES, response_format: zodResponseFormat(Forecast, "forecast") };
    const completion = isStream
      ? await at.client.chat.completions
          .stream({ ...body, stream_options: { include_usage: true } })
          .finalChatCompletion()
      : await at.client.chat.completions.parse(body);
    expect(completion.choices[0]?.message.parsed).toEqual({ city: "Paris", days: [{ day: "Mon", celsius: 21 }] });
    expect(at.scene.asked().schema).toMatchObject({
      type: "object",
      properties: {
        city: { type: "string" },
        days: { type: "array", items: { type: "object", required: ["day", "celsius"] } },
      },
      required: ["city", "days"],
    });
  });

  test("a refusal", async () => {
    at.scene.providers.answerWith("refusal");
    const completion = await complete({ model, messages: MESSAGES }, isStream);
    const [choice] = completion.choices;
    if (dialect.startsWith("openai")) expect(choice?.message.refusal).toBe(ANSWERS.refusal.refusal);
    else expect(choice?.finish_reason).toBe("content_filter");
    expect(completion.usage?.prompt_tokens_details?.cached_tokens ?? 0).toBe(0);
  });

  test("an answer cut at the limit", async () => {
    at.scene.providers.answerWith("length");
    const [choice] = (await complete({ model, messages: MESSAGES }, isStream)).choices;
    expect(choice).toMatchObject({ finish_reason: "length", message: { content: ANSWERS.length.text } });
  });
});

test("a stream without usage asked for brings text, and chunks that may be indexed", async () => {
  for (const dialect of DIALECTS) {
    at.scene.providers.answerWith("text");
    let text = "";
    for await (const chunk of await at.client.chat.completions.create({
      model: modelAt(dialect),
      messages: MESSAGES,
      stream: true,
    })) {
      expect(chunk.choices).toHaveLength(1);
      text += chunk.choices[0]?.delta.content ?? "";
    }
    expect(text).toBe(ANSWERS.text.text);
  }
});

test("models.list and models.retrieve", async () => {
  const models = [];
  for await (const model of at.client.models.list()) models.push(model.id);
  expect(models.toSorted()).toEqual(DIALECTS.map(modelAt).toSorted());
  expect((await at.client.models.retrieve(modelAt("gemini"))).id).toBe(modelAt("gemini"));
});

test("one record a call", () => checkRecords(at.scene));
