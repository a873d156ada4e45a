import { expect, test } from "bun:test";
import type { Call } from "../call.ts";
import type { RequestContext } from "../context.ts";
import type { Lane } from "../lane.ts";
import type { TargetQueue } from "../target-queue.ts";
import { race, type TryTargets } from "./race.ts";

const slot = { slot: 0, isShared: true };
const reading = { isClosed: true };
const TARGETS = ["first", "second"].map((provider) => ({ provider, model: "m" }));

/** As much of a request as a race touches. */
function requestOf(reported: unknown[] = []): RequestContext {
  const runtime = {
    clock: { wall: () => 0, monotonic: () => 0 },
    retries: { take: () => true },
    targets: { read: () => reading, release: () => {} },
    report: (error: unknown) => reported.push(error),
  };
  const snapshot = { slotOf: () => slot, data: { retryBudget: {}, measuresLatency: false }, providers: new Map() };
  const request = { warnings: [], trace: [], attempts: [], hedgeHeld: [], caller: null, deadline: Infinity };
  return {
    ...request,
    arrival: { wall: 0 },
    lostNano: 0,
    giveUp: null,
    runtime,
    snapshot,
  } as unknown as RequestContext;
}

function queueOf(): TargetQueue {
  const left = TARGETS.slice(1);
  return { left, takeOut: () => left.splice(0, 1) } as unknown as TargetQueue;
}

function callOf(lane: Lane, at: number): Call {
  const target = TARGETS[at] ?? { provider: "", model: "" };
  return { lane, target, key: { data: { name: "k", slot: 0 } }, earlyUsage: null } as unknown as Call;
}

function run(context: RequestContext, tryTargets: TryTargets): Promise<boolean> {
  const first = TARGETS[0] ?? { provider: "", model: "" };
  return race(context, { afterMs: 1, max: 1 }, queueOf(), first, tryTargets);
}

/** Lanes that wait until they are told to go on. */
function gates(): { wait: (at: number) => Promise<void>; open: (at: number) => void } {
  const all = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  return { wait: (at) => all[at]?.promise ?? Promise.resolve(), open: (at) => all[at]?.resolve() };
}

test("a lane that comes to its answer or next call after another has won is stopped there", async () => {
  const context = requestOf();
  const { wait, open } = gates();
  const ends: string[] = [];
  const served = await run(context, async (_, lane) => {
    const it = callOf(lane, lane.isHedge ? 1 : 0);
    lane.race?.begin(it, 0);
    if (lane.isHedge) {
      lane.race?.win(it);
      open(0);
      return true;
    }
    await wait(0);
    expect(() => lane.race?.check(lane)).toThrow("another attempt has answered");
    expect(() => lane.race?.begin(it, 0)).toThrow("another attempt has answered");
    ends.push("stopped");
    return false;
  });
  expect(served).toBe(true);
  expect(context.trace.map(({ result }) => result)).toEqual([
    "second/m, after 1 ms without an answer",
    "second/m answered first",
  ]);
  await wait(0);
  expect(ends).toEqual(["stopped"]);
});

test("a fault in one lane leaves the other its chance, and is reported", async () => {
  const reported: unknown[] = [];
  const fault = new Error("a fault of ours");
  const { wait, open } = gates();
  const served = await run(requestOf(reported), async (_, lane) => {
    const it = callOf(lane, lane.isHedge ? 1 : 0);
    lane.race?.begin(it, 0);
    if (lane.isHedge) {
      setTimeout(() => open(0));
      throw fault;
    }
    await wait(0);
    lane.race?.win(it);
    return true;
  });
  expect(served).toBe(true);
  expect(reported).toEqual([fault]);
});

test("when all lanes end without an answer, what one of them threw ends the request", async () => {
  const fault = new Error("a fault of ours");
  const { wait, open } = gates();
  const running = run(requestOf(), async (_, lane) => {
    lane.race?.begin(callOf(lane, lane.isHedge ? 1 : 0), 0);
    if (lane.isHedge) {
      setTimeout(() => open(0));
      return false;
    }
    await wait(0);
    throw fault;
  });
  expect(await running.catch((error: unknown) => error)).toBe(fault);
});

test("lanes that all fail are no answer", async () => {
  const { wait, open } = gates();
  const served = await run(requestOf(), async (_, lane) => {
    lane.race?.begin(callOf(lane, lane.isHedge ? 1 : 0), 0);
    if (lane.isHedge) open(0);
    else await wait(0);
    return false;
  });
  expect(served).toBe(false);
});
