import type { Database } from "bun:sqlite";
import { STEPS } from "./steps.ts";
import { StoreError } from "./store-error.ts";

/** "TRKL": tells a database of this program from any other. */
const APPLICATION_ID = 0x54524b4c;

/**
 * Brings a database to the schema of this program, each step in its own transaction, and returns the steps taken.
 * Throws a `StoreError` when the database belongs to another program or was written by a newer version of this one.
 */
export function migrate(database: Database, steps: readonly string[] = STEPS): number {
  database.transaction(() => claim(database)).immediate();
  let taken = 0;
  while (database.transaction(() => takeStep(database, steps)).immediate()) taken += 1;
  return taken;
}

function claim(database: Database): void {
  const id = database.query<{ application_id: number }, []>("PRAGMA application_id").get()?.application_id;
  if (id === APPLICATION_ID) return;
  const tables = database.query<{ count: number }, []>("SELECT count(*) AS count FROM sqlite_schema").get()?.count;
  if (id !== 0 || tables !== 0) throw new StoreError("foreign", "the store is a database of another program");
  database.run(`PRAGMA application_id = ${APPLICATION_ID}`);
  database.run("CREATE TABLE meta (key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) STRICT, WITHOUT ROWID");
  database.run("INSERT INTO meta (key, value) VALUES ('schema_version', '0')");
}

/** The version is read inside the transaction: another process may be migrating too. */
function takeStep(database: Database, steps: readonly string[]): boolean {
  const version = Number(
    database.query<{ value: string }, []>("SELECT value FROM meta WHERE key = 'schema_version'").get()?.value,
  );
  if (!Number.isInteger(version) || version > steps.length) {
    throw new StoreError(
      "newer",
      `the store has schema version ${version}, this program knows ${steps.length}: use the newer program, or another store`,
    );
  }
  const step = steps[version];
  if (step === undefined) return false;
  database.run(step);
  database.run("UPDATE meta SET value = ? WHERE key = 'schema_version'", [String(version + 1)]);
  return true;
}
