import assert from "node:assert/strict";
import { chat } from "../chat.ts";

/** Sends a call for each task, one without, and one with a tag that nobody knows. */
export async function check(url: string): Promise<void> {
  await expectRoute(url, { task: "extract" }, "demo-json", "rule=structured work");
  await expectRoute(url, { task: "classify" }, "demo-json", "rule=structured work");
  await expectRoute(url, { task: "plan" }, "demo-smart", "rule=planning");
  await expectRoute(url, { task: "chat" }, "demo-vision", "rule=short chats: would match");
  await expectRoute(url, {}, "demo-vision", "");
  const unknown = await chat(url, { model: "demo/demo-vision", metadata: { task: "sing" } });
  assert.deepEqual([unknown.status, unknown.error.code], [400, "refused_by_rule"]);
  assert.match(unknown.error.message, /chat, extract, classify or plan/);
}

async function expectRoute(url: string, metadata: object, model: string, route: string): Promise<void> {
  const answer = await chat(url, { model: "demo/demo-vision", max_tokens: 20, metadata });
  assert.equal(answer.status, 200, answer.error.message);
  assert.deepEqual([answer.header("model"), answer.header("route")], [model, route]);
}
