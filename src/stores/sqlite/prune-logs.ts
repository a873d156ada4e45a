import type { Database } from "bun:sqlite";
import { giveWay } from "../../lib/give-way.ts";
import { pruneFeedback } from "./feedback.ts";

/** As many periods as the ledger keeps of a counter. */
const KEPT_PERIODS = 4;
/** Rows that are deleted at once. */
const PIECE = 16;

/**
 * Deletes at most `limit` records older than `before`, oldest first, as many of feedback, and gives their pages back to the file system;
 * once nothing older is left, drops balances that four newer periods of the same counter have followed. Returns the number of records.
 */
export function pruneLogs(database: Database, before: number, limit: number): number {
  const deleted = database
    .transaction(() => {
      const logs = deleteLogs(database, before, limit);
      pruneFeedback(database, before, limit);
      // A walk over all balances: not for each of many small batches.
      if (logs < limit) pruneBalances(database);
      return logs;
    })
    .immediate();
  // As many pages as rows were asked for: more than they held.
  database.run(`PRAGMA incremental_vacuum(${limit})`);
  return deleted;
}

function deleteLogs(database: Database, before: number, limit: number): number {
  const statement = database.query<unknown, [number, number]>(
    "DELETE FROM request_logs WHERE rowid IN (SELECT rowid FROM request_logs WHERE time < ? ORDER BY time, id LIMIT ?)",
  );
  let deleted = 0;
  for (let asked = 0; deleted === asked && asked < limit; giveWay()) {
    const piece = Math.min(PIECE, limit - asked);
    asked += piece;
    deleted += statement.run(before, piece).changes;
  }
  return deleted;
}

function pruneBalances(database: Database): void {
  database
    .query<unknown, [number]>(
      `DELETE FROM ledger_balances AS old WHERE EXISTS (
         SELECT 1 FROM ledger_balances AS newer WHERE newer.counter = old.counter AND newer.period > old.period
         ORDER BY newer.period LIMIT 1 OFFSET ? - 1)`,
    )
    .run(KEPT_PERIODS);
}
