import { afterAll, beforeAll, expect, test } from "bun:test";
import { startGateway, type Gateway } from "../gateway/start.ts";
import { recordOf } from "../faults/bench.ts";
import { jsonAnswer, streamAnswer } from "../mock-upstream/answers.ts";
import { startMockUpstream, type MockUpstream, type Step } from "../mock-upstream/server.ts";

let mock: MockUpstream;
let gateway: Gateway;
let steps: Step[] = [];
const KEY = "sk-tl-stated-cost-0123456789";

beforeAll(async () => {
  mock = await startMockUpstream(() => steps);
  const own = { base_url: `${mock.url}/v1`, keys: [{ name: "main", value: "secret" }], network: { max_retries: 0 } };
  const providers = { openrouter: own, xai: own, perplexity: own, groq: own };
  gateway = await startGateway({
    config: {
      providers: {
        ...providers,
        openrouter: { ...own, pricing: { "set/by-operator": { input: 1, output: 10 } } },
      },
      governance: {
        virtual_keys: [
          {
            name: "app",
            value: KEY,
            provider_configs: Object.keys(providers).map((provider) => ({ provider })),
            budgets: [{ limit_usd: 1, period: "1d" }],
          },
        ],
      },
    },
  });
});
afterAll(async () => {
  await gateway.stop();
  await mock.stop();
});

const TOKENS = { prompt_tokens: 1000, completion_tokens: 100, total_tokens: 1100 };

function answerWith(usage: object): Step[] {
  return jsonAnswer({
    id: "c1",
    object: "chat.completion",
    created: 1,
    model: "m",
    choices: [{ index: 0, message: { role: "assistant", content: "Hi" }, finish_reason: "stop" }],
    usage: { ...TOKENS, ...usage },
  });
}

async function costOf(model: string, path = "/v1/chat/completions", more: object = {}): Promise<number | null> {
  const response = await fetch(gateway.url + path, {
    method: "POST",
    headers: { authorization: `Bearer ${KEY}`, "content-type": "application/json", "anthropic-version": "2023-06-01" },
    body: JSON.stringify({ model, max_tokens: 200, messages: [{ role: "user", content: "x" }], ...more }),
  });
  await response.text().catch(() => "");
  const record = await recordOf(gateway, response.headers.get("x-trunkline-request-id") ?? "");
  const told = response.headers.get("x-trunkline-cost");
  const cost = record.cost_nano_usd ?? null;
  if (told !== null) expect(Math.round(Number(told) * 1e9)).toBe(cost ?? -1);
  return cost;
}

test("what the provider says is the cost, with a price in the catalog and without, relayed and translated", async () => {
  steps = answerWith({ cost: 0.0123, cost_details: { upstream_inference_cost: 5 } });
  expect(await costOf("openrouter/anthropic/claude-sonnet-4.5")).toBe(12_300_000);
  expect(await costOf("openrouter/nobody/knows")).toBe(12_300_000);
  steps = answerWith({ cost_in_usd_ticks: 37_756_000 });
  expect(await costOf("xai/grok-4")).toBe(3_775_600);
  expect(await costOf("xai/grok-4", "/v1/messages")).toBe(3_775_600);
  steps = answerWith({ cost: { currency: "USD", input_tokens_cost: 0.001, total_cost: 0.006 } });
  expect(await costOf("perplexity/sonar")).toBe(6_000_000);
});

test("a price of the operator stands above, no other host is believed", async () => {
  steps = answerWith({ cost: 0.5 });
  expect(await costOf("openrouter/set/by-operator")).toBe(2_000_000);
  const groq = await costOf("groq/llama-3.3-70b-versatile");
  expect(groq).toBeGreaterThan(0);
  expect(groq).toBeLessThan(5_000_000);
});

test("an amount that none could be is as if there were none", async () => {
  steps = answerWith({ cost: -3 });
  const listed = await costOf("openrouter/anthropic/claude-sonnet-4.5");
  expect(listed).toBe(1000 * 3000 + 100 * 15_000);
  expect(await costOf("openrouter/nobody/knows")).toBeNull();
});

const event = (choices: object[], more: object = {}): string =>
  `data: ${JSON.stringify({ id: "c1", object: "chat.completion.chunk", created: 1, model: "m", choices, ...more })}\n\n`;
const TEXT = event([{ index: 0, delta: { role: "assistant", content: "Hi" }, finish_reason: null }]);
const STOP = event([{ index: 0, delta: {}, finish_reason: "stop" }]);

test("streams: the last usage says it; one that broke off costs by price", async () => {
  const last = event([], { usage: { ...TOKENS, cost: 0.0042 } });
  steps = streamAnswer([TEXT, STOP, last, "data: [DONE]\n\n"]);
  expect(await costOf("openrouter/nobody/knows", undefined, { stream: true })).toBe(4_200_000);
  steps = streamAnswer([TEXT, STOP, event([], { usage: { ...TOKENS, cost_in_usd_ticks: 42 } }), "data: [DONE]\n\n"]);
  expect(await costOf("xai/grok-4", "/v1/messages", { stream: true })).toBe(4);
  const early = event([], { usage: { ...TOKENS, cost: 0.0042 } });
  steps = [...streamAnswer([early, TEXT]).slice(0, -1), { cut: "fin" }];
  const broken = await costOf("openrouter/anthropic/claude-sonnet-4.5", undefined, { stream: true });
  expect(broken).toBe(1000 * 3000 + 100 * 15_000);
});
