import { expect, test } from "bun:test";
import { TargetHealth } from "../domain/balance/target-health.ts";
import { openSqliteStore } from "../stores/sqlite/open.ts";
import { HealthShare, type HealthShareOptions } from "./health-share.ts";
import { TargetSlots } from "./target-slots.ts";

const START = Date.UTC(2026, 10, 26);
const TARGET = "openai/gpt-4o";
const DONE = { whole: 800, perToken: null, outputTokens: 0 };

function replica(board: HealthShareOptions["board"], name: string) {
  const targets = new TargetSlots();
  // Places differ from replica to replica.
  for (let at = 0; at < name.length; at += 1) targets.slotOf(`filler-${at}/m`);
  const slot = targets.slotOf(TARGET);
  const health = new TargetHealth(targets.memories.targetHealth);
  const errors: unknown[] = [];
  const share = new HealthShare({ board, targets, replica: name, report: (error) => errors.push(error) });
  const call = (now: number, isFailure: boolean): void => {
    const begun = health.begin(slot);
    if (isFailure) health.fail(slot, 20, true, now);
    else health.succeed(slot, begun, DONE, now);
  };
  return { share, health, slot, call, errors, reading: (now: number) => health.read(slot, now) };
}

function pair() {
  const board = openSqliteStore("sqlite::memory:");
  return { board, one: replica(board, "one"), other: replica(board, "other-replica") };
}

test("failures that another replica sees count with one's own", () => {
  const { one, other } = pair();
  for (let at = 0; at < 9; at += 1) one.call(START, at < 3);
  one.share.step(START);
  expect(other.reading(START).errorRate).toBe(0);
  other.share.step(START + 100);
  expect(other.reading(START + 100).errorRate).toBeCloseTo(3 / 11, 2);
  other.call(START + 100, false);
  expect(other.reading(START + 100).errorRate).toBeCloseTo(3 / 12, 2);
  expect(one.reading(START + 100).errorRate).toBeCloseTo(3 / 11, 2);
});

test("what they said holds for seconds, and of one that is gone for less than half a minute", () => {
  const { one, other } = pair();
  for (let at = 0; at < 4; at += 1) one.call(START, true);
  one.share.step(START);
  other.share.step(START);
  expect(other.reading(START + 3_900).errorRate).toBeGreaterThan(0.5);
  expect(other.reading(START + 4_100).errorRate).toBe(0);
  other.share.step(START + 19_000);
  expect(other.reading(START + 19_000).errorRate).toBeGreaterThan(0.5);
  other.share.step(START + 25_000);
  expect(other.reading(START + 25_000).errorRate).toBe(0);
});

test("another replica's open breaker leaves one's own closed", () => {
  const { one, other } = pair();
  for (let at = 0; at < 5; at += 1) one.call(START, true);
  one.share.step(START);
  other.share.step(START);
  expect([one.reading(START).isClosed, other.reading(START).isClosed]).toEqual([false, true]);
});

test("a replica that comes later begins with the usual times, and measures on from there", () => {
  const { board, one } = pair();
  one.call(START, false);
  one.share.step(START);
  const late = replica(board, "a-later-one");
  late.share.seed(START + 60_000);
  expect(late.reading(START + 60_000).whole).toEqual({ peak: 800, current: 800, baseline: 800 });
  late.call(START + 61_000, false);
  late.share.seed(START + 61_000);
  expect(late.reading(START + 61_000).whole?.baseline).toBeCloseTo(800, 0);
});

test("one that is alone writes rarely, with others around every time that something changed", () => {
  const posts: number[] = [];
  const store = openSqliteStore("sqlite::memory:");
  const board: HealthShareOptions["board"] = {
    postHealth: (name, notes, now) => {
      posts.push(now - START);
      store.postHealth(name, notes, now);
    },
    healthOfOthers: (name, since) => store.healthOfOthers(name, since),
  };
  const one = replica(board, "one");
  for (let at = 0; at <= 30; at += 2) {
    one.call(START + at * 1000, false);
    one.share.step(START + at * 1000);
  }
  expect(posts).toEqual([0, 16_000]);
  posts.length = 0;
  store.postHealth("other", [], START + 31_000);
  for (let at = 32; at <= 36; at += 2) {
    for (let calls = at; calls > 30; calls -= 1) one.call(START + at * 1000, false);
    one.share.step(START + at * 1000);
  }
  expect(posts).toEqual([32_000, 34_000, 36_000]);
});

const HOUR = 3_600_000;

test("what was posted before the clock was set back is not taken for new, what is posted since is", () => {
  const { board, one, other } = pair();
  for (let at = 0; at < 4; at += 1) one.call(START, true);
  one.share.step(START);
  // One goes on by the clock that was set back; what it posts then takes the place of what it had posted.
  const back = START - HOUR;
  other.share.step(back);
  expect(other.reading(back).errorRate).toBe(0);
  const late = replica(board, "a-later-one");
  late.share.seed(back - HOUR);
  expect(late.reading(back).whole).toBeNull();
  for (let at = 0; at < 4; at += 1) one.call(back, true);
  one.share.step(back);
  other.share.step(back + 100);
  expect(other.reading(back + 100).errorRate).toBeGreaterThan(0.5);
});

test("a clock that is a little ahead is no reason not to listen", () => {
  const { one, other } = pair();
  for (let at = 0; at < 4; at += 1) one.call(START, true);
  one.share.step(START);
  other.share.step(START - 15_000);
  expect(other.reading(START - 15_000).errorRate).toBeGreaterThan(0.5);
});

test("one that is alone leaves word at once when the clock was set back", () => {
  const store = openSqliteStore("sqlite::memory:");
  const one = replica(store, "one");
  for (const now of [START, START - HOUR]) {
    one.call(now, false);
    one.share.step(now);
    expect(store.healthOfOthers("other", 0).map(({ at }) => at)).toEqual([now]);
  }
});

test("a store that is away is reported once, and disturbs nothing", () => {
  const fail = (): never => {
    throw new Error("away");
  };
  const one = replica({ postHealth: fail, healthOfOthers: fail }, "one");
  one.share.start();
  one.share.stop();
  expect(one.errors).toHaveLength(1);
});

test("notes from a newer program, of targets that nobody knows or with wild numbers, do no harm", () => {
  const { board, other } = pair();
  const wild = { target: TARGET, calls: 1e300, failures: -5, baselines: [Number.NaN, -1, 1e300] };
  board.postHealth(
    "wild",
    [wild as never, { target: "nowhere/m", calls: 1, failures: 1, baselines: [0, 0, 0] }],
    START,
  );
  other.share.seed(START);
  other.share.step(START);
  expect(other.reading(START).errorRate).toBe(0);
});
