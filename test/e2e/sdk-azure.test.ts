import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { AzureOpenAI } from "openai";
import { ANSWERS } from "./provider/answer.ts";
import { jsonAnswer } from "../mock-upstream/answers.ts";
import { checkCall, checkRecords, DIALECTS, KEY, modelAt, startScene, type Scene } from "./sdk/scene.ts";

let scene: Scene;
let azure: AzureOpenAI;

beforeAll(async () => {
  scene = await startScene();
  azure = client();
});

afterAll(() => scene.close());

/** Azure's class with the gateway as its endpoint, as its users have it. */
function client(more: object = {}): AzureOpenAI {
  return new AzureOpenAI({
    endpoint: scene.gateway.url,
    apiKey: KEY,
    apiVersion: "2024-10-21",
    maxRetries: 0,
    ...more,
  });
}

const messages = [{ role: "user" as const, content: "Weather in Paris?" }];

describe.each(DIALECTS)("to a provider of %s", (dialect) => {
  const model = modelAt(dialect);

  test("chat, whole and streamed", async () => {
    scene.providers.answerWith("text");
    const whole = await azure.chat.completions.create({ model, messages });
    expect(whole.choices[0]?.message.content).toBe(ANSWERS.text.text);
    checkCall(scene, dialect);
    const chunks = await Array.fromAsync(await azure.chat.completions.create({ model, messages, stream: true }));
    expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? "").join("")).toBe(ANSWERS.text.text);
    checkCall(scene, dialect);
  });

  test("responses", async () => {
    scene.providers.answerWith("text");
    expect((await azure.responses.create({ model, input: "Hello" })).output_text).toBe(ANSWERS.text.text);
    checkCall(scene, dialect);
  });
});

test("the deployment is the model, whatever the body says", async () => {
  scene.providers.answerWith("text");
  const deployment = modelAt("openai-chat");
  await client({ deployment }).chat.completions.create({ model: "something-else", messages });
  checkCall(scene, "openai-chat");
});

test("a client without the class needs no model in the body", async () => {
  scene.providers.answerWith("text");
  const path = `/openai/deployments/${encodeURIComponent(modelAt("openai-chat"))}/chat/completions?api-version=2024-10-21`;
  const answer = await fetch(scene.gateway.url + path, {
    method: "POST",
    headers: { "content-type": "application/json", "api-key": KEY },
    body: JSON.stringify({ messages }),
  });
  expect(answer.status).toBe(200);
  checkCall(scene, "openai-chat");
});

test("a token provider may give the virtual key as well", async () => {
  scene.providers.answerWith("text");
  const { gateway } = scene;
  const own = new AzureOpenAI({
    endpoint: gateway.url,
    azureADTokenProvider: () => Promise.resolve(KEY),
    apiVersion: "2024-10-21",
  });
  await own.chat.completions.create({ model: modelAt("openai-chat"), messages });
  checkCall(scene, "openai-chat");
});

test("every call has one record", async () => {
  await checkRecords(scene);
});

test("a filtered prompt reaches the client as Azure says it", async () => {
  const error = {
    message: "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.",
    type: null,
    param: "prompt",
    code: "content_filter",
    status: 400,
    innererror: {
      code: "ResponsibleAIPolicyViolation",
      content_filter_result: { violence: { filtered: true, severity: "high" } },
    },
  };
  scene.providers.failWith(jsonAnswer({ error }, 400));
  const failed = await azure.chat.completions
    .create({ model: modelAt("openai-chat"), messages })
    .catch((thrown: unknown) => thrown);
  expect(failed).toMatchObject({
    status: 400,
    code: "content_filter",
    param: "prompt",
    error: { innererror: error.innererror },
  });
});

test("without a key it is refused in the client's dialect", async () => {
  const { completions } = client({ apiKey: "an-azure-key" }).chat;
  const failed = await completions.create({ model: "x", messages }).catch((thrown: unknown) => thrown);
  expect(failed).toMatchObject({ status: 401, code: "unauthenticated" });
});
