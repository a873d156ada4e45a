import type { Database, Statement } from "bun:sqlite";
import type { SegmentPosition } from "../../domain/journal/port.ts";
import type { RequestRecord } from "../../canonical/record.ts";

type Value = string | number | null;

/** Columns of a row, and what of a record stands in them. */
const COLUMNS: readonly (readonly [name: string, read: (record: RequestRecord) => Value])[] = [
  ["id", (record) => record.id],
  ["time", (record) => record.time],
  ["operation", (record) => record.operation],
  ["outcome", (record) => record.outcome],
  ["status", (record) => record.status],
  ["provider", (record) => record.provider],
  ["model", (record) => record.model],
  ["virtual_key", (record) => record.virtual_key],
  ["team", (record) => record.team],
  ["customer", (record) => record.customer],
  ["user", (record) => record.user],
  ["cost_nano_usd", (record) => record.cost_nano_usd],
  ["record", (record) => JSON.stringify(record)],
];

/** Rows of one statement: more of them save little, and the last rows of a batch go one by one. */
const ROWS = 25;

/** Stores records, charges and positions in one transaction. */
export type AppendRecords = (records: readonly RequestRecord[], positions: readonly SegmentPosition[]) => void;

/** Prepares the statements once. */
export function prepareAppend(database: Database): AppendRecords {
  const insertMany = database.query<unknown, Value[]>(insertText(ROWS));
  const insertOne = database.query<unknown, Value[]>(insertText(1));
  const findKnown = database.query<{ id: string }, [string]>(
    "SELECT id FROM request_logs WHERE id IN (SELECT value FROM json_each(?))",
  );
  const charge = database.query<unknown, [string, number, number]>(
    `INSERT INTO ledger_balances (counter, period, amount) VALUES (?, ?, ?)
     ON CONFLICT (counter, period) DO UPDATE SET amount = amount + excluded.amount`,
  );
  const place = database.query<unknown, [string, number]>(
    `INSERT INTO journal_positions (segment, offset) VALUES (?, ?)
     ON CONFLICT (segment) DO UPDATE SET offset = excluded.offset`,
  );

  const append = database.transaction((records: readonly RequestRecord[], positions: readonly SegmentPosition[]) => {
    const fresh = records.length === 0 ? [] : withoutKnown(records, findKnown);
    let row = 0;
    for (; row + ROWS <= fresh.length; row += ROWS) insertMany.run(...valuesOf(fresh.slice(row, row + ROWS)));
    for (const record of fresh.slice(row)) insertOne.run(...valuesOf([record]));
    for (const [counter, periods] of sumCharges(fresh)) {
      for (const [period, amount] of periods) charge.run(counter, period, amount);
    }
    for (const { segment, offset } of positions) place.run(segment, offset);
  });
  return (records, positions) => {
    append.immediate(records, positions);
  };
}

function insertText(rows: number): string {
  const row = `(${COLUMNS.map(() => "?").join(", ")})`;
  const names = COLUMNS.map(([name]) => name).join(", ");
  return `INSERT INTO request_logs (${names}) VALUES ${Array.from({ length: rows }, () => row).join(", ")}`;
}

function valuesOf(records: readonly RequestRecord[]): Value[] {
  const values: Value[] = [];
  for (const record of records) for (const [, read] of COLUMNS) values.push(read(record));
  return values;
}

/** The first of each id that is not stored yet: only those may be charged. */
function withoutKnown(records: readonly RequestRecord[], find: Statement<{ id: string }, [string]>): RequestRecord[] {
  const seen = new Set(find.all(JSON.stringify(records.map((record) => record.id))).map(({ id }) => id));
  return records.filter(({ id }) => !seen.has(id) && seen.add(id) !== undefined);
}

function sumCharges(records: readonly RequestRecord[]): Map<string, Map<number, number>> {
  const sums = new Map<string, Map<number, number>>();
  for (const record of records) {
    for (const { counter, period, amount } of record.charges) {
      let periods = sums.get(counter);
      if (periods === undefined) sums.set(counter, (periods = new Map()));
      periods.set(period, (periods.get(period) ?? 0) + amount);
    }
  }
  return sums;
}
