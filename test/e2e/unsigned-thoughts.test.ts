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

async function ask(
  model: string,
  messages: unknown[] = MESSAGES,
): Promise<{ sent: { messages: unknown[] }; warnings: string | null }> {
  const response = await fetch(`${gateway.url}/v1/messages`, {
    method: "POST",
    headers: { "content-type": "application/json", "anthropic-version": "2023-06-01" },
    body: JSON.stringify({ model, max_tokens: 10, messages }),
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

/** As a client has it whose earlier turn was answered by Kimi, with sources of its own. */
const CALLED = [
  { role: "user", content: "one" },
  {
    role: "assistant",
    content: [
      {
        type: "text",
        text: "two",
        citations: [
          {
            type: "web_search_result_location",
            cited_text: "",
            url: "https://u.example",
            title: "U",
            encrypted_index: "",
          },
        ],
      },
      { type: "tool_use", id: "functions.f:0", name: "f", input: {} },
    ],
  },
  { role: "user", content: [{ type: "tool_result", tool_use_id: "functions.f:0", content: "three" }] },
];

test("nor ids of calls and indexes of searches that are not its own", async () => {
  const { sent } = await ask("anthropic/claude-sonnet-4-5", CALLED);
  const [, answer, result] = sent.messages as { content: Record<string, unknown>[] }[];
  const [said, called] = answer?.content ?? [];
  expect(said).toEqual({ type: "text", text: "two" });
  expect(called?.["id"]).toMatch(/^functions_f_0_[0-9a-f]+$/);
  expect(result?.content[0]).toMatchObject({ tool_use_id: called?.["id"] });
});
