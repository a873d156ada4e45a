import { Database } from "bun:sqlite";
import { closeSync, mkdirSync, openSync, statSync } from "node:fs";
import { dirname } from "node:path";
import type { HealthBoard } from "../../domain/balance/health-board.ts";
import type { JournalStore, SegmentPosition } from "../../domain/journal/port.ts";
import type { RecordLine } from "../../canonical/record.ts";
import type { LogBalance, LogStore } from "../../domain/log/port.ts";
import { prepareAdminTokens } from "./admin-tokens.ts";
import type { AdminTokenStore } from "./admin-tokens.ts";
import { prepareAppend } from "./append-records.ts";
import { prepareHealthBoard } from "./health-board.ts";
import type { ExperimentStore } from "../../domain/experiment/port.ts";
import type { FeedbackStore } from "../../domain/feedback/port.ts";
import { prepareExperiments } from "./experiments.ts";
import { prepareFeedback } from "./feedback.ts";
import { listLogs } from "./list-logs.ts";
import { migrate } from "./migrate.ts";
import { pruneLogs } from "./prune-logs.ts";
import type { StateStore } from "../../domain/state/port.ts";
import { prepareState } from "./state.ts";
import { prepareSecrets, type SecretStore } from "./secrets.ts";
import { prepareVectors, type VectorStore } from "./vectors.ts";
import { StoreError } from "./store-error.ts";
import { storedRecord } from "./stored-record.ts";
import { readSqliteUrl } from "./url.ts";

/** The log, the journal's positions and the admin tokens in one SQLite database. */
export interface SqliteStore
  extends
    LogStore,
    JournalStore,
    AdminTokenStore,
    SecretStore,
    StateStore,
    HealthBoard,
    FeedbackStore,
    ExperimentStore,
    VectorStore {
  append(lines: readonly RecordLine[], positions?: readonly SegmentPosition[]): void;
  close(): void;
}

/**
 * `synchronous = FULL`: the journal deletes a segment once its records are committed, so a commit has to outlive a power
 * cut. `auto_vacuum` and `page_size` only take effect in a new file, before its first table. Pages hold several records,
 * so that a batch is half as many writes as with SQLite's own 4 KiB; a checkpoint comes after 4 MB all the same.
 */
const PRAGMAS = [
  "busy_timeout = 1000",
  "page_size = 8192",
  "auto_vacuum = INCREMENTAL",
  "journal_mode = WAL",
  "synchronous = FULL",
  "foreign_keys = ON",
  "temp_store = MEMORY",
  "cache_size = -16384",
  "wal_autocheckpoint = 500",
  "journal_size_limit = 67108864",
];

/**
 * Opens a store at a URL of `readSqliteUrl`, and brings its schema up to date. A missing file is made with mode 0600, a
 * missing folder with 0700. Throws a `StoreError` that says what is wrong when the store cannot be used.
 */
export function openSqliteStore(url: string): SqliteStore {
  const path = readSqliteUrl(url);
  const database = openDatabase(path);
  try {
    for (const pragma of PRAGMAS) database.run(`PRAGMA ${pragma}`);
    migrate(database);
    return storeOver(database, path === null ? () => {} : guardFile(path));
  } catch (error) {
    database.close();
    throw error instanceof StoreError ? error : unopenable(path, error);
  }
}

function openDatabase(path: string | null): Database {
  if (path === null) return new Database(":memory:");
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    closeSync(openSync(path, "a", 0o600));
    return new Database(path);
  } catch (error) {
    throw unopenable(path, error);
  }
}

function unopenable(path: string | null, cause: unknown): StoreError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new StoreError("unopenable", `the store ${path ?? "in memory"} cannot be opened: ${reason}`, { cause });
}

/** Throws when the file behind an open database is no longer the one at its path: SQLite would write on into nowhere. */
function guardFile(path: string): () => void {
  const opened = statSync(path).ino;
  return () => {
    if (statSync(path, { throwIfNoEntry: false })?.ino === opened) return;
    throw new StoreError("moved", `the store ${path} was moved or deleted while in use`);
  };
}

function storeOver(database: Database, guard: () => void): SqliteStore {
  const append = prepareAppend(database);
  const find = database.query<{ record: string }, [string]>("SELECT record FROM request_logs WHERE id = ?");
  const positions = database.query<SegmentPosition, []>("SELECT segment, offset FROM journal_positions");
  const balances = database.query<LogBalance, []>("SELECT counter, period, amount FROM ledger_balances");
  const forget = database.query<unknown, [string]>(
    "DELETE FROM journal_positions WHERE segment IN (SELECT value FROM json_each(?))",
  );
  return {
    ...prepareAdminTokens(database),
    ...prepareState(database, guard),
    ...prepareSecrets(database),
    ...prepareHealthBoard(database, guard),
    ...prepareFeedback(database, guard),
    ...prepareExperiments(database, guard),
    ...prepareVectors(database, guard),
    append(lines, places = []) {
      guard();
      append(lines, places);
    },
    list: (filter, limit, after) => listLogs(database, filter, limit, after),
    get(id) {
      const row = find.get(id);
      return row === null ? null : storedRecord(row.record);
    },
    balances: () => balances.all(),
    prune(before, limit) {
      guard();
      return pruneLogs(database, before, limit);
    },
    positions: () => positions.all(),
    forget(segments) {
      guard();
      forget.run(JSON.stringify(segments));
    },
    close: () => database.close(),
  };
}
