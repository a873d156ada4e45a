import { afterAll, beforeAll, expect, test } from "bun:test";
import { startGateway, type Gateway } from "../gateway/start.ts";
import { recordOf } from "../faults/bench.ts";
import { jsonAnswer, streamAnswer } from "../mock-upstream/answers.ts";
import { startMockUpstream, type MockUpstream } from "../mock-upstream/server.ts";

let mock: MockUpstream;
let gateway: Gateway;

const SEARCH = { type: "server_tool_use", id: "srvtoolu_1", name: "web_search", input: {} };
const MESSAGE = { id: "msg_1", type: "message", role: "assistant", model: "m", stop_sequence: null };
const USAGE = { input_tokens: 1, output_tokens: 1 };
const EVENTS = [
  { type: "message_start", message: { ...MESSAGE, content: [], stop_reason: null, usage: USAGE } },
  { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
  { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Let me see." } },
  { type: "content_block_stop", index: 0 },
  { type: "content_block_start", index: 1, content_block: SEARCH },
  { type: "content_block_stop", index: 1 },
  { type: "message_delta", delta: { stop_reason: "end_turn", stop_sequence: null }, usage: USAGE },
  { type: "message_stop" },
];

beforeAll(async () => {
  mock = await startMockUpstream(({ body }) =>
    body.includes('"stream":true')
      ? streamAnswer(EVENTS.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`))
      : jsonAnswer({
          ...MESSAGE,
          content: [SEARCH, { type: "text", text: "k" }],
          stop_reason: "end_turn",
          usage: USAGE,
        }),
  );
  const claude = { dialect: "anthropic-messages", base_url: `${mock.url}/v1`, keyless: true, models: ["m"] };
  gateway = await startGateway({ config: { providers: { claude } } });
});
afterAll(async () => {
  await gateway.stop();
  await mock.stop();
});

async function ask(path: string, body: object): Promise<{ header: string | null; record: string[] }> {
  const response = await fetch(gateway.url + path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: "m", ...body }),
  });
  await response.text();
  const record = await recordOf(gateway, response.headers.get("x-trunkline-request-id") ?? "");
  const { headers } = response;
  return { header: headers.get("x-trunkline-warnings"), record: record.warnings.map(({ field }) => field) };
}

const messages = [{ role: "user", content: "x" }];

test.each([
  ["/v1/chat/completions", { messages }],
  ["/v1/responses", { input: "x", store: false }],
])("what %s cannot show of an answer is a warning", async (path, body) => {
  const field = "output.server_tool_use";
  expect(await ask(path, body)).toEqual({ header: `dropped_content ${field}`, record: [field] });
  expect(await ask(path, { ...body, stream: true })).toMatchObject({ record: [field] });
});

test("a relay shows everything", async () => {
  const body = { messages, max_tokens: 9 };
  expect(await ask("/v1/messages", body)).toEqual({ header: null, record: [] });
  expect(await ask("/v1/messages", { ...body, stream: true })).toEqual({ header: null, record: [] });
});
