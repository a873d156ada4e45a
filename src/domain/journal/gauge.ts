/** How much of the journal waits for the store, shared by all threads. */
export interface JournalGauge {
  /** Hand this to the other threads, which call `createJournalGauge(buffer)`. */
  readonly buffer: SharedArrayBuffer;
  /** Writers: bytes just appended. Counts until the reader measures next, so that a stalled reader cannot hide growth. */
  add(bytes: number): void;
  /** The reader: publishes what `scan` finds, and takes off what writers had added before the scan began. */
  measure(scan: () => number): void;
  /** Bytes that are unread, or read but not yet deleted. Accurate to about 256 bytes a record between measurements. */
  backlogBytes(): number;
  /** Whether the bound is reached. Under the policy `refuse`, data threads then refuse new requests (`overloaded`). */
  isFull(maxBytes: number): boolean;
}

/** Counts are kept in units of this many bytes, so that 32 bits reach 512 GiB. */
const UNIT = 256;
const PUBLISHED = 0;
const ADDED = 1;

/**
 * A gauge over its own shared buffer, or over one made by another thread's gauge.
 * Neither call takes a lock; `isFull` is two atomic loads.
 */
export function createJournalGauge(buffer: SharedArrayBuffer = new SharedArrayBuffer(8)): JournalGauge {
  const cells = new Int32Array(buffer);
  const backlogBytes = (): number => (Atomics.load(cells, PUBLISHED) + Atomics.load(cells, ADDED)) * UNIT;
  return {
    buffer,
    add(bytes) {
      Atomics.add(cells, ADDED, Math.ceil(bytes / UNIT));
    },
    measure(scan) {
      const before = Atomics.load(cells, ADDED);
      Atomics.store(cells, PUBLISHED, Math.ceil(scan() / UNIT));
      Atomics.sub(cells, ADDED, before);
    },
    backlogBytes,
    isFull: (maxBytes) => backlogBytes() >= maxBytes,
  };
}
