import { afterAll, beforeAll, expect, test } from "bun:test";
import { startGateway, type Gateway } from "../gateway/start.ts";
import { startUpstream, type Upstream } from "../passthrough/scene.ts";

let upstream: Upstream;
let gateway: Gateway;

beforeAll(async () => {
  const usage = { input_tokens: 1, output_tokens: 1, total_tokens: 2 };
  const answer = {
    id: "resp_1",
    object: "response",
    created_at: 1,
    model: "m",
    status: "completed",
    output: [],
    usage,
  };
  upstream = startUpstream(() => Response.json(answer));
  const openai = { base_url: `${upstream.url}/v1`, keys: [{ name: "main", value: "sk-12345678" }] };
  gateway = await startGateway({ config: { version: 1, providers: { openai } } });
});
afterAll(async () => {
  await gateway.stop();
  upstream.stop();
});

const thought = (id: string): object => ({ type: "reasoning", id, summary: [{ type: "summary_text", text: "hm" }] });

async function ask(input: object[]): Promise<{ sent: { input: unknown[] }; warnings: string | null }> {
  const response = await fetch(`${gateway.url}/v1/responses`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: "openai/gpt-5", input }),
  });
  expect(response.status).toBe(200);
  const sent = JSON.parse(upstream.seen.at(-1)?.body ?? "{}") as { input: unknown[] };
  return { sent, warnings: response.headers.get("x-trunkline-warnings") };
}

test("a thought that another vendor's model told, under an id of ours, is not sent to OpenAI", async () => {
  const said = { role: "user", content: "go" };
  const { sent, warnings } = await ask([thought("rs_tl_gen1_0"), said]);
  expect(sent.input).toEqual([said]);
  expect(warnings).toBe("dropped_content input[0]");
});

test("OpenAI's own, which it keeps, is sent as it came", async () => {
  const { sent, warnings } = await ask([thought("rs_68f2"), { role: "user", content: "go" }]);
  expect(sent.input).toEqual([thought("rs_68f2"), { role: "user", content: "go" }]);
  expect(warnings).toBeNull();
});
