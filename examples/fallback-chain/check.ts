import assert from "node:assert/strict";
import OpenAI from "openai";
import { chat } from "../chat.ts";

/** Lets calls fail in all ways that the chain handles. */
export async function check(url: string): Promise<void> {
  const answer = await chat(url, { model: "assistant" });
  assert.deepEqual([answer.status, answer.header("model"), answer.header("attempts")], [200, "demo-fast", "4"]);
  await fallBackOnStream(url);

  const own = await chat(url, { model: "assistant", fallbacks: ["demo/demo-json"] });
  assert.deepEqual([own.status, own.header("model")], [200, "demo-json"]);

  const byDefault = await chat(url, { model: "demo/demo-error-401" });
  assert.deepEqual([byDefault.status, byDefault.header("model")], [200, "demo-smart"]);

  const refused = await chat(url, { model: "demo/demo-fast", n: 1000 });
  assert.deepEqual([refused.status, refused.header("attempts")], [400, "1"]);

  const failed = await chat(url, { model: "assistant", fallbacks: ["demo/demo-error-401"] });
  assert.equal(failed.status, 502);
  assert.deepEqual(
    failed.error.attempts?.map(({ model, status }) => [model, status]),
    [
      ["demo-error-500", 500],
      ["demo-error-500", 500],
      ["demo-error-401", 401],
    ],
  );
}

async function fallBackOnStream(url: string): Promise<void> {
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: "any text" });
  const stream = client.chat.completions.stream({ model: "assistant", messages: [{ role: "user", content: "Hello" }] });
  const completion = await stream.finalChatCompletion();
  assert.equal(completion.model, "demo-fast");
}
