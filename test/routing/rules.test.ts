import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import {
  ask as askDialect,
  DIALECT_NAMES,
  goodAnswer,
  recordOf,
  startBench,
  until,
  type Bench,
} from "../faults/bench.ts";
import { startGateway } from "../gateway/start.ts";
import { ask, failed, keyValue, metric, startScene, type Scene } from "./scene.ts";

const to = (provider: string, model = "m") => [{ provider, model }];
const team = (name: string) => ({ when: `team.name == "${name}"` });

const RULES = [
  { name: "to two", when: 'model == "loop"', targets: to("a", "loop-2"), chain_rule: true },
  { name: "back to one", when: 'model == "loop-2"', targets: to("b", "loop"), chain_rule: true },
  { name: "spend skipped", when: 'headers["x-kind"] == "skip" && 100 / int(headers["x-part"]) > 1', targets: to("b") },
  {
    name: "spend refused",
    when: 'headers["x-kind"] == "refuse" && 100 / int(headers["x-part"]) > 1',
    targets: to("b"),
    on_error: "refuse",
  },
  { name: "gold", when: 'headers["x-tier"] == "gold"', targets: to("b"), on_error: "refuse" },
  { name: "trial", shadow: true, when: 'headers["x-trial"] == "yes"', refuse: { message: "not in production" } },
  { name: "broken trial", shadow: true, when: 'headers["x-trial"] == "yes" && 1 / 0 == 1', targets: to("b") },
  { name: "over", when: 'headers["x-old"] == "yes"', targets: to("b"), valid_until: "2001-01-01" },
  { name: "not yet", when: 'headers["x-old"] == "yes"', targets: to("b"), valid_from: "2098-01-01T00:00:00+02:00" },
  { name: "in force", when: 'headers["x-new"] == "yes"', targets: to("b"), valid_from: "2001-01-01" },
  { name: "eu", ...team("eu"), targets: to("eu-1"), fallbacks: ["eu-2/m"], confine: true, priority: -10 },
  {
    name: "eu models only",
    scope: "team:strict",
    when: 'provider != "eu-1"',
    refuse: { message: "data of this team stays in the EU: ask for a model of eu-1", status: 451 },
  },
];

let scene: Scene;
beforeAll(async () => {
  scene = await startScene({
    providers: ["a", "b", "eu-1", "eu-2"],
    config: {
      routing: { fallbacks: ["b/m"], rules: RULES },
      governance: {
        customers: [{ name: "acme", aliases: { house: { targets: to("b"), hide_targets: true } } }],
        teams: [{ name: "eu" }, { name: "strict" }, { name: "shop", customer: "acme" }],
        virtual_keys: ["eu", "strict", "shop"].map((name) => ({
          name,
          value: keyValue(name),
          team: name,
          provider_configs: ["a", "b", "eu-1", "eu-2"].map((provider) => ({ provider })),
        })),
      },
    },
  });
});
afterAll(() => scene.stop());

const get = (model: string, fields = {}) => ask(scene.gateway, model, fields);

/** Metrics follow the records. */
async function counted(sample: string, atLeast: number): Promise<void> {
  await until(async () => (await metric(scene.gateway, sample)) >= atLeast, `${sample} of ${atLeast}`);
}

describe("chains", () => {
  test("that loop end, with the last rule that held, and are counted", async () => {
    const answer = await get("loop");
    expect(answer).toMatchObject({ status: 200, by: "b" });
    expect(answer.route).toContain("rule=to two: chain comes back to it, stopped");
    const { rule_faults: faults, model } = await recordOf(scene.gateway, answer.id);
    expect(model).toBe("loop");
    expect(faults).toEqual([{ rule: "to two", scope: "global", kind: "loop" }]);
    await counted('trunkline_rule_chain_stops_total{rule="to two",scope="global",reason="loop"}', 1);
  });
});

describe("a condition that divides by zero", () => {
  const zero = (kind: string) => ({ headers: { "x-kind": kind, "x-part": "0" } });

  test("is skipped, traced and counted", async () => {
    const answer = await get("a/m", zero("skip"));
    expect(answer).toMatchObject({ status: 200, by: "a" });
    expect(answer.route).toContain("rule=spend skipped: error, no match: division by zero");
    await counted('trunkline_rule_errors_total{rule="spend skipped",scope="global"}', 1);
  });

  test("refuses where the rule says so, traced and counted", async () => {
    const before = scene.mock.requests.length;
    const answer = await get("a/m", zero("refuse"));
    expect(answer).toMatchObject({ status: 503, error: { code: "rule_failed" } });
    expect(answer.error.message).toContain('"spend refused"');
    expect(scene.mock.requests.length).toBe(before);
    const record = await recordOf(scene.gateway, answer.id);
    expect(record).toMatchObject({ error_code: "rule_failed", outcome: "internal_error", attempts: [] });
    await counted('trunkline_rule_errors_total{rule="spend refused",scope="global"}', 1);
  });

  test("that can be evaluated works", async () => {
    expect((await get("a/m", { headers: { "x-kind": "refuse", "x-part": "5" } })).by).toBe("b");
  });

  test("a header that is not there is no error", async () => {
    const answer = await get("a/m");
    expect(answer).toMatchObject({ status: 200, by: "a", route: "" });
    expect((await recordOf(scene.gateway, answer.id)).rule_faults).toBeUndefined();
    expect((await get("a/m", { headers: { "x-tier": "gold" } })).by).toBe("b");
  });
});

describe("shadow rules and windows", () => {
  test("a shadow rule changes nothing but the trace, even one that fails", async () => {
    const answer = await get("a/m", { headers: { "x-trial": "yes" } });
    expect(answer).toMatchObject({ status: 200, by: "a" });
    expect(answer.route).toBe("rule=trial: would match; rule=broken trial: error, no match: division by zero");
    await counted('trunkline_rule_errors_total{rule="broken trial",scope="global"}', 1);
  });

  test("rules are looked at within their window", async () => {
    expect((await get("a/m", { headers: { "x-old": "yes" } })).by).toBe("a");
    expect((await get("a/m", { headers: { "x-new": "yes" } })).by).toBe("b");
  });
});

describe("residency", () => {
  test("a confining rule holds for the request's fallbacks and the default ones", async () => {
    const more = { fallbacks: ["a/m"], models: ["a/m"] };
    const well = await get("a/m", { key: "eu", more });
    expect(well).toMatchObject({ status: 200, by: "eu-1" });
    expect(well.route).toContain("confined=eu: fallbacks of the request are ignored");
    scene.answers.set("eu-1", () => failed(500));
    expect(await get("a/m", { key: "eu", more })).toMatchObject({ status: 200, by: "eu-2", attempts: 2 });
    scene.answers.set("eu-2", () => failed(500));
    const before = scene.mock.requests.length;
    for (const fields of [{ more }, {}, { headers: { "x-portkey-config": "{}" } }])
      expect((await get("a/m", { key: "eu", ...fields })).status).toBe(502);
    const asked = scene.mock.requests.slice(before).map(({ path }) => path.split("/")[1]);
    expect(asked.filter((name) => name !== "eu-1" && name !== "eu-2")).toEqual([]);
    scene.answers.clear();
  });

  test("a refusing rule says why, names itself and calls nobody", async () => {
    const before = scene.mock.requests.length;
    const refused = await get("a/m", { key: "strict", more: { fallbacks: ["eu-1/m"] } });
    expect(refused).toMatchObject({ status: 451, route: "rule=eu models only", error: { code: "refused_by_rule" } });
    expect(refused.error.message).toBe(
      'data of this team stays in the EU: ask for a model of eu-1 (rule "eu models only")',
    );
    expect(scene.mock.requests.length).toBe(before);
    expect(await recordOf(scene.gateway, refused.id)).toMatchObject({ outcome: "forbidden", status: 451 });
    expect((await get("eu-1/m", { key: "strict" })).by).toBe("eu-1");
  });
});

describe("aliases of customers", () => {
  const list = async (key: string): Promise<string[]> => {
    const response = await fetch(`${scene.gateway.url}/v1/models`, { headers: { "x-trunkline-key": keyValue(key) } });
    return ((await response.json()) as { data: { id: string }[] }).data.map(({ id }) => id);
  };

  test("are seen by its teams' keys alone, and what they hide is neither listed nor found", async () => {
    expect((await get("house", { key: "shop" })).by).toBe("b");
    expect(await list("shop")).toEqual(["house", "a/m", "eu-1/m", "eu-2/m"]);
    expect(await list("eu")).toEqual(["a/m", "b/m", "eu-1/m", "eu-2/m"]);
    const one = await fetch(`${scene.gateway.url}/v1/models/b%2Fm`, {
      headers: { "x-trunkline-key": keyValue("shop") },
    });
    expect(one.status).toBe(404);
    expect(await get("b/m", { key: "shop" })).toMatchObject({ status: 404, error: { code: "model_not_found" } });
    expect((await get("b/m", { key: "eu" })).status).toBe(200);
  });
});

describe("refusals in each dialect", () => {
  let bench: Bench;
  beforeAll(async () => {
    const rule = { name: "closed", when: 'headers["x-closed"] == "yes"', refuse: { message: "no calls on holidays" } };
    bench = await startBench({ config: { routing: { rules: [rule] } } });
  });
  afterAll(() => bench.stop());

  test.each(DIALECT_NAMES.flatMap((dialect) => [false, true].map((stream) => [dialect, stream] as const)))(
    "%s, stream %p",
    async (dialect, stream) => {
      const model = bench.model(dialect, goodAnswer(dialect, stream));
      const seen = await askDialect(bench, dialect, model, { stream, headers: { "x-closed": "yes" } });
      expect(seen.status).toBe(403);
      expect(seen.headers.get("content-type")).toContain("application/json");
      expect(seen.error.message).toContain('no calls on holidays (rule "closed")');
      expect(seen.body).toContain(dialect === "bedrock-converse" ? "AccessDeniedException" : "refused_by_rule");
      expect((await askDialect(bench, dialect, model, { stream })).status).toBe(200);
    },
  );
});

describe("what is wrong with a rule is said at the start, with its place and a remedy", () => {
  const fails = async (rule: object): Promise<string> => {
    const config = { version: 1, providers: { demo: {} }, routing: { rules: [{ name: "r", when: "true", ...rule }] } };
    return startGateway({ config }).then(
      async (gateway) => {
        await gateway.stop();
        return "it started";
      },
      (error: unknown) => String(error),
    );
  };
  const targets = [{ provider: "demo", model: "demo-fast" }];

  test.each([
    [
      "an unknown variable",
      { targets, when: "stream &&\n  modle == 'x'" },
      ["rules[0].when", "line 2, column 3", "model"],
    ],
    ["a wrong type", { targets, when: "input_tokens > '5'" }, ["rules[0].when", "line 1, column"]],
    [
      "weights of nothing",
      { targets: [{ ...targets[0], weight: 0 }] },
      ["rules[0].targets", "all weights are 0", "above 0"],
    ],
    [
      "a provider that does not exist",
      { targets: [{ provider: "dmeo" }] },
      ["targets[0].provider", "did you mean demo?"],
    ],
    ["targets beside a refusal", { targets, refuse: { message: "no" } }, ["rules[0].targets", "keep one of them"]],
    ["neither", {}, ["rules[0]", "neither targets nor refuse", "say where the calls go"]],
  ])("%s", async (_, rule, texts) => {
    const outcome = await fails(rule);
    for (const text of texts) expect(outcome).toContain(text);
    expect(outcome).toMatch(/trunkline\.yaml:\d+:\d+/);
  });
});
