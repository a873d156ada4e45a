import assert from "node:assert/strict";
import { chat } from "../chat.ts";

export const env = {
  APP_1_KEY: "sk-tl-example-app-1-0123456789abcdef",
  APP_2_KEY: "sk-tl-example-app-2-0123456789abcdef",
};
const app1 = { authorization: `Bearer ${env.APP_1_KEY}` };
const app2 = { authorization: `Bearer ${env.APP_2_KEY}` };
const BUDGET = 0.005;

/** Tries what the two keys may and may not do. */
export async function check(url: string): Promise<void> {
  const nobody = await chat(url, { model: "demo/demo-fast" });
  assert.deepEqual([nobody.status, nobody.error.code], [401, "unauthenticated"]);
  await reachRateLimit(url);
  await useUpBudget(url);
}

async function reachRateLimit(url: string): Promise<void> {
  const other = await chat(url, { model: "demo/demo-smart" }, app1);
  assert.deepEqual([other.status, other.error.code], [403, "model_not_allowed"]);
  const answers = [];
  for (let round = 0; round < 3; round += 1) answers.push(await chat(url, { model: "demo/demo-fast" }, app1));
  const refused = answers.find(({ status }) => status === 429) ?? (await chat(url, { model: "demo/demo-fast" }, app1));
  assert.deepEqual([refused.status, refused.error.code], [429, "rate_limited"]);
  assert.equal(refused.error.limit?.scope, "virtual_key:app-1");
  assert.ok(Number(refused.header("retry-after")) >= 1);
}

async function useUpBudget(url: string): Promise<void> {
  let spent = 0;
  let wasCapped = false;
  for (let round = 0; round < 50; round += 1) {
    const answer = await chat(url, { model: "demo/demo-smart", max_tokens: 100 }, app2);
    if (answer.status === 402) {
      assert.equal(answer.error.code, "budget_exceeded");
      assert.ok(wasCapped && spent > BUDGET / 2 && spent <= BUDGET, `spent ${spent}`);
      return;
    }
    assert.equal(answer.status, 200);
    spent += Number(answer.header("cost"));
    wasCapped ||= answer.header("warnings").includes("max_output_tokens");
  }
  assert.fail("the budget never refused");
}
