import { afterAll, beforeAll, expect, test } from "bun:test";
import { startGateway, type Gateway } from "../gateway/start.ts";
import { startUpstream, type Upstream } from "../passthrough/scene.ts";

let upstream: Upstream;
let gateway: Gateway;

beforeAll(async () => {
  upstream = startUpstream(() =>
    Response.json({
      id: "msg_1",
      type: "message",
      role: "assistant",
      model: "m",
      content: [{ type: "text", text: "hi" }],
      stop_reason: "end_turn",
      stop_sequence: null,
      usage: { input_tokens: 1, output_tokens: 1 },
    }),
  );
  const provider = { base_url: `${upstream.url}/v1`, keys: [{ name: "main", value: "sk-ant-12345678" }] };
  gateway = await startGateway({
    config: { version: 1, providers: { anthropic: provider, kimi: { ...provider, dialect: "anthropic-messages" } } },
  });
});
afterAll(async () => {
  await gateway.stop();
  upstream.stop();
});

/** As a client has it whose earlier turn was answered by a model that signs nothing. */
const MESSAGES = [
  { role: "user", content: "one" },
  {
    role: "assistant",
    content: [
      { type: "thinking", thinking: "hm", signature: "" },
      { type: "text", text: "two" },
    ],
  },
  { role: "user", content: "three" },
];

async function ask(model: string): Promise<{ sent: { messages: unknown[] }; warnings: string | null }> {
  const response = await fetch(`${gateway.url}/v1/messages`, {
    method: "POST",
    headers: { "content-type": "application/json", "anthropic-version": "2023-06-01" },
    body: JSON.stringify({ model, max_tokens: 10, messages: MESSAGES }),
  });
  expect(response.status).toBe(200);
  const sent = JSON.parse(upstream.seen.at(-1)?.body ?? "{}") as { messages: unknown[] };
  return { sent, warnings: response.headers.get("x-trunkline-warnings") };
}

test("Claude, which would refuse it, is not sent a thought without a signature", async () => {
  const { sent, warnings } = await ask("anthropic/claude-sonnet-4-5");
  expect(JSON.stringify(sent)).not.toContain("signature");
  expect(sent.messages).toHaveLength(3);
  expect(warnings).toBe("dropped_content messages");
});

test("other models of the dialect get it as it came", async () => {
  const { sent } = await ask("kimi/kimi-k2-thinking");
  expect(sent.messages).toEqual(MESSAGES);
});
