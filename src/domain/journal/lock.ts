import { Database } from "bun:sqlite";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";

/** The right to read and delete the segments of a directory. */
export interface JournalLock {
  release(): void;
}

/** Another process has the directory: two readers would delete each other's segments. */
export class JournalLocked extends Error {
  constructor(dir: string, cause: unknown) {
    super(`the journal in ${dir} is in use by another process`, { cause });
    this.name = "JournalLocked";
  }
}

/**
 * Takes the directory (made with mode 0700 when missing) for this process until `release`, or until the process dies
 * in whatever way. Take it before the first writer or reader is opened: a reader counts all boots but its own as dead.
 * Throws `JournalLocked` at once when another process has it.
 */
export function lockJournal(dir: string): JournalLock {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const path = join(dir, "lock");
  closeSync(openSync(path, "a", 0o600));
  // An open SQLite transaction is the one file lock at hand that the kernel takes back when its owner is killed.
  const database = new Database(path);
  try {
    database.run("PRAGMA busy_timeout = 0");
    database.run("BEGIN EXCLUSIVE");
  } catch (cause) {
    database.close();
    const busy = cause instanceof Error && "code" in cause && cause.code === "SQLITE_BUSY";
    throw busy ? new JournalLocked(dir, cause) : cause;
  }
  return { release: () => database.close() };
}
