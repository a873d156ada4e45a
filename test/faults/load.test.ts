import { describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { jsonAnswer, streamAnswer } from "../mock-upstream/answers.ts";
import { recordOf, until } from "./bench.ts";
import { as, inOrder, keyed, LoadScene, provider, room, wire } from "./load-scene.ts";

const scene = new LoadScene(configOf);

function configOf(url: string): object {
  const at = (name: string, more?: object, keys?: object[]) => provider(url, name, more, keys);
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
    aliases: { spill: inOrder("spill-1", "spill-2"), late: inOrder("late-1", "late-2") },
    providers: Object.fromEntries([
      at("crowd", room(7)),
      at("keys", room(100), [keyed("a", { concurrency: { limit: 2 } }), keyed("b", { concurrency: { limit: 3 } })]),
      at("line", room(1)),
      at("short", room(1, 2)),
      at("abort", room(1)),
      at("brief", room(1, 10, 100)),
      at("none", room(1, 0)),
      at("spill-1", room(1)),
      at("spill-2", room(1)),
      at("late-1", room(1, 10, 100)),
      at("late-2", room(1)),
      at("streams", room(1)),
      at("crash", room(4)),
    ]),
  };
}

describe("concurrency", () => {
  test("500 requests at once: never more calls than the limit, nobody lost, no room lost", async () => {
    scene.scripts.set("crowd", async () => {
      await Bun.sleep(2);
      return jsonAnswer(wire.whole("ok", wire.usage));
    });
    const seen = await Promise.all(Array.from({ length: 500 }, () => scene.ask("crowd/m")));
    expect(seen.filter(({ status }) => status === 200)).toHaveLength(500);
    expect(scene.most.get("crowd")).toBe(7);
    expect(await scene.metric("provider_in_flight", 'provider="crowd"')).toBe(0);
    expect(await scene.waitingAt("crowd")).toBe(0);
    expect(await scene.metric("provider_queued_total", 'provider="crowd"')).toBeGreaterThan(0);
    expect(await scene.metric("provider_queue_seconds_total", 'provider="crowd"')).toBeGreaterThan(0);
  }, 60_000);

  test("a key that is full leaves the call to another; each keeps its own limit", async () => {
    scene.scripts.set("keys", async () => {
      await Bun.sleep(3);
      return jsonAnswer(wire.whole("ok", wire.usage));
    });
    const seen = await Promise.all(Array.from({ length: 100 }, () => scene.ask("keys/m")));
    expect(seen.every(({ status }) => status === 200)).toBe(true);
    expect([scene.most.get("keys#a"), scene.most.get("keys#b"), scene.most.get("keys")]).toEqual([2, 3, 5]);
    expect(await scene.metric("provider_key_in_flight", 'provider="keys",key="a"')).toBe(0);
    expect(await scene.metric("provider_key_in_flight", 'provider="keys",key="b"')).toBe(0);
  }, 60_000);

  test("a target without room leaves the call to the next; only when all are full is one waited for", async () => {
    const next1 = scene.hold("spill-1");
    const next2 = scene.hold("spill-2");
    const first = scene.ask("spill");
    await scene.untilHeld("spill-1", 1, "the first target is called");
    const second = scene.ask("spill");
    await scene.untilHeld("spill-2", 1, "the second target is called");
    const third = scene.ask("spill");
    await scene.untilWaiting("spill-1", 1);
    next1();
    expect(await first).toMatchObject({ status: 200, by: "spill-1" });
    await scene.untilHeld("spill-1", 1, "who waited is served");
    next1();
    next2();
    expect(await second).toMatchObject({ status: 200, by: "spill-2" });
    const waited = await third;
    expect(waited).toMatchObject({ status: 200, by: "spill-1" });
    const { trace } = await recordOf(scene.gateway, waited.id);
    expect(trace.filter(({ step }) => step === "queue")).toHaveLength(1);
    expect(trace.find(({ step }) => step === "queue")?.result).toMatch(
      /^spill-1\/m: room after \d+ ms, priority normal$/,
    );
    expect(trace).toContainEqual({ step: "target", result: "no_room", target: { provider: "spill-1", model: "m" } });
  });

  test("a stream has its room until it ends", async () => {
    const events = wire.events(["Hel", "lo"], wire.usage);
    scene.scripts.set("streams", async () => streamAnswer(events, 30));
    const seen = await Promise.all([1, 2, 3, 4].map(() => scene.ask("streams/m", { stream: true })));
    expect(seen.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(await scene.metric("provider_in_flight", 'provider="streams"')).toBe(0);
    // The mock counts the making of an answer alone: what the queue saw tells.
    expect(await scene.metric("provider_queued_total", 'provider="streams"')).toBe(3);
  });
});

describe("the queue", () => {
  test("serves priorities in order, each in the order of arrival", async () => {
    const next = scene.hold("line");
    const order: string[] = [];
    const asked: Promise<unknown>[] = [scene.ask("line/m", as("normal"))];
    await scene.untilHeld("line", 1, "the first is under way");
    for (const [at, priority] of ["low", "normal", "high", "low", "normal", "high"].entries()) {
      asked.push(scene.ask("line/m", as(priority)).then(() => order.push(`${priority} ${at}`)));
      await scene.untilWaiting("line", at + 1);
    }
    for (let round = 0; round < 7; round += 1) {
      await scene.untilHeld("line", 1, "the next is under way");
      next();
      await until(() => order.length === round, "it is answered");
    }
    await Promise.all(asked);
    expect(order).toEqual(["high 2", "high 5", "normal 1", "normal 4", "low 0", "low 3"]);
  });

  test("a request may lower its priority, never raise it", async () => {
    const next = scene.hold("line");
    const order: string[] = [];
    const asked: Promise<unknown>[] = [scene.ask("line/m", as("high"))];
    await scene.untilHeld("line", 1, "the first is under way");
    const join = async (name: string, key: string, priority: string): Promise<void> => {
      const headers = { ...as(key).headers, "x-trunkline-priority": priority };
      asked.push(scene.ask("line/m", { headers }).then(() => order.push(name)));
      await scene.untilWaiting("line", asked.length - 1);
    };
    await join("lowered", "high", "low");
    await join("not raised", "low", "high");
    await join("normal", "normal", "normal");
    for (let round = 0; round < 4; round += 1) {
      await scene.untilHeld("line", 1, "the next is under way");
      next();
      await until(() => order.length === round, "it is answered");
    }
    await Promise.all(asked);
    expect(order).toEqual(["normal", "lowered", "not raised"]);
  });

  test("when it is full newcomers are refused, but for a higher priority, which displaces the last of the lowest", async () => {
    const next = scene.hold("short");
    const first = scene.ask("short/m", as("normal"));
    await scene.untilHeld("short", 1, "the first is under way");
    const low = scene.ask("short/m", as("low"));
    await scene.untilWaiting("short", 1);
    const normal = scene.ask("short/m", as("normal"));
    await scene.untilWaiting("short", 2);
    expect(await scene.ask("short/m", as("low"))).toMatchObject({ status: 503, code: "overloaded", retryAfter: "1" });
    const high = scene.ask("short/m", as("high"));
    expect(await low).toMatchObject({ status: 503, code: "overloaded", retryAfter: "1" });
    for (const each of [first, high, normal]) {
      await scene.untilHeld("short", 1, "the next is under way");
      next();
      expect((await each).status).toBe(200);
    }
    expect(await scene.metric("provider_shed_total", 'provider="short",reason="full"')).toBe(1);
    expect(await scene.metric("provider_shed_total", 'provider="short",reason="displaced"')).toBe(1);
    expect(await scene.metric("provider_in_flight", 'provider="short"')).toBe(0);
  });

  test("a client that goes away leaves it at once", async () => {
    const next = scene.hold("abort");
    const first = scene.ask("abort/m");
    await scene.untilHeld("abort", 1, "the first is under way");
    const gone = new AbortController();
    const waiting = scene.ask("abort/m", { signal: gone.signal }).catch(() => null);
    await scene.untilWaiting("abort", 1);
    gone.abort();
    await waiting;
    await scene.untilWaiting("abort", 0);
    next();
    expect((await first).status).toBe(200);
    expect(await scene.metric("provider_in_flight", 'provider="abort"')).toBe(0);
    const given = async (): Promise<number> =>
      (await scene.gateway.records()).filter(
        (each) => each.requested_model === "abort/m" && each.outcome === "client_aborted",
      ).length;
    await until(async () => (await given()) === 1, "it is recorded");
  });

  test("who waits for too long is refused, or goes on to the next target", async () => {
    const next = scene.hold("brief");
    const first = scene.ask("brief/m");
    await scene.untilHeld("brief", 1, "the first is under way");
    expect(await scene.ask("brief/m")).toMatchObject({ status: 503, code: "overloaded", attempts: null });
    expect(await scene.metric("provider_shed_total", 'provider="brief",reason="late"')).toBe(1);
    next();
    expect((await first).status).toBe(200);
  });

  test("who waits in vain for one target goes on to the next", async () => {
    const next1 = scene.hold("late-1");
    const next2 = scene.hold("late-2");
    const first = scene.ask("late");
    await scene.untilHeld("late-1", 1, "the first target is called");
    const second = scene.ask("late");
    await scene.untilHeld("late-2", 1, "the second target is called");
    const third = scene.ask("late");
    await scene.untilWaiting("late-2", 1);
    next2();
    await scene.untilHeld("late-2", 1, "it has room");
    next1();
    next2();
    const seen = await Promise.all([first, second, third]);
    expect(seen.map(({ by }) => by)).toEqual(["late-1", "late-2", "late-2"]);
    const { trace } = await recordOf(scene.gateway, seen[2]?.id ?? "");
    const waits = trace.filter(({ step }) => step === "queue").map(({ result }) => result.replace(/ after .*/, ""));
    expect(waits).toEqual(["late-1/m: no room", "late-2/m: room"]);
  });

  test("without a queue nobody waits", async () => {
    const next = scene.hold("none");
    const first = scene.ask("none/m");
    await scene.untilHeld("none", 1, "the first is under way");
    expect(await scene.ask("none/m")).toMatchObject({ status: 503, code: "overloaded" });
    next();
    expect((await first).status).toBe(200);
  });
});

describe.each([
  ["crash", "after it has ended its requests"],
  ["crash-hard", "without another word"],
])("a thread that is gone (%s), %s", (file) => {
  test("gives back the room that it had, and its place in the queue", async () => {
    scene.hold("crash");
    const asked = Array.from({ length: 8 }, () => scene.ask("crash/m").catch(() => null));
    await scene.untilHeld("crash", 4, "four are under way");
    await scene.untilWaiting("crash", 4);
    const ended = (): number => scene.gateway.log().split("ended; a new one starts").length;
    const before = ended();
    writeFileSync(join(scene.gateway.dir, file), "");
    await until(() => ended() > before, "a thread crashed");
    scene.scripts.delete("crash");
    scene.letAllGo("crash");
    await Promise.all(asked);
    await scene.untilMetric("provider_in_flight", 'provider="crash"', 0);
    await scene.untilMetric("provider_waiting", 'provider="crash"', 0);
    if (file === "crash") expect(await scene.metric("target_in_flight", 'target="crash/m"')).toBe(0);
    scene.scripts.set("crash", async () => {
      await Bun.sleep(5);
      return jsonAnswer(wire.whole("ok", wire.usage));
    });
    scene.forget();
    const after = await Promise.all(Array.from({ length: 40 }, () => scene.ask("crash/m").catch(() => null)));
    expect(after.filter((each) => each?.status === 200)).toHaveLength(40);
    expect(scene.most.get("crash")).toBe(4);
  }, 60_000);
});
