import assert from "node:assert/strict";
import { chat } from "../chat.ts";

const tools = [
  {
    type: "function",
    function: { name: "get_weather", parameters: { type: "object", properties: { city: { type: "string" } } } },
  },
];

/** Sends a request for each rule, and one for none. */
export async function check(url: string): Promise<void> {
  await expectModel(url, "demo-fast", "", {});
  await expectModel(url, "demo-smart", "premium tier", {}, { "x-tier": "premium" });
  await expectModel(url, "demo-fast", "", {}, { "x-tier": "basic" });
  await expectModel(url, "demo-smart", "long input", {
    messages: [{ role: "user", content: "long ".repeat(2000) }],
    max_tokens: 5,
  });
  await expectModel(url, "demo-tools", "tools without a model for them", { tools });
  await expectModel(url, "demo-json", "nightly batch", { metadata: { job: "batch" } });
  await expectModel(url, "demo-fast", "", { metadata: { job: "other" } });
}

async function expectModel(
  url: string,
  model: string,
  rule: string,
  fields: Record<string, unknown>,
  headers?: Record<string, string>,
): Promise<void> {
  const answer = await chat(url, { model: "demo/demo-fast", max_tokens: 50, ...fields }, headers);
  assert.equal(answer.status, 200, answer.error.message);
  assert.equal(answer.header("model"), model);
  assert.equal(answer.header("route"), rule === "" ? "" : `rule=${rule}`);
}
