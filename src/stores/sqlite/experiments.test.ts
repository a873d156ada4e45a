import { expect, test } from "bun:test";
import { Database } from "bun:sqlite";
import type { RequestRecord } from "../../canonical/record.ts";
import { sampleRecord } from "../../domain/journal/fixtures/record.ts";
import { COMPARE } from "./experiments.ts";
import { migrate } from "./migrate.ts";
import { openSqliteStore, type SqliteStore } from "./open.ts";

const ALWAYS = { since: 0, until: Number.MAX_SAFE_INTEGER };

function storeWith(records: readonly Partial<RequestRecord>[]): SqliteStore {
  const store = openSqliteStore("sqlite::memory:");
  const lines = records.map((fields, at) => {
    const record = sampleRecord({ id: `req_${at}`, experiment: "e", arm: "a", ...fields });
    return { record, text: JSON.stringify(record) };
  });
  store.append(lines);
  return store;
}

test("figures of each arm, and of no other experiment", () => {
  const store = storeWith([
    { duration_ms: 30, cost_nano_usd: 5 },
    { duration_ms: 10, cost_nano_usd: null, first_content_ms: null },
    { duration_ms: 99, outcome: "upstream_failed", cost_nano_usd: 0, input_tokens: null },
    { duration_ms: 98, outcome: "client_aborted" },
    { arm: "b", duration_ms: 7 },
    { experiment: "f", arm: "a" },
    { experiment: null, arm: null },
  ]);
  const { arms } = store.armFigures("e", ALWAYS);
  expect(arms.map(({ arm, requests }) => [arm, requests])).toEqual([
    ["a", 4],
    ["b", 1],
  ]);
  expect(arms[0]).toMatchObject({ errors: 1, aborted: 1, costNano: 450_005, unknownCosts: 1, inputTokens: 300 });
  expect([...(arms[0]?.durations ?? [])]).toEqual([10, 30]);
  expect(arms[0]?.firstContents.length).toBe(3);
  expect(store.experimentNames()).toEqual(["e", "f"]);
  const counts = { a: { requests: 4, errors: 1, aborted: 1 }, b: { requests: 1, errors: 0, aborted: 0 } };
  expect(store.armCounts("e", ALWAYS)).toEqual({ arms: new Map(Object.entries(counts)), since: 0 });
});

test("a range bounds what is counted", () => {
  const store = storeWith([{ time: 10 }, { time: 20 }, { time: 30 }]);
  expect(store.armFigures("e", { since: 10, until: 30 }).arms[0]?.requests).toBe(2);
  expect(store.armFigures("e", { since: 31, until: 99 }).arms).toEqual([]);
});

test("feedback is summed by arm, weighted", () => {
  const store = storeWith([{}, {}, { arm: "b" }]);
  const feedback = { time: 1, label: null, comment: null, metadata: null };
  store.putFeedback({ ...feedback, request_id: "req_0", source: "x", score: 1, weight: 0.5 });
  store.putFeedback({ ...feedback, request_id: "req_0", source: "y", score: -1, weight: 1 });
  store.putFeedback({ ...feedback, request_id: "req_9", source: "x", score: 1, weight: 1 });
  const [first, second] = store.armFigures("e", ALWAYS).arms;
  expect(first?.feedback).toEqual({ count: 2, weightedScore: -0.5, weight: 1.5, positive: 1, negative: 1 });
  expect(second?.feedback.count).toBe(0);
});

test("of more records than can be looked at, the latest count, and from when on is told", () => {
  const store = storeWith(
    Array.from({ length: 100_010 }, (_, at) => ({ time: at + 1, trace: [], attempts: [], charges: [] })),
  );
  const { arms, since } = store.armFigures("e", ALWAYS);
  expect(since).toBe(11);
  expect(arms[0]?.requests).toBe(100_000);
  const counted = store.armCounts("e", ALWAYS);
  expect([counted.since, counted.arms.get("a")?.requests]).toEqual([11, 100_000]);
});

test("feedback says one thing a source, and goes with its time", () => {
  const store = storeWith([{}]);
  const said = {
    request_id: "req_0",
    source: "x",
    time: 5,
    weight: 1,
    label: "l",
    comment: null,
    metadata: { a: [1] },
  };
  expect(store.putFeedback({ ...said, score: 1 })).toBe("added");
  expect(store.putFeedback({ ...said, score: 0 })).toBe("changed");
  expect(store.feedbackOf(["req_0", "req_1"])).toEqual([{ ...said, score: 0 }]);
  store.prune(5, 10);
  expect(store.feedbackOf(["req_0"])).toHaveLength(1);
  store.prune(6, 10);
  expect(store.feedbackOf(["req_0"])).toEqual([]);
});

test.each(Object.entries(COMPARE))("%s reads the index alone", (_, sql) => {
  const database = new Database(":memory:");
  migrate(database);
  const steps = database
    .query<{ detail: string }, [string, number, number]>(`EXPLAIN QUERY PLAN ${sql}`)
    .all("e", 0, 9);
  const plan = steps.map(({ detail }) => detail).join("; ");
  expect(plan).toContain(
    "SEARCH request_logs USING COVERING INDEX request_logs_experiment (experiment=? AND time>? AND time<?)",
  );
  expect(plan).not.toContain("SCAN");
});
