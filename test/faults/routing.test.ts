import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { chunk, jsonAnswer, STREAM_HEAD, streamAnswer } from "../mock-upstream/answers.ts";
import type { Step } from "../mock-upstream/server.ts";
import { recordOf } from "./bench.ts";
import { expectQuiet, startScene, wireOf, type Place, type Scene } from "./routing-scene.ts";

const wire = wireOf("openai-chat");
const STALL: Step = { stall: true };
const good = (text: string): Step[] => jsonAnswer(wire.whole(text, wire.usage));
const failed = (status: number, message: string, headers: Record<string, string> = {}): Step[] =>
  jsonAnswer(wire.errorBody(status, message), status, headers);

/** No minimum: of ten requests two may be sent again. */
const RETRY_BUDGET = { share: 0.2, min_per_second: 0, window_ms: 600_000 };

let scene: Scene;
let strict: Scene;
beforeAll(async () => {
  const network = { max_retries: 2, backoff_initial_ms: 1, backoff_max_ms: 1500 };
  scene = await startScene({
    routing: {},
    network,
    aliases: {
      hurried: {
        targets: [{ provider: "o80", model: "m" }],
        fallbacks: ["o81/m"],
        attempt_timeout_ms: 150,
      },
      shared: {
        targets: [{ provider: "o82", model: "m" }],
        fallbacks: ["o83/m"],
        attempt_timeout_ms: 60_000,
      },
    },
  });
  const hedged = { targets: [{ provider: "o80", model: "m" }], fallbacks: ["o81/m"], hedging: { after: 40 } };
  strict = await startScene({
    routing: { retry_budget: RETRY_BUDGET },
    aliases: { hedged },
    network: { ...network, backoff_max_ms: 5 },
  });
  for (const name of ["o80", "o82"]) scene.named(name, [STALL]);
  for (const name of ["o81", "o83"]) scene.named(name, good(`from ${name}`));
});
afterAll(async () => {
  await scene.stop();
  await strict.stop();
});

type Ask = NonNullable<Parameters<Scene["ask"]>[2]>;

function askChain(places: readonly Place[], options: Ask = {}, where = scene) {
  const [first, ...rest] = places.map(({ model }) => model);
  return where.ask("openai-chat", first ?? "", {
    ...options,
    more: { ...options.more, ...(rest.length > 0 && { fallbacks: rest }) },
  });
}

const within = (ms: number): Ask => ({ headers: { "x-trunkline-timeout-ms": String(ms) } });

async function codesOf(id: string, where = scene): Promise<unknown[]> {
  const { attempts } = await recordOf(where.gateway, id);
  return attempts.map(({ provider, code }) => [provider, code]);
}

/** Whether the key's budget holds two worst cases again: what was reserved came back. */
async function expectSettled(key: string): Promise<void> {
  const seen = await scene.ask("openai-chat", scene.place(good("again")).model, { key, maxTokens: 200_000 });
  expect(seen.reading.text).toBe("again");
  expect(seen.headers.get("x-trunkline-warnings")).toBeNull();
}

describe("the error when all fail", () => {
  test("is that of the first in the route, though its breaker had it tried last", async () => {
    const first = scene.place(failed(500, "the primary is down"));
    for (let round = 0; round < 2; round += 1) await askChain([first]);
    const second = scene.place(failed(503, "the fallback is down"));
    const key = scene.key();
    const seen = await askChain([first, second], { key });
    expect(seen.headers.get("x-trunkline-route")).toContain(`${first.name}/m: goes last, its breaker is open`);
    expect({ status: seen.status, message: seen.error.message }).toEqual({
      status: 502,
      message: "the primary is down",
    });
    const codes = await codesOf(seen.id);
    expect(codes[0]).toEqual([second.name, "upstream_error"]);
    expect(codes.at(-1)).toEqual([first.name, "upstream_error"]);
    await expectSettled(key);
  });

  test("with keys that all cool down is the refusal with its retry-after", async () => {
    const cooling = scene.place(failed(429, "slow down", { "retry-after": "40" }));
    const down = scene.place(failed(500, "down"));
    await askChain([cooling]);
    const seen = await askChain([cooling, down]);
    expect({ status: seen.status, message: seen.error.message }).toEqual({ status: 429, message: "slow down" });
    expect(seen.headers.get("retry-after")).toBe("40");
  });
});

describe("the deadline", () => {
  test("shorter than the first attempt is a 504 when it passes", async () => {
    const slow = scene.place([STALL]);
    const key = scene.key();
    const started = performance.now();
    const seen = await askChain([slow, scene.place(good("never"))], { ...within(300), key });
    expect(performance.now() - started).toBeGreaterThanOrEqual(299);
    expect({ status: seen.status, code: seen.error.code }).toEqual({ status: 504, code: "deadline_exceeded" });
    expect(JSON.parse(seen.body).error.attempts).toMatchObject([{ provider: slow.name, code: "deadline_exceeded" }]);
    const record = await recordOf(scene.gateway, seen.id);
    expect(record).toMatchObject({ outcome: "deadline_exceeded", status: 504, cost_nano_usd: 0 });
    await expectSettled(key);
  });

  test("that no attempt could meet is a 504 without one", async () => {
    const place = scene.place(good("never"));
    const seen = await askChain([place], within(1));
    expect({ status: seen.status, code: seen.error.code }).toEqual({ status: 504, code: "deadline_exceeded" });
    expect(place.keys).toEqual([]);
  });

  test("is not slept away: a pause that does not fit ends the request at once, with the attempts", async () => {
    const limited = scene.place(failed(503, "busy", { "retry-after": "1" }));
    const key = scene.key();
    const seen = await askChain([limited], { ...within(900), key });
    expect({ status: seen.status, code: seen.error.code }).toEqual({ status: 504, code: "deadline_exceeded" });
    expect(JSON.parse(seen.body).error.attempts).toMatchObject([{ provider: limited.name, status: 503 }]);
    expect(await codesOf(seen.id)).toEqual([[limited.name, "upstream_error"]]);
    expect((await recordOf(scene.gateway, seen.id)).duration_ms).toBeLessThan(900);
    await expectSettled(key);
  });

  test("leaves a limit that it cannot wait out as the provider said it", async () => {
    const limited = scene.place(failed(429, "wait", { "retry-after": "6" }));
    const seen = await askChain([limited], within(5000));
    expect({ status: seen.status, message: seen.error.message }).toEqual({ status: 429, message: "wait" });
    expect(seen.headers.get("retry-after")).toBe("6");
  });

  test("turns to the fallback instead of a pause that does not fit", async () => {
    const limited = scene.place(failed(503, "busy", { "retry-after": "1" }));
    const seen = await askChain([limited, scene.place(good("fallback"))], within(900));
    expect(seen.reading.text).toBe("fallback");
    expect(await codesOf(seen.id)).toEqual([
      [limited.name, "upstream_error"],
      [expect.any(String), null],
    ]);
  });

  test("in the midst of a stream ends it with the dialect's error event", async () => {
    const events = wire.events(["half"], wire.usage);
    const place = scene.place([{ write: STREAM_HEAD }, chunk(events.slice(0, 2).join("")), STALL]);
    const key = scene.key();
    const seen = await askChain([place], { ...within(300), stream: true, key });
    expect(seen.reading).toMatchObject({ text: "half", error: { code: "deadline_exceeded" } });
    expect(seen.endedWell).toBe(true);
    expect((await recordOf(scene.gateway, seen.id)).outcome).toBe("deadline_exceeded");
    await expectSettled(key);
  });

  test.each([{ timeout: 0.3 }, { request_timeout: 0.3 }])("is the caller's %p too", async (more) => {
    const seen = await askChain([scene.place([STALL])], { more });
    expect({ status: seen.status, code: seen.error.code }).toEqual({ status: 504, code: "deadline_exceeded" });
  });
});

describe("a bound on attempts", () => {
  test("turns from a hung target to the next", async () => {
    const seen = await scene.ask("openai-chat", "hurried");
    expect(seen.reading.text).toBe("from o81");
    expect(await codesOf(seen.id)).toEqual([
      ["o80", "upstream_timeout"],
      ["o81", null],
    ]);
  });

  test("of streams ends with their first content", async () => {
    scene.named("o80", streamAnswer(wire.events(["a", "b", "c", "d"], wire.usage), 80));
    const seen = await scene.ask("openai-chat", "hurried", { stream: true });
    expect(seen.reading).toMatchObject({ text: "abcd", isWhole: true });
    scene.named("o80", [{ write: STREAM_HEAD }, STALL]);
    scene.named("o81", streamAnswer(wire.events(["other"], wire.usage)));
    const hung = await scene.ask("openai-chat", "hurried", { stream: true });
    expect(hung.reading).toMatchObject({ text: "other", isWhole: true });
  });

  test("leaves half of a short deadline to the others, and the target is not to blame", async () => {
    const expected = [
      ["o82", "upstream_timeout"],
      ["o83", null],
    ];
    for (let round = 0; round < 2; round += 1) {
      const all = Array.from({ length: 6 }, () => scene.ask("openai-chat", "shared", within(2000)));
      for (const seen of await Promise.all(all)) {
        expect(seen.reading.text).toBe("from o83");
        expect(await codesOf(seen.id)).toEqual(expected);
      }
    }
  });

  test("does not hold for the last target", async () => {
    scene.named("o80", failed(400, "no", {}));
    scene.named("o81", [{ wait: 300 }, ...good("late")]);
    scene.named("o80", failed(500, "no"));
    const seen = await scene.ask("openai-chat", "hurried");
    expect(seen.reading.text).toBe("late");
  });
});

test("callers in a hurry do not open a breaker", async () => {
  const slow = scene.place([{ wait: 700 }, ...good("slow")]);
  for (let round = 0; round < 6; round += 1) {
    const seen = await askChain([slow], { more: { stream_timeout: 0.001, num_retries: 0 } });
    expect(seen.error.code).toBe("upstream_timeout");
  }
  const other = scene.place(good("other"));
  const seen = await askChain([slow, other]);
  expect(seen.reading.text).toBe("slow");
});

describe("the retry budget", () => {
  test("of a target that fails lets few requests be sent again, and every one is served by the fallback", async () => {
    const down = strict.place(failed(500, "down"));
    const other = strict.place(good("other"));
    let refusals = 0;
    for (let round = 0; round < 20; round += 1) {
      const seen = await askChain([down, other], {}, strict);
      expect(seen.reading.text).toBe("other");
      if (seen.headers.get("x-trunkline-route")?.includes("the retry budget is used up") === true) refusals += 1;
    }
    // Every request comes to both targets; once the breaker is open only probes reach the first.
    expect(other.keys).toHaveLength(20);
    const requests = down.keys.length;
    expect(requests).toBeLessThanOrEqual(20 * 1.2);
    expect(refusals).toBeGreaterThan(0);
    const text = await (await fetch(`${strict.gateway.url}/metrics`)).text();
    const counted = new RegExp(`trunkline_retries_refused_total\\{target="${down.name}/m"\\} (\\d+)`).exec(text)?.[1];
    expect(Number(counted)).toBe(refusals);
  });

  test("of a target that is alone is spent on a share of its requests", async () => {
    const flapping = strict.place(
      (() => {
        let count = 0;
        return () => (count++ < 5 ? good("fine") : failed(500, "down"));
      })(),
    );
    for (let round = 0; round < 5; round += 1) await askChain([flapping], {}, strict);
    const failing = await askChain([flapping], {}, strict);
    expect(failing.status).toBe(502);
    expect((await codesOf(failing.id, strict)).length).toBe(2);
    const next = await askChain([flapping], {}, strict);
    expect((await codesOf(next.id, strict)).length).toBe(1);
    expect(next.error.message).toBe("down");
  });

  test("counts hedges with the retries of the target that is slow", async () => {
    strict.named("o80", [{ wait: 150 }, ...good("slow")]);
    const rival = strict.named("o81", good("rival"));
    const texts: string[] = [];
    for (let round = 0; round < 6; round += 1) {
      const seen = await strict.ask("openai-chat", "hedged");
      texts.push(seen.reading.text);
      if (texts.length < 5) expect(seen.headers.get("x-trunkline-route")).toContain("the retry budget is used up");
    }
    expect(texts).toEqual(["slow", "slow", "slow", "slow", "rival", "slow"]);
    expect(rival.keys).toHaveLength(1);
  });

  test("does not keep from other keys", async () => {
    const limited = strict.place((request) =>
      request.headers["authorization"]?.endsWith("-a") === true ? failed(429, "slow down") : good("other key"),
    );
    expect((await askChain([limited], {}, strict)).reading.text).toBe("other key");
  });
});

test("in the end nothing is under way and every request has one record", async () => {
  await expectQuiet(scene);
  await expectQuiet(strict);
});
