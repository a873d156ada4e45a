import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startGateway, type Gateway } from "../gateway/start.ts";
import { jsonAnswer, streamAnswer } from "../mock-upstream/answers.ts";
import { startMockUpstream, type MockRequest, type MockUpstream, type Step } from "../mock-upstream/server.ts";
import { recordOf, until } from "./bench.ts";
import { WIRES } from "./wire.ts";

const wire = WIRES["openai-chat"];
const LONG_MS = 20_000;

let mock: MockUpstream;
let gateway: Gateway;

/** Calls under way at each provider, by the name in its base URL and by its key. */
const now = new Map<string, number>();
const most = new Map<string, number>();
const scripts = new Map<string, (request: MockRequest) => Promise<Step[]>>();
/** Calls that are held at a provider until the test lets them go. */
const held = new Map<string, (() => void)[]>();

function count(name: string, change: number): void {
  const value = (now.get(name) ?? 0) + change;
  now.set(name, value);
  most.set(name, Math.max(most.get(name) ?? 0, value));
}

async function serve(request: MockRequest): Promise<Step[]> {
  const name = request.path.split("/")[1] ?? "";
  const key = `${name}#${request.headers["authorization"]?.split(" ")[1] ?? ""}`;
  count(name, 1);
  count(key, 1);
  const steps = (await scripts.get(name)?.(request)) ?? jsonAnswer(wire.whole(name, wire.usage));
  count(name, -1);
  count(key, -1);
  return steps;
}

/** Makes a provider hold its calls; the returned function lets the oldest go. */
function hold(name: string): () => void {
  const waiting: (() => void)[] = [];
  held.set(name, waiting);
  scripts.set(name, async () => {
    await new Promise<void>((resolve) => void waiting.push(resolve));
    return jsonAnswer(wire.whole(name, wire.usage));
  });
  return () => waiting.shift()?.();
}

const heldAt = (name: string): number => held.get(name)?.length ?? 0;

function provider(
  name: string,
  more: object = {},
  keys: object[] = [{ name: "main", value: "main" }],
): [string, object] {
  const network = { max_retries: 0, first_byte_timeout_ms: LONG_MS };
  return [
    name,
    { dialect: "openai-chat", base_url: `${mock.url}/${name}`, keys, models: ["m"], network, pricing: PRICED, ...more },
  ];
}
const PRICED = { "*": { input: 1, output: 1 } };
const room = (limit: number, queue = 1000, timeout = LONG_MS) => ({
  concurrency: { limit, queue, queue_timeout_ms: timeout },
});
const keyed = (name: string, more: object = {}): object => ({ name, value: name, ...more });
const rate = (limit: number) => ({ rate_limits: [{ metric: "requests", limit, window: "1h" }] });

function configOf(): object {
  const targets = (...names: string[]) => ({
    policy: "priority",
    targets: names.map((each) => ({ provider: each, model: "m" })),
  });
  return {
    version: 1,
    access: { require_virtual_key: false },
    governance: {
      teams: [{ name: "slow", priority: "low" }],
      virtual_keys: ["high", "normal", "low"].map((priority) => ({
        name: priority,
        value: `sk-tl-${priority}`,
        ...(priority === "low" ? { team: "slow" } : { priority }),
        provider_configs: ["line", "short"].map((each) => ({ provider: each })),
      })),
    },
    aliases: {
      spill: targets("spill-1", "spill-2"),
      late: targets("late-1", "late-2"),
      paid: targets("paid-1", "paid-2"),
      cool: targets("cool-1", "cool-2"),
      refused: { ...targets("refused") },
    },
    providers: Object.fromEntries([
      provider("crowd", room(7)),
      provider("keys", room(100), [
        keyed("a", { concurrency: { limit: 2 } }),
        keyed("b", { concurrency: { limit: 3 } }),
      ]),
      provider("line", room(1)),
      provider("short", room(1, 2)),
      provider("abort", room(1)),
      provider("brief", room(1, 10, 100)),
      provider("none", room(1, 0)),
      provider("spill-1", room(1)),
      provider("spill-2", room(1)),
      provider("late-1", room(1, 10, 100)),
      provider("late-2", room(1)),
      provider("streams", room(1)),
      provider("crash", room(4)),
      provider("limited", {}, [keyed("a", rate(30)), keyed("b", rate(20))]),
      provider("paid-1", { budgets: [{ limit_usd: 0.001, period: "1Y" }] }),
      provider("paid-2"),
      provider("failing", rate(5)),
      provider("tokens", { rate_limits: [{ metric: "tokens", limit: 1_000_000, window: "1h" }] }),
      provider("passed", { ...room(1), ...rate(3) }),
      provider("spent", { ...room(1), ...rate(1) }),
      provider("cool-1", {}, [keyed("a"), keyed("b")]),
      provider("cool-2"),
      provider("refused", {}, [keyed("bad"), keyed("good")]),
      provider("empty", {}, [keyed("a"), keyed("b")]),
    ]),
  };
}

beforeAll(async () => {
  mock = await startMockUpstream(serve);
  const preload = new URL("./crash-preload.ts", import.meta.url).pathname;
  gateway = await startGateway({
    config: configOf(),
    args: ["--threads", "4"],
    env: { BUN_OPTIONS: `--preload=${preload}` },
  });
});
afterAll(async () => {
  await gateway.stop();
  await mock.stop();
});
beforeEach(() => {
  most.clear();
});

interface AskOptions {
  headers?: Record<string, string>;
  stream?: boolean;
  signal?: AbortSignal;
}

async function ask(model: string, { headers = {}, stream = false, signal }: AskOptions = {}) {
  const { path, body } = wire.ask(model, { stream });
  const response = await fetch(gateway.url + path, {
    method: "POST",
    headers: { "content-type": "application/json", connection: "close", ...headers },
    body: JSON.stringify(body),
    ...(signal !== undefined && { signal }),
  });
  const text = await response.text();
  const error = response.status === 200 ? null : (JSON.parse(text).error as { code: string });
  return {
    status: response.status,
    code: error?.code ?? null,
    by: response.headers.get("x-trunkline-provider"),
    key: response.headers.get("x-trunkline-key"),
    retryAfter: response.headers.get("retry-after"),
    attempts: response.headers.get("x-trunkline-attempts"),
    id: response.headers.get("x-trunkline-request-id") ?? "",
  };
}

const as = (priority: string): AskOptions => ({ headers: { authorization: `Bearer sk-tl-${priority}` } });

async function metric(name: string, labels: string): Promise<number> {
  const text = await (await fetch(`${gateway.url}/metrics`)).text();
  const line = text.split("\n").find((each) => each.startsWith(`trunkline_${name}{${labels}}`));
  return line === undefined ? -1 : Number(line.split(" ").at(-1));
}

const waitingAt = (name: string): Promise<number> => metric("provider_waiting", `provider="${name}"`);

async function untilMetric(name: string, labels: string, wanted: number): Promise<void> {
  for (let round = 0; round < 1000; round += 1) {
    if ((await metric(name, labels)) === wanted) return;
    await Bun.sleep(5);
  }
  throw new Error(`${name}{${labels}} is ${await metric(name, labels)}, not ${wanted}`);
}

const untilWaiting = (name: string, wanted: number): Promise<void> =>
  untilMetric("provider_waiting", `provider="${name}"`, wanted);

describe("concurrency", () => {
  test("500 requests at once: never more calls than the limit, nobody lost, no room lost", async () => {
    scripts.set("crowd", async () => {
      await Bun.sleep(2);
      return jsonAnswer(wire.whole("ok", wire.usage));
    });
    const seen = await Promise.all(Array.from({ length: 500 }, () => ask("crowd/m")));
    expect(seen.filter(({ status }) => status === 200)).toHaveLength(500);
    expect(most.get("crowd")).toBe(7);
    expect(await metric("provider_in_flight", 'provider="crowd"')).toBe(0);
    expect(await waitingAt("crowd")).toBe(0);
    expect(await metric("provider_queued_total", 'provider="crowd"')).toBeGreaterThan(0);
    expect(await metric("provider_queue_seconds_total", 'provider="crowd"')).toBeGreaterThan(0);
  }, 60_000);

  test("a key that is full leaves the call to another; each keeps its own limit", async () => {
    scripts.set("keys", async () => {
      await Bun.sleep(3);
      return jsonAnswer(wire.whole("ok", wire.usage));
    });
    const seen = await Promise.all(Array.from({ length: 100 }, () => ask("keys/m")));
    expect(seen.every(({ status }) => status === 200)).toBe(true);
    expect([most.get("keys#a"), most.get("keys#b"), most.get("keys")]).toEqual([2, 3, 5]);
    expect(await metric("provider_key_in_flight", 'provider="keys",key="a"')).toBe(0);
    expect(await metric("provider_key_in_flight", 'provider="keys",key="b"')).toBe(0);
  }, 60_000);

  test("a target without room leaves the call to the next; only when all are full is one waited for", async () => {
    const next1 = hold("spill-1");
    const next2 = hold("spill-2");
    const first = ask("spill");
    await until(() => heldAt("spill-1") === 1, "the first target is called");
    const second = ask("spill");
    await until(() => heldAt("spill-2") === 1, "the second target is called");
    const third = ask("spill");
    await untilWaiting("spill-1", 1);
    next1();
    expect(await first).toMatchObject({ status: 200, by: "spill-1" });
    await until(() => heldAt("spill-1") === 1, "who waited is served");
    next1();
    next2();
    expect(await second).toMatchObject({ status: 200, by: "spill-2" });
    const waited = await third;
    expect(waited).toMatchObject({ status: 200, by: "spill-1" });
    const { trace } = await recordOf(gateway, waited.id);
    expect(trace.filter(({ step }) => step === "queue")).toHaveLength(1);
    expect(trace.find(({ step }) => step === "queue")?.result).toMatch(
      /^spill-1\/m: room after \d+ ms, priority normal$/,
    );
    expect(trace).toContainEqual({ step: "target", result: "no_room", target: { provider: "spill-1", model: "m" } });
  });

  test("a stream has its room until it ends", async () => {
    const events = wire.events(["Hel", "lo"], wire.usage);
    scripts.set("streams", async () => streamAnswer(events, 30));
    const seen = await Promise.all([1, 2, 3, 4].map(() => ask("streams/m", { stream: true })));
    expect(seen.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(await metric("provider_in_flight", 'provider="streams"')).toBe(0);
    // The mock counts the making of an answer alone: what the queue saw tells.
    expect(await metric("provider_queued_total", 'provider="streams"')).toBe(3);
  });
});

describe("the queue", () => {
  test("serves priorities in order, each in the order of arrival", async () => {
    const next = hold("line");
    const order: string[] = [];
    const asked: Promise<unknown>[] = [ask("line/m", as("normal"))];
    await until(() => heldAt("line") === 1, "the first is under way");
    for (const [at, priority] of ["low", "normal", "high", "low", "normal", "high"].entries()) {
      asked.push(ask("line/m", as(priority)).then(() => order.push(`${priority} ${at}`)));
      await untilWaiting("line", at + 1);
    }
    for (let round = 0; round < 7; round += 1) {
      await until(() => heldAt("line") === 1, "the next is under way");
      next();
      await until(() => order.length === round, "it is answered");
    }
    await Promise.all(asked);
    expect(order).toEqual(["high 2", "high 5", "normal 1", "normal 4", "low 0", "low 3"]);
  });

  test("a request may lower its priority, never raise it", async () => {
    const next = hold("line");
    const order: string[] = [];
    const asked: Promise<unknown>[] = [ask("line/m", as("high"))];
    await until(() => heldAt("line") === 1, "the first is under way");
    const join = async (name: string, key: string, priority: string): Promise<void> => {
      const headers = { ...as(key).headers, "x-trunkline-priority": priority };
      asked.push(ask("line/m", { headers }).then(() => order.push(name)));
      await untilWaiting("line", asked.length - 1);
    };
    await join("lowered", "high", "low");
    await join("not raised", "low", "high");
    await join("normal", "normal", "normal");
    for (let round = 0; round < 4; round += 1) {
      await until(() => heldAt("line") === 1, "the next is under way");
      next();
      await until(() => order.length === round, "it is answered");
    }
    await Promise.all(asked);
    expect(order).toEqual(["normal", "lowered", "not raised"]);
  });

  test("when it is full newcomers are refused, but for a higher priority, which displaces the last of the lowest", async () => {
    const next = hold("short");
    const first = ask("short/m", as("normal"));
    await until(() => heldAt("short") === 1, "the first is under way");
    const low = ask("short/m", as("low"));
    await untilWaiting("short", 1);
    const normal = ask("short/m", as("normal"));
    await untilWaiting("short", 2);
    expect(await ask("short/m", as("low"))).toMatchObject({ status: 503, code: "overloaded", retryAfter: "1" });
    const high = ask("short/m", as("high"));
    expect(await low).toMatchObject({ status: 503, code: "overloaded", retryAfter: "1" });
    for (const each of [first, high, normal]) {
      await until(() => heldAt("short") === 1, "the next is under way");
      next();
      expect((await each).status).toBe(200);
    }
    expect(await metric("provider_shed_total", 'provider="short",reason="full"')).toBe(1);
    expect(await metric("provider_shed_total", 'provider="short",reason="displaced"')).toBe(1);
    expect(await metric("provider_in_flight", 'provider="short"')).toBe(0);
  });

  test("a client that goes away leaves it at once", async () => {
    const next = hold("abort");
    const first = ask("abort/m");
    await until(() => heldAt("abort") === 1, "the first is under way");
    const gone = new AbortController();
    const waiting = ask("abort/m", { signal: gone.signal }).catch(() => null);
    await untilWaiting("abort", 1);
    gone.abort();
    await waiting;
    await untilWaiting("abort", 0);
    next();
    expect((await first).status).toBe(200);
    expect(await metric("provider_in_flight", 'provider="abort"')).toBe(0);
    const given = async (): Promise<number> =>
      (await gateway.records()).filter(
        (each) => each.requested_model === "abort/m" && each.outcome === "client_aborted",
      ).length;
    await until(async () => (await given()) === 1, "it is recorded");
  });

  test("who waits for too long is refused, or goes on to the next target", async () => {
    const next = hold("brief");
    const first = ask("brief/m");
    await until(() => heldAt("brief") === 1, "the first is under way");
    expect(await ask("brief/m")).toMatchObject({ status: 503, code: "overloaded", attempts: null });
    expect(await metric("provider_shed_total", 'provider="brief",reason="late"')).toBe(1);
    next();
    expect((await first).status).toBe(200);
  });

  test("who waits in vain for one target goes on to the next", async () => {
    const next1 = hold("late-1");
    const next2 = hold("late-2");
    const first = ask("late");
    await until(() => heldAt("late-1") === 1, "the first target is called");
    const second = ask("late");
    await until(() => heldAt("late-2") === 1, "the second target is called");
    const third = ask("late");
    await untilWaiting("late-2", 1);
    next2();
    await until(() => heldAt("late-2") === 1, "it has room");
    next1();
    next2();
    const seen = await Promise.all([first, second, third]);
    expect(seen.map(({ by }) => by)).toEqual(["late-1", "late-2", "late-2"]);
    const { trace } = await recordOf(gateway, seen[2]?.id ?? "");
    const waits = trace.filter(({ step }) => step === "queue").map(({ result }) => result.replace(/ after .*/, ""));
    expect(waits).toEqual(["late-1/m: no room", "late-2/m: room"]);
  });

  test("without a queue nobody waits", async () => {
    const next = hold("none");
    const first = ask("none/m");
    await until(() => heldAt("none") === 1, "the first is under way");
    expect(await ask("none/m")).toMatchObject({ status: 503, code: "overloaded" });
    next();
    expect((await first).status).toBe(200);
  });
});

describe.each([
  ["crash", "after it has ended its requests"],
  ["crash-hard", "without another word"],
])("a thread that is gone (%s), %s", (file) => {
  test("gives back the room that it had, and its place in the queue", async () => {
    hold("crash");
    const asked = Array.from({ length: 8 }, () => ask("crash/m").catch(() => null));
    await until(() => heldAt("crash") === 4, "four are under way");
    await untilWaiting("crash", 4);
    const ended = (): number => gateway.log().split("ended; a new one starts").length;
    const before = ended();
    writeFileSync(join(gateway.dir, file), "");
    await until(() => ended() > before, "a thread crashed");
    scripts.delete("crash");
    for (const release of held.get("crash")?.splice(0) ?? []) release();
    await Promise.all(asked);
    await untilMetric("provider_in_flight", 'provider="crash"', 0);
    await untilMetric("provider_waiting", 'provider="crash"', 0);
    if (file === "crash") expect(await metric("target_in_flight", 'target="crash/m"')).toBe(0);
    scripts.set("crash", async () => {
      await Bun.sleep(5);
      return jsonAnswer(wire.whole("ok", wire.usage));
    });
    now.clear();
    most.clear();
    const after = await Promise.all(Array.from({ length: 40 }, () => ask("crash/m").catch(() => null)));
    expect(after.filter((each) => each?.status === 200)).toHaveLength(40);
    expect(most.get("crash")).toBe(4);
  }, 60_000);
});

describe("limits of provider keys", () => {
  test("are exact over threads; who finds them used up is told when there is room again", async () => {
    const seen = await Promise.all(Array.from({ length: 200 }, () => ask("limited/m")));
    const served = seen.filter(({ status }) => status === 200);
    expect(served.filter(({ key }) => key === "a")).toHaveLength(30);
    expect(served.filter(({ key }) => key === "b")).toHaveLength(20);
    const refused = seen.filter(({ status }) => status !== 200);
    expect(new Set(refused.map(({ status, code }) => `${status} ${code}`))).toEqual(new Set(["429 provider_limited"]));
    expect(Math.min(...refused.map(({ retryAfter }) => Number(retryAfter)))).toBeGreaterThan(0);
    const { trace, charges } = await recordOf(gateway, refused[0]?.id ?? "");
    expect(trace.filter(({ step }) => step === "key")).toHaveLength(2);
    expect(charges).toEqual([]);
    const record = await recordOf(gateway, served.find(({ key }) => key === "a")?.id ?? "");
    expect(record.charges).toMatchObject([{ counter: "requests:provider_key:limited/a:1h", amount: 1 }]);
  }, 60_000);

  test("a budget that is used up leaves the calls to the next target", async () => {
    const by = new Map<string | null, number>();
    for (let round = 0; round < 60; round += 1) {
      const seen = await ask("paid");
      expect(seen.status).toBe(200);
      by.set(seen.by, (by.get(seen.by) ?? 0) + 1);
    }
    expect(by.get("paid-2")).toBeGreaterThan(0);
    const records = (await gateway.records()).filter(({ provider: name }) => name === "paid-1");
    const spent = records.flatMap(({ charges }) => charges).reduce((sum, { amount }) => sum + amount, 0);
    expect(spent).toBeLessThanOrEqual(1_000_000);
    expect(spent).toBe(records.reduce((sum, { cost_nano_usd: cost }) => sum + (cost ?? 0), 0));
  });

  test("nobody waits for room that it may not use", async () => {
    const next = hold("spent");
    const first = ask("spent/m");
    await until(() => heldAt("spent") === 1, "one is under way");
    expect(await ask("spent/m")).toMatchObject({ status: 429, code: "provider_limited" });
    expect(await metric("provider_queued_total", 'provider="spent"')).toBe(0);
    next();
    expect((await first).status).toBe(200);
  });

  test("a call that failed counts as a request, and costs nothing", async () => {
    scripts.set("failing", async () => jsonAnswer(wire.errorBody(500, "no"), 500));
    const seen = [];
    for (let round = 0; round < 7; round += 1) seen.push((await ask("failing/m")).code);
    expect(seen).toEqual([
      ...Array.from({ length: 5 }, () => "upstream_error"),
      "provider_limited",
      "provider_limited",
    ]);
  });
});

describe("calls that are not whole chats", () => {
  test("a stream is charged what it used, also to the limit of its provider", async () => {
    scripts.set("tokens", async () => streamAnswer(wire.events(["Hel", "lo"], wire.usage)));
    const { id } = await ask("tokens/m", { stream: true });
    const { charges, input_tokens: input, output_tokens: output } = await recordOf(gateway, id);
    expect(charges).toMatchObject([{ counter: "tokens:provider:tokens:1h", amount: (input ?? 0) + (output ?? 0) }]);
    expect(charges[0]?.amount).toBeGreaterThan(0);
  });

  test("what goes to a provider as it is takes room and counts as well", async () => {
    const next = hold("passed");
    const pass = () =>
      fetch(`${gateway.url}/passthrough/passed/v1/models`, { headers: { connection: "close" } }).then(
        async (response) => [response.status, (await response.text()).includes("provider_limited")] as const,
      );
    const [first, second] = [pass(), pass()];
    await until(() => heldAt("passed") === 1, "one is under way");
    await untilWaiting("passed", 1);
    next();
    await until(() => heldAt("passed") === 1, "the other is under way");
    next();
    expect([await first, await second]).toEqual([
      [200, false],
      [200, false],
    ]);
    const third = pass();
    await until(() => heldAt("passed") === 1, "the third is under way");
    next();
    expect(await third).toEqual([200, false]);
    expect(await pass()).toEqual([429, true]);
    expect(most.get("passed")).toBe(1);
    expect(await metric("provider_in_flight", 'provider="passed"')).toBe(0);
  });
});

describe("keys that rest", () => {
  test("nothing left of a quota: the key rests before it is refused", async () => {
    const calls: string[] = [];
    scripts.set("empty", async ({ headers }) => {
      const key = headers["authorization"]?.split(" ")[1] ?? "";
      calls.push(key);
      const quota = {
        "x-ratelimit-limit-requests": "10",
        "x-ratelimit-remaining-requests": "0",
        "x-ratelimit-reset-requests": "1h",
      };
      return jsonAnswer(wire.whole("ok", wire.usage), 200, key === "a" ? quota : {});
    });
    for (let round = 0; round < 40 && !calls.includes("a"); round += 1) await ask("empty/m");
    const begun = calls.length;
    for (let round = 0; round < 20; round += 1) await ask("empty/m");
    expect(calls.slice(begun)).toEqual(Array.from({ length: 20 }, () => "b"));
    expect(await metric("provider_key_resting_seconds", 'provider="empty",key="a",reason="limited"')).toBeGreaterThan(
      3000,
    );
  });

  test("with all keys of a target at rest others come first, and it is tried when nobody else is left", async () => {
    scripts.set("cool-1", async () => jsonAnswer(wire.errorBody(429, "slow down"), 429, { "retry-after": "600" }));
    expect(await ask("cool")).toMatchObject({ status: 200, by: "cool-2", attempts: "3" });
    for (let round = 0; round < 5; round += 1) {
      expect(await ask("cool")).toMatchObject({ status: 200, by: "cool-2", attempts: "1" });
    }
    for (const key of ["a", "b"]) {
      const labels = `provider="cool-1",key="${key}",reason="limited"`;
      expect(await metric("provider_key_resting_seconds", labels)).toBeGreaterThan(500);
    }
    scripts.delete("cool-1");
    expect(await ask("cool-1/m")).toMatchObject({ status: 200, by: "cool-1" });
  });

  test("a refused key rests; a reload with another credential brings it back at once", async () => {
    const calls: string[] = [];
    scripts.set("refused", async ({ headers }) => {
      const key = headers["authorization"]?.split(" ")[1] ?? "";
      calls.push(key);
      return key === "bad" ? jsonAnswer(wire.errorBody(401, "no"), 401) : jsonAnswer(wire.whole("ok", wire.usage));
    });
    for (let round = 0; round < 40 && !calls.includes("bad"); round += 1) await ask("refused");
    const begun = calls.length;
    for (let round = 0; round < 20; round += 1) expect((await ask("refused")).status).toBe(200);
    expect(calls.slice(begun)).toEqual(Array.from({ length: 20 }, () => "good"));
    expect(
      await metric("provider_key_resting_seconds", 'provider="refused",key="bad",reason="refused"'),
    ).toBeGreaterThan(0);
    const config = JSON.stringify(configOf()).replace('"name":"bad","value":"bad"', '"name":"bad","value":"better"');
    writeFileSync(join(gateway.dir, "trunkline.yaml"), config);
    gateway.kill("SIGHUP");
    await until(() => gateway.log().includes("configuration version 2 is in force"), "the new configuration holds");
    for (let round = 0; round < 40 && !calls.includes("better"); round += 1) await ask("refused");
    expect(calls).toContain("better");
    expect(await metric("provider_key_resting_seconds", 'provider="refused",key="bad",reason="refused"')).toBe(-1);
  });
});
