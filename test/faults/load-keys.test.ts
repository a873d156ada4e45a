import { describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { jsonAnswer, streamAnswer } from "../mock-upstream/answers.ts";
import { recordOf, until } from "./bench.ts";
import { as, inOrder, keyed, LoadScene, provider, rate, room, wire } from "./load-scene.ts";

const scene = new LoadScene(configOf);

function configOf(url: string): object {
  const at = (name: string, more?: object, keys?: object[]) => provider(url, name, more, keys);
  const kept = { provider: "kept", model: "m" };
  return {
    version: 1,
    access: { require_virtual_key: false },
    governance: {
      teams: [{ name: "slow", priority: "low" }],
      virtual_keys: ["high", "low"].map((priority) => ({
        name: priority,
        value: `sk-tl-${priority}`,
        ...(priority === "low" ? { team: "slow" } : { priority }),
        provider_configs: [{ provider: "kept" }],
      })),
    },
    aliases: {
      paid: inOrder("paid-1", "paid-2"),
      cool: inOrder("cool-1", "cool-2"),
      refused: inOrder("refused"),
      large: { targets: [{ ...kept, key: "large" }] },
    },
    providers: Object.fromEntries([
      at("limited", {}, [keyed("a", rate(30)), keyed("b", rate(20))]),
      at("kept", room(1), [keyed("small", rate(1000, "tokens")), keyed("large", { weight: 0 })]),
      at("paid-1", { budgets: [{ limit_usd: 0.001, period: "1Y" }] }),
      at("paid-2"),
      at("failing", rate(5)),
      at("tokens", rate(1_000_000, "tokens")),
      at("passed", { ...room(1), ...rate(3) }),
      at("spent", { ...room(1), ...rate(1) }),
      at("cool-1", {}, [keyed("a"), keyed("b")]),
      at("cool-2"),
      at("refused", {}, [keyed("bad"), keyed("good")]),
      at("empty", {}, [keyed("a"), keyed("b")]),
    ]),
  };
}

describe("limits of provider keys", () => {
  test("are exact over threads; who finds them used up is told when there is room again", async () => {
    const seen = await Promise.all(Array.from({ length: 200 }, () => scene.ask("limited/m")));
    const served = seen.filter(({ status }) => status === 200);
    expect(served.filter(({ key }) => key === "a")).toHaveLength(30);
    expect(served.filter(({ key }) => key === "b")).toHaveLength(20);
    const refused = seen.filter(({ status }) => status !== 200);
    expect(new Set(refused.map(({ status, code }) => `${status} ${code}`))).toEqual(new Set(["429 provider_limited"]));
    expect(Math.min(...refused.map(({ retryAfter }) => Number(retryAfter)))).toBeGreaterThan(0);
    const { trace, charges } = await recordOf(scene.gateway, refused[0]?.id ?? "");
    expect(trace.filter(({ step }) => step === "key")).toHaveLength(2);
    expect(charges).toEqual([]);
    const record = await recordOf(scene.gateway, served.find(({ key }) => key === "a")?.id ?? "");
    expect(record.charges).toMatchObject([{ counter: "requests:provider_key:limited/a:1h", amount: 1 }]);
  }, 60_000);

  test("a budget that is used up leaves the calls to the next target", async () => {
    const ids: string[] = [];
    const by = new Map<string | null, number>();
    for (let round = 0; round < 60; round += 1) {
      // A call is only made where the budget holds the most that it may cost.
      const seen = await scene.ask("paid", { maxTokens: 10 });
      expect(seen.status).toBe(200);
      ids.push(seen.id);
      by.set(seen.by, (by.get(seen.by) ?? 0) + 1);
    }
    expect(by.get("paid-2")).toBeGreaterThan(0);
    const all = await Promise.all(ids.map((id) => recordOf(scene.gateway, id)));
    const records = all.filter(({ provider: name }) => name === "paid-1");
    expect(records).toHaveLength(by.get("paid-1") ?? 0);
    const spent = records.flatMap(({ charges }) => charges).reduce((sum, { amount }) => sum + amount, 0);
    expect(spent).toBeGreaterThan(0);
    expect(spent).toBeLessThanOrEqual(1_000_000);
    expect(spent).toBe(records.reduce((sum, { cost_nano_usd: cost }) => sum + (cost ?? 0), 0));
  });

  test("nobody waits for room that it may not use", async () => {
    const next = scene.hold("spent");
    const first = scene.ask("spent/m");
    await scene.untilHeld("spent", 1, "one is under way");
    expect(await scene.ask("spent/m")).toMatchObject({ status: 429, code: "provider_limited" });
    expect(await scene.metric("provider_queued_total", 'provider="spent"')).toBe(0);
    next();
    expect((await first).status).toBe(200);
  });

  test("a call that failed counts as a request, and costs nothing", async () => {
    scene.scripts.set("failing", async () => jsonAnswer(wire.errorBody(500, "no"), 500));
    const seen = [];
    for (let round = 0; round < 7; round += 1) seen.push((await scene.ask("failing/m")).code);
    expect(seen).toEqual([
      ...Array.from({ length: 5 }, () => "upstream_error"),
      "provider_limited",
      "provider_limited",
    ]);
  });
});

describe("a key whose limit was used up while its room was waited for", () => {
  test("leaves the room to the next key, before those that wait behind", async () => {
    const next = scene.hold("kept", { prompt_tokens: 2000, completion_tokens: 1, total_tokens: 2001 });
    const order: string[] = [];
    const first = scene.ask("kept/m");
    await scene.untilHeld("kept", 1, "the first is under way");
    const asked = [scene.ask("kept/m", as("high")).then(({ key }) => order.push(`high by ${key}`))];
    await scene.untilWaiting("kept", 1);
    asked.push(scene.ask("large", as("low")).then(({ key }) => order.push(`low by ${key}`)));
    await scene.untilWaiting("kept", 2);
    for (const done of [0, 1, 2]) {
      next();
      await until(() => order.length === done, "it is answered");
      if (done < 2) await scene.untilHeld("kept", 1, "the next is under way");
    }
    await Promise.all([first, ...asked]);
    expect([(await first).key, ...order]).toEqual(["small", "high by large", "low by large"]);
    expect(scene.most.get("kept")).toBe(1);
    expect(await scene.metric("provider_in_flight", 'provider="kept"')).toBe(0);
  });
});

describe("calls that are not whole chats", () => {
  test("a stream is charged what it used, also to the limit of its provider", async () => {
    scene.scripts.set("tokens", async () => streamAnswer(wire.events(["Hel", "lo"], wire.usage)));
    const { id } = await scene.ask("tokens/m", { stream: true });
    const { charges, input_tokens: input, output_tokens: output } = await recordOf(scene.gateway, id);
    expect(charges).toMatchObject([{ counter: "tokens:provider:tokens:1h", amount: (input ?? 0) + (output ?? 0) }]);
    expect(charges[0]?.amount).toBeGreaterThan(0);
  });

  test("what goes to a provider as it is takes room and counts as well", async () => {
    const next = scene.hold("passed");
    const pass = () =>
      fetch(`${scene.gateway.url}/passthrough/passed/v1/fine_tuning/jobs`, { headers: { connection: "close" } }).then(
        async (response) => [response.status, (await response.text()).includes("provider_limited")] as const,
      );
    const [first, second] = [pass(), pass()];
    await scene.untilHeld("passed", 1, "one is under way");
    await scene.untilWaiting("passed", 1);
    next();
    await scene.untilHeld("passed", 1, "the other is under way");
    next();
    expect([await first, await second]).toEqual([
      [200, false],
      [200, false],
    ]);
    const third = pass();
    await scene.untilHeld("passed", 1, "the third is under way");
    next();
    expect(await third).toEqual([200, false]);
    expect(await pass()).toEqual([429, true]);
    expect(scene.most.get("passed")).toBe(1);
    expect(await scene.metric("provider_in_flight", 'provider="passed"')).toBe(0);
  });
});

describe("keys that rest", () => {
  test("nothing left of a quota: the key rests before it is refused", async () => {
    const calls: string[] = [];
    scene.scripts.set("empty", async ({ headers }) => {
      const key = headers["authorization"]?.split(" ")[1] ?? "";
      calls.push(key);
      const quota = {
        "x-ratelimit-limit-requests": "10",
        "x-ratelimit-remaining-requests": "0",
        "x-ratelimit-reset-requests": "1h",
      };
      return jsonAnswer(wire.whole("ok", wire.usage), 200, key === "a" ? quota : {});
    });
    for (let round = 0; round < 40 && !calls.includes("a"); round += 1) await scene.ask("empty/m");
    const begun = calls.length;
    for (let round = 0; round < 20; round += 1) await scene.ask("empty/m");
    expect(calls.slice(begun)).toEqual(Array.from({ length: 20 }, () => "b"));
    expect(
      await scene.metric("provider_key_resting_seconds", 'provider="empty",key="a",reason="limited"'),
    ).toBeGreaterThan(3000);
  });

  test("with all keys of a target at rest others come first, and it is tried when nobody else is left", async () => {
    scene.scripts.set("cool-1", async () =>
      jsonAnswer(wire.errorBody(429, "slow down"), 429, { "retry-after": "600" }),
    );
    expect(await scene.ask("cool")).toMatchObject({ status: 200, by: "cool-2", attempts: "3" });
    for (let round = 0; round < 5; round += 1) {
      expect(await scene.ask("cool")).toMatchObject({ status: 200, by: "cool-2", attempts: "1" });
    }
    for (const key of ["a", "b"]) {
      const labels = `provider="cool-1",key="${key}",reason="limited"`;
      expect(await scene.metric("provider_key_resting_seconds", labels)).toBeGreaterThan(500);
    }
    scene.scripts.delete("cool-1");
    expect(await scene.ask("cool-1/m")).toMatchObject({ status: 200, by: "cool-1" });
  });

  test("a refused key rests; a reload with another credential brings it back at once", async () => {
    const calls: string[] = [];
    scene.scripts.set("refused", async ({ headers }) => {
      const key = headers["authorization"]?.split(" ")[1] ?? "";
      calls.push(key);
      return key === "bad" ? jsonAnswer(wire.errorBody(401, "no"), 401) : jsonAnswer(wire.whole("ok", wire.usage));
    });
    for (let round = 0; round < 40 && !calls.includes("bad"); round += 1) await scene.ask("refused");
    const begun = calls.length;
    for (let round = 0; round < 20; round += 1) expect((await scene.ask("refused")).status).toBe(200);
    expect(calls.slice(begun)).toEqual(Array.from({ length: 20 }, () => "good"));
    expect(
      await scene.metric("provider_key_resting_seconds", 'provider="refused",key="bad",reason="refused"'),
    ).toBeGreaterThan(0);
    const config = JSON.stringify(configOf(scene.url)).replace(
      '"name":"bad","value":"bad"',
      '"name":"bad","value":"better"',
    );
    writeFileSync(join(scene.gateway.dir, "trunkline.yaml"), config);
    scene.gateway.kill("SIGHUP");
    await until(
      () => scene.gateway.log().includes("configuration version 2 is in force"),
      "the new configuration holds",
    );
    for (let round = 0; round < 40 && !calls.includes("better"); round += 1) await scene.ask("refused");
    expect(calls).toContain("better");
    expect(await scene.metric("provider_key_resting_seconds", 'provider="refused",key="bad",reason="refused"')).toBe(
      -1,
    );
  });
});
