import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { GoogleGenAI, type GoogleGenAIOptions } from "@google/genai";
import { ANSWERS } from "./provider/answer.ts";
import { checkCall, checkRecords, DIALECTS, KEY, modelAt, startScene, type Scene } from "./sdk/scene.ts";

let scene: Scene;

beforeAll(async () => {
  scene = await startScene();
});

afterAll(() => scene.close());

/** Google's SDK towards Vertex AI, with the gateway in its place: with an API key, which names no project. */
function withKey(below = ""): GoogleGenAI {
  return new GoogleGenAI({ vertexai: true, apiKey: KEY, httpOptions: { baseUrl: scene.gateway.url + below } });
}

/** With a project and an account, whose token is the virtual key. */
function withProject(below = ""): GoogleGenAI {
  const headers = new Headers({ authorization: `Bearer ${KEY}` });
  const authClient = { getRequestHeaders: () => Promise.resolve(headers) };
  const googleAuthOptions = { authClient } as unknown as NonNullable<GoogleGenAIOptions["googleAuthOptions"]>;
  return new GoogleGenAI({
    vertexai: true,
    project: "my-project",
    location: "us-central1",
    googleAuthOptions,
    httpOptions: { baseUrl: scene.gateway.url + below },
  });
}

const contents = "Weather in Paris?";

describe.each(["", "/genai"])("below %j", (below) => {
  test.each(DIALECTS)("with an API key, to a provider of %s", async (dialect) => {
    scene.providers.answerWith("text");
    const { models } = withKey(below);
    const model = modelAt(dialect);
    expect((await models.generateContent({ model, contents })).text).toBe(ANSWERS.text.text);
    checkCall(scene, dialect);
    const chunks = await Array.fromAsync(await models.generateContentStream({ model, contents }));
    expect(chunks.map(({ text }) => text ?? "").join("")).toBe(ANSWERS.text.text);
    checkCall(scene, dialect);
  });

  test("with a project", async () => {
    scene.providers.answerWith("text");
    const { models } = withProject(below);
    expect((await models.generateContent({ model: modelAt("gemini"), contents })).text).toBe(ANSWERS.text.text);
    checkCall(scene, "gemini");
  });

  test("counts tokens", async () => {
    scene.providers.answerWith("text");
    const counted = await withKey(below).models.countTokens({ model: modelAt("gemini"), contents });
    expect(counted.totalTokens).toBe(42);
  });
});

test("every call has one record", async () => {
  await checkRecords(scene);
});
