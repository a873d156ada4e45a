import assert from "node:assert/strict";
import { chat } from "../chat.ts";

/** Sends a short and a long input, and asks for what is hidden. */
export async function check(url: string): Promise<void> {
  const short = await chat(url, { model: "assistant", max_tokens: 5 });
  assert.deepEqual([short.status, short.header("model")], [200, "demo-fast"]);
  const messages = [{ role: "user", content: "long ".repeat(3000) }];
  const long = await chat(url, { model: "assistant", max_tokens: 5, messages });
  assert.deepEqual([long.status, long.header("model")], [200, "demo-smart"]);
  assert.match(long.header("route"), /demo\/demo-fast: its condition does not hold/);

  const hidden = await chat(url, { model: "demo/demo-fast" });
  assert.deepEqual([hidden.status, hidden.error.code], [404, "model_not_found"]);
  const list = (await (await fetch(`${url}/v1/models`)).json()) as { data: { id: string }[] };
  const ids = list.data.map(({ id }) => id);
  assert.ok(ids.includes("assistant") && ids.includes("demo/demo-json"));
  assert.ok(!ids.includes("demo/demo-fast") && !ids.includes("demo/demo-smart"), ids.join());
}
