import { afterAll, beforeAll, expect, test } from "bun:test";
import type { ExperimentReport, ListedExperiment } from "../../src/admin/experiments.ts";
import type { RequestRecord } from "../../src/canonical/record.ts";
import { KEYS, openScene, type Chat, type Scene } from "./scene.ts";

const arms = [{ name: "current" }, { name: "candidate", model: "b/m" }];

let scene: Scene;
/** Requests of chats: each has a record. */
let asked = 0;

beforeAll(async () => {
  const opened = await openScene(
    [
      { name: "by user", when: 'model == "assistant" && params.temperature == 1.0', arms },
      { name: "by session", unit: "session", when: 'model == "assistant" && params.temperature == 0.5', arms },
      {
        name: "growing",
        when: 'model == "assistant" && params.temperature == 0.25',
        arms,
        ramp: [
          { from: "2020-01-01", percent: 20 },
          { from: "2099-01-01", percent: 100 },
        ],
      },
      { name: "not yet", when: "params.temperature == 0.125", arms, ramp: [{ from: "2099-01-01", percent: 50 }] },
      {
        name: "stopping",
        when: "params.temperature == 0.0625",
        arms,
        stop_when: { error_rate: 0.5, requests: 10 },
      },
      { name: "ended", enabled: false, when: "true", arms },
      { name: "of another", scope: "virtual_key:other", when: "params.temperature == 0.75", arms },
    ],
    [{ name: "ruled", when: "params.seed == 7", targets: [{ provider: "c", model: "m" }] }],
  );
  const chat: Scene["chat"] = (body, key) => {
    asked += 1;
    return opened.chat(body, key);
  };
  scene = { ...opened, chat };
});
afterAll(() => scene.stop());

async function each(count: number, ask: (at: number) => Promise<Chat>): Promise<Chat[]> {
  const all: Chat[] = [];
  for (let at = 0; at < count; at += 1) all.push(await ask(at));
  return all;
}

test("a user keeps its arm over requests and threads, and both arms have users", async () => {
  const first = await each(40, (at) => scene.chat({ temperature: 1, user: `u${at}` }));
  expect(first.map(({ status }) => status)).toEqual(first.map(() => 200));
  expect(new Set(first.map(({ by }) => by))).toEqual(new Set(["a", "b"]));
  for (const { by, route } of first)
    expect(route).toContain(`experiment=by user: ${by === "a" ? "current" : "candidate"}`);
  const again = await each(40, (at) => scene.chat({ temperature: 1, user: `u${at}`, seed: at }));
  expect(again.map(({ by }) => by).filter((_, at) => at !== 7)).toEqual(
    first.map(({ by }) => by).filter((_, at) => at !== 7),
  );
});

test("a session keeps its arm, and each turns on what it says itself", async () => {
  const first = await each(30, (at) => scene.chat({ temperature: 0.5, session_id: `s${at}` }));
  const again = await each(30, (at) => scene.chat({ temperature: 0.5, session_id: `s${at}`, user: `u${at * 7}` }));
  expect(again.map(({ by }) => by)).toEqual(first.map(({ by }) => by));
  expect(new Set(first.map(({ by }) => by)).size).toBe(2);
});

test("what a rule decides takes part in no experiment", async () => {
  const answer = await scene.chat({ temperature: 1, user: "u1", seed: 7 });
  expect(answer.by).toBe("c");
  expect(answer.route).toBe("rule=ruled; alias=assistant");
});

test("a ramp takes as many units as it says, and one that has not begun none", async () => {
  const all = await each(100, (at) => scene.chat({ temperature: 0.25, user: `r${at}` }));
  const treated = all.filter(({ by }) => by === "b").length;
  // 20 of 100 by a fixed hash; far outside of this the hash would be no good.
  expect(treated).toBeGreaterThan(9);
  expect(treated).toBeLessThan(32);
  const waiting = await scene.chat({ temperature: 0.125, user: "u1" });
  expect(waiting.route).not.toContain("experiment");
});

test("an experiment of another scope is not looked at", async () => {
  expect((await scene.chat({ temperature: 0.75 })).route).not.toContain("experiment");
  expect((await scene.chat({ temperature: 0.75 }, KEYS.other)).route).toContain("experiment=of another");
});

test("the comparison is what the records say, to the last digit", async () => {
  // Every third fails in the second arm; nobody else falls back.
  await each(30, (at) =>
    scene.chat({ temperature: 1, user: `u${at}`, messages: [{ role: "user", content: at % 3 === 0 ? "fail" : "Hi" }] }),
  );
  const records = await recordsOf("by user");
  const report = await scene.report("by user");
  expect(report).toMatchObject({ name: "by user", state: "running", unit: "user", percent: null, since: null });
  expect(report.arms.map(({ arm }) => arm)).toEqual(["current", "candidate"]);
  for (const arm of report.arms) {
    const own = records.filter((record) => record.arm === arm.arm);
    const good = own.filter(({ outcome }) => outcome === "success");
    expect(own.length).toBeGreaterThan(20);
    expect(arm.requests).toBe(own.length);
    expect(arm.errors).toBe(own.length - good.length);
    expect(arm.error_rate?.value).toBe(arm.errors / own.length);
    expect(arm.input_tokens).toBe(sum(own, ({ input_tokens: tokens }) => tokens));
    expect(arm.output_tokens).toBe(sum(own, ({ output_tokens: tokens }) => tokens));
    expect(arm.cost_usd).toBe(sum(own, ({ cost_nano_usd: cost }) => cost) / 1e9);
    expect(arm.unknown_costs).toBe(own.filter(({ cost_nano_usd: cost }) => cost === null).length);
    const rising = good.map(({ duration_ms: ms }) => ms).toSorted((one, other) => one - other);
    expect(arm.latency_ms.p50).toBe(rising[Math.ceil(rising.length * 0.5) - 1] ?? -1);
    expect(arm.latency_ms.p95).toBe(rising[Math.ceil(rising.length * 0.95) - 1] ?? -1);
  }
  const [current, candidate] = report.arms;
  expect(current?.errors).toBe(0);
  expect(candidate?.errors).toBeGreaterThan(0);
  expect(current?.difference).toBeNull();
  const rise = candidate?.difference?.error_rate;
  expect(rise?.value).toBeCloseTo(candidate?.error_rate?.value ?? -1, 12);
  expect(rise?.low).toBeGreaterThan(0);
});

test("records are found by experiment and arm, and a range of time bounds the comparison", async () => {
  const records = await recordsOf("by session");
  const { json } = await scene.get("/api/logs?experiment=by+session&arm=candidate&limit=500");
  const found = (json["data"] as unknown as RequestRecord[]).map(({ id }) => id);
  const wanted = records.filter(({ arm }) => arm === "candidate").map(({ id }) => id);
  expect(new Set(found)).toEqual(new Set(wanted));
  const middle = records[Math.floor(records.length / 2)]?.time ?? 0;
  const { json: later } = await scene.get(`/api/experiments/by%20session?since=${middle}`);
  const counted = (later["arms"] as unknown as { requests: number }[]).reduce((all, { requests }) => all + requests, 0);
  expect(counted).toBe(records.filter(({ time }) => time >= middle).length);
});

test("the listing has experiments of every state", async () => {
  const { json } = await scene.get("/api/experiments");
  const states = (json["data"] as unknown as { name: string; state: string }[]).map(({ name, state }) => [name, state]);
  expect(Object.fromEntries(states)).toEqual({
    "by user": "running",
    "by session": "running",
    growing: "running",
    "not yet": "waiting",
    stopping: "running",
    ended: "disabled",
    "of another": "running",
  });
  expect((await scene.get("/api/experiments/nope")).status).toBe(404);
  expect((await scene.get("/api/experiments?limit=3")).status).toBe(400);
  const response = await fetch(`${scene.gateway.url}/api/experiments`);
  expect(response.status).toBe(401);
});

/** What the command says, a line each. */
async function command(...more: string[]): Promise<{ lines: string[]; code: number }> {
  const store = `sqlite:${scene.gateway.dir}/data/trunkline.db`;
  const main = new URL("../../src/compose/main.ts", import.meta.url).pathname;
  const child = Bun.spawn([process.execPath, main, "experiments", "--store", store, ...more]);
  const text = await new Response(child.stdout).text();
  return { lines: text.trimEnd().split("\n"), code: await child.exited };
}

test("the command line shows the same", async () => {
  const { lines, code } = await command("by user", "--baseline", "current", "--json");
  const shown = JSON.parse(lines[0] ?? "") as ExperimentReport;
  expect([code, lines.length]).toEqual([0, 1]);
  expect(shown.arms).toEqual((await scene.report("by user")).arms);
  expect(shown.state).toBeNull();
});

test("the command line lists what records know, and does not say what it cannot know", async () => {
  const { lines } = await command("--json");
  const listed = lines.map((line) => JSON.parse(line) as ListedExperiment);
  expect(listed.map(({ name }) => name)).toContain("by session");
  for (const each of listed) expect(each).toMatchObject({ state: null, unit: null, percent: null });
});

function sum(records: readonly RequestRecord[], of: (record: RequestRecord) => number | null): number {
  return records.reduce((all, record) => all + (of(record) ?? 0), 0);
}

/** Once the store has those of all requests. */
async function recordsOf(experiment: string): Promise<RequestRecord[]> {
  const records = await scene.gateway.records(asked);
  expect(records).toHaveLength(asked);
  return records.filter((record) => record.experiment === experiment);
}

test("an arm that fails is stopped by itself, and its users get the first", async () => {
  const failing = { messages: [{ role: "user", content: "fail" }], temperature: 0.0625 };
  const all = await each(60, (at) => scene.chat({ ...failing, user: `x${at}` }));
  expect(all.filter(({ status }) => status !== 200).length).toBeGreaterThan(15);
  let stopped: unknown[] = [];
  for (let round = 0; round < 400 && stopped.length === 0; round += 1) {
    await Bun.sleep(25);
    stopped = (await scene.report("stopping")).stopped;
  }
  expect(stopped).toMatchObject([{ arm: "candidate", reason: expect.stringContaining("more than 50 %") }]);
  expect(scene.gateway.log()).toContain("experiment stopping: the arm candidate was stopped");
  const treated = all.findIndex(({ status }) => status !== 200);
  // A thread hears of it a moment later.
  for (let round = 0; round < 200; round += 1) {
    if ((await scene.chat({ ...failing, user: `x${treated}` })).status === 200) break;
  }
  const after = await each(20, (at) => scene.chat({ ...failing, user: `x${at}` }));
  expect(new Set(after.map(({ status }) => status))).toEqual(new Set([200]));
  expect(after[0]?.route).toContain("experiment=stopping: current");
}, 30_000);
