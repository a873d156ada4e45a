import type { JournalGauge } from "./gauge.ts";
import type { JournalEvent, JournalSink, JournalStats, JournalStore } from "./port.ts";

export interface JournalReaderOptions {
  dir: string;
  store: JournalStore;
  /** Handed each batch after the store has it, in this order. */
  sinks: readonly JournalSink[];
  /** The boot whose writers are alive: that of this process. All others are dead (`lockJournal` sees to it). */
  liveBoot: string;
  /** Most lines of one transaction where a poll does not say. Default 500. */
  batch?: number;
  gauge?: JournalGauge;
  /**
   * What happens when the backlog reaches `maxBytes` (default 1 GiB). `refuse`: nothing here; data threads see
   * `gauge.isFull(maxBytes)` and refuse new requests, so no record is lost. `drop_oldest`: the oldest finished segment
   * is deleted unread, and its records are counted as dropped. Segments still being written are never dropped, so the
   * directory may hold `maxBytes` plus one segment a thread.
   */
  whenFull?: "refuse" | "drop_oldest";
  maxBytes?: number;
  report: (event: JournalEvent) => void;
  /** Milliseconds of a clock that does not jump; for the waits between attempts to store. */
  now?: () => number;
}

/** What the steps of a reader share. */
export interface Reader {
  options: JournalReaderOptions;
  state: ReaderState;
  now: () => number;
}

/** What a reader knows between two polls. */
export interface ReaderState {
  /** Stored offsets by segment name; null until the store has told them. */
  positions: Map<string, number> | null;
  /** Deleted segments whose positions the store still holds. */
  gone: Set<string>;
  /** Names that were reported already, as `event:name`. */
  reported: Set<string>;
  /** Time of the next attempt to store, and how long the wait for it was. */
  retryAt: number;
  retryDelayMs: number;
  stats: JournalStats;
}

const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 5000;

/** A reader that has read nothing yet. */
export function newReaderState(sinks: readonly { name: string }[]): ReaderState {
  return {
    positions: null,
    gone: new Set(),
    reported: new Set(),
    retryAt: 0,
    retryDelayMs: 0,
    stats: {
      records: 0,
      malformedLines: 0,
      tornTails: 0,
      droppedSegments: 0,
      droppedRecords: 0,
      storeFailures: 0,
      fileFailures: 0,
      sinkFailures: new Map(sinks.map((sink) => [sink.name, 0])),
      backlogBytes: 0,
      segments: 0,
      storeFailing: false,
    },
  };
}

/** Reports an event of its kind and name once. */
export function reportOnce({ options, state }: Reader, name: string, event: JournalEvent): void {
  const key = `${event.type}:${name}`;
  if (state.reported.has(key)) return;
  state.reported.add(key);
  options.report(event);
}

/** Notes that the store refused: the wait doubles from 100 ms to 5 s. */
export function storeFailed({ options, state, now }: Reader, error: unknown): void {
  if (!state.stats.storeFailing) options.report({ type: "store_failed", error });
  state.stats.storeFailing = true;
  state.stats.storeFailures += 1;
  state.retryDelayMs = Math.min(Math.max(state.retryDelayMs * 2, FIRST_RETRY_MS), LONGEST_RETRY_MS);
  state.retryAt = now() + state.retryDelayMs;
}

/** Notes that the store took something. */
export function storeRecovered({ options, state }: Reader): void {
  if (state.stats.storeFailing) options.report({ type: "store_recovered" });
  state.stats.storeFailing = false;
  state.retryDelayMs = 0;
  state.retryAt = 0;
}
