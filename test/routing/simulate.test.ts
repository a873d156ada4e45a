import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Decision } from "../../src/canonical/decision.ts";
import { ask, goodAnswer, startBench, type Bench } from "../faults/bench.ts";
import { startProbe } from "../security/probe.ts";

const KEY_A = "sk-tl-tenant-a-0123456789";
const KEY_B = "sk-tl-tenant-b-0123456789";
const MESSAGES = [{ role: "user", content: "Hello there" }];

let bench: Bench;
beforeAll(async () => {
  const target = { provider: "p-openai-chat", model: "m0" };
  bench = await startBench({
    config: {
      access: { require_virtual_key: true },
      aliases: {
        turns: {
          policy: "round_robin",
          targets: [
            { provider: "p-openai-chat", model: "declared" },
            { provider: "p-gemini", model: "declared" },
          ],
        },
        weighted: {
          targets: [
            { provider: "p-openai-chat", model: "declared", weight: 3 },
            { provider: "p-gemini", model: "declared", weight: 1 },
          ],
        },
      },
      routing: {
        rules: [
          { name: "secret of a", scope: "team:a", when: "true", targets: [target] },
          // On one day alone, so that what is really asked meets it at no hour.
          {
            name: "evening",
            when: 'now.getHours() >= 18 && now < timestamp("2026-11-02T00:00:00Z")',
            targets: [{ provider: "p-gemini", model: "declared" }],
          },
          {
            name: "header",
            when: 'headers["x-tier"] == "gold"',
            targets: [{ provider: "p-cohere", model: "declared" }],
          },
          { name: "dear", when: "params.x_list.all(a, params.x_list.all(b, a + b >= 0)) && false", targets: [target] },
        ],
      },
      governance: {
        teams: [{ name: "a" }, { name: "b" }],
        virtual_keys: [
          {
            name: "tenant-a",
            value: KEY_A,
            team: "a",
            provider_configs: GRANTS,
            budgets: [{ limit_usd: 0.15, period: "1d" }],
          },
          {
            name: "tenant-b",
            value: KEY_B,
            team: "b",
            provider_configs: GRANTS,
            rate_limits: [{ metric: "requests", limit: 1, window: "1Y" }],
          },
          { name: "narrow", value: `${KEY_B}-narrow`, provider_configs: [{ provider: "p-gemini" }] },
          { name: "gone", value: `${KEY_B}-gone`, expires_at: "2026-01-01T00:00:00Z", provider_configs: GRANTS },
        ],
      },
    },
  });
});
afterAll(() => bench.stop());

const GRANTS = ["p-openai-chat", "p-gemini", "p-cohere", "p-anthropic-messages"].map((provider) => ({ provider }));

interface Answer {
  status: number;
  json: Record<string, unknown> & { error?: { code: string; param?: string } | null };
}

async function post(body: unknown, token = bench.gateway.adminToken): Promise<Answer> {
  const response = await fetch(`${bench.gateway.url}/api/routing/simulate`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return { status: response.status, json: (await response.json()) as Answer["json"] };
}

async function decide(question: object): Promise<Decision> {
  const { status, json } = await post({ virtual_key: "tenant-b", time: "2026-11-01T10:00:00Z", ...question });
  expect({ status, json }).toMatchObject({ status: 200 });
  return json as unknown as Decision;
}

const chat = (model: string, more: object = {}) => ({ model, messages: MESSAGES, ...more });

describe("a decision", () => {
  test("says where, why, with which keys and at what cost", async () => {
    const decision = await decide({ request: chat("p-openai-chat/declared", { max_tokens: 100 }) });
    expect(decision).toMatchObject({
      status: 200,
      error: null,
      request: { operation: "chat", dialect: "openai-chat", model: "p-openai-chat/declared", virtual_key: "tenant-b" },
      estimate: { output_tokens: 100 },
      distribution: null,
    });
    expect(decision.estimate.input_tokens).toBeGreaterThan(0);
    expect(decision.targets).toMatchObject([
      {
        provider: "p-openai-chat",
        keys: [{ name: "main", resting: false }],
        left_out: null,
        price: { input: 1, output: 1 },
      },
    ]);
    expect(decision.targets[0]?.most_cost_usd).toBeCloseTo((decision.estimate.input_tokens + 100) / 1e6, 9);
    expect(decision.route?.rules.map(({ name, result }) => [name, result])).toEqual([
      ["evening", "no_match"],
      ["header", "no_match"],
      ["dear", "no_match"],
    ]);
  });

  test("goes by headers, and by the time that it is given", async () => {
    const request = chat("p-openai-chat/declared");
    const gold = await decide({ request, headers: { "X-Tier": "gold" } });
    expect(gold.targets).toMatchObject([{ provider: "p-cohere" }]);
    expect(gold.route?.chain).toEqual(["header"]);
    const evening = await decide({ request, time: "2026-11-01T19:00:00Z" });
    expect(evening.targets).toMatchObject([{ provider: "p-gemini" }]);
    expect(evening.request.time).toBe("2026-11-01T19:00:00.000Z");
  });

  test("of one tenant shows nothing of another's rules", async () => {
    const own = await decide({ request: chat("p-gemini/declared"), virtual_key: "tenant-a" });
    expect(own.route?.chain).toEqual(["secret of a"]);
    expect(JSON.stringify(await decide({ request: chat("p-gemini/declared") }))).not.toContain("secret of a");
  });

  test("of other dialects, by name and by path", async () => {
    const anthropic = { messages: MESSAGES, max_tokens: 10 };
    const model = "p-anthropic-messages/declared";
    const named = await decide({ body: { ...anthropic, model }, dialect: "anthropic-messages" });
    const byPath = await decide({ body: { ...anthropic, model }, path: "/v1/messages" });
    expect(byPath.request).toEqual(named.request);
    const contents = [{ role: "user", parts: [{ text: "Hi" }] }];
    const gemini = await decide({ body: { contents }, path: "/v1beta/models/p-gemini%2Fdeclared:generateContent" });
    expect(gemini.targets).toMatchObject([{ provider: "p-gemini", model: "declared" }]);
    expect((await decide({ body: { contents, model: "p-gemini/declared" }, dialect: "gemini" })).targets).toHaveLength(
      1,
    );
    const embeddings = await decide({
      request: { model: "p-openai-chat/declared", input: "x" },
      operation: "embeddings",
    });
    expect(embeddings.request).toMatchObject({ operation: "embeddings", dialect: "openai" });
  });

  test.each([
    ["nobody", { virtual_key: null }, 401, "unauthenticated"],
    ["an expired key", { virtual_key: "gone" }, 401, "unauthenticated"],
    ["a provider that is not granted", { virtual_key: "narrow" }, 403, "provider_not_allowed"],
    ["a model that nobody has", { request: chat("no-such-model") }, 404, "model_not_found"],
    ["a body that is none", { request: { model: "p-openai-chat/declared", messages: 7 } }, 400, "invalid_request"],
  ])("refusal: %s", async (_, question, status, code) => {
    const decision = await decide({ request: chat("p-openai-chat/declared"), ...question });
    expect(decision.status).toBe(status);
    expect(decision.error?.code).toBe(code as never);
  });

  test("more money than is left bounds the answer", async () => {
    const request = chat("weighted", { max_tokens: 900_000, n: 9 });
    const decision = await decide({ virtual_key: "tenant-a", request });
    expect(decision).toMatchObject({ status: 200, error: null, estimate: { output_tokens: 8_100_000 } });
    expect(decision.warnings).toMatchObject([{ code: "changed_field", field: "max_output_tokens" }]);
    expect(decision.limits).toMatchObject([{ scope: "virtual_key:tenant-a", metric: "usd", limit: 0.15, need: 0.15 }]);
  });
});

describe("nothing is changed", () => {
  test("no limit is used, no turn taken, no record written, nobody called", async () => {
    const before = bench.mock.requests.length;
    const request = chat("turns");
    const first = await decide({ request });
    for (let round = 0; round < 5; round += 1) {
      const again = await decide({ request, draws: 7 });
      expect(again.targets.map(({ provider }) => provider)).toEqual(first.targets.map(({ provider }) => provider));
      expect(again.limits).toEqual([expect.objectContaining({ metric: "requests", limit: 1, used: 0, need: 1 })]);
    }
    expect(bench.mock.requests.length).toBe(before);
    expect(await bench.gateway.records(0)).toEqual([]);
    const model = bench.model("openai-chat", goodAnswer("openai-chat", false));
    const real = await ask(bench, "openai-chat", model, { stream: false, key: KEY_B });
    expect(real.status).toBe(200);
    // The live count is seen: the year's only request is used up.
    const now = await post({ request, virtual_key: "tenant-b" });
    expect(now.json).toMatchObject({ status: 429, error: { code: "rate_limited" } });
    expect((now.json as unknown as Decision).route?.candidates.length).toBe(2);
  });
});

describe("draws", () => {
  test("follow the weights, and a seed repeats them", async () => {
    const question = {
      request: chat("weighted"),
      draws: 4000,
      seed: 5,
      virtual_key: "tenant-a",
      time: "2026-11-01T10:00:00Z",
    };
    const bare = { ...question, virtual_key: "narrow" };
    const narrow = await decide(bare);
    expect(narrow.distribution?.first).toMatchObject([{ provider: "p-gemini", share: 1 }]);
    const one = await decide({ ...question, virtual_key: "tenant-b" });
    expect(one.distribution).toEqual((await decide({ ...question, virtual_key: "tenant-b" })).distribution);
    expect(one.distribution?.draws).toBe(4000);
    const [first, second] = one.distribution?.first ?? [];
    expect(first).toMatchObject({ provider: "p-openai-chat" });
    expect(Math.abs((first?.share ?? 0) - 0.75)).toBeLessThan(0.03);
    expect((first?.count ?? 0) + (second?.count ?? 0)).toBe(4000);
    const turns = await decide({ request: chat("turns"), draws: 100 });
    expect(turns.distribution?.first.map(({ count }) => count)).toEqual([50, 50]);
  });

  test("ten thousand of a dear decision end in time, and hold up nobody", async () => {
    const probe = await startProbe(`${bench.gateway.url}/healthz`);
    const list = Array.from({ length: 300 }, (_, at) => at);
    const started = performance.now();
    const several = await Promise.all(
      [1, 2].map((seed) => decide({ request: chat("weighted", { x_list: list }), draws: 10_000, seed })),
    );
    const took = performance.now() - started;
    const { longest, failed } = await probe.stop();
    console.log(
      `  ${several.map(({ distribution }) => distribution?.draws).join(", ")} draws in ${took.toFixed(0)} ms, longest probe ${longest.toFixed(0)} ms`,
    );
    expect(failed).toBe(0);
    expect(several.every(({ distribution }) => (distribution?.draws ?? 0) > 0)).toBe(true);
  });
});

test("few draw at a time: the others are told to come again", async () => {
  const list = Array.from({ length: 300 }, (_, at) => at);
  const question = { request: chat("weighted", { x_list: list }), draws: 10_000, virtual_key: "tenant-a" };
  const answers = await Promise.all(Array.from({ length: 7 }, () => post(question)));
  const statuses = answers.map(({ status }) => status).toSorted((one, other) => one - other);
  expect(statuses[0]).toBe(200);
  expect(statuses.at(-1)).toBe(503);
  expect(new Set(statuses)).toEqual(new Set([200, 503]));
});

describe("questions that are none are refused with 400", () => {
  test.each([
    ["nothing", "", ""],
    ["no JSON", "{", ""],
    ["a list", "[]", ""],
    ["deep nesting", `{"request":${"[".repeat(5000)}${"]".repeat(5000)}}`, ""],
    ["no request", {}, "request"],
    ["two requests", { request: {}, body: {} }, "request"],
    ["a request that is no object", { request: [] }, "request"],
    ["an unknown field", { request: {}, models: 1 }, "models"],
    ["a prototype", '{"request":{},"__proto__":{"draws":3}}', "__proto__"],
    ["an unknown key", { request: chat("m"), virtual_key: "who" }, "virtual_key"],
    ["a key by its value", { request: chat("m"), virtual_key: KEY_A }, "virtual_key"],
    ["a key of another type", { request: chat("m"), virtual_key: 7 }, "virtual_key"],
    ["a time that is none", { request: chat("m"), time: "yesterday" }, "time"],
    ["a time of no calendar", { request: chat("m"), time: "2026-13-45T99:00:00Z" }, "time"],
    ["a time before time", { request: chat("m"), time: "0001-01-01" }, "time"],
    ["a number for a time", { request: chat("m"), time: 5 }, "time"],
    ["too many draws", { request: chat("m"), draws: 10_001 }, "draws"],
    ["half a draw", { request: chat("m"), draws: 0.5 }, "draws"],
    ["draws as text", { request: chat("m"), draws: "10" }, "draws"],
    ["a negative seed", { request: chat("m"), seed: -1 }, "seed"],
    ["another version", { request: chat("m"), snapshot: 4711 }, "snapshot"],
    ["headers that are a list", { request: chat("m"), headers: ["x"] }, "headers"],
    ["a header that is a number", { request: chat("m"), headers: { "x-a": 1 } }, "headers"],
    ["a header that breaks lines", { request: chat("m"), headers: { "x-a": "1\r\nx-b: 2" } }, "headers"],
    ["a header without a name", { request: chat("m"), headers: { "": "1" } }, "headers"],
    ["an operation that is none", { request: chat("m"), operation: "constructor" }, "operation"],
    ["an operation that is not routed", { request: chat("m"), operation: "passthrough" }, "operation"],
    ["a dialect that is none", { request: chat("m"), dialect: "__proto__" }, "dialect"],
    ["a path of nothing", { request: chat("m"), path: "/api/logs" }, "path"],
  ])("%s", async (_, question, param) => {
    const { status, json } = await post(question);
    expect({ status, param: json.error?.param ?? "" }).toEqual({ status: 400, param });
  });

  test("and with 413 when they are huge", async () => {
    const { status } = await post({ request: chat("m", { x: "y".repeat(9_000_000) }) });
    expect(status).toBe(413);
  });

  test("and with 401 without the admin token, virtual keys among what is none", async () => {
    for (const token of ["", "nonsense", KEY_A]) expect((await post({ request: chat("m") }, token)).status).toBe(401);
    const response = await fetch(`${bench.gateway.url}/api/routing/simulate`, {
      headers: { authorization: `Bearer ${bench.gateway.adminToken}` },
    });
    expect(response.status).toBe(405);
  });
});
