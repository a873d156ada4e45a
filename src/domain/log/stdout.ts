import type { RecordSink } from "./port.ts";
import { presentRecord } from "./present.ts";

/** Where lines go: `process.stdout`, or a stand-in. */
export interface LineOutput {
  write(text: string): unknown;
  /** Bytes that wait for a slow reader. */
  readonly writableLength: number;
}

export interface StdoutSink extends RecordSink {
  /** May be switched at any time. */
  enabled: boolean;
  /** Lines left out because the reader of stdout did not keep up. */
  readonly droppedLines: number;
}

const MAX_WAITING_BYTES = 8 * 1024 * 1024;
/** JSON leaves these as they are, but terminals obey the first range, and some line readers break at the others. */
const UNSAFE = /[\u007f-\u009f\u2028\u2029]/g;

/**
 * Prints each record as one line of JSON, a batch in one write, with every control character escaped. While more than
 * 8 MiB wait for a reader of stdout that does not keep up, lines are dropped and counted: the store has the records.
 */
export function createStdoutSink(enabled: boolean, output: LineOutput = process.stdout): StdoutSink {
  let dropped = 0;
  return {
    name: "stdout",
    enabled,
    get droppedLines() {
      return dropped;
    },
    write(records) {
      if (!this.enabled || records.length === 0) return;
      if (output.writableLength > MAX_WAITING_BYTES) {
        dropped += records.length;
        return;
      }
      let text = "";
      for (const record of records) text += JSON.stringify(presentRecord(record)) + "\n";
      output.write(text.replace(UNSAFE, escapeUnit));
    },
  };
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
