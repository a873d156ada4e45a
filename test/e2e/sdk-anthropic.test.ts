import { expect, test } from "bun:test";
import Anthropic from "@anthropic-ai/sdk";
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
  TURNS,
} from "./sdk/scene.ts";
import { describeEach, useScene } from "./sdk/use-scene.ts";

const at = useScene((url) => new Anthropic({ baseURL: `${url}/anthropic`, apiKey: KEY, maxRetries: 0 }));

const MESSAGES: Anthropic.MessageParam[] = [
  { role: "user", content: "Bonjour" },
  { role: "assistant", content: "Salut !" },
  { role: "user", content: [{ type: "text", text: "Weather in Paris?" }] },
];

const SCHEMA = {
  type: "object" as const,
  properties: { city: { type: "string" }, unit: { type: "string", enum: ["c", "f"] } },
  required: ["city"],
};

const TOOLS: Anthropic.Tool[] = [{ name: "get_weather", description: "Weather of a city", input_schema: SCHEMA }];

type Body = Anthropic.MessageCreateParamsNonStreaming;

/** The final object, of a call or of a stream. */
function ask(body: Body, isStream: boolean): Promise<Anthropic.Message> {
  return isStream ? at.client.messages.stream(body).finalMessage() : at.client.messages.create(body);
}

function textOf(message: Anthropic.Message): string {
  return message.content.map((block) => (block.type === "text" ? block.text : "")).join("");
}

describeEach("anthropic", (dialect, isStream, model) => {
  const base = { model, max_tokens: 2048 };

  test("text", async () => {
    at.scene.providers.answerWith("text");
    const system = [{ type: "text" as const, text: "Be brief." }];
    const message = await ask({ ...base, system, messages: MESSAGES, stop_sequences: ["END"] }, isStream);
    expect(textOf(message)).toBe(ANSWERS.text.text);
    expect(message).toMatchObject({
      type: "message",
      role: "assistant",
      stop_reason: "end_turn",
      model: toldModel(dialect),
    });
    expect(message.usage).toMatchObject({ input_tokens: 56, cache_read_input_tokens: 64, output_tokens: 45 });
    checkCall(at.scene, dialect);
    expect(at.scene.asked()).toMatchObject({
      system: "Be brief.",
      turns: TURNS,
      maxTokens: 2048,
      stream: isStream,
    });
  });

  test("parallel tool use and its results", async () => {
    at.scene.providers.answerWith("calls", "final");
    const first = await ask({ ...base, messages: MESSAGES, tools: TOOLS, tool_choice: { type: "any" } }, isStream);
    expect(first.stop_reason).toBe("tool_use");
    expect(textOf(first)).toBe(ANSWERS.calls.text);
    const uses = first.content.filter((block) => block.type === "tool_use");
    expect(uses).toMatchObject([
      { id: "call_paris_1", name: "get_weather", input: { city: "Paris", unit: "c" } },
      { id: "call_sao_2", name: "get_weather", input: { city: "São Paulo", unit: "c" } },
    ]);
    expect(at.scene.asked().choice).toBe("required");
    expect(at.scene.asked().tools).toEqual([
      { name: "get_weather", description: "Weather of a city", parameters: SCHEMA },
    ]);
    const results: Anthropic.ToolResultBlockParam[] = uses.map(({ id }) => ({
      type: "tool_result",
      tool_use_id: id,
      content: `21 (${id})`,
    }));
    const messages: Anthropic.MessageParam[] = [
      ...MESSAGES,
      { role: "assistant", content: first.content },
      { role: "user", content: results },
    ];
    expect(textOf(await ask({ ...base, messages, tools: TOOLS }, isStream))).toBe(ANSWERS.final.text);
    checkCall(at.scene, dialect);
    expect(at.scene.asked().calls.map((call) => call.arguments)).toEqual(
      ANSWERS.calls.calls.map((call) => call.arguments),
    );
    expect(at.scene.asked().results.map(({ text }) => text)).toEqual(["21 (call_paris_1)", "21 (call_sao_2)"]);
  });

  test("thinking with a signature that goes back to its maker", async () => {
    at.scene.providers.answerWith("thought", "final");
    const thinking = { type: "enabled" as const, budget_tokens: 1024 };
    const first = await ask({ ...base, messages: MESSAGES, tools: TOOLS, thinking }, isStream);
    const thoughts = first.content.map((block) => (block.type === "thinking" ? block.thinking : "")).join("");
    expect(thoughts).toBe(ANSWERS.thought.thought.text);
    const messages: Anthropic.MessageParam[] = [
      ...MESSAGES,
      { role: "assistant", content: first.content },
      { role: "user", content: [{ type: "tool_result", tool_use_id: "call_paris_1", content: "21" }] },
    ];
    await ask({ ...base, messages, tools: TOOLS, thinking }, isStream);
    expect(at.scene.asked().secrets).toEqual(secretsOf(dialect));
    expect(at.scene.headers().get("x-trunkline-warnings") ?? "").not.toContain("dropped_opaque");
    for (const other of DIALECTS.filter((each) => each !== dialect)) {
      at.scene.providers.answerWith("final");
      await ask({ ...base, model: modelAt(other), messages, tools: TOOLS }, isStream);
      checkSwitched(at.scene, other, dialect);
    }
  });

  test("structured output", async () => {
    at.scene.providers.answerWith("json");
    const schema = {
      type: "object",
      properties: {
        city: { type: "string" },
        days: {
          type: "array",
          items: {
            type: "object",
            properties: { day: { type: "string" } },
            required: ["day"],
            additionalProperties: false,
          },
        },
      },
      required: ["city", "days"],
      additionalProperties: false,
    };
    const message = await ask(
      { ...base, messages: MESSAGES, output_config: { format: { type: "json_schema", schema } } },
      isStream,
    );
    expect(JSON.parse(textOf(message))).toEqual({ city: "Paris", days: [{ day: "Mon", celsius: 21 }] });
    expect(at.scene.asked().schema).toMatchObject({ type: "object", required: ["city", "days"] });
  });

  test("a refusal", async () => {
    at.scene.providers.answerWith("refusal");
    const message = await ask({ ...base, messages: MESSAGES }, isStream);
    expect(message.stop_reason).toBe("refusal");
    if (dialect !== "gemini") expect(textOf(message)).toBe(ANSWERS.refusal.refusal);
  });

  test("an answer cut at the limit", async () => {
    at.scene.providers.answerWith("length");
    const message = await ask({ ...base, messages: MESSAGES }, isStream);
    expect(message.stop_reason).toBe("max_tokens");
    expect(textOf(message)).toBe(ANSWERS.length.text);
  });
});

for (const dialect of DIALECTS) {
  test(`count_tokens on ${dialect}`, async () => {
    at.scene.providers.answerWith("text");
    const { input_tokens } = await at.client.messages.countTokens({
      model: modelAt(dialect),
      messages: MESSAGES,
      tools: TOOLS,
    });
    if (dialect === "openai-chat" || dialect === "cohere") {
      expect(input_tokens).toBeGreaterThan(20);
      expect(at.scene.headers().get("x-trunkline-warnings")).toContain("estimated");
      return;
    }
    expect(input_tokens).toBe(42);
    checkCall(at.scene, dialect);
  });
}

test("models.list", async () => {
  const models = [];
  for await (const model of at.client.models.list()) models.push(model.id);
  expect(models.toSorted()).toEqual(DIALECTS.map(modelAt).toSorted());
  const paged = [];
  for await (const model of at.client.models.list({ limit: 1 })) paged.push(model.id);
  expect(paged).toEqual(models);
  const last = await at.client.models.list({ limit: 1, before_id: models.at(-1) ?? "" });
  expect([last.data.map(({ id }) => id), last.has_more]).toEqual([models.slice(-2, -1), true]);
  const { id, type } = await at.client.models.retrieve(modelAt("gemini"));
  expect({ id, type }).toEqual({ id: modelAt("gemini"), type: "model" });
});

test("one record a call", () => checkRecords(at.scene));
