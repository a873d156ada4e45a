import assert from "node:assert/strict";
import { chat } from "../chat.ts";

/** What the README sets, or what the gateway of a test has. */
const TOKEN = "sk-tl-admin-for-tests";
const USERS = 40;
/** The demo answers with one word, without a pause. */
const messages = [{ role: "user", content: "[demo text=ok latency_ms=0 tokens_per_second=100000]" }];
const MODELS: Readonly<Record<string, string>> = { current: "demo-fast", candidate: "demo-smart" };

interface Arm {
  arm: string;
  requests: number;
  error_rate: { value: number; low: number; high: number };
  feedback: { count: number; mean: number | null };
}

/** Asks twice as each of some users, and gives feedback: each keeps its arm, and the comparison has all of it. */
export async function check(url: string): Promise<void> {
  const requests = new Map<string, number>();
  for (let user = 0; user < USERS; user += 1) {
    const [first, second] = [await ask(url, user), await ask(url, user)];
    assert.equal(first.arm, second.arm, `user ${user} changed its arm`);
    requests.set(first.arm, (requests.get(first.arm) ?? 0) + 2);
    await give(url, second.id, first.arm === "candidate" ? "up" : "down");
  }
  assert.deepEqual([...requests.keys()].toSorted(), ["candidate", "current"]);
  const arms = await compare(url);
  for (const { arm, requests: counted, error_rate: errors, feedback } of arms) {
    assert.equal(counted, requests.get(arm));
    assert.equal(errors.value, 0);
    assert.equal(feedback.count, counted / 2);
    assert.equal(feedback.mean, arm === "candidate" ? 1 : -1);
  }
}

async function ask(url: string, user: number): Promise<{ arm: string; id: string }> {
  const answer = await chat(url, { model: "assistant", user: `user-${user}`, messages });
  assert.equal(answer.status, 200, answer.error.message);
  const arm = /experiment=newer model: (\w+)/.exec(answer.header("route"))?.[1] ?? "";
  assert.equal(answer.header("model"), MODELS[arm]);
  return { arm, id: answer.header("request-id") };
}

async function give(url: string, id: string, score: string): Promise<void> {
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ request_id: id, score });
  assert.equal((await fetch(`${url}/v1/feedback`, { method: "POST", headers, body })).status, 200);
}

async function compare(url: string): Promise<Arm[]> {
  const headers = { authorization: `Bearer ${TOKEN}` };
  const response = await fetch(`${url}/api/experiments/newer%20model`, { headers });
  assert.equal(response.status, 200);
  return ((await response.json()) as { arms: Arm[] }).arms;
}
