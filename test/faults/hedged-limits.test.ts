import { afterAll, beforeAll, expect, test } from "bun:test";
import { startGateway, type Gateway } from "../gateway/start.ts";
import { jsonAnswer } from "../mock-upstream/answers.ts";
import { startMockUpstream, type MockUpstream } from "../mock-upstream/server.ts";
import { until } from "./bench.ts";
import { WIRES } from "./wire.ts";

const { ask, whole } = WIRES["openai-chat"];
const CALLS = 24;
const FEW = 3;
const KEY = "sk-tl-hedged-limits-0123456789";

let mock: MockUpstream;
let gateway: Gateway;

/** Hedged calls, room for few of them, limits of keys and of the caller's grants: all of it at once. */
beforeAll(async () => {
  mock = await startMockUpstream(async ({ path }) => {
    await Bun.sleep(path.startsWith("/slow") ? 200 : 20);
    return jsonAnswer(whole(path.split("/")[1] ?? ""));
  });
  const limits = { rate_limits: [{ metric: "requests", limit: 10_000, window: "1h" }] };
  const place = (name: string) => ({
    dialect: "openai-chat",
    base_url: `${mock.url}/${name}`,
    keys: [{ name: "k", value: `${name}-secret`, ...limits }],
    models: ["m"],
    pricing: { "*": { input: 1, output: 1 } },
    concurrency: { limit: 4, queue: 100, queue_timeout_ms: 10_000 },
    network: { max_retries: 0 },
  });
  gateway = await startGateway({
    config: {
      version: 1,
      providers: { slow: place("slow"), quick: place("quick") },
      aliases: {
        both: {
          policy: "priority",
          targets: [
            { provider: "slow", model: "m" },
            { provider: "quick", model: "m" },
          ],
          hedging: { after: 50 },
        },
      },
      routing: { retry_budget: { share: 1, min_per_second: 100 } },
      governance: {
        virtual_keys: [
          {
            name: "caller",
            value: KEY,
            provider_configs: ["slow", "quick"].map((provider) => ({ provider, ...limits })),
            budgets: [{ limit_usd: 100, period: "1d" }],
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

async function metric(name: string, labels: string): Promise<number> {
  const text = await (await fetch(`${gateway.url}/metrics`)).text();
  const line = text.split("\n").find((each) => each.startsWith(`trunkline_${name}{${labels}}`));
  return Number(line?.split(" ").at(-1) ?? Number.NaN);
}

test("every call is answered, and nothing is held in the end", async () => {
  const { path, body } = ask("both", { stream: false, maxTokens: 50 });
  const headers = { authorization: `Bearer ${KEY}` };
  const send = (): Promise<Response> =>
    fetch(gateway.url + path, { method: "POST", body: JSON.stringify(body), headers });
  // The first few find room for their rivals, most of the others have to wait for their own.
  const few = await Promise.all(Array.from({ length: FEW }, send));
  const answers = [...few, ...(await Promise.all(Array.from({ length: CALLS - FEW }, send)))];
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: CALLS }, () => 200));
  for (const provider of ["slow", "quick"]) {
    const labels = `provider="${provider}"`;
    await until(async () => (await metric("provider_in_flight", labels)) === 0, `${provider} has room again`);
    expect(await metric("provider_waiting", labels)).toBe(0);
  }
  const records = await gateway.records(CALLS);
  expect(records).toHaveLength(CALLS);
  // A call that was made has one charge at the limit of its key, whether it won, lost or failed; no other has any.
  const made = records.flatMap(({ attempts }) => attempts).length;
  expect(made).toBeGreaterThan(CALLS);
  const charged = records
    .flatMap(({ charges }) => charges)
    .filter(({ counter }) => counter.includes("provider_key:"))
    .reduce((sum, { amount }) => sum + amount, 0);
  expect(charged).toBe(made);
  expect(records.every(({ warnings }) => warnings.every(({ code }) => code === "estimated"))).toBe(true);
}, 30_000);
