import assert from "node:assert/strict";
import { chat } from "../chat.ts";

const PROOF = "Prove that the square root of 2 is irrational.";
const DESIGN =
  "Design the architecture of a distributed rate limiter: latency, failover, replication, and how the cache is partitioned. It must survive the loss of at least one region.";

/** Asks something of each tier, and goes on in one session. */
export async function check(url: string): Promise<void> {
  await expectModel(url, PROOF, "demo-reasoner");
  await expectModel(url, DESIGN, "demo-smart");
  await expectModel(url, "What is the capital of France?", "demo-fast");
  await expectModel(url, "Was ist die Hauptstadt von Frankreich?", "demo-fast");
  await expectModel(url, "法国的首都是什么？", "demo-fast");

  const session = { "x-session-id": "example" };
  await expectModel(url, PROOF, "demo-reasoner", session);
  await expectModel(url, "Thanks!", "demo-reasoner", session);
  await expectModel(url, "Thanks!", "demo-fast");
}

async function expectModel(url: string, content: string, model: string, headers = {}): Promise<void> {
  const messages = [{ role: "user", content }];
  const answer = await chat(url, { model: "demo/demo-fast", max_tokens: 10, messages }, headers);
  assert.equal(answer.status, 200, answer.error.message);
  assert.equal(answer.header("model"), model, `${content} ${answer.header("route")}`);
  assert.match(answer.header("route"), /^classifier=complexity: /);
}
