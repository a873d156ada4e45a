import type { Database } from "bun:sqlite";
import type { HealthBoard } from "../../domain/balance/health-board.ts";
import type { HealthNote } from "../../domain/balance/health-note.ts";

/** Replicas that have not posted for so long are gone. */
const FORGET_MS = 3_600_000;

interface Row {
  replica: string;
  at: number;
  notes: string;
}

/** Prepares the statements once. */
export function prepareHealthBoard(database: Database, guard: () => void): HealthBoard {
  const post = database.query<unknown, [string, number, string]>(
    `INSERT INTO target_health (replica, at, notes) VALUES (?, ?, ?)
     ON CONFLICT (replica) DO UPDATE SET at = excluded.at, notes = excluded.notes`,
  );
  const forget = database.query<unknown, [number]>("DELETE FROM target_health WHERE at < ?");
  const read = database.query<Row, [string, number]>(
    "SELECT replica, at, notes FROM target_health WHERE replica <> ? AND at >= ? ORDER BY at DESC",
  );
  return {
    postHealth(replica, notes, now) {
      guard();
      post.run(replica, now, JSON.stringify(notes));
      forget.run(now - FORGET_MS);
    },
    healthOfOthers: (replica, since) =>
      read.all(replica, since).map((row) => ({ ...row, notes: JSON.parse(row.notes) as HealthNote[] })),
  };
}
