import { linesOf } from "../domain/journal/fixtures/lines.ts";
import { describe, expect, test } from "bun:test";
import { GatewayError } from "../canonical/errors.ts";
import { OUTCOMES } from "../canonical/names.ts";
import { sampleRecord } from "../domain/journal/fixtures/record.ts";
import { encodeCursor } from "../domain/log/cursor.ts";
import { openSqliteStore } from "../stores/sqlite/open.ts";
import { LOG_PARAMETERS, readLogQuery } from "./log-query.ts";
import { getLog, listLogs } from "./logs.ts";

const query = (text: string): URLSearchParams => new URLSearchParams(text);

function refused(text: string): GatewayError {
  try {
    readLogQuery(query(text));
  } catch (error) {
    if (error instanceof GatewayError) return error;
  }
  throw new Error(`"${text}" was not refused`);
}

describe("listing", () => {
  const store = openSqliteStore("sqlite::memory:");
  store.append(
    linesOf([
      sampleRecord({ id: "a", time: 1000 }),
      sampleRecord({ id: "b", time: 2000, cost_nano_usd: null, outcome: "upstream_failed", status: 502 }),
      sampleRecord({ id: "c", time: 3000, virtual_key: "app-2" }),
    ]),
  );

  test("pages follow each other by their cursors to the end", () => {
    const first = listLogs(query("limit=2"), store);
    expect(first.data.map(({ id }) => id)).toEqual(["c", "b"]);
    const second = listLogs(query(`limit=2&cursor=${first.next_cursor}`), store);
    expect(second.data.map(({ id }) => id)).toEqual(["a"]);
    expect(second.next_cursor).toBeNull();
  });

  test("filters go through, and an unknown cost is null", () => {
    const { data } = listLogs(query("outcome=upstream_failed&status=502&since=1970-01-01T00:00:02Z"), store);
    expect(data.map(({ id, cost_usd, time }) => [id, cost_usd, time])).toEqual([
      ["b", null, "1970-01-01T00:00:02.000Z"],
    ]);
    expect(listLogs(query("min_cost=0"), store).data.map(({ id }) => id)).toEqual(["c", "a"]);
    expect(listLogs(query("virtual_key=app-2&virtual_key=app-3"), store).data).toHaveLength(1);
  });

  test("one record by its id, null for an unknown one", () => {
    expect(getLog("a", store)).toMatchObject({ id: "a", cost_usd: 0.00045 });
    expect(getLog("nope", store)).toBeNull();
  });
});

describe("queries", () => {
  test("the defaults", () => {
    expect(readLogQuery(query(""))).toEqual({ filter: {}, limit: 50, after: null });
  });

  test("every parameter", () => {
    const text = new URLSearchParams([
      ["cursor", encodeCursor({ time: 5, id: "x" })],
      ["limit", "500"],
      ["outcome", "success"],
      ["outcome", "client_aborted"],
      ["operation", "chat"],
      ["status", "200"],
      ["provider", "openai"],
      ["model", "vendor/model:1"],
      ["virtual_key", "a"],
      ["team", "b"],
      ["customer", "c"],
      ["user", "d"],
      ["experiment", "e"],
      ["arm", "f"],
      ["since", "2026-01-31T12:00:00.5+02:00"],
      ["until", "1790000000000"],
      ["min_cost", "0.000000007"],
      ["id_prefix", "req_"],
    ]);
    expect(new Set(text.keys())).toEqual(new Set(LOG_PARAMETERS));
    expect(readLogQuery(text)).toEqual({
      limit: 500,
      after: { time: 5, id: "x" },
      filter: {
        outcome: ["success", "client_aborted"],
        operation: ["chat"],
        status: [200],
        provider: ["openai"],
        model: ["vendor/model:1"],
        virtual_key: ["a"],
        team: ["b"],
        customer: ["c"],
        user: ["d"],
        experiment: ["e"],
        arm: ["f"],
        since: Date.UTC(2026, 0, 31, 10, 0, 0, 500),
        until: 1_790_000_000_000,
        minCostNanoUsd: 7,
        idPrefix: "req_",
      },
    });
  });

  test.each(["passthrough", "realtime", "batch", "file", "stored_response", "video_status"] as const)(
    "records of the operation %p can be asked for",
    (operation) => {
      expect(readLogQuery(query(`operation=${operation}`)).filter.operation).toEqual([operation]);
    },
  );

  test("a date alone is midnight in UTC", () => {
    expect(readLogQuery(query("since=2026-02-01")).filter.since).toBe(Date.UTC(2026, 1, 1));
  });

  test.each(["provder", "Limit", "__proto__", "constructor", "toString", ""])(
    "the unknown parameter %p is named, with those that are known",
    (name) => {
      const error = refused(new URLSearchParams([[name, "x"]]).toString());
      expect([error.status, error.code, error.fields.param]).toEqual([400, "invalid_request", name]);
      expect(error.message).toContain(`"${name}"`);
      for (const known of LOG_PARAMETERS) expect(error.message).toContain(known);
    },
  );

  test.each([
    ["limit", "0"],
    ["limit", "501"],
    ["limit", "1e2"],
    ["limit", "-1"],
    ["limit", ""],
    ["cursor", "nonsense"],
    ["outcome", "failed"],
    ["operation", "sing"],
    ["status", "ok"],
    ["status", "99"],
    ["status", "200.5"],
    ["since", "yesterday"],
    ["since", "2026-01-31T12:00:00"],
    ["until", "2026-13-01"],
    ["until", "2026-02-30"],
    ["since", "2026-04-31T12:00:00Z"],
    ["min_cost", "-1"],
    ["min_cost", "NaN"],
    ["min_cost", "0.0000000001"],
    ["min_cost", "1e3"],
    ["provider", ""],
    ["model", "x".repeat(501)],
  ])("%s=%p is refused by name", (name, value) => {
    const error = refused(new URLSearchParams([[name, value]]).toString());
    expect([error.status, error.fields.param]).toEqual([400, name]);
    expect(error.message).toContain(`"${name}"`);
  });

  test("single parameters stand once, and alternatives have a bound", () => {
    expect(refused("limit=1&limit=2").message).toContain("only once");
    expect(refused("since=1&since=2").fields.param).toBe("since");
    expect(refused(Array.from({ length: 51 }, (_, index) => `model=m${index}`).join("&")).message).toContain(
      "50 times",
    );
  });

  test("the error for an outcome lists the outcomes", () => {
    for (const outcome of OUTCOMES) expect(refused("outcome=x").message).toContain(outcome);
  });
});
