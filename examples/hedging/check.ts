import assert from "node:assert/strict";
import OpenAI from "openai";
import { chat } from "../chat.ts";

/** Asks slow models, and watches who answers. */
export async function check(url: string): Promise<void> {
  const answer = await chat(url, { model: "assistant" });
  assert.deepEqual([answer.status, answer.header("model"), answer.header("attempts")], [200, "demo-fast", "2"]);
  assert.match(answer.header("route"), /hedge=demo\/demo-fast, after 200 ms without an answer/);
  assert.match(answer.header("route"), /hedge=demo\/demo-fast answered first/);
  await hedgeStream(url);

  const inTime = await chat(url, { model: "demo/demo-fast" });
  assert.equal(inTime.header("attempts"), "1");

  const bounded = await chat(url, { model: "bounded" });
  assert.deepEqual([bounded.header("model"), bounded.header("attempts")], ["demo-fast", "2"]);
  assert.doesNotMatch(bounded.header("route"), /hedge/);

  const late = await chat(url, { model: "demo/demo-slow" }, { "x-trunkline-timeout-ms": "300" });
  assert.deepEqual([late.status, late.error.code], [504, "deadline_exceeded"]);
  assert.deepEqual(
    late.error.attempts?.map(({ model }) => model),
    ["demo-slow"],
  );
}

async function hedgeStream(url: string): Promise<void> {
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: "any text" });
  const stream = client.chat.completions.stream({ model: "assistant", messages: [{ role: "user", content: "Hello" }] });
  const completion = await stream.finalChatCompletion();
  assert.equal(completion.model, "demo-fast");
}
