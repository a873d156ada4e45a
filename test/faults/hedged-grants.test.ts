import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import type { RequestRecord } from "../../src/canonical/record.ts";
import { startGateway, type Gateway } from "../gateway/start.ts";
import { chunk, jsonAnswer, STREAM_HEAD, streamAnswer } from "../mock-upstream/answers.ts";
import { startMockUpstream, type MockRequest, type MockUpstream, type Step } from "../mock-upstream/server.ts";
import { recordOf, until } from "./bench.ts";
import { good, late } from "./hedging-scene.ts";
import { WIRES } from "./wire.ts";

const wire = WIRES["openai-chat"];
const claude = WIRES["anthropic-messages"];

let mock: MockUpstream;
let gateway: Gateway;
const scripts = new Map<string, Step[]>();
const seen: { provider: string; key: string; body: Record<string, unknown> }[] = [];

function serve({ path, headers, body }: MockRequest): Step[] {
  const provider = path.split("/")[1] ?? "";
  const key = headers["authorization"]?.split(" ")[1] ?? "";
  seen.push({ provider, key, body: JSON.parse(body) as Record<string, unknown> });
  return scripts.get(`${provider}#${key}`) ?? scripts.get(provider) ?? good(provider);
}

const money = (limit_usd: number) => ({ budgets: [{ limit_usd, period: "never" }] });
const requests = { rate_limits: [{ metric: "requests", limit: 100, window: "1Y" }] };
const GRANTS: Readonly<Record<string, [slow: object, quick: object]>> = {
  paying: [money(1), money(1)],
  "short-both": [money(0.000_2), money(0.000_4)],
  "short-quick": [{}, money(0.000_2)],
  counted: [requests, requests],
};

function place(name: string, more: object = {}): [string, object] {
  const base = { dialect: "openai-chat", base_url: `${mock.url}/${name}`, models: ["m"] };
  const keys = [{ name: "k", value: `${name}-secret` }];
  return [name, { ...base, keys, pricing: { "*": { input: 1, output: 1 } }, network: { max_retries: 0 }, ...more }];
}

function configOf(): object {
  const chain = (...targets: object[]) => ({ policy: "priority", targets, hedging: { after: 60 } });
  const at = (provider: string, more: object = {}) => ({ provider, model: "m", ...more });
  const patient = { max_retries: 2, backoff_initial_ms: 60_000, backoff_max_ms: 60_000 };
  return {
    version: 1,
    providers: Object.fromEntries([
      place("slow"),
      place("quick"),
      place("told", { dialect: "anthropic-messages" }),
      place("sick", { network: patient }),
      place("twin", {
        keys: [
          { name: "a", value: "a" },
          { name: "b", value: "b", weight: 0, concurrency: { limit: 1 } },
        ],
      }),
    ]),
    aliases: {
      both: chain(at("slow"), at("quick")),
      lost: chain(at("told"), at("quick")),
      broken: chain(at("slow"), at("sick")),
      twins: chain(at("twin")),
      second: { targets: [at("twin", { key: "b" })] },
    },
    routing: { retry_budget: { share: 1, min_per_second: 100 } },
    governance: {
      virtual_keys: Object.entries(GRANTS).map(([name, [slow, quick]]) => ({
        name,
        value: `sk-tl-${name}`,
        provider_configs: [
          { provider: "slow", ...slow },
          { provider: "told", ...slow },
          { provider: "quick", ...quick },
          { provider: "sick", ...quick },
          { provider: "twin" },
        ],
      })),
    },
  };
}

beforeAll(async () => {
  mock = await startMockUpstream(serve);
  gateway = await startGateway({ config: configOf(), args: ["--threads", "1"] });
});
afterAll(async () => {
  await gateway.stop();
  await mock.stop();
});
beforeEach(() => {
  scripts.clear();
  seen.length = 0;
});

interface AskOptions {
  stream?: boolean;
  headers?: Record<string, string>;
}

async function ask(model: string, key: string, { stream = false, headers = {} }: AskOptions = {}) {
  const { path, body } = wire.ask(model, { stream, maxTokens: 10_000 });
  const response = await fetch(gateway.url + path, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer sk-tl-${key}`, ...headers },
    body: JSON.stringify(body),
  });
  await response.text();
  const record = await recordOf(gateway, response.headers.get("x-trunkline-request-id") ?? "");
  return { status: response.status, record };
}

/** What was charged to the limits for a provider. */
function chargedFor({ charges }: RequestRecord, provider: string): number[] {
  return charges.filter(({ counter }) => counter.includes(provider)).map(({ amount }) => amount);
}

const cappedIn = ({ warnings }: RequestRecord): boolean => warnings.some(({ field }) => field === "max_output_tokens");

describe("limits of a caller for each provider, with attempts against each other", () => {
  test("pay for what was used at their own provider, also by the one that lost", async () => {
    const start = claude.events(["x"], claude.usage)[0] ?? "";
    scripts.set("told", [{ write: STREAM_HEAD }, chunk(start), { stall: true }]);
    scripts.set("quick", streamAnswer(wire.events(["rival"], wire.usage)));
    const { record } = await ask("lost", "paying", { stream: true });
    const lost = record.attempts.find(({ code }) => code === "hedge_lost")?.cost_nano_usd ?? 0;
    expect(lost).toBeGreaterThan(0);
    expect(chargedFor(record, "told")).toEqual([lost]);
    expect(chargedFor(record, "quick")).toEqual([(record.cost_nano_usd ?? 0) - lost]);
  });

  test("cut the answers of their own provider only", async () => {
    scripts.set("slow", late(300, good("slow")));
    const { record } = await ask("both", "short-both");
    expect(record.provider).toBe("quick");
    const [slow, quick] = seen.map(({ body }) => Number(body["max_tokens"]));
    expect(slow).toBeLessThan(200);
    expect(quick).toBeGreaterThan(300);
  });

  test("say so when they cut the answer of the one that won", async () => {
    scripts.set("slow", late(300, good("slow")));
    const { record } = await ask("both", "short-quick");
    expect(record.provider).toBe("quick");
    expect(seen.map(({ body }) => body["max_tokens"] === 10_000)).toEqual([true, false]);
    expect(cappedIn(record)).toBe(true);
  });

  test("are given back by one that ended without an answer while another went on", async () => {
    scripts.set("slow", late(400, good("slow")));
    scripts.set("sick", jsonAnswer(wire.errorBody(503, "no"), 503));
    const { status, record } = await ask("broken", "paying", { headers: { "x-trunkline-timeout-ms": "5000" } });
    expect([status, record.provider]).toEqual([200, "slow"]);
    expect(record.attempts.map(({ provider }) => provider).toSorted()).toEqual(["sick", "slow"]);
    expect(chargedFor(record, "slow")).toEqual([record.cost_nano_usd ?? 0]);
    expect(chargedFor(record, "sick")).toEqual([]);
  });

  test("count a request only where a call was made", async () => {
    scripts.set("slow", late(300, good("slow")));
    const { record } = await ask("both", "counted");
    expect([chargedFor(record, "slow"), chargedFor(record, "quick")]).toEqual([[1], [1]]);
  });
});

test("a target under way is not called again because its other key has no room", async () => {
  scripts.set("twin#b", late(800, good("b")));
  scripts.set("twin#a", late(300, jsonAnswer(wire.errorBody(500, "no"), 500)));
  const other = ask("second", "paying");
  await until(() => seen.length === 1, "the other key is taken");
  const { status, record } = await ask("twins", "paying");
  expect([status, record.attempts.map(({ key }) => key)]).toEqual([502, ["a"]]);
  expect((await other).status).toBe(200);
});
