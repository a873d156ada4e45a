import type { Database } from "bun:sqlite";
import type { LogFilter, LogPage, LogPlace } from "../../domain/log/port.ts";
import { storedRecord } from "./stored-record.ts";

type Value = string | number;

/** A condition and the values of its place holders. */
interface Condition {
  sql: string;
  values: readonly Value[];
}

interface Row {
  time: number;
  id: string;
  record: string;
}

/** Fields that are compared for equality, by column. */
const LISTED = ["outcome", "operation", "status", "arm"] as const satisfies readonly (keyof LogFilter)[];
/** Those among them whose columns have an index that goes on in the order of listing. */
const INDEXED = [
  "virtual_key",
  "user",
  "team",
  "customer",
  "model",
  "provider",
  "experiment",
] as const satisfies readonly (keyof LogFilter)[];

/** One more than any character, for the end of a range of prefixes. */
const LAST = "\u{10ffff}";

/** Up to so many matches of an id prefix are found by id and sorted; more are dense enough to be met in order of time. */
const SORTED_MATCHES = 1000;

/** A page of records, newest first, then by id from high to low. */
export function listLogs(database: Database, filter: LogFilter, limit: number, after: LogPlace | null): LogPage {
  const { sql, values } = listQuery(filter, limit, after, hasFewIds(database, filter.idPrefix));
  // Not `query`: it would keep a statement for each combination of filters.
  const statement = database.prepare<Row, Value[]>(sql);
  try {
    const rows = statement.all(...values);
    const last = rows.length > limit ? rows[limit - 1] : undefined;
    return {
      records: rows.slice(0, limit).map((row) => storedRecord(row.record)),
      next: last === undefined ? null : { time: last.time, id: last.id },
    };
  } finally {
    statement.finalize();
  }
}

/**
 * The statement of a page; it asks for one row more than the page has, to know whether another follows.
 * `byId` finds the rows by the id prefix instead of walking them in order of time.
 */
export function listQuery(filter: LogFilter, limit: number, after: LogPlace | null, byId: boolean): Condition {
  const conditions = conditionsOf(filter, byId);
  if (after !== null) conditions.push({ sql: "(time, id) < (?, ?)", values: [after.time, after.id] });
  const table = byId ? "request_logs INDEXED BY request_logs_id" : "request_logs";
  const selects = alternatives(filter, byId).map((alternative) => {
    const all = [...alternative, ...conditions];
    const where = all.length === 0 ? "" : ` WHERE ${all.map(({ sql }) => sql).join(" AND ")}`;
    return { sql: `SELECT time, id, record FROM ${table}${where}`, values: all.flatMap(({ values }) => values) };
  });
  return {
    sql: `${selects.map(({ sql }) => sql).join(" UNION ALL ")} ORDER BY time DESC, id DESC LIMIT ?`,
    values: [...selects.flatMap(({ values }) => values), limit + 1],
  };
}

/**
 * The conditions on indexed columns, once for each value of the first column that has several: each alternative walks
 * its index in the order of listing and SQLite merges them, where `IN` would visit every match to sort it.
 */
function alternatives(filter: LogFilter, byId: boolean): Condition[][] {
  const given = INDEXED.filter((column) => filter[column] !== undefined);
  const split = byId ? undefined : given.find((column) => (filter[column]?.length ?? 0) > 1);
  // A sign before a column keeps SQLite from using an index for it.
  const fixed = given.filter((column) => column !== split).map((column) => anyOf(`+${column}`, filter[column] ?? []));
  if (split === undefined) return [given.map((column) => anyOf(column, filter[column] ?? []))];
  return Array.from(new Set(filter[split]), (value) => [anyOf(split, [value]), ...fixed]);
}

function conditionsOf(filter: LogFilter, byId: boolean): Condition[] {
  const conditions: Condition[] = [];
  for (const column of LISTED) {
    const values = filter[column];
    if (values !== undefined) conditions.push(anyOf(column, values));
  }
  // Said once more in the words of the partial index, so that it is used.
  if (filter.outcome !== undefined && !filter.outcome.includes("success")) {
    conditions.push({ sql: "outcome <> 'success'", values: [] });
  }
  if (filter.since !== undefined) conditions.push({ sql: "time >= ?", values: [filter.since] });
  if (filter.until !== undefined) conditions.push({ sql: "time < ?", values: [filter.until] });
  if (filter.minCostNanoUsd !== undefined) {
    conditions.push({ sql: "cost_nano_usd >= ?", values: [filter.minCostNanoUsd] });
  }
  if (filter.idPrefix !== undefined) conditions.push(idsWith(filter.idPrefix, byId ? "id" : "+id"));
  return conditions;
}

function hasFewIds(database: Database, prefix: string | undefined): boolean {
  if (prefix === undefined) return false;
  const { sql, values } = idsWith(prefix, "id");
  const matches = database
    .query<{ id: string }, Value[]>(`SELECT id FROM request_logs WHERE ${sql} LIMIT ${SORTED_MATCHES}`)
    .values(...values);
  return matches.length < SORTED_MATCHES;
}

function idsWith(prefix: string, column: string): Condition {
  return { sql: `${column} >= ? AND ${column} < ?`, values: [prefix, prefix + LAST] };
}

function anyOf(column: string, values: readonly Value[]): Condition {
  if (values.length === 1) return { sql: `${column} = ?`, values };
  return { sql: `${column} IN (${values.map(() => "?").join(", ")})`, values };
}
