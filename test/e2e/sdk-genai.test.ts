import { expect, test } from "bun:test";
import {
  FunctionCallingConfigMode,
  GoogleGenAI,
  type Content,
  type FunctionDeclaration,
  type GenerateContentParameters,
  type GenerateContentResponse,
  type Part,
} from "@google/genai";
import { ANSWERS } from "./provider/answer.ts";
import {
  checkCall,
  checkRecords,
  checkSwitched,
  DIALECTS,
  KEY,
  modelAt,
  secretsOf,
  toldReasoning,
  TURNS,
} from "./sdk/scene.ts";
import { describeEach, useScene } from "./sdk/use-scene.ts";

const at = useScene(
  (url) => new GoogleGenAI({ apiKey: KEY, vertexai: false, httpOptions: { baseUrl: `${url}/genai` } }),
);

const CONTENTS: Content[] = [
  { role: "user", parts: [{ text: "Bonjour" }] },
  { role: "model", parts: [{ text: "Salut !" }] },
  { role: "user", parts: [{ text: "Weather in Paris?" }] },
];

const PARAMETERS = {
  type: "object",
  properties: { city: { type: "string" }, unit: { type: "string", enum: ["c", "f"] } },
  required: ["city"],
};

const DECLARATION: FunctionDeclaration = {
  name: "get_weather",
  description: "Weather of a city",
  parametersJsonSchema: PARAMETERS,
};
const TOOLS = [{ functionDeclarations: [DECLARATION] }];

/** What a client gathers from an answer, whole or streamed. */
interface Gathered {
  parts: Part[];
  text: string;
  finish: string | undefined;
  usage: GenerateContentResponse["usageMetadata"];
}

async function generate(parameters: GenerateContentParameters, isStream: boolean): Promise<Gathered> {
  if (!isStream) return gather([await at.client.models.generateContent(parameters)]);
  return gather(await Array.fromAsync(await at.client.models.generateContentStream(parameters)));
}

function gather(chunks: GenerateContentResponse[]): Gathered {
  const parts = chunks.flatMap((chunk) => chunk.candidates?.[0]?.content?.parts ?? []);
  return {
    parts,
    text: parts.map((part) => (part.thought === true ? "" : (part.text ?? ""))).join(""),
    finish: chunks.map((chunk) => chunk.candidates?.[0]?.finishReason).findLast((reason) => reason !== undefined),
    usage: chunks.findLast((chunk) => chunk.usageMetadata !== undefined)?.usageMetadata,
  };
}

describeEach("genai", (dialect, isStream, model) => {
  test("text", async () => {
    at.scene.providers.answerWith("text");
    const config = { systemInstruction: "Be brief.", maxOutputTokens: 300, stopSequences: ["END"] };
    const answer = await generate({ model, contents: CONTENTS, config }, isStream);
    expect(answer.text).toBe(ANSWERS.text.text);
    expect(answer.finish).toBe("STOP");
    expect(answer.usage).toMatchObject({
      promptTokenCount: 120,
      cachedContentTokenCount: 64,
      candidatesTokenCount: 45,
      totalTokenCount: 165,
    });
    checkCall(at.scene, dialect);
    expect(at.scene.asked()).toMatchObject({
      system: "Be brief.",
      turns: TURNS,
      maxTokens: 300,
      stream: isStream,
    });
  });

  test("parallel function calls and their responses", async () => {
    at.scene.providers.answerWith("calls", "final");
    const toolConfig = { functionCallingConfig: { mode: FunctionCallingConfigMode.ANY } };
    const first = await generate({ model, contents: CONTENTS, config: { tools: TOOLS, toolConfig } }, isStream);
    const calls = first.parts.flatMap((part) => part.functionCall ?? []);
    expect(first.text).toBe(ANSWERS.calls.text);
    expect(calls).toMatchObject([
      { id: "call_paris_1", name: "get_weather", args: { city: "Paris", unit: "c" } },
      { id: "call_sao_2", name: "get_weather", args: { city: "São Paulo", unit: "c" } },
    ]);
    expect(at.scene.asked().choice).toBe("required");
    expect(at.scene.asked().tools).toEqual([
      { name: "get_weather", description: "Weather of a city", parameters: PARAMETERS },
    ]);
    const results = calls.map(({ id = "", name = "" }) => ({
      functionResponse: { id, name, response: { output: `21 (${id})` } },
    }));
    const contents = [...CONTENTS, { role: "model", parts: first.parts }, { role: "user", parts: results }];
    expect((await generate({ model, contents, config: { tools: TOOLS } }, isStream)).text).toBe(ANSWERS.final.text);
    checkCall(at.scene, dialect);
    expect(at.scene.asked().calls.map((call) => call.arguments)).toEqual(
      ANSWERS.calls.calls.map((call) => call.arguments),
    );
    expect(at.scene.asked().results.map(({ text }) => text)).toEqual(["21 (call_paris_1)", "21 (call_sao_2)"]);
  });

  test("thoughts with a signature that goes back to its maker", async () => {
    at.scene.providers.answerWith("thought", "final");
    const config = { tools: TOOLS, thinkingConfig: { includeThoughts: true } };
    const first = await generate({ model, contents: CONTENTS, config }, isStream);
    const thoughts = first.parts.map((part) => (part.thought === true ? (part.text ?? "") : "")).join("");
    expect(thoughts).toBe(ANSWERS.thought.thought.text);
    expect(first.usage?.thoughtsTokenCount ?? 0).toBe(toldReasoning(dialect, 20));
    const result = { functionResponse: { id: "call_paris_1", name: "get_weather", response: { output: "21" } } };
    const contents = [...CONTENTS, { role: "model", parts: first.parts }, { role: "user", parts: [result] }];
    await generate({ model, contents, config }, isStream);
    expect(at.scene.asked().secrets).toEqual(secretsOf(dialect));
    expect(at.scene.headers().get("x-trunkline-warnings") ?? "").not.toContain("dropped_opaque");
    for (const other of DIALECTS.filter((each) => each !== dialect)) {
      at.scene.providers.answerWith("final");
      await generate({ model: modelAt(other), contents, config: { tools: TOOLS } }, isStream);
      checkSwitched(at.scene, other, dialect);
    }
  });

  test("a chat keeps its history", async () => {
    at.scene.providers.answerWith("calls", "final");
    const chat = at.client.chats.create({ model, config: { tools: TOOLS } });
    const send = async (message: string | Part[]): Promise<Gathered> => {
      if (!isStream) return gather([await chat.sendMessage({ message })]);
      return gather(await Array.fromAsync(await chat.sendMessageStream({ message })));
    };
    const first = await send("Weather?");
    const calls = first.parts.flatMap((part) => part.functionCall ?? []);
    const second = await send(
      calls.map(({ id = "", name = "" }) => ({
        functionResponse: { id, name, response: { output: `21 (${id})` } },
      })),
    );
    expect(second.text).toBe(ANSWERS.final.text);
    expect(at.scene.asked().turns).toEqual([
      { role: "user", text: "Weather?" },
      { role: "assistant", text: ANSWERS.calls.text },
    ]);
    expect(at.scene.asked().results.map(({ text }) => text)).toEqual(["21 (call_paris_1)", "21 (call_sao_2)"]);
  });

  test("structured output", async () => {
    at.scene.providers.answerWith("json");
    const responseJsonSchema = {
      type: "object",
      properties: { city: { type: "string" }, days: { type: "array", items: { type: "object" } } },
      required: ["city", "days"],
    };
    const config = { responseMimeType: "application/json", responseJsonSchema };
    const answer = await generate({ model, contents: CONTENTS, config }, isStream);
    expect(JSON.parse(answer.text)).toEqual({ city: "Paris", days: [{ day: "Mon", celsius: 21 }] });
    expect(at.scene.asked().schema).toMatchObject({ type: "object", required: ["city", "days"] });
  });

  test("a refusal", async () => {
    at.scene.providers.answerWith("refusal");
    const answer = await generate({ model, contents: CONTENTS }, isStream);
    expect(answer.text).toBe(dialect === "gemini" ? "" : ANSWERS.refusal.refusal);
    if (dialect === "gemini" || dialect === "anthropic-messages") expect(answer.finish).not.toBe("STOP");
  });

  test("an answer cut at the limit", async () => {
    at.scene.providers.answerWith("length");
    const answer = await generate({ model, contents: CONTENTS }, isStream);
    expect(answer).toMatchObject({ finish: "MAX_TOKENS", text: ANSWERS.length.text });
  });
});

for (const dialect of DIALECTS) {
  test(`countTokens on ${dialect}`, async () => {
    at.scene.providers.answerWith("text");
    const { totalTokens } = await at.client.models.countTokens({ model: modelAt(dialect), contents: CONTENTS });
    if (dialect === "openai-chat" || dialect === "cohere") {
      expect(totalTokens).toBeGreaterThan(20);
      expect(at.scene.headers().get("x-trunkline-warnings")).toContain("estimated");
      return;
    }
    expect(totalTokens).toBe(42);
    checkCall(at.scene, dialect);
  });
}

test("models.list", async () => {
  const names: string[] = [];
  for await (const model of await at.client.models.list()) names.push(model.name ?? "");
  expect(names.toSorted()).toEqual(DIALECTS.map((dialect) => `models/${modelAt(dialect)}`).toSorted());
  const paged: string[] = [];
  for await (const model of await at.client.models.list({ config: { pageSize: 1 } })) paged.push(model.name ?? "");
  expect(paged).toEqual(names);
  expect((await at.client.models.get({ model: modelAt("gemini") })).name).toBe(`models/${modelAt("gemini")}`);
});

test("one record a call", () => checkRecords(at.scene));
