import assert from "node:assert/strict";
import { chat } from "../chat.ts";

/** Sends a message for each rule, and one for none. */
export async function check(url: string): Promise<void> {
  await examplesReady(url);
  await expectModel(url, "Please fix the bug in my Python program", "demo-reasoner");
  await expectModel(url, "A refund for my order, please, the card was charged", "demo-tools");
  await expectModel(url, "Good morning", "demo-fast");
  const route = await expectModel(url, "This is unacceptable, fix the bug in my Python program", "demo-smart");
  assert.match(route, /classifier=tone: angry/);
  assert.doesNotMatch(route, /classifier=intent/);
}

/** The examples are embedded in the background; until then the default holds. */
async function examplesReady(url: string): Promise<void> {
  for (let round = 0; round < 100; round += 1) {
    if ((await ask(url, `Fix the bug in this Python function ${round}`)).header("model") === "demo-reasoner") return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail("the examples were not embedded");
}

async function expectModel(url: string, content: string, model: string): Promise<string> {
  const answer = await ask(url, content);
  assert.equal(answer.status, 200, answer.error.message);
  assert.equal(answer.header("model"), model, `${content} ${answer.header("route")}`);
  return answer.header("route");
}

function ask(url: string, content: string) {
  return chat(url, { model: "demo/demo-fast", max_tokens: 10, messages: [{ role: "user", content }] });
}
