import assert from "node:assert/strict";
import { chat, type Answer } from "../chat.ts";

export const env = {
  DEMO_KEY_SMALL: "a",
  DEMO_KEY_LARGE: "b",
  CHECKOUT_KEY: "sk-tl-example-checkout-0123456789abcdef",
  NIGHTLY_KEY: "sk-tl-example-nightly-0123456789abcdef",
};
const REPORTS = 8;
const messages = [{ role: "user", content: "[demo text=ok latency_ms=1500 tokens_per_second=100000]" }];

/** Sends more reports than there is room for, then a call that goes before those that wait. */
export async function check(url: string): Promise<void> {
  const order: string[] = [];
  const ask = async (name: string, key: string): Promise<Answer> => {
    const answer = await chat(url, { model: "demo/demo-fast", messages }, { authorization: `Bearer ${key}` });
    order.push(`${name} ${answer.status}`);
    return answer;
  };
  const reports = Array.from({ length: REPORTS }, () => ask("report", env.NIGHTLY_KEY));
  while (order.length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
  const checkout = await ask("checkout", env.CHECKOUT_KEY);
  assert.deepEqual([checkout.status, checkout.text], [200, "ok"]);
  assert.match(checkout.header("route"), /queue=demo\/demo-fast: room after \d+ ms, priority high/);
  const answers = await Promise.all(reports);
  const refused = answers.filter(({ status }) => status === 503);
  assert.equal(refused.length, 3);
  for (const answer of refused) {
    assert.equal(answer.error.code, "overloaded");
    assert.equal(answer.header("retry-after"), "1");
  }
  assert.deepEqual(order.slice(0, 3), ["report 503", "report 503", "report 503"]);
  // The two calls that were under way end at the same time: the checkout comes after them, the other reports after it.
  assert.deepEqual(order.slice(3, 5), ["report 200", "report 200"]);
  assert.ok(order.indexOf("checkout 200") <= 6, order.join(", "));
  const small = [...answers, checkout].filter((answer) => answer.header("key") === "small");
  assert.equal(small.length, 3);
}
