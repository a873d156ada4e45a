/**
 * Live counters in shared memory: one exact count per process, whatever the number of threads, without locks or messages.
 *
 * A counter has four cells, used in turn by period number, so that a late settlement still finds its own period and a clock
 * that steps back finds the count it left. A cell is a pair of 64-bit integers: the period it belongs to and the amount.
 */
const CELLS = 4;
const WORDS = CELLS * 2;
const SEGMENT_COUNTERS = 4096;
const CLAIMED = -1n;
const EMPTY = -2n;

/** Shared memory for further 4,096 counters, 256 KiB. */
export function createSegment(): SharedArrayBuffer {
  const segment = new SharedArrayBuffer(SEGMENT_COUNTERS * WORDS * 8);
  const words = new BigInt64Array(segment);
  for (let at = 0; at < words.length; at += 2) words[at] = EMPTY;
  return segment;
}

/** How many segments `count` counters need. */
export function segmentsFor(count: number): number {
  return Math.ceil(count / SEGMENT_COUNTERS);
}

export class Counters {
  private readonly segments: BigInt64Array[] = [];

  constructor(segments: readonly SharedArrayBuffer[]) {
    this.extend(segments);
  }

  /** Takes over segments that were added since; those already known stay. */
  extend(segments: readonly SharedArrayBuffer[]): void {
    for (let at = this.segments.length; at < segments.length; at += 1) {
      const segment = segments[at];
      if (segment !== undefined) this.segments.push(new BigInt64Array(segment));
    }
  }

  /** Adds `amount` (an integer, may be negative) to the counter's cell of `period`; returns the new total. */
  add(slot: number, period: number, amount: number): number {
    const words = this.segmentOf(slot);
    const at = this.claim(words, slot, period);
    return Number(Atomics.add(words, at, BigInt(amount))) + amount;
  }

  /** The total of `period`; 0 when nothing was added in it. */
  read(slot: number, period: number): number {
    const words = this.segmentOf(slot);
    const at = cellOf(slot, period);
    return Atomics.load(words, at) === BigInt(period) ? Number(Atomics.load(words, at + 1)) : 0;
  }

  private segmentOf(slot: number): BigInt64Array {
    const segment = this.segments[Math.floor(slot / SEGMENT_COUNTERS)];
    if (segment === undefined) throw new Error(`ledger slot ${slot} has no memory`);
    return segment;
  }

  /** Makes the cell belong to `period` and returns where its amount stands. */
  private claim(words: BigInt64Array, slot: number, period: number): number {
    const at = cellOf(slot, period);
    const wanted = BigInt(period);
    for (;;) {
      const tag = Atomics.load(words, at);
      if (tag === wanted) return at + 1;
      if (tag === CLAIMED || Atomics.compareExchange(words, at, tag, CLAIMED) !== tag) continue;
      Atomics.store(words, at + 1, 0n);
      Atomics.store(words, at, wanted);
      return at + 1;
    }
  }
}

function cellOf(slot: number, period: number): number {
  return (slot % SEGMENT_COUNTERS) * WORDS + (period & (CELLS - 1)) * 2;
}
