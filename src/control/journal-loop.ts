import type { JournalEvent } from "../domain/journal/port.ts";
import type { JournalReader } from "../domain/journal/reader.ts";
import { syncSegments } from "../domain/journal/sync-segments.ts";
import type { LogStore } from "../domain/log/port.ts";
import type { ProcessLog } from "./process-log.ts";

const POLL_MS = 50;
const SECURE_MS = 1000;
const PRUNE_MS = 1000;
/** At most this long a second goes into deleting, whatever is due. */
const PRUNE_SLICE_MS = 50;
const PRUNE_BATCH = 1000;
const DAY_MS = 86_400_000;

/** Keeps the journal flowing into the store, and the store within its retention. */
export class JournalLoop {
  private readonly reader: JournalReader;
  private readonly store: Pick<LogStore, "prune">;
  private readonly log: ProcessLog;
  private readonly timers: Timer[] = [];

  private readonly dir: string;

  constructor(dir: string, reader: JournalReader, store: Pick<LogStore, "prune">, log: ProcessLog) {
    this.dir = dir;
    this.reader = reader;
    this.store = store;
    this.log = log;
  }

  /** `retentionDays` 0 keeps all records. */
  start(retentionDays: () => number): void {
    this.timers.push(setInterval(() => this.read(), POLL_MS));
    this.timers.push(setInterval(() => this.secure(), SECURE_MS));
    this.timers.push(setInterval(() => this.prune(retentionDays()), PRUNE_MS));
  }

  /** Reads what is left and stops. */
  stop(): void {
    for (const timer of this.timers) clearInterval(timer);
    this.reader.drain();
  }

  /** Reads until nothing waits, within bounds that keep the thread answering. */
  private read(): void {
    const until = performance.now() + POLL_MS;
    while (this.reader.poll() > 0 && performance.now() < until);
  }

  /**
   * A commit of the store outlives a power cut, so records are only in danger while the store does not take them: then the
   * journal itself is synced, from here, since a data thread would stand still for milliseconds.
   */
  private secure(): void {
    if (!this.reader.stats().storeFailing) return;
    syncSegments(this.dir).catch((error: unknown) =>
      this.log("warn", `the journal could not be synced: ${messageOf(error)}`),
    );
  }

  private prune(days: number): void {
    if (days === 0) return;
    const until = performance.now() + PRUNE_SLICE_MS;
    try {
      while (this.store.prune(Date.now() - days * DAY_MS, PRUNE_BATCH) > 0 && performance.now() < until);
    } catch (error) {
      this.log("warn", `old records could not be deleted: ${messageOf(error)}`);
    }
  }
}

/** What the journal reader reports, in words. */
export function describeJournalEvent(event: JournalEvent): string {
  switch (event.type) {
    case "malformed_line":
      return `journal segment ${event.segment} has a malformed line at byte ${event.offset}: skipped and counted`;
    case "torn_tail":
      return `journal segment ${event.segment} ends within a line (${event.bytes} bytes): its writer died there`;
    case "store_failed":
      return `the log store refuses records; they wait in the journal: ${messageOf(event.error)}`;
    case "store_recovered":
      return "the log store takes records again";
    case "file_failed":
      return `journal file ${event.name} cannot be used: ${messageOf(event.error)}`;
    case "sink_failed":
      return `journal sink ${event.sink} failed: ${messageOf(event.error)}`;
    default:
      return `the journal is full: ${event.records} records of segment ${event.segment} were dropped`;
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
