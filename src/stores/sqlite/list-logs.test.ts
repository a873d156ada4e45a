import { Database } from "bun:sqlite";
import { describe, expect, test } from "bun:test";
import { sampleRecord } from "../../domain/journal/fixtures/record.ts";
import { linesOf } from "../../domain/journal/fixtures/lines.ts";
import type { RequestRecord } from "../../canonical/record.ts";
import type { LogFilter, LogPlace } from "../../domain/log/port.ts";
import { listQuery } from "./list-logs.ts";
import { migrate } from "./migrate.ts";
import { openSqliteStore } from "./open.ts";

const OUTCOMES = ["success", "rate_limited", "upstream_failed"] as const;
const MODELS = ["gpt-4o", "claude", "gemini", null];
const TEAMS = ["ml", "web"];

/** Records of every mixture, several of them at the same time. */
const RECORDS: RequestRecord[] = Array.from({ length: 240 }, (_, index) =>
  sampleRecord({
    id: `req_${(index * 7919) % 240}`,
    time: 1000 + Math.floor(index / 4),
    outcome: OUTCOMES[index % 3] ?? "success",
    status: index % 3 === 0 ? 200 : 429 + (index % 3),
    model: MODELS[index % 4] ?? null,
    provider: index % 5 === 0 ? "openai" : "other",
    virtual_key: `app-${index % 6}`,
    team: TEAMS[index % 2] ?? null,
    customer: index % 7 === 0 ? "acme" : null,
    user: index % 8 === 0 ? "ann" : null,
    operation: index % 9 === 0 ? "responses" : "chat",
    cost_nano_usd: index % 10 === 0 ? null : index * 1000,
  }),
);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The same selection in plain words of the language. */
function expected(filter: LogFilter): string[] {
  const holds = <T>(values: readonly T[] | undefined, value: T | null): boolean =>
    values === undefined || (value !== null && values.includes(value));
  return RECORDS.filter(
    (record) =>
      holds(filter.outcome, record.outcome) &&
      holds(filter.operation, record.operation) &&
      holds(filter.status, record.status) &&
      holds(filter.provider, record.provider) &&
      holds(filter.model, record.model) &&
      holds(filter.virtual_key, record.virtual_key) &&
      holds(filter.team, record.team) &&
      holds(filter.customer, record.customer) &&
      holds(filter.user, record.user) &&
      record.time >= (filter.since ?? 0) &&
      record.time < (filter.until ?? Infinity) &&
      (filter.minCostNanoUsd === undefined || (record.cost_nano_usd ?? -1) >= filter.minCostNanoUsd) &&
      record.id.startsWith(filter.idPrefix ?? ""),
  )
    .toSorted((a, b) => b.time - a.time || compare(b.id, a.id))
    .map((record) => record.id);
}

const FILTERS: LogFilter[] = [
  {},
  { outcome: ["success"] },
  { outcome: ["rate_limited", "upstream_failed"] },
  { outcome: ["success", "rate_limited"] },
  { outcome: [] },
  { operation: ["responses"] },
  { status: [200, 430] },
  { provider: ["openai"] },
  { model: ["gpt-4o"] },
  { model: ["gpt-4o", "claude", "gpt-4o"] },
  { model: ["nope"] },
  { virtual_key: ["app-1", "app-2", "app-5"], model: ["claude", "gemini"], team: ["web"] },
  { customer: ["acme"] },
  { user: ["ann"], since: 1010 },
  { since: 1010, until: 1020 },
  { minCostNanoUsd: 100_000 },
  { minCostNanoUsd: 0 },
  { idPrefix: "req_1" },
  { idPrefix: "req_1", team: ["ml"], model: ["gpt-4o", "gemini"], since: 1005 },
  { idPrefix: "req_%" },
  { idPrefix: "zzz" },
];

describe("listing", () => {
  const store = openSqliteStore("sqlite::memory:");
  store.append(linesOf(RECORDS));

  test.each(FILTERS.map((filter) => [filter]))("%j, in pages of any size", (filter) => {
    const wanted = expected(filter);
    for (const limit of [1, 7, 240, 500]) {
      const ids: string[] = [];
      let after: LogPlace | null = null;
      do {
        const page = store.list(filter, limit, after);
        expect(page.records.length).toBeLessThanOrEqual(limit);
        ids.push(...page.records.map((record) => record.id));
        after = page.next;
      } while (after !== null);
      expect(ids).toEqual(wanted);
    }
  });

  test("records that arrive between two pages move nothing", () => {
    const own = openSqliteStore("sqlite::memory:");
    own.append(linesOf(RECORDS.slice(0, 40)));
    const first = own.list({}, 10, null);
    own.append(linesOf(RECORDS.slice(40)));
    const second = own.list({}, 30, first.next);
    const ids = [...first.records, ...second.records].map((record) => record.id);
    const before = RECORDS.slice(0, 40).toSorted((a, b) => b.time - a.time || compare(b.id, a.id));
    expect(ids).toEqual(before.map((record) => record.id));
  });

  test("a prefix that very many ids share is found in order too", () => {
    const own = openSqliteStore("sqlite::memory:");
    own.append(linesOf(Array.from({ length: 1500 }, (_, index) => sampleRecord({ id: `x${index}`, time: index }))));
    expect(own.list({ idPrefix: "x" }, 3, null).records.map((record) => record.id)).toEqual([
      "x1499",
      "x1498",
      "x1497",
    ]);
  });
});

describe("the way to the rows", () => {
  const database = new Database(":memory:");
  migrate(database);
  const after = { time: 5, id: "a" };

  function plan(filter: LogFilter, byId = false): string {
    const { sql, values } = listQuery(filter, 50, after, byId);
    const steps = database.query<{ detail: string }, (string | number)[]>(`EXPLAIN QUERY PLAN ${sql}`).all(...values);
    return steps.map((step) => step.detail).join("; ");
  }

  test.each([
    [{}, "request_logs_time"],
    [{ minCostNanoUsd: 5, since: 1 }, "request_logs_time"],
    [{ idPrefix: "r" }, "request_logs_time"],
    [{ outcome: ["upstream_failed", "rate_limited"] }, "request_logs_failed"],
    [{ outcome: ["success"] }, "request_logs_time"],
    [{ virtual_key: ["a"] }, "request_logs_virtual_key"],
    [{ team: ["a"], since: 3 }, "request_logs_team"],
    [{ experiment: ["a"], arm: ["b"], since: 3 }, "request_logs_experiment"],
    [{ model: ["a", "b"], provider: ["c", "d"] }, "request_logs_model"],
  ] satisfies [LogFilter, string][])("%j walks %s in order, without sorting", (filter, index) => {
    expect(plan(filter)).toContain(`USING INDEX ${index} `);
    expect(plan(filter)).not.toContain("TEMP B-TREE");
  });

  test("few matches of an id prefix are found by id, whatever else is asked", () => {
    const filter: LogFilter = { idPrefix: "req_12", team: ["a"], model: ["b", "c"], since: 4 };
    expect(plan(filter, true)).toContain("USING INDEX request_logs_id (id>? AND id<?)");
  });
});
