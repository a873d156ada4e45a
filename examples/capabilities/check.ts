import assert from "node:assert/strict";
import { chat } from "../chat.ts";

const PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const parameters = { type: "object", properties: { city: { type: "string" } } };
const tools = [{ type: "function", function: { name: "get_weather", parameters } }];
const text = { type: "text", text: "What is this?" };
const picture = [text, { type: "image_url", image_url: { url: `data:image/png;base64,${PIXEL}` } }];

/** Sends a call of each kind. */
export async function check(url: string): Promise<void> {
  await expectModel(url, "demo-fast", {});
  await expectModel(url, "demo-vision", { messages: [{ role: "user", content: picture }] });
  await expectModel(url, "demo-tools", { tools });
  await expectModel(url, "demo-vision", { messages: [{ role: "user", content: picture }], tools });
  await expectModel(url, "demo-json", { response_format: { type: "json_object" } });
  await expectModel(url, "demo-fast", { response_format: { type: "text" } });
  await asAnthropicClient(url);
}

async function expectModel(url: string, model: string, fields: Record<string, unknown>): Promise<void> {
  const answer = await chat(url, { model: "demo/demo-fast", max_tokens: 50, ...fields });
  assert.equal(answer.status, 200, answer.error.message);
  assert.equal(answer.header("model"), model);
}

async function asAnthropicClient(url: string): Promise<void> {
  const source = { type: "base64", media_type: "image/png", data: PIXEL };
  const response = await fetch(`${url}/v1/messages`, {
    method: "POST",
    headers: { "content-type": "application/json", "anthropic-version": "2023-06-01" },
    body: JSON.stringify({
      model: "demo/demo-fast",
      max_tokens: 50,
      messages: [{ role: "user", content: [text, { type: "image", source }] }],
    }),
  });
  assert.equal(response.status, 200, await response.text());
  assert.equal(response.headers.get("x-trunkline-model"), "demo-vision");
}
