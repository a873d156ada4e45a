import { describe, expect, test } from "bun:test";
import { Bells } from "./bells.ts";
import type { GateTask } from "./fixtures/gate-worker.ts";
import { Gate, NONE, type GateLimits } from "./gate.ts";
import { Gates } from "./gates.ts";

const [HIGH, NORMAL, LOW] = [0, 1, 2] as const;
const LONG = 60_000;

function open(limits: Partial<GateLimits> = {}) {
  const memory = Gate.createMemory();
  const bells = Bells.createMemory();
  const ringing = new Bells(bells);
  const gate = new Gate(memory, (seat) => ringing.ring(seat));
  gate.setLimits({ limit: 1, queue: 10, keys: [], ...limits });
  const gates = new Gates(ringing, 0);
  gates.extend([memory]);
  const wait = (line: number, keys: number[] = [0], patienceMs = LONG) =>
    gates.wait({ slot: 0, keys, line, patienceMs });
  return { memory, bells, gate, gates, wait };
}

describe("room", () => {
  test("is given up to the limit of the provider and of each key", () => {
    const { gates, gate } = open({ limit: 3, keys: [{ place: 1, limit: 1 }] });
    expect([gates.take(0, [1, 0]), gates.take(0, [1]), gates.take(0, [1, 0]), gates.take(0, [0])]).toEqual([
      0,
      NONE,
      1,
      0,
    ]);
    expect([gates.take(0, [0]), gate.hasRoomFor([0]), gate.counts().inFlight, gate.keyInFlight(1)]).toEqual([
      NONE,
      false,
      3,
      1,
    ]);
    gates.release(0, 1);
    expect([gate.hasRoomFor([0]), gates.take(0, [1])]).toEqual([true, 0]);
  });

  test("without a limit of the provider only the keys' count", () => {
    const { gates } = open({ limit: null, keys: [{ place: 2, limit: 2 }] });
    expect([1, 2, 3].map(() => gates.take(0, [2]))).toEqual([0, 0, NONE]);
    expect([1, 2, 3].map(() => gates.take(0, [0]))).toEqual([0, 0, 0]);
  });

  test("may be changed for room with another key; what becomes free with the first goes to who waits for it", async () => {
    const keys = [1, 2, 3].map((place) => ({ place, limit: 1 }));
    const { gates, gate, wait } = open({ limit: 3, keys });
    expect([gates.take(0, [1]), gates.take(0, [2])]).toEqual([0, 0]);
    const waiting = wait(LOW, [1]);
    expect([gates.move(0, 1, [2]), gates.move(0, 1, [2, 1]), gates.move(0, 1, [2, 3])]).toEqual([NONE, 1, 1]);
    expect(await waiting.ended).toEqual({ type: "granted", key: 1 });
    expect([gate.counts().inFlight, ...[1, 2, 3].map((place) => gate.keyInFlight(place))]).toEqual([3, 1, 1, 1]);
  });

  test("changed for another key's is never anybody else's in between", () => {
    const { gates, gate, wait } = open({ limit: 1 });
    gates.take(0, [0]);
    const waiting = wait(HIGH);
    expect(gates.move(0, 0, [1])).toBe(0);
    expect(gate.counts()).toMatchObject({ inFlight: 1, waiting: 1 });
    waiting.leave();
  });

  test("a lower limit lets those under way end, a higher one lets in those who wait", async () => {
    const { gates, gate, wait } = open({ limit: 2 });
    gates.take(0, [0]);
    gates.take(0, [0]);
    const waiting = wait(NORMAL);
    gate.setLimits({ limit: 1, queue: 10, keys: [] });
    gates.release(0, 0);
    expect(gate.counts()).toMatchObject({ inFlight: 1, waiting: 1 });
    gate.setLimits({ limit: 2, queue: 10, keys: [] });
    expect(await waiting.ended).toEqual({ type: "granted", key: 0 });
  });
});

describe("waiting", () => {
  test("room goes to the highest priority, within it first come first served", async () => {
    const { gates, wait } = open();
    gates.take(0, [0]);
    const order: string[] = [];
    const waiting = [wait(LOW), wait(NORMAL), wait(HIGH), wait(NORMAL), wait(HIGH)];
    const names = ["low", "normal 1", "high 1", "normal 2", "high 2"];
    for (const [at, each] of waiting.entries()) {
      void each.ended.then(() => {
        order.push(names[at] ?? "");
        gates.release(0, 0);
      });
    }
    gates.release(0, 0);
    await Promise.all(waiting.map(({ ended }) => ended));
    expect(order).toEqual(["high 1", "high 2", "normal 1", "normal 2", "low"]);
  });

  test("who cannot use the room that is free does not keep others from it", async () => {
    const { gates, wait, gate } = open({
      limit: 2,
      keys: [
        { place: 1, limit: 1 },
        { place: 40, limit: 1 },
      ],
    });
    gates.take(0, [1]);
    gates.take(0, [40]);
    const first = wait(HIGH, [1]);
    const second = wait(LOW, [1, 40]);
    gates.release(0, 40);
    expect(await second.ended).toEqual({ type: "granted", key: 40 });
    expect(gate.counts().waiting).toBe(1);
    gates.release(0, 1);
    expect(await first.ended).toEqual({ type: "granted", key: 1 });
  });

  test("a full queue refuses, but for a higher priority, which takes the place of the last of the lowest", async () => {
    const { gates, wait, gate } = open({ queue: 3 });
    gates.take(0, [0]);
    const [normal, low1, low2] = [wait(NORMAL), wait(LOW), wait(LOW)];
    expect(await wait(LOW).ended).toEqual({ type: "full" });
    const high = wait(HIGH);
    expect(await low2.ended).toEqual({ type: "displaced" });
    const other = wait(NORMAL);
    expect(await low1.ended).toEqual({ type: "displaced" });
    expect(await wait(NORMAL).ended).toEqual({ type: "full" });
    expect(gate.counts()).toMatchObject({ waiting: 3, full: 2, displaced: 2, queued: 5 });
    for (const each of [high, normal, other]) {
      gates.release(0, 0);
      expect(await each.ended).toEqual({ type: "granted", key: 0 });
    }
    gates.release(0, 0);
    expect(gate.counts()).toMatchObject({ inFlight: 0, waiting: 0 });
  });

  test("ends when it takes too long, or when its owner leaves", async () => {
    const { gates, wait, gate } = open();
    gates.take(0, [0]);
    const late = wait(NORMAL, [0], 1);
    const left = wait(NORMAL);
    left.leave();
    left.leave();
    expect([await late.ended, await left.ended]).toEqual([{ type: "late" }, { type: "left" }]);
    expect(gate.counts()).toMatchObject({ inFlight: 1, waiting: 0, late: 1 });
    gates.release(0, 0);
    expect(gate.counts().inFlight).toBe(0);
  });

  test("who leaves when room was just granted gives it back", async () => {
    const { gates, wait, gate } = open();
    gates.take(0, [0]);
    const waiting = wait(NORMAL);
    gates.release(0, 0);
    waiting.leave();
    expect(await waiting.ended).toEqual({ type: "left" });
    expect(gate.counts()).toMatchObject({ inFlight: 0, waiting: 0 });
  });

  test("more requests wait and leave than there are nodes", () => {
    const { gates, wait, gate } = open();
    gates.take(0, [0]);
    for (let round = 0; round < 20_000; round += 1) wait(NORMAL).leave();
    expect(gate.counts()).toMatchObject({ waiting: 0, queued: 20_000, full: 0 });
  });
});

interface Crew {
  threads: number;
  limits: GateLimits;
  task: Partial<GateTask>;
}

async function runCrew({ threads, limits, task }: Crew) {
  const { memory, bells, gate } = open(limits);
  const seen = new SharedArrayBuffer(8);
  const workers = Array.from(
    { length: threads },
    () => new Worker(new URL("./fixtures/gate-worker.ts", import.meta.url).href),
  );
  const ends: Record<string, number> = {};
  await Promise.all(
    workers.map(
      (worker, seat) =>
        new Promise<void>((resolve) => {
          worker.addEventListener("message", ({ data }: MessageEvent<Record<string, number>>) => {
            for (const [end, count] of Object.entries(data)) ends[end] = (ends[end] ?? 0) + count;
            resolve();
          });
          const whole = {
            gate: memory,
            bells,
            seat,
            calls: 500,
            atOnce: 20,
            keys: [0],
            line: NORMAL,
            patienceMs: LONG,
            holdMs: 0,
            seen,
          };
          worker.postMessage({ ...whole, ...task });
        }),
    ),
  );
  for (const worker of workers) worker.terminate();
  return { gate, ends, most: new Int32Array(seen)[1] ?? 0 };
}

describe("over threads", () => {
  test("the limit is exact, and everybody gets through", async () => {
    const { gate, ends, most } = await runCrew({
      threads: 4,
      limits: { limit: 7, queue: 1000, keys: [] },
      task: {},
    });
    expect(most).toBe(7);
    expect((ends["at once"] ?? 0) + (ends["waited"] ?? 0)).toBe(2000);
    expect(ends["waited"]).toBeGreaterThan(0);
    expect(gate.counts()).toMatchObject({ inFlight: 0, waiting: 0, full: 0, late: 0 });
  });

  test("with limits of keys and a short queue nothing is lost either", async () => {
    const keys = [1, 2, 3].map((place) => ({ place, limit: place }));
    const { gate, ends, most } = await runCrew({
      threads: 4,
      limits: { limit: 5, queue: 10, keys },
      task: { keys: [3, 1, 2] },
    });
    expect(most).toBe(5);
    expect(Object.values(ends).reduce((sum, count) => sum + count, 0)).toBe(2000);
    expect(gate.counts()).toMatchObject({ inFlight: 0, waiting: 0, full: ends["full"] ?? 0 });
    expect([1, 2, 3].map((place) => gate.keyInFlight(place))).toEqual([0, 0, 0]);
  });

  test("what a thread had when it went is taken back", async () => {
    const { memory, bells, gate, gates, wait } = open({ limit: 4 });
    const other = new Gates(new Bells(bells), 9);
    other.extend([memory]);
    for (let at = 0; at < 3; at += 1) other.take(0, [0]);
    gates.take(0, [0]);
    const gone = [1, 2].map(() => other.wait({ slot: 0, keys: [0], line: HIGH, patienceMs: LONG }));
    const waiting = wait(LOW);
    expect(gate.counts()).toMatchObject({ inFlight: 4, waiting: 3 });
    gate.reclaim(9);
    expect(await waiting.ended).toEqual({ type: "granted", key: 0 });
    expect(gate.counts()).toMatchObject({ inFlight: 2, waiting: 0 });
    gates.release(0, 0);
    gates.release(0, 0);
    gate.reclaim(9);
    expect(gate.counts().inFlight).toBe(0);
    expect(gone).toHaveLength(2);
  });
});
