/**
 * Live counters in shared memory: one exact count per process, whatever the number of threads, without locks or messages.
 *
 * A counter has four cells, used in turn by period number, so that a late settlement still finds its own period and a clock
 * that steps back finds the count it left. One that comes later than that finds nothing, and leaves the period that has the
 * cell by then alone. A cell has 16 bytes: the period it belongs to, cut to 32 bits, which are read
 * without making an object of them, and the amount in 64.
 */
const CELLS = 4;
const CELL_BYTES = 16;
const SEGMENT_COUNTERS = 4096;
const TAG_STEP = CELL_BYTES / Int32Array.BYTES_PER_ELEMENT;
const AMOUNT_STEP = CELL_BYTES / BigInt64Array.BYTES_PER_ELEMENT;
/** Tags of no period: those would be it a century from now, for periods of a second. */
const CLAIMED = -1;
const EMPTY = -2;

/** A segment, seen as what its cells are made of. */
interface Words {
  /** The tag of a cell is the first of its four. */
  tags: Int32Array;
  /** The amount of a cell is the second of its two. */
  amounts: BigInt64Array;
}

/** Shared memory for further 4,096 counters, 256 KiB. */
export function createSegment(): SharedArrayBuffer {
  const segment = new SharedArrayBuffer(SEGMENT_COUNTERS * CELLS * CELL_BYTES);
  const tags = new Int32Array(segment);
  for (let at = 0; at < tags.length; at += TAG_STEP) tags[at] = EMPTY;
  return segment;
}

/** How many segments `count` counters need. */
export function segmentsFor(count: number): number {
  return Math.ceil(count / SEGMENT_COUNTERS);
}

export class Counters {
  private readonly segments: Words[] = [];

  constructor(segments: readonly SharedArrayBuffer[]) {
    this.extend(segments);
  }

  /** Takes over segments that were added since; those already known stay. */
  extend(segments: readonly SharedArrayBuffer[]): void {
    for (let at = this.segments.length; at < segments.length; at += 1) {
      const segment = segments[at];
      if (segment !== undefined)
        this.segments.push({ tags: new Int32Array(segment), amounts: new BigInt64Array(segment) });
    }
  }

  /** Adds `amount` (an integer, may be negative) to the counter's cell of `period`; returns the new total. */
  add(slot: number, period: number, amount: number): number {
    const words = this.segmentOf(slot);
    const cell = this.claim(words, slot, period);
    return Number(Atomics.add(words.amounts, cell * AMOUNT_STEP + 1, BigInt(amount))) + amount;
  }

  /** Corrects what was added to `period` by `amount`, unless a later period has taken its cell: then nobody asks for it any more. */
  amend(slot: number, period: number, amount: number): void {
    const { tags, amounts } = this.segmentOf(slot);
    const cell = cellOf(slot, period);
    if (Atomics.load(tags, cell * TAG_STEP) === (period | 0))
      Atomics.add(amounts, cell * AMOUNT_STEP + 1, BigInt(amount));
  }

  /** The total of `period`; 0 when nothing was added in it. */
  read(slot: number, period: number): number {
    const { tags, amounts } = this.segmentOf(slot);
    const cell = cellOf(slot, period);
    if (Atomics.load(tags, cell * TAG_STEP) !== (period | 0)) return 0;
    return Number(Atomics.load(amounts, cell * AMOUNT_STEP + 1));
  }

  private segmentOf(slot: number): Words {
    const segment = this.segments[Math.floor(slot / SEGMENT_COUNTERS)];
    if (segment === undefined) throw new Error(`ledger slot ${slot} has no memory`);
    return segment;
  }

  /** Makes the counter's cell for `period` belong to it, and returns its number. */
  private claim({ tags, amounts }: Words, slot: number, period: number): number {
    const cell = cellOf(slot, period);
    const at = cell * TAG_STEP;
    const wanted = period | 0;
    for (;;) {
      const tag = Atomics.load(tags, at);
      if (tag === wanted) return cell;
      if (tag === CLAIMED || Atomics.compareExchange(tags, at, tag, CLAIMED) !== tag) continue;
      Atomics.store(amounts, cell * AMOUNT_STEP + 1, 0n);
      Atomics.store(tags, at, wanted);
      return cell;
    }
  }
}

/** Number of a cell within its segment. */
function cellOf(slot: number, period: number): number {
  return (slot % SEGMENT_COUNTERS) * CELLS + (period & (CELLS - 1));
}
