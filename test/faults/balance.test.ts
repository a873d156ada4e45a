import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { startGateway, type Gateway } from "../gateway/start.ts";
import { jsonAnswer } from "../mock-upstream/answers.ts";
import { startMockUpstream, type MockUpstream, type Step } from "../mock-upstream/server.ts";
import { recordOf } from "./bench.ts";
import { WIRES } from "./wire.ts";

const wire = WIRES["openai-chat"];
const good = (text: string): Step[] => jsonAnswer(wire.whole(text, wire.usage));
const failed = (status: number, headers: Record<string, string> = {}): Step[] =>
  jsonAnswer(wire.errorBody(status, "no"), status, headers);

let mock: MockUpstream;
let gateway: Gateway;
const answers = new Map<string, () => Step[]>();
const heard = new Map<string, number>();

/** A test takes two providers of its own, behind an alias with the policy that it is about. */
const PAIRS: Readonly<Record<string, string>> = {
  down: "priority",
  turns: "round_robin",
  both: "round_robin",
  alone: "priority",
  flapping: "adaptive",
  limited: "priority",
  sessions: "consistent_hash",
  slow: "lowest_latency",
  cost: "cheapest",
  watched: "priority",
  quota: "adaptive",
};

beforeAll(async () => {
  mock = await startMockUpstream((request) => {
    const name = request.path.split("/")[1] ?? "";
    heard.set(name, (heard.get(name) ?? 0) + 1);
    return answers.get(name)?.() ?? good(name);
  });
  const network = { max_retries: 0, first_byte_timeout_ms: 3000, connect_timeout_ms: 1000 };
  const provider = (name: string, price: number): [string, object] => [
    name,
    {
      dialect: "openai-chat",
      base_url: `${mock.url}/${name}`,
      keys: [{ name: "main", value: "secret" }],
      models: ["m"],
      pricing: { "*": { input: price, output: price } },
      network,
    },
  ];
  const names = Object.keys(PAIRS);
  const targets = (name: string): object[] => [1, 2].map((at) => ({ provider: `${name}-${at}`, model: "m" }));
  gateway = await startGateway({
    config: {
      version: 1,
      access: { require_virtual_key: false },
      providers: Object.fromEntries(names.flatMap((name) => [provider(`${name}-1`, 9), provider(`${name}-2`, 1)])),
      aliases: Object.fromEntries(names.map((name) => [name, { targets: targets(name), policy: PAIRS[name] }])),
      routing: {
        rules: [
          {
            name: "spare the sick",
            when: 'model == "by-rule" && health["watched-1/m"] < 0.5',
            targets: [{ provider: "watched-2", model: "m" }],
          },
          { name: "else", priority: 1, when: 'model == "by-rule"', targets: [{ provider: "watched-1", model: "m" }] },
        ],
      },
    },
  });
});
afterAll(async () => {
  await gateway.stop();
  await mock.stop();
});

async function ask(model: string, more: Record<string, unknown> = {}, headers: Record<string, string> = {}) {
  const { path, body } = wire.ask(model, { stream: false, more });
  const response = await fetch(gateway.url + path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  const json = JSON.parse(await response.text());
  const id = response.headers.get("x-trunkline-request-id") ?? "";
  return {
    status: response.status,
    by: response.status === 200 ? wire.readWhole(json) : "",
    code: json.error?.code,
    attempts: Number(response.headers.get("x-trunkline-attempts")),
    id,
  };
}

async function metric(name: string, target: string): Promise<number | null> {
  const text = await (await fetch(`${gateway.url}/metrics`)).text();
  const line = text.split("\n").find((each) => each.startsWith(`trunkline_target_${name}{target="${target}"}`));
  return line === undefined ? null : Number(line.split(" ").at(-1));
}

/** Lets a provider fail until its breaker is open. */
async function breakDown(provider: string): Promise<void> {
  answers.set(provider, () => failed(500));
  for (let round = 0; round < 5; round += 1) await ask(`${provider}/m`);
  expect(await metric("breaker_open", `${provider}/m`)).toBe(1);
}

test("a target that is down goes last, and comes back after a probe", async () => {
  await breakDown("down-1");
  // On a slow machine a probe may already be due: then the next request finds the breaker open for longer.
  let answer = await ask("down");
  for (let round = 0; round < 5 && answer.attempts > 1; round += 1) answer = await ask("down");
  expect(answer).toMatchObject({ status: 200, by: "down-2", attempts: 1 });
  expect((await recordOf(gateway, answer.id)).trace).toContainEqual({
    step: "target",
    result: "breaker_open",
    target: { provider: "down-1", model: "m" },
  });
  expect(await metric("health_score", "down-1/m")).toBe(0);
  expect(await metric("breaker_opened_total", "down-1/m")).toBeGreaterThan(0);
  answers.delete("down-1");
  // The pause is a second or two; until then the other one answers.
  let by = "";
  for (let round = 0; round < 400 && by !== "down-1"; round += 1) {
    ({ by } = await ask("down"));
    await Bun.sleep(10);
  }
  expect(by).toBe("down-1");
  expect(await metric("breaker_open", "down-1/m")).toBe(0);
  expect(await metric("breaker_closed_total", "down-1/m")).toBe(1);
});

test("with all targets down each is still tried, and the first success is served", async () => {
  await breakDown("both-1");
  await breakDown("both-2");
  const refused = await ask("both");
  expect(refused).toMatchObject({ status: 502, attempts: 2 });
  answers.delete("both-2");
  expect(await ask("both")).toMatchObject({ status: 200, by: "both-2" });
  expect(await metric("breaker_open", "both-2/m")).toBe(0);
});

test("a target that is alone is called whatever its breaker says", async () => {
  await breakDown("alone-1");
  expect(await ask("alone-1/m")).toMatchObject({ status: 502, attempts: 1 });
  answers.delete("alone-1");
  expect(await ask("alone-1/m")).toMatchObject({ status: 200, by: "alone-1" });
  expect(await metric("breaker_open", "alone-1/m")).toBe(0);
});

test("while one target flaps every request is answered", async () => {
  let calls = 0;
  answers.set("flapping-1", () => {
    calls += 1;
    return calls % 20 < 10 ? failed(503) : good("flapping-1");
  });
  const seen = await Promise.all(Array.from({ length: 200 }, () => ask("flapping")));
  expect(seen.filter(({ status }) => status !== 200)).toEqual([]);
  expect(calls).toBeGreaterThan(0);
  expect(calls).toBeLessThan(200);
  expect(await metric("in_flight", "flapping-1/m")).toBe(0);
  expect(await metric("in_flight", "flapping-2/m")).toBe(0);
});

test("a target whose keys all rest goes last, without its breaker", async () => {
  answers.set("limited-1", () => failed(429, { "retry-after": "60" }));
  expect(await ask("limited")).toMatchObject({ by: "limited-2", attempts: 2 });
  for (let round = 0; round < 10; round += 1)
    expect(await ask("limited")).toMatchObject({ by: "limited-2", attempts: 1 });
  expect(heard.get("limited-1")).toBe(1);
  expect(await metric("breaker_open", "limited-1/m")).toBe(0);
  expect(await metric("quota_refusals_total", "limited-1/m")).toBe(1);
  expect(await metric("headroom_ratio", "limited-1/m")).toBe(0);
});

describe("policies", () => {
  test("round_robin counts over all threads", async () => {
    const seen: string[] = [];
    for (let round = 0; round < 20; round += 1) seen.push((await ask("turns")).by);
    expect(seen.filter((by) => by === "turns-1")).toHaveLength(10);
    expect(seen.slice(0, -1).every((by, at) => by !== seen[at + 1])).toBe(true);
  });

  test("consistent_hash keeps a session at its target", async () => {
    const of = async (session: string) => (await ask("sessions", {}, { "x-session-id": session })).by;
    const all = await Promise.all(Array.from({ length: 40 }, (_, at) => of(String(at))));
    expect(new Set(all).size).toBe(2);
    for (let round = 0; round < 5; round += 1) expect(await of("7")).toBe(all[7] ?? "");
  });

  test("lowest_latency and a request's own sort go by what was measured", async () => {
    answers.set("slow-1", () => [{ wait: 300 }, ...good("slow-1")]);
    for (const name of ["slow-1/m", "slow-2/m"]) await ask(name);
    const seen = [];
    for (let round = 0; round < 20; round += 1) seen.push((await ask("slow")).by);
    expect(seen.filter((by) => by === "slow-2").length).toBeGreaterThan(15);
    const fastest = await ask("m", { provider: { only: ["slow-1", "slow-2"], sort: "latency" } });
    expect(fastest.by).toBe("slow-2");
  });

  test("cheapest goes by prices", async () => {
    for (let round = 0; round < 5; round += 1) expect((await ask("cost")).by).toBe("cost-2");
  });
});

test("a quota that is nearly used up is seen in the headers of an answer", async () => {
  const headers = {
    "x-ratelimit-limit-tokens": "1000",
    "x-ratelimit-remaining-tokens": "10",
    "x-ratelimit-reset-tokens": "6m0s",
  };
  answers.set("quota-1", () => jsonAnswer(wire.whole("quota-1", wire.usage), 200, headers));
  await ask("quota-1/m");
  expect(await metric("headroom_ratio", "quota-1/m")).toBe(0.01);
  expect(await metric("health_score", "quota-1/m")).toBeCloseTo(0.05, 5);
});

test("rules see the health of targets", async () => {
  expect((await ask("by-rule")).by).toBe("watched-1");
  await breakDown("watched-1");
  expect((await ask("by-rule")).by).toBe("watched-2");
});
