import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { recordOf } from "../faults/bench.ts";
import { startGateway } from "../gateway/start.ts";
import { streamAnswer } from "../mock-upstream/answers.ts";
import { ask, failed, keyValue, startScene, TOKENS, wire, type Answer, type Scene } from "./scene.ts";

const NEVER = { period: "never" };
const YEAR = { window: "1Y" };
const grants = (a: object, b: object = {}) => [
  { provider: "a", ...a },
  { provider: "b", ...b },
];
const KEYS: Readonly<Record<string, object>> = {
  split: { provider_configs: grants({ weight: 9 }, { weight: 1 }) },
  last: { provider_configs: grants({ weight: 0 }, { weight: 1 }) },
  requests: { provider_configs: grants({ weight: 1, rate_limits: [{ metric: "requests", limit: 7, ...YEAR }] }) },
  tokens: { provider_configs: grants({ rate_limits: [{ metric: "tokens", limit: 400, ...YEAR }] }, { weight: 0 }) },
  money: { provider_configs: grants({ budgets: [{ limit_usd: 0.001, ...NEVER }] }, { weight: 0 }) },
  alone: { provider_configs: [{ provider: "a", budgets: [{ limit_usd: 0.0008, ...NEVER }] }] },
  streams: { provider_configs: [{ provider: "a", budgets: [{ limit_usd: 0.002, ...NEVER }] }] },
  short: { provider_configs: grants({ budgets: [{ limit_usd: 0.000_08, ...NEVER }] }, { weight: 0 }) },
  left: { provider_configs: [{ provider: "a", budgets: [{ limit_usd: 0.000_15, ...NEVER }] }] },
  failing: {
    provider_configs: [
      {
        provider: "sick",
        budgets: [{ limit_usd: 1, ...NEVER }],
        rate_limits: [{ metric: "requests", limit: 3, ...YEAR }],
      },
      { provider: "b", budgets: [{ limit_usd: 1, ...NEVER }] },
    ],
  },
  resting: { provider_configs: [{ provider: "limited", weight: 100 }, { provider: "b" }] },
  broken: {
    provider_configs: [
      { provider: "down", weight: 1000 },
      { provider: "b", weight: 1 },
    ],
  },
  profiled: { access_profile: "shared" },
  "profiled-2": { access_profile: "shared" },
};

let scene: Scene;
beforeAll(async () => {
  scene = await startScene({
    providers: ["a", "b", "sick", "limited", "down"],
    args: ["--threads", "2"],
    config: {
      governance: {
        access_profiles: [
          {
            name: "shared",
            provider_configs: [{ provider: "a", rate_limits: [{ metric: "requests", limit: 2, ...YEAR }] }],
          },
        ],
        virtual_keys: Object.entries(KEYS).map(([name, fields]) => ({ name, value: keyValue(name), ...fields })),
      },
    },
  });
});
afterAll(() => scene.stop());

const many = (count: number, model: string, key: string, fields = {}): Promise<Answer[]> =>
  Promise.all(Array.from({ length: count }, () => ask(scene.gateway, model, { key, ...fields })));
const by = (answers: readonly Answer[], name: string) => answers.filter((answer) => answer.by === name).length;

describe("weights", () => {
  test("split a bare model over the providers that the key may use", async () => {
    const answers = await many(400, "m", "split");
    expect(by(answers, "a") + by(answers, "b")).toBe(400);
    // Nine of ten, plus or minus six standard deviations.
    expect(by(answers, "a")).toBeGreaterThan(320);
    expect(by(answers, "b")).toBeGreaterThan(4);
  });

  test("of 0 make a fallback, and a provider that is named is the one", async () => {
    expect(by(await many(30, "m", "last"), "b")).toBe(30);
    expect(by(await many(5, "a/m", "last"), "a")).toBe(5);
  });

  test("count among those that can serve: one whose keys rest comes last", async () => {
    scene.answers.set("limited", () => failed(429, { "retry-after": "60" }));
    expect((await ask(scene.gateway, "limited/m", { key: "resting" })).status).toBe(429);
    const answers = await many(10, "m", "resting");
    expect(answers.map((answer) => [answer.by, answer.attempts])).toEqual(answers.map(() => ["b", 1]));
    expect(answers[0]?.route).toContain("target=limited/m: goes last, all its keys rest");
  });

  test("and one whose breaker is open, until it is probed", async () => {
    scene.answers.set("down", () => failed(500));
    for (let round = 0; round < 5; round += 1) await ask(scene.gateway, "down/m", { key: "broken" });
    const answers = await many(5, "m", "broken");
    expect(answers.every((answer) => answer.by === "b")).toBe(true);
    scene.answers.delete("down");
    let last = "";
    for (let round = 0; round < 400 && last !== "down"; round += 1) {
      last = (await ask(scene.gateway, "m", { key: "broken" })).by;
      await Bun.sleep(10);
    }
    expect(last).toBe("down");
  });
});

describe("rate limits of one provider", () => {
  test("are exact over threads; the other provider serves the rest", async () => {
    const answers = await many(60, "m", "requests");
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    const served = by(answers, "a");
    // Those that were drawn for the other one at first are none of the seven.
    expect(served).toBe(7);
    const late = await ask(scene.gateway, "m", { key: "requests" });
    expect(late.by).toBe("b");
    expect(late.route).toContain("a/m: ");
    expect(late.route).toContain("its limits for this virtual key are used up");
  });

  test("refuse with whose limit it is when nobody else may serve", async () => {
    const refused = await ask(scene.gateway, "a/m", { key: "requests" });
    expect(refused).toMatchObject({ status: 429, error: { code: "rate_limited" } });
    expect(refused.error.limit).toMatchObject({ scope: "virtual_key:requests/provider:a", limit: 7, used: 7 });
    expect(Date.parse(refused.error.limit?.reset_at ?? "")).toBeGreaterThan(Date.now());
    expect(Number(refused.retryAfter)).toBeGreaterThan(0);
  });

  test("of tokens are settled by what was used", async () => {
    const first = await ask(scene.gateway, "a/m", { key: "tokens", maxTokens: 300 });
    expect(first.status).toBe(200);
    const { charges } = await recordOf(scene.gateway, first.id);
    expect(charges).toMatchObject([{ counter: "tokens:virtual_key:tokens/provider:a:1Y", amount: TOKENS }]);
    expect(by(await many(1, "m", "tokens", { maxTokens: 390 }), "b")).toBe(1);
  });

  test("of an access profile are counted for each key by itself", async () => {
    const statuses = async (key: string) =>
      (await many(5, "m", key)).map(({ status }) => status).toSorted((one, other) => one - other);
    expect(await statuses("profiled")).toEqual([200, 200, 429, 429, 429]);
    expect(await statuses("profiled-2")).toEqual([200, 200, 429, 429, 429]);
  });

  test("hold for what passes through too", async () => {
    const send = async () => {
      const response = await fetch(`${scene.gateway.url}/passthrough/a/chat/completions`, {
        method: "POST",
        headers: { "content-type": "application/json", "x-trunkline-key": keyValue("requests") },
        body: JSON.stringify({ model: "m", messages: [{ role: "user", content: "hi" }] }),
      });
      await response.arrayBuffer();
      return response.status;
    };
    expect(await send()).toBe(429);
  });
});

/** Dollars that the records of these answers say. */
async function spent(answers: readonly Answer[]): Promise<number> {
  const records = await Promise.all(answers.map(({ id }) => recordOf(scene.gateway, id)));
  return records.reduce((sum, { cost_nano_usd: cost }) => sum + (cost ?? 0), 0) / 1e9;
}

describe("budgets of one provider", () => {
  test("are never overspent, whatever runs at once; the other provider serves the rest", async () => {
    const answers: Answer[] = [];
    for (let round = 0; round < 6; round += 1) answers.push(...(await many(25, "m", "money", { maxTokens: 100 })));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    const ours = answers.filter((answer) => answer.by === "a");
    const cost = await spent(ours);
    expect(cost).toBeCloseTo(ours.length * TOKENS * 1e-6, 9);
    expect(cost).toBeLessThanOrEqual(0.001);
    expect(cost).toBeGreaterThan(0.0005);
    expect(by(answers, "b")).toBe(answers.length - ours.length);
  });

  test("refuse with 402 when nobody else may serve, and keep their balance over a restart", async () => {
    const answers: Answer[] = [];
    for (let round = 0; round < 30; round += 1) answers.push(...(await many(4, "m", "alone", { maxTokens: 100 })));
    const good = answers.filter(({ status }) => status === 200);
    const cost = await spent(good);
    expect(cost).toBeLessThanOrEqual(0.0008);
    const refused = answers.filter(({ status }) => status !== 200);
    expect(refused.length).toBeGreaterThan(0);
    for (const { status, error } of refused) {
      expect([status, error.code]).toEqual([402, "budget_exceeded"]);
      expect(error.limit).toMatchObject({ scope: "virtual_key:alone/provider:a", limit: 0.0008, reset_at: null });
    }
    const { dir } = scene.gateway;
    scene.gateway.kill("SIGKILL");
    await scene.gateway.exited;
    scene.gateway = await startGateway({ dir, args: ["--threads", "2"] });
    const late = await ask(scene.gateway, "m", { key: "alone", maxTokens: 100 });
    const rest: Answer[] = [];
    for (let round = 0; round < 60; round += 1)
      rest.push(await ask(scene.gateway, "m", { key: "alone", maxTokens: 100 }));
    expect(rest.at(-1)?.status).toBe(402);
    const more = [late, ...rest].filter(({ status }) => status === 200);
    expect(cost + (await spent(more))).toBeLessThanOrEqual(0.0008 + 1e-12);
  }, 60_000);

  test("that do not hold the whole answer let others serve, and cut it short where there is no other", async () => {
    const answer = await ask(scene.gateway, "m", { key: "short", maxTokens: 100 });
    expect(answer).toMatchObject({ status: 200, by: "b", attempts: 1 });
    expect(answer.route).toContain("a/m: goes last, its budget for this virtual key does not hold the whole answer");
    const cut = await ask(scene.gateway, "a/m", { key: "short", maxTokens: 100 });
    expect(cut).toMatchObject({ status: 200, by: "a" });
    const { warnings } = await recordOf(scene.gateway, cut.id);
    expect(warnings).toMatchObject([{ code: "changed_field", field: "max_output_tokens" }]);
    const sent =
      scene.mock.requests.at(-1)?.json["max_tokens"] ?? scene.mock.requests.at(-1)?.json["max_completion_tokens"];
    expect(sent).toBeLessThan(70);
  });

  test("stand in what a simulation says of the limits", async () => {
    const { path, body } = wire.ask("m", { stream: false, maxTokens: 100 });
    const answer = await fetch(`${scene.gateway.url}/api/routing/simulate`, {
      method: "POST",
      headers: { authorization: `Bearer ${scene.gateway.adminToken}`, "content-type": "application/json" },
      body: JSON.stringify({ path, virtual_key: "short", request: body }),
    });
    const { limits } = (await answer.json()) as { limits: { scope: string; limit: number; need: number | null }[] };
    expect(limits).toMatchObject([{ scope: "virtual_key:short/provider:a", limit: 0.000_08, need: null }]);
  });

  test("are settled by what a stream cost", async () => {
    const answer = await ask(scene.gateway, "m", { key: "streams", maxTokens: 1000, stream: true });
    expect(answer).toMatchObject({ status: 200, by: "a" });
    const record = await recordOf(scene.gateway, answer.id);
    expect(record.charges).toMatchObject([
      { counter: "usd:virtual_key:streams/provider:a:never", amount: record.cost_nano_usd },
    ]);
    const statuses = (await many(3, "m", "streams", { maxTokens: 1000 })).map(({ status }) => status);
    expect(statuses).toContain(200);
  });

  test("are given back by a client that goes away", async () => {
    scene.answers.set("a", () => [...streamAnswer(wire.events(["a"], wire.usage)).slice(0, 3), { stall: true }]);
    const controller = new AbortController();
    const { path, body } = wire.ask("m", { stream: true, maxTokens: 100 });
    const response = await fetch(scene.gateway.url + path, {
      method: "POST",
      headers: { "content-type": "application/json", "x-trunkline-key": keyValue("left") },
      body: JSON.stringify(body),
      signal: controller.signal,
    });
    await response.body?.getReader().read();
    scene.answers.delete("a");
    // The worst case is held as long as the stream goes on.
    const early = await ask(scene.gateway, "m", { key: "left", maxTokens: 100 });
    expect(early).toMatchObject({ status: 402, error: { limit: { scope: "virtual_key:left/provider:a" } } });
    controller.abort();
    const { charges } = await recordOf(scene.gateway, response.headers.get("x-trunkline-request-id") ?? "");
    expect(charges).toHaveLength(1);
    expect(charges[0]?.amount).toBeLessThan(100_000);
    expect((await ask(scene.gateway, "m", { key: "left", maxTokens: 50 })).status).toBe(200);
  });

  test("of a target that failed get their money back, and count the request", async () => {
    scene.answers.set("sick", () => failed(500));
    const answers: Answer[] = [];
    for (let round = 0; round < 30; round += 1) answers.push(await ask(scene.gateway, "m", { key: "failing" }));
    expect(answers.every((answer) => answer.by === "b")).toBe(true);
    const two = answers.filter(({ attempts }) => attempts === 2);
    expect(two.length).toBeGreaterThan(0);
    expect(two.length).toBeLessThanOrEqual(3);
    const record = await recordOf(scene.gateway, two[0]?.id ?? "");
    expect(record.charges.map(({ counter, amount }) => [counter, amount])).toEqual([
      ["requests:virtual_key:failing/provider:sick:1Y", 1],
      ["usd:virtual_key:failing/provider:b:never", record.cost_nano_usd ?? -1],
    ]);
  });
});
