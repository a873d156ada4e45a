import assert from "node:assert/strict";
import { chat } from "../chat.ts";

export const env = {
  MONEY_KEY: "sk-tl-example-money-0123456789abcdef",
  TOKENS_KEY: "sk-tl-example-tokens-0123456789abcdef",
};

const AT_ONCE = { latency_ms: 1, tokens_per_second: 10_000 };

/** Asks for the dear model until the limit is near: then the cheap one answers, and still within the limit. */
export async function check(url: string): Promise<void> {
  for (const key of Object.values(env)) {
    const models: string[] = [];
    for (let round = 0; round < 40 && models.at(-1) !== "demo-fast"; round += 1) {
      const answer = await chat(
        url,
        { model: "demo/demo-smart", max_tokens: 100, demo: AT_ONCE },
        { authorization: `Bearer ${key}` },
      );
      assert.equal(answer.status, 200, answer.error.message);
      models.push(answer.header("model"));
      if (models.at(-1) === "demo-fast") assert.equal(answer.header("route"), "rule=nearly used up");
    }
    assert.equal(models.at(-1), "demo-fast");
    assert.ok(models.length > 3 && models.slice(0, -1).every((model) => model === "demo-smart"), models.join());
  }
}
