import type { JournalEvent } from "../domain/journal/port.ts";
import type { JournalReader } from "../domain/journal/reader.ts";
import { syncSegments } from "../domain/journal/sync-segments.ts";
import type { LogStore } from "../domain/log/port.ts";
import { PacedWork } from "./paced-work.ts";
import type { ProcessLog } from "./process-log.ts";

const POLL_MS = 50;
const SECURE_MS = 1000;
const PRUNE_MS = 1000;
/** Of one transaction: some twenty milliseconds of work. */
const MOST_RECORDS = 1000;
const MOST_PRUNED = 128;
const DAY_MS = 86_400_000;

/** Keeps the journal flowing into the store, and the store within its retention. */
export class JournalLoop {
  private readonly reader: JournalReader;
  private readonly store: Pick<LogStore, "prune">;
  private readonly log: ProcessLog;
  private readonly works: PacedWork[] = [];
  private timer: Timer | null = null;
  /** Said once, until it works again. */
  private isPruneFailing = false;

  private readonly dir: string;

  constructor(dir: string, reader: JournalReader, store: Pick<LogStore, "prune">, log: ProcessLog) {
    this.dir = dir;
    this.reader = reader;
    this.store = store;
    this.log = log;
  }

  /** `retentionDays` 0 keeps all records. */
  start(retentionDays: () => number): void {
    this.works.push(new PacedWork((most) => this.reader.poll(most), MOST_RECORDS, POLL_MS));
    this.works.push(new PacedWork((most) => this.prune(retentionDays(), most), MOST_PRUNED, PRUNE_MS));
    for (const work of this.works) work.start();
    this.timer = setInterval(() => this.secure(), SECURE_MS);
  }

  /** Reads what is left and stops. */
  stop(): void {
    for (const work of this.works) work.stop();
    if (this.timer !== null) clearInterval(this.timer);
    this.reader.drain();
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

  private prune(days: number, most: number): number {
    // Balances are dropped also where all records are kept: windows of a second leave one for each.
    const before = days === 0 ? Number.MIN_SAFE_INTEGER : Date.now() - days * DAY_MS;
    try {
      const pruned = this.store.prune(before, most);
      this.isPruneFailing = false;
      return pruned;
    } catch (error) {
      if (!this.isPruneFailing) this.log("warn", `old records could not be deleted: ${messageOf(error)}`);
      this.isPruneFailing = true;
      return 0;
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
