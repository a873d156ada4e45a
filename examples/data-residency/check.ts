import assert from "node:assert/strict";
import { chat, type Answer } from "../chat.ts";

export const env = { WARD_KEY: "sk-tl-example-ward-0123456789abcdef" };

const ask = (url: string, fields: Record<string, unknown>): Promise<Answer> =>
  chat(url, { model: "overseas/gpt-4o", ...fields }, { authorization: `Bearer ${env.WARD_KEY}` });

/** Tries to leave the EU in every way. */
export async function check(url: string): Promise<void> {
  const stays = await ask(url, { fallbacks: ["overseas/gpt-4o"] });
  assert.deepEqual([stays.status, stays.header("provider")], [200, "demo"]);
  assert.equal(stays.header("route"), "rule=EU only; confined=EU only: fallbacks of the request are ignored");

  const messages = [{ role: "user", content: "[demo fail=500] Hello" }];
  const failed = await ask(url, { messages, fallbacks: ["overseas/gpt-4o"] });
  assert.equal(failed.status, 502);
  const models = new Set(failed.error.attempts?.map(({ model }) => model));
  assert.deepEqual([...models], ["demo-fast", "demo-json"]);

  const secret = await ask(url, { metadata: { labels: ["secret"] } });
  assert.deepEqual([secret.status, secret.error.code], [451, "refused_by_rule"]);
  assert.equal(secret.error.message, 'secret data goes to no provider (rule "secret data")');

  const odd = await ask(url, { metadata: { labels: 5 } });
  assert.deepEqual([odd.status, odd.error.code], [503, "rule_failed"]);
}
