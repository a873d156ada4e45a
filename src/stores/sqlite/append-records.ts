import type { Database, Statement } from "bun:sqlite";
import type { SegmentPosition } from "../../domain/journal/port.ts";
import type { RecordLine, RequestRecord } from "../../canonical/record.ts";
import { giveWay } from "../../lib/give-way.ts";

type Value = string | number | null;

/** Columns of a row, and what of a record stands in them. */
const COLUMNS: readonly (readonly [name: string, read: (line: RecordLine) => Value])[] = [
  ["id", ({ record }) => record.id],
  ["time", ({ record }) => record.time],
  ["operation", ({ record }) => record.operation],
  ["outcome", ({ record }) => record.outcome],
  ["status", ({ record }) => record.status],
  ["provider", ({ record }) => record.provider],
  ["model", ({ record }) => record.model],
  ["virtual_key", ({ record }) => record.virtual_key],
  ["team", ({ record }) => record.team],
  ["customer", ({ record }) => record.customer],
  ["user", ({ record }) => record.user],
  ["cost_nano_usd", ({ record }) => record.cost_nano_usd],
  ["response_id", ({ record }) => record.response_id],
  ["record", ({ text }) => text],
];

/** What is compared of experiments: their index holds it, so that no record has to be read. Set apart: few records have it. */
const COMPARED = [
  "experiment",
  "arm",
  "duration_ms",
  "first_content_ms",
  "input_tokens",
  "cached_input_tokens",
  "output_tokens",
] as const satisfies readonly (keyof RequestRecord)[];

/** Rows of one statement, most first: what a batch leaves over goes by the next. More rows save little. */
const SIZES = [16, 1];

/** Stores records, charges and positions in one transaction. */
export type AppendRecords = (lines: readonly RecordLine[], positions: readonly SegmentPosition[]) => void;

type Insert = (lines: readonly RecordLine[]) => number;

/** Prepares the statements once. */
export function prepareAppend(database: Database): AppendRecords {
  const insertAll = prepareInsert(database);
  const compare = prepareCompare(database);
  const insert: Insert = (lines) => {
    const inserted = insertAll(lines);
    compare(lines);
    return inserted;
  };
  const settle = prepareSettle(database);
  const findKnown = database.query<{ id: string }, [string]>(
    "SELECT id FROM request_logs WHERE id IN (SELECT value FROM json_each(?))",
  );
  const append = database.transaction((lines: readonly RecordLine[], positions: readonly SegmentPosition[]) => {
    if (insert(lines) < lines.length) throw new KnownIdError();
    settle(lines, positions);
  });
  const appendFresh = database.transaction((lines: readonly RecordLine[], positions: readonly SegmentPosition[]) => {
    const fresh = withoutKnown(lines, findKnown);
    insert(fresh);
    settle(fresh, positions);
  });
  return (lines, positions) => {
    try {
      append.immediate(lines, positions);
    } catch (error) {
      if (!(error instanceof KnownIdError)) throw error;
      appendFresh.immediate(lines, positions);
    }
  };
}

/** Rolls a batch back that holds an id which is stored already. That is rare, and asking for each batch is not cheap. */
class KnownIdError extends Error {}

/** Adds to rows that stand what is compared of experiments. */
function prepareCompare(database: Database): (lines: readonly RecordLine[]) => void {
  const set = COMPARED.map((column) => `${column} = ?`).join(", ");
  const update = database.query<unknown, Value[]>(`UPDATE request_logs SET ${set} WHERE id = ?`);
  return (lines) => {
    for (const { record } of lines)
      if (record.experiment !== null) update.run(...COMPARED.map((column) => record[column]), record.id);
  };
}

/** Inserts rows whose id is not stored yet; returns how many those were. */
function prepareInsert(database: Database): Insert {
  const statements = SIZES.map((rows) => ({ rows, statement: database.query<unknown, Value[]>(insertText(rows)) }));
  return (lines) => {
    let at = 0;
    let inserted = 0;
    for (const { rows, statement } of statements) {
      for (; at + rows <= lines.length; at += rows) {
        inserted += statement.run(...valuesOf(lines, at, at + rows)).changes;
        giveWay();
      }
    }
    return inserted;
  };
}

/** Adds the charges to the balances and moves the positions. */
function prepareSettle(database: Database): AppendRecords {
  const charge = database.query<unknown, [string, number, number]>(
    `INSERT INTO ledger_balances (counter, period, amount) VALUES (?, ?, ?)
     ON CONFLICT (counter, period) DO UPDATE SET amount = amount + excluded.amount`,
  );
  const place = database.query<unknown, [string, number]>(
    `INSERT INTO journal_positions (segment, offset) VALUES (?, ?)
     ON CONFLICT (segment) DO UPDATE SET offset = excluded.offset`,
  );
  return (lines, positions) => {
    for (const [counter, periods] of sumCharges(lines)) {
      for (const [period, amount] of periods) charge.run(counter, period, amount);
    }
    for (const { segment, offset } of positions) place.run(segment, offset);
  };
}

function insertText(rows: number): string {
  const row = `(${COLUMNS.map(() => "?").join(", ")})`;
  const names = COLUMNS.map(([name]) => name).join(", ");
  const values = Array.from({ length: rows }, () => row).join(", ");
  return `INSERT INTO request_logs (${names}) VALUES ${values} ON CONFLICT (id) DO NOTHING`;
}

function valuesOf(lines: readonly RecordLine[], start: number, end: number): Value[] {
  const values: Value[] = [];
  for (let at = start; at < end; at += 1) {
    const line = lines[at];
    if (line !== undefined) for (const [, read] of COLUMNS) values.push(read(line));
  }
  return values;
}

/** The first of each id that is not stored yet: only those may be charged. */
function withoutKnown(lines: readonly RecordLine[], find: Statement<{ id: string }, [string]>): RecordLine[] {
  const seen = new Set(find.all(JSON.stringify(lines.map(({ record }) => record.id))).map(({ id }) => id));
  return lines.filter(({ record: { id } }) => !seen.has(id) && seen.add(id) !== undefined);
}

function sumCharges(lines: readonly RecordLine[]): Map<string, Map<number, number>> {
  const sums = new Map<string, Map<number, number>>();
  for (const { record } of lines) {
    for (const { counter, period, amount } of record.charges) {
      let periods = sums.get(counter);
      if (periods === undefined) sums.set(counter, (periods = new Map()));
      periods.set(period, (periods.get(period) ?? 0) + amount);
    }
  }
  return sums;
}
