import { afterAll, beforeAll, expect, test } from "bun:test";
import { Database } from "bun:sqlite";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RequestRecord } from "../../src/canonical/record.ts";
import { startGateway, type Gateway } from "../gateway/start.ts";
import { startMockUpstream, type MockUpstream } from "../mock-upstream/server.ts";
import { configOf, goodAnswer, TEXT, until } from "./bench.ts";
import { WIRES } from "./wire.ts";

const ROUNDS = 50;
const CLIENTS = 8;
/** Longest life of a gateway after its first answer. */
const LIFE_MS = 300;
const KEY = "sk-tl-app-0123456789";

const wire = WIRES["openai-chat"];
let mock: MockUpstream;
let dir: string;
/** Ids of answers that a client read to their end. */
const complete = new Set<string>();

beforeAll(async () => {
  mock = await startMockUpstream((request) => goodAnswer("openai-chat", request.json["stream"] === true));
  dir = mkdtempSync(join(tmpdir(), "trunkline-kill-"));
  const virtualKey = {
    name: "app",
    value: KEY,
    provider_configs: [{ provider: "p-openai-chat" }],
    budgets: [{ limit_usd: 1000, period: "never" }],
    rate_limits: [{ metric: "tokens", limit: 1_000_000_000, window: "1Y" }],
  };
  const config = configOf(mock.url, [], { config: { governance: { virtual_keys: [virtualKey] } } });
  writeFileSync(join(dir, "trunkline.yaml"), JSON.stringify(config));
});
afterAll(async () => {
  await mock.stop();
  rmSync(dir, { recursive: true, force: true });
});

/** Asks on and on until the gateway is gone. */
async function client(gateway: Gateway, stream: boolean): Promise<void> {
  const { path, body } = wire.ask("p-openai-chat/m", { stream, maxTokens: 100, usage: true });
  const headers = { "content-type": "application/json", authorization: `Bearer ${KEY}` };
  for (;;) {
    try {
      const response = await fetch(gateway.url + path, { method: "POST", headers, body: JSON.stringify(body) });
      const text = await response.text();
      const isComplete = stream ? wire.readStream(text).hasMark : wire.readWhole(JSON.parse(text)) === TEXT;
      if (response.status === 200 && isComplete) complete.add(response.headers.get("x-trunkline-request-id") ?? "");
    } catch {
      return;
    }
  }
}

test(`what clients saw complete is recorded once, over ${ROUNDS} kills under load`, async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const gateway = await startGateway({ dir });
    const clients = Array.from({ length: CLIENTS }, (_, at) => client(gateway, at % 2 === 0));
    await Bun.sleep(Math.random() * LIFE_MS);
    gateway.kill("SIGKILL");
    await gateway.exited;
    await Promise.all(clients);
  }
  const last = await startGateway({ dir });
  const path = join(dir, "data", "trunkline.db");
  const records = await last.records(complete.size);
  const ids = records.map(({ id }) => id);
  expect(complete.size).toBeGreaterThan(ROUNDS);
  expect([...complete].filter((id) => !ids.includes(id))).toEqual([]);
  expect(new Set(ids).size).toBe(ids.length);
  // Doubles would show in the balances, where the charges of every record were added up.
  await until(
    () => balance(path, "usd:") === charged(records, "usd:"),
    "the budget's balance is what the records charged",
  );
  expect(balance(path, "tokens:")).toBe(charged(records, "tokens:"));
  last.kill("SIGKILL");
  await last.exited;
  const database = new Database(path);
  expect(database.query("PRAGMA integrity_check").all()).toEqual([{ integrity_check: "ok" }]);
  database.close();
  console.log(`${ROUNDS} kills: ${complete.size} answers complete, ${records.length} records`);
}, 240_000);

function balance(path: string, prefix: string): number {
  const database = new Database(path, { readonly: true });
  try {
    const row = database
      .query<{ sum: number }, [string]>("SELECT sum(amount) AS sum FROM ledger_balances WHERE counter LIKE ? || '%'")
      .get(prefix);
    return row?.sum ?? 0;
  } finally {
    database.close();
  }
}

function charged(records: readonly RequestRecord[], prefix: string): number {
  let sum = 0;
  for (const { charges } of records)
    for (const { counter, amount } of charges) if (counter.startsWith(prefix)) sum += amount;
  return sum;
}
