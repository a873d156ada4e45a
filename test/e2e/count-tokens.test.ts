import { afterAll, beforeAll, expect, test } from "bun:test";
import { startGateway, type Gateway } from "../gateway/start.ts";
import { jsonAnswer } from "../mock-upstream/answers.ts";
import { startMockUpstream, type MockUpstream } from "../mock-upstream/server.ts";

const ANSWERS: Readonly<Record<string, object>> = {
  gemini: { totalTokens: 7, promptTokensDetails: [{ modality: "TEXT", tokenCount: 7 }], cachedContentTokenCount: 2 },
  messages: { input_tokens: 7, context_management: { original_input_tokens: 9 } },
};

let mock: MockUpstream;
let gateway: Gateway;

beforeAll(async () => {
  mock = await startMockUpstream(({ path }) => {
    if (path.includes("lie")) return jsonAnswer({ counted: "nothing" });
    return jsonAnswer(ANSWERS[path.includes("count_tokens") ? "messages" : "gemini"] ?? {});
  });
  const provider = (dialect: string): object => ({ dialect, base_url: mock.url, keyless: true });
  const providers = { gem: provider("gemini"), ant: provider("anthropic-messages") };
  gateway = await startGateway({ config: { providers } });
});

afterAll(async () => {
  await gateway.stop();
  await mock.stop();
});

async function countAsGemini(model: string): Promise<Response> {
  const contents = [{ role: "user", parts: [{ text: "hi" }] }];
  return fetch(`${gateway.url}/v1beta/models/${model}:countTokens`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ contents }),
  });
}

async function countAsAnthropic(model: string): Promise<Response> {
  return fetch(`${gateway.url}/v1/messages/count_tokens`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model, messages: [{ role: "user", content: "hi" }] }),
  });
}

test("a client of the provider's dialect gets all that the provider says of its tokens", async () => {
  expect(await (await countAsGemini("gem/gemini-2.5-flash")).json()).toEqual(ANSWERS["gemini"]);
  expect(await (await countAsAnthropic("ant/claude-sonnet-4-5")).json()).toEqual(ANSWERS["messages"]);
});

test("another client gets the count", async () => {
  expect(await (await countAsAnthropic("gem/gemini-2.5-flash")).json()).toEqual({ input_tokens: 7 });
  expect(await (await countAsGemini("ant/claude-sonnet-4-5")).json()).toMatchObject({ totalTokens: 7 });
});

test("an answer without a count is an error for both", async () => {
  expect((await countAsGemini("gem/lie")).status).toBe(502);
  expect((await countAsAnthropic("gem/lie")).status).toBe(502);
});
