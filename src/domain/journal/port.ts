import type { RecordLine, RequestRecord } from "../../canonical/record.ts";

/** How far a segment has been stored: bytes from its start, always at the end of a line. */
export interface SegmentPosition {
  segment: string;
  offset: number;
}

/** The store that makes reading exact: rows and positions stand or fall together. */
export interface JournalStore {
  /** All positions that were ever appended and not forgotten. */
  positions(): SegmentPosition[];
  /**
   * Stores records and positions in one transaction that survives the process, and a power cut, once this returns.
   * A record whose id is stored already changes nothing. Throws when nothing was stored; the caller tries again.
   */
  append(lines: readonly RecordLine[], positions: readonly SegmentPosition[]): void;
  /** Drops the positions of segments whose files are gone. */
  forget(segments: readonly string[]): void;
}

/** Whatever else reads the journal. Is handed each record once, after the store has it; a throw is counted, not retried. */
export interface JournalSink {
  readonly name: string;
  write(records: readonly RequestRecord[]): void;
}

/** What the reader has to tell an operator. */
export type JournalEvent =
  /** First malformed line of a segment; further ones are only counted. */
  | { type: "malformed_line"; segment: string; offset: number }
  /** A writer died within a line: these bytes never were a record. */
  | { type: "torn_tail"; segment: string; bytes: number }
  /** The store refused a batch; told once until it recovers. */
  | { type: "store_failed"; error: unknown }
  | { type: "store_recovered" }
  /** A segment or the directory could not be read or deleted; told once a name. */
  | { type: "file_failed"; name: string; error: unknown }
  /** First failure of a sink; further ones are only counted. */
  | { type: "sink_failed"; sink: string; error: unknown }
  /** Policy `drop_oldest`: records that no sink will ever see. */
  | { type: "segment_dropped"; segment: string; records: number; bytes: number };

/** Counts since the reader was created, and the state of the directory at its last poll. */
export interface JournalStats {
  records: number;
  malformedLines: number;
  tornTails: number;
  droppedSegments: number;
  droppedRecords: number;
  storeFailures: number;
  fileFailures: number;
  /** By sink name. */
  sinkFailures: Map<string, number>;
  backlogBytes: number;
  segments: number;
  /** Whether the last attempt to store failed. */
  storeFailing: boolean;
}
