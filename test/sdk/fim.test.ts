import { Mistral } from "@mistralai/mistralai";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import OpenAI from "openai";
import { startGateway, type Gateway } from "../gateway/start.ts";
import { jsonAnswer, streamAnswer } from "../mock-upstream/answers.ts";
import { startMockUpstream, type MockRequest, type MockUpstream } from "../mock-upstream/server.ts";

let mock: MockUpstream;
let gateway: Gateway;
let mistral: Mistral;
let openai: OpenAI;

/** https://docs.mistral.ai/api/endpoint/fim: the answers are those of a chat. */
const FIM = {
  id: "447e3e0d",
  object: "chat.completion",
  model: "codestral-2508",
  usage: { prompt_tokens: 8, completion_tokens: 9, total_tokens: 17 },
  created: 1759496862,
  choices: [
    {
      index: 0,
      message: { content: "return a + b", tool_calls: null, prefix: false, role: "assistant" },
      finish_reason: "stop",
    },
  ],
};
/** https://api-docs.deepseek.com/api/create-completion */
const COMPLETION = {
  id: "c1",
  object: "text_completion",
  created: 1,
  model: "deepseek-chat",
  choices: [{ index: 0, text: "return a + b", logprobs: null, finish_reason: "stop" }],
  usage: { prompt_tokens: 8, completion_tokens: 9, total_tokens: 17 },
};

const events = (chunks: readonly object[]): string[] => [
  ...chunks.map((each) => `data: ${JSON.stringify(each)}\n\n`),
  "data: [DONE]\n\n",
];
const { usage, choices: _, ...head } = FIM;
const FIM_EVENTS = events([
  { ...head, choices: [{ index: 0, delta: { role: "assistant", content: "return " }, finish_reason: null }] },
  { ...head, choices: [{ index: 0, delta: { content: "a + b" }, finish_reason: "stop" }], usage },
]);
const { usage: __, choices: ___, ...textHead } = COMPLETION;
const TEXT_EVENTS = events([
  { ...textHead, choices: [{ index: 0, text: "return ", logprobs: null, finish_reason: null }] },
  { ...textHead, choices: [{ index: 0, text: "a + b", logprobs: null, finish_reason: "stop" }] },
  { ...textHead, choices: [], usage },
]);

beforeAll(async () => {
  mock = await startMockUpstream(({ path, body }) => {
    const isStream = body.includes('"stream":true');
    if (path === "/v1/fim/completions") return isStream ? streamAnswer(FIM_EVENTS) : jsonAnswer(FIM);
    if (path === "/beta/completions") return isStream ? streamAnswer(TEXT_EVENTS) : jsonAnswer(COMPLETION);
    return jsonAnswer({ error: { message: `nothing at ${path}` } }, 404);
  });
  const keys = [{ name: "main", value: "secret" }];
  const network = { max_retries: 0 };
  gateway = await startGateway({
    config: {
      providers: {
        mistral: { base_url: `${mock.url}/v1`, keys, network },
        deepseek: { base_url: mock.url, keys, network },
      },
      access: { require_virtual_key: false },
    },
  });
  mistral = new Mistral({ apiKey: "any", serverURL: gateway.url });
  openai = new OpenAI({ apiKey: "any", baseURL: `${gateway.url}/v1`, maxRetries: 0 });
});
afterAll(async () => {
  await gateway.stop();
  await mock.stop();
});
beforeEach(() => (mock.requests.length = 0));

function sent(): unknown {
  const posts = mock.requests.filter(({ method }) => method === "POST");
  expect(posts).toHaveLength(1);
  return JSON.parse((posts[0] as MockRequest).body);
}

const BODY = { prompt: "def add(a, b):", suffix: "\nprint(add(1, 2))" };
const AT_MISTRAL = { ...BODY, model: "codestral-latest", random_seed: 7, stop: ["\n\n"] };
const AT_DEEPSEEK = { ...BODY, model: "deepseek-chat" };

describe.each(["mistral/codestral-latest", "deepseek/deepseek-chat"])("%s", (model) => {
  const isMistral = model.startsWith("mistral");

  test("Mistral's SDK", async () => {
    const answer = await mistral.fim.complete({ ...BODY, model, randomSeed: 7, stop: ["\n\n"] });
    expect(answer.choices[0]?.message?.content).toBe("return a + b");
    expect(answer.usage).toMatchObject({ promptTokens: 8, completionTokens: 9 });
    expect(sent()).toMatchObject(isMistral ? AT_MISTRAL : { ...AT_DEEPSEEK, stop: ["\n\n"] });
    expect(sent()).not.toHaveProperty("seed");
  });

  test("Mistral's SDK, streamed", async () => {
    let text = "";
    let output: number | undefined;
    let ending: string | null | undefined;
    for await (const { data } of await mistral.fim.stream({ ...BODY, model })) {
      const [choice] = data.choices;
      if (typeof choice?.delta.content === "string") text += choice.delta.content;
      ending ??= choice?.finishReason;
      output = data.usage?.completionTokens ?? output;
    }
    expect([text, ending, output]).toEqual(["return a + b", "stop", 9]);
  });

  test("OpenAI's SDK", async () => {
    const answer = await openai.completions.create({ ...BODY, model, seed: 7, n: 1, stop: ["\n\n"] });
    expect(answer.object).toBe("text_completion");
    expect(answer.choices[0]).toMatchObject({ text: "return a + b", finish_reason: "stop" });
    expect(answer.usage).toMatchObject({ prompt_tokens: 8, completion_tokens: 9 });
    expect(sent()).toEqual(isMistral ? AT_MISTRAL : { ...AT_DEEPSEEK, stop: ["\n\n"] });
  });

  test("OpenAI's SDK, streamed", async () => {
    const options = { stream: true, stream_options: { include_usage: true } } as const;
    let text = "";
    let output: number | undefined;
    for await (const { choices, usage: counted } of await openai.completions.create({ ...BODY, model, ...options })) {
      text += choices[0]?.text ?? "";
      output = counted?.completion_tokens ?? output;
    }
    expect([text, output]).toEqual(["return a + b", 9]);
  });
});

test("Mistral's own body passes as it is", async () => {
  const text = '{ "model":"mistral/codestral-latest", "prompt" : "a", "random_seed":7, "min_tokens":3 }';
  const response = await fetch(`${gateway.url}/v1/fim/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: text,
  });
  expect(await response.json()).toEqual(FIM);
  const posts = mock.requests.filter(({ method }) => method === "POST");
  expect(posts[0]?.body).toBe(text.replace("mistral/codestral-latest", "codestral-latest"));
});
