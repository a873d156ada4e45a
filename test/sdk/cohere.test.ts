import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { CohereClient, CohereClientV2 } from "cohere-ai";
import { ANSWERS } from "../e2e/provider/answer.ts";
import type { Loose } from "../e2e/reading/loose.ts";
import { checkCall, checkRecords, DIALECTS, KEY, modelAt, startScene, type Scene } from "../e2e/sdk/scene.ts";

let scene: Scene;
let client: Loose;
let v1: Loose;

beforeAll(async () => {
  scene = await startScene();
  const options = { token: KEY, environment: `${scene.gateway.url}/cohere`, maxRetries: 0 };
  client = new CohereClientV2(options);
  v1 = new CohereClient(options);
});

afterAll(() => scene?.close());

const MESSAGES = [
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
const TOOLS = [
  { type: "function", function: { name: "get_weather", description: "Weather of a city", parameters: PARAMETERS } },
];
const USAGE = { billedUnits: { inputTokens: 120, outputTokens: 45 } };

/** What a client gathers from an answer, whole or streamed. */
async function chat(body: object, isStream: boolean): Promise<Loose> {
  if (!isStream) return client.chat(body);
  const answer: Loose = { message: { content: [], toolPlan: "", toolCalls: [] } };
  for await (const event of await client.chatStream(body)) gather(answer, event);
  return answer;
}

function gather(answer: Loose, event: Loose): void {
  const { message } = answer;
  const delta = event.delta?.message;
  if (event.type === "message-start") answer.id = event.id;
  if (event.type === "content-start") message.content[event.index] = { ...delta.content };
  if (event.type === "content-delta") {
    for (const [key, text] of Object.entries(delta.content)) message.content[event.index][key] += text;
  }
  if (event.type === "tool-plan-delta") message.toolPlan += delta.toolPlan;
  if (event.type === "tool-call-start") message.toolCalls[event.index] = structuredClone(delta.toolCalls);
  if (event.type === "tool-call-delta") {
    message.toolCalls[event.index].function.arguments += delta.toolCalls.function.arguments;
  }
  if (event.type === "message-end") Object.assign(answer, event.delta);
}

function textOf({ message }: Loose): string {
  const texts = (message.content ?? []).map((block: Loose) => block.text ?? "");
  return texts.join("") + (message.toolPlan ?? "");
}

describe("the cohere SDK", () => {
  for (const dialect of DIALECTS) {
    for (const isStream of [false, true]) {
      describe(`on ${dialect}${isStream ? ", streamed" : ""}`, () => {
        const model = modelAt(dialect);

        test("text", async () => {
          scene.providers.answerWith("text");
          const body = { model, messages: MESSAGES, maxTokens: 300, stopSequences: ["END"], k: 0 };
          const answer = await chat(body, isStream);
          expect(textOf(answer)).toBe(ANSWERS.text.text);
          expect(answer).toMatchObject({ finishReason: "COMPLETE", usage: USAGE });
          expect(answer.id).not.toBe("");
          checkCall(scene, dialect);
          expect(scene.asked()).toMatchObject({ system: "Be brief.", maxTokens: 300, stream: isStream });
        });

        test("parallel tool calls, answered by hand", async () => {
          scene.providers.answerWith("calls", "final");
          const first = await chat({ model, messages: MESSAGES, tools: TOOLS, toolChoice: "REQUIRED" }, isStream);
          expect(first.finishReason).toBe("TOOL_CALL");
          expect(textOf(first)).toBe(ANSWERS.calls.text);
          const { toolCalls } = first.message;
          expect(toolCalls.map((call: Loose) => JSON.parse(call.function.arguments))).toEqual(
            ANSWERS.calls.calls.map((call) => call.arguments),
          );
          expect(scene.asked().choice).toBe("required");
          const results = toolCalls.map(({ id }: Loose) => ({ role: "tool", toolCallId: id, content: `21 (${id})` }));
          const messages = [...MESSAGES, { role: "assistant", toolPlan: textOf(first), toolCalls }, ...results];
          const second = await chat({ model, messages, tools: TOOLS }, isStream);
          expect(textOf(second)).toBe(ANSWERS.final.text);
          checkCall(scene, dialect);
          expect(scene.asked().results.map(({ text }) => text)).toEqual(["21 (call_paris_1)", "21 (call_sao_2)"]);
        });

        test("thoughts", async () => {
          scene.providers.answerWith("thought");
          const thinking = { type: "enabled", tokenBudget: 2000 };
          const answer = await chat({ model, messages: MESSAGES, tools: TOOLS, thinking, maxTokens: 4000 }, isStream);
          const thoughts = answer.message.content.map((block: Loose) => block.thinking ?? "").join("");
          expect(thoughts).toBe(ANSWERS.thought.thought.text);
          expect(answer.message.toolCalls).toHaveLength(1);
        });

        test("structured output", async () => {
          scene.providers.answerWith("json");
          const jsonSchema = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
          const responseFormat = { type: "json_object", jsonSchema };
          const answer = await chat({ model, messages: MESSAGES, responseFormat }, isStream);
          expect(JSON.parse(textOf(answer))).toMatchObject({ city: "Paris" });
          expect(scene.asked().schema).toMatchObject({ type: "object", required: ["city"] });
        });

        test("an answer cut at the limit, and one that was withheld", async () => {
          scene.providers.answerWith("length");
          expect((await chat({ model, messages: MESSAGES }, isStream)).finishReason).toBe("MAX_TOKENS");
          scene.providers.answerWith("refusal");
          const refused = await chat({ model, messages: MESSAGES }, isStream);
          // Gemini withholds the words as well.
          if (dialect === "gemini") expect(refused.finishReason).toBe("ERROR_TOXIC");
          else expect(textOf(refused)).toBe(ANSWERS.refusal.refusal);
        });
      });
    }
  }

  test("documents reach every provider, and Cohere as they are", async () => {
    const documents = [{ id: "a", data: { title: "Notes", text: "Alice lives in Paris." } }, "Bob lives in Rome."];
    for (const dialect of DIALECTS) {
      scene.providers.answerWith("text");
      await chat({ model: modelAt(dialect), messages: MESSAGES, documents }, false);
      const sent = JSON.stringify(scene.providers.calls.at(-1)?.request.json);
      expect(sent).toContain("Alice lives in Paris.");
      expect(sent).toContain("Bob lives in Rome.");
      if (dialect === "cohere") expect(scene.providers.calls.at(-1)?.request.json.documents).toEqual(documents);
    }
  });

  test("models.list", async () => {
    const { models } = await v1.models.list();
    expect(models.map(({ name }: Loose) => name).toSorted()).toEqual(DIALECTS.map(modelAt).toSorted());
    const first = await v1.models.list({ pageSize: 2 });
    const second = await v1.models.list({ pageSize: 1000, pageToken: first.nextPageToken });
    expect([...first.models, ...second.models]).toEqual(models);
    expect(second.nextPageToken).toBeUndefined();
  });

  test("one record a call", () => checkRecords(scene));

  test("errors are the SDK's own", async () => {
    const ask = (model: string): Promise<unknown> => client.chat({ model, messages: MESSAGES });
    expect(await ask("nowhere/m").catch((error: Loose) => error)).toMatchObject({
      statusCode: 404,
      body: { message: expect.stringContaining("nowhere"), code: "model_not_found" },
    });
    expect(await ask(modelAt("anthropic-messages").slice(0, -1)).catch((error: Loose) => error)).toHaveProperty("id");
  });
});
