import { afterAll, beforeAll, expect, test } from "bun:test";
import { startGateway, type Gateway } from "../gateway/start.ts";
import { jsonAnswer } from "../mock-upstream/answers.ts";
import { startMockUpstream, type MockUpstream } from "../mock-upstream/server.ts";
import { until } from "./bench.ts";
import { WIRES } from "./wire.ts";

const wire = WIRES["openai-chat"];
const MOST = 10;
const DEADLINE_MS = 1500;

let mock: MockUpstream;
let gateway: Gateway;
let waiting: (() => void)[] = [];

beforeAll(async () => {
  mock = await startMockUpstream(async () => {
    await new Promise<void>((resolve) => void waiting.push(resolve));
    return jsonAnswer(wire.whole("ok", wire.usage));
  });
  const provider = {
    dialect: "openai-chat",
    base_url: mock.url,
    keys: [{ name: "main", value: "secret" }],
    models: ["m"],
    network: { max_retries: 0 },
  };
  gateway = await startGateway({
    config: {
      version: 1,
      server: { max_in_flight: MOST, request_timeout_ms: DEADLINE_MS },
      access: { require_virtual_key: false },
      providers: {
        free: provider,
        tight: { ...provider, concurrency: { limit: 1, queue: 5, queue_timeout_ms: 60_000 } },
      },
    },
  });
});
afterAll(async () => {
  await gateway.stop();
  await mock.stop();
});

async function ask(model: string, priority = "normal") {
  const { path, body } = wire.ask(model, { stream: false });
  const response = await fetch(gateway.url + path, {
    method: "POST",
    headers: { "content-type": "application/json", connection: "close", "x-trunkline-priority": priority },
    body: JSON.stringify(body),
  });
  const { error } = (await response.json()) as { error?: { code: string } };
  return { status: response.status, code: error?.code, retryAfter: response.headers.get("retry-after") };
}

async function metric(name: string): Promise<number> {
  const text = await (await fetch(`${gateway.url}/metrics`)).text();
  const line = text
    .split("\n")
    .find((each) => each.startsWith(`trunkline_${name} `) || each.startsWith(`trunkline_${name}{`));
  return Number(line?.split(" ").at(-1));
}

function answerAll(): void {
  for (const answer of waiting) answer();
  waiting = [];
}

test("more requests than the process is to have are refused, those of low priority a fifth earlier", async () => {
  const low = Array.from({ length: 8 }, () => ask("free/m", "low"));
  await until(() => waiting.length === 8, "eight are under way");
  expect(await ask("free/m", "low")).toEqual({ status: 503, code: "overloaded", retryAfter: "1" });
  const normal = [ask("free/m"), ask("free/m")];
  await until(() => waiting.length === MOST, "ten are under way");
  expect(await metric("in_flight")).toBe(MOST);
  expect((await ask("free/m")).code).toBe("overloaded");
  expect(mock.requests).toHaveLength(MOST);
  answerAll();
  expect((await Promise.all([...low, ...normal])).map(({ status }) => status)).toEqual(
    Array.from({ length: 10 }, () => 200),
  );
  expect(await metric("in_flight")).toBe(0);
});

test("a body that nobody reads does not keep who was refused waiting", async () => {
  const held = Array.from({ length: MOST }, () => ask("free/m"));
  await until(() => waiting.length === MOST, "ten are under way");
  const body = new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode('{"model":')) });
  const response = await fetch(`${gateway.url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  });
  expect(response.status).toBe(503);
  answerAll();
  await Promise.all(held);
});

test("the deadline of a request ends its waiting", async () => {
  const first = ask("tight/m");
  await until(() => waiting.length === 1, "the first is under way");
  expect(await ask("tight/m")).toMatchObject({ status: 504, code: "deadline_exceeded" });
  expect((await first).status).toBe(504);
  expect([await metric("provider_waiting"), await metric("provider_in_flight"), await metric("in_flight")]).toEqual([
    0, 0, 0,
  ]);
  answerAll();
});
