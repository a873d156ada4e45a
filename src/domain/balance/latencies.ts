/** Ten buckets a power of ten, from one millisecond up to a hundred seconds; the last takes what is longer. */
const PER_DECADE = 10;
const BUCKETS = 51;
const TOTAL = BUCKETS;
const KIND_WORDS = BUCKETS + 1;
/** With so many samples all counts are halved: old ones fade as new ones come. */
const MOST = 1024;
/** Fewer samples tell no percentile. */
const FEWEST = 20;

/**
 * How long targets take until a stream's first content or a whole answer, as histograms in shared memory: what percentiles
 * need. Kept only where some route asks for them.
 */
export class Latencies {
  private readonly words: Int32Array;

  constructor(memory: SharedArrayBuffer) {
    this.words = new Int32Array(memory);
  }

  /** Shared memory for this many targets. */
  static createMemory(slots: number): SharedArrayBuffer {
    return new SharedArrayBuffer(slots * 2 * KIND_WORDS * 4);
  }

  add(slot: number, isStream: boolean, milliseconds: number): void {
    const at = placeOf(slot, isStream);
    Atomics.add(this.words, at + bucketOf(milliseconds), 1);
    const total = Atomics.add(this.words, at + TOTAL, 1) + 1;
    if (total >= MOST && Atomics.compareExchange(this.words, at + TOTAL, total, total >> 1) === total) this.halve(at);
  }

  /** The time within which this share (0 to 1) of the answers came, milliseconds; null: too few are known. */
  percentile(slot: number, isStream: boolean, share: number): number | null {
    const at = placeOf(slot, isStream);
    const counts = Array.from({ length: BUCKETS }, (_, bucket) => Atomics.load(this.words, at + bucket));
    const total = counts.reduce((sum, count) => sum + count, 0);
    if (total < FEWEST) return null;
    let left = share * total;
    for (const [bucket, count] of counts.entries()) {
      if (left <= count) return boundOf(bucket - 1 + left / count);
      left -= count;
    }
    return boundOf(BUCKETS - 1);
  }

  private halve(at: number): void {
    for (let bucket = at; bucket < at + BUCKETS; bucket += 1) {
      const count = Atomics.load(this.words, bucket);
      Atomics.sub(this.words, bucket, count - (count >> 1));
    }
  }
}

function placeOf(slot: number, isStream: boolean): number {
  return (slot * 2 + (isStream ? 1 : 0)) * KIND_WORDS;
}

function bucketOf(milliseconds: number): number {
  return Math.min(BUCKETS - 1, Math.max(0, Math.ceil(Math.log10(Math.max(1, milliseconds)) * PER_DECADE)));
}

/** Upper bound of a bucket, milliseconds; in between for parts of one. */
function boundOf(bucket: number): number {
  return 10 ** (Math.max(0, bucket) / PER_DECADE);
}
