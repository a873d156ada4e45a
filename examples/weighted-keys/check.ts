import assert from "node:assert/strict";
import { chat } from "../chat.ts";

export const env = { DEMO_KEY_MAIN: "a", DEMO_KEY_SPARE: "b", DEMO_KEY_LARGE: "c" };
const CALLS = 400;
const AT_ONCE = 20;
/** The demo answers with one word, without a pause. */
const messages = [{ role: "user", content: "[demo text=ok latency_ms=0 tokens_per_second=100000]" }];

/** Counts which keys and models served, with room for six standard deviations. */
export async function check(url: string): Promise<void> {
  const keys = new Map<string, number>();
  const models = new Map<string, number>();
  for (let sent = 0; sent < CALLS; sent += AT_ONCE) {
    const answers = await Promise.all(
      Array.from({ length: AT_ONCE }, () => chat(url, { model: "assistant", messages })),
    );
    for (const answer of answers) {
      assert.equal(answer.status, 200, answer.error.message);
      count(keys, answer.header("key"));
      count(models, answer.header("model"));
    }
  }
  expectShare(keys, "main", 0.75);
  expectShare(keys, "spare", 0.25);
  expectShare(models, "demo-fast", 0.9);

  const large = await chat(url, { model: "demo/demo-smart", messages });
  assert.deepEqual([large.status, large.header("key")], [200, "large"]);
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function expectShare(counts: Map<string, number>, name: string, share: number): void {
  const slack = 6 * Math.sqrt((share * (1 - share)) / CALLS);
  const found = (counts.get(name) ?? 0) / CALLS;
  assert.ok(Math.abs(found - share) < slack, `${name} served ${found * 100} %, expected ${share * 100} %`);
}
