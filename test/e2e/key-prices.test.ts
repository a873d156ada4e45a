import { afterAll, beforeAll, expect, test } from "bun:test";
import { recordOf } from "../faults/bench.ts";
import { WIRES } from "../faults/wire.ts";
import { startGateway, type Gateway } from "../gateway/start.ts";
import { jsonAnswer } from "../mock-upstream/answers.ts";
import { startMockUpstream, type MockUpstream } from "../mock-upstream/server.ts";

const KEY = "sk-tl-key-prices-0123456789";
const wire = WIRES["openai-chat"];
let mock: MockUpstream;
let gateway: Gateway;

beforeAll(async () => {
  mock = await startMockUpstream(() => jsonAnswer(wire.whole("ok", wire.usage)));
  gateway = await startGateway({
    config: {
      providers: {
        own: {
          dialect: "openai-chat",
          base_url: `${mock.url}/v1`,
          keys: [
            { name: "priced", value: "one", models: ["x"], pricing: { x: { input: 1, output: 1 } } },
            { name: "other", value: "two", models: ["y"] },
          ],
        },
      },
      governance: {
        unknown_price: "refuse",
        virtual_keys: [
          {
            name: "app",
            value: KEY,
            provider_configs: [{ provider: "own" }],
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

async function ask(model: string) {
  const { path, body } = wire.ask(model, { stream: false, maxTokens: 50 });
  const response = await fetch(gateway.url + path, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${KEY}` },
    body: JSON.stringify(body),
  });
  await response.text();
  return {
    status: response.status,
    record: await recordOf(gateway, response.headers.get("x-trunkline-request-id") ?? ""),
  };
}

test("only keys that may serve a model have a say in what it costs", async () => {
  const priced = await ask("own/x");
  expect(priced.status).toBe(200);
  expect(priced.record.warnings).toEqual([]);
  expect(priced.record.cost_nano_usd).toBeGreaterThan(0);
  expect((await ask("own/y")).status).toBe(402);
});
