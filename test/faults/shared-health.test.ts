import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { startGateway, type Gateway } from "../gateway/start.ts";
import { jsonAnswer } from "../mock-upstream/answers.ts";
import { startMockUpstream, type MockUpstream } from "../mock-upstream/server.ts";
import { until } from "./bench.ts";
import { WIRES } from "./wire.ts";

const { ask, whole } = WIRES["openai-chat"];

let mock: MockUpstream;
let failing: MockUpstream;
let one: Gateway;
let other: Gateway;

/** Of two replicas only the first one's calls fail: to the second the target looks well until it hears of it. */
beforeAll(async () => {
  mock = await startMockUpstream(() => jsonAnswer(whole("Hello.")));
  failing = await startMockUpstream(() => jsonAnswer({ error: { message: "down", code: 500 } }, 500));
  one = await startGateway({ config: configFor(failing.url) });
  const store = { url: `sqlite:${join(one.dir, "data", "trunkline.db")}` };
  other = await startGateway({ config: { ...configFor(mock.url), store } });
});
afterAll(async () => {
  for (const each of [other, one, mock, failing]) await each.stop();
});

const configFor = (url: string): Record<string, unknown> => ({
  version: 1,
  providers: {
    shared: {
      dialect: "openai-chat",
      base_url: `${url}/v1`,
      keyless: true,
      models: ["m"],
      network: { max_retries: 0, backoff_initial_ms: 1 },
    },
  },
});

async function call({ url }: Gateway): Promise<number> {
  const { path, body } = ask("shared/m", { stream: false });
  return (await fetch(url + path, { method: "POST", body: JSON.stringify(body) })).status;
}

async function scoreAt({ url }: Gateway): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^trunkline_target_health_score\{target="shared\/m"\} (\S+)$/m.exec(text)?.[1] ?? Number.NaN);
}

test("a replica hears of the failures that another one sees, and goes on calling", async () => {
  expect(await call(other)).toBe(200);
  expect(await scoreAt(other)).toBe(1);
  for (let at = 0; at < 6; at += 1) await call(one);
  await until(async () => (await scoreAt(other)) < 0.5, "the score falls", 20);
  expect(await call(other)).toBe(200);
}, 40_000);
