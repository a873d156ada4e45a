/** What a conversation keeps of a classification. */
export interface Remembered {
  /** Place of the label in its classifier's list: 0 to 1023. */
  label: number;
  /** From 0 to 1, in thousandths. */
  score: number;
}

/** What a conversation is known by: 64 bits of a keyed hash, and 12 further ones against torn entries. */
export interface SessionKey {
  high: number;
  low: number;
  check: number;
}

/** Places of one set: a conversation may stand in any of them. */
const WAYS = 8;
/** Words of 32 bits of an entry: two of the key, when it expires, and value with check. */
const WORDS = 4;
const HIGH = 0;
const LOW = 1;
const EXPIRES = 2;
const VALUE = 3;
const SCORE_BITS = 10;
const LABEL_BITS = 10;
const CHECK_BITS = 12;
const THOUSAND = 1000;
/** Seconds are counted from here, so that they fit for decades. */
const YEAR_2025 = 1_735_689_600;

export const CHECK_MASK = (1 << CHECK_BITS) - 1;

/**
 * What conversations keep of their classifications, shared by all threads without locks or texts: a table of fixed size in
 * which the entry that expires first makes room. An entry that two threads write at the same time is one or the other, or
 * none, never one conversation's value under another's key: the value carries bits of the key.
 */
export class SessionMemory {
  private readonly words: Int32Array;
  private readonly sets: number;

  constructor(memory: SharedArrayBuffer) {
    this.words = new Int32Array(memory);
    this.sets = Math.floor(this.words.length / (WAYS * WORDS));
  }

  /** Shared memory for about this many conversations and classifiers; 16 bytes each. */
  static createMemory(entries: number): SharedArrayBuffer {
    return new SharedArrayBuffer(Math.max(1, Math.ceil(entries / WAYS)) * WAYS * WORDS * 4);
  }

  /** What is kept, or null. `now` in Unix milliseconds. */
  recall(key: SessionKey, now: number): Remembered | null {
    const at = this.find(key, secondsOf(now));
    return at < 0 ? null : this.valueAt(at, key);
  }

  /** Keeps a value in place of what is there. */
  keep(key: SessionKey, value: Remembered, now: number, ttlMs: number): void {
    const seconds = secondsOf(now);
    const at = this.find(key, seconds);
    const place = at < 0 ? this.claim(key, seconds) : at;
    Atomics.store(this.words, place + VALUE, pack(value, key));
    Atomics.store(this.words, place + EXPIRES, seconds + Math.ceil(ttlMs / 1000));
  }

  /**
   * Raises a value: the higher label and score hold for the whole time again, lower ones change nothing. Returns what holds.
   */
  raise(key: SessionKey, value: Remembered, now: number, ttlMs: number): Remembered {
    const at = this.find(key, secondsOf(now));
    const known = at < 0 ? null : this.valueAt(at, key);
    if (known !== null && isAbove(known, value)) return known;
    this.keep(key, value, now, ttlMs);
    return value;
  }

  private valueAt(at: number, key: SessionKey): Remembered | null {
    const word = Atomics.load(this.words, at + VALUE);
    const isOwn = (word & CHECK_MASK) === key.check;
    return isOwn ? unpack(word) : null;
  }

  /** Offset of the key's entry, or -1. */
  private find(key: SessionKey, seconds: number): number {
    const start = this.setOf(key);
    for (let at = start; at < start + WAYS * WORDS; at += WORDS) {
      if (Atomics.load(this.words, at + HIGH) !== key.high || Atomics.load(this.words, at + LOW) !== key.low) continue;
      return Atomics.load(this.words, at + EXPIRES) > seconds ? at : -1;
    }
    return -1;
  }

  /** Takes the entry of its set that expires first. */
  private claim(key: SessionKey, seconds: number): number {
    const at = this.oldest(key, seconds);
    Atomics.store(this.words, at + EXPIRES, 0);
    Atomics.store(this.words, at + HIGH, key.high);
    Atomics.store(this.words, at + LOW, key.low);
    return at;
  }

  private oldest({ high, low }: SessionKey, seconds: number): number {
    const start = this.setOf({ high, low });
    let found = start;
    let first = Infinity;
    for (let at = start; at < start + WAYS * WORDS; at += WORDS) {
      if (Atomics.load(this.words, at + HIGH) === high && Atomics.load(this.words, at + LOW) === low) return at;
      const expires = Atomics.load(this.words, at + EXPIRES);
      const rank = expires <= seconds ? 0 : expires;
      if (rank < first) [found, first] = [at, rank];
    }
    return found;
  }

  private setOf({ low }: Pick<SessionKey, "high" | "low">): number {
    return ((low >>> 0) % this.sets) * WAYS * WORDS;
  }
}

function isAbove(one: Remembered, other: Remembered): boolean {
  return one.label > other.label;
}

function pack({ label, score }: Remembered, { check }: SessionKey): number {
  const thousandths = Math.round(Math.min(1, Math.max(0, score)) * THOUSAND);
  return (label << (SCORE_BITS + CHECK_BITS)) | (thousandths << CHECK_BITS) | (check & CHECK_MASK);
}

function unpack(word: number): Remembered {
  return {
    label: (word >>> (SCORE_BITS + CHECK_BITS)) & ((1 << LABEL_BITS) - 1),
    score: ((word >>> CHECK_BITS) & ((1 << SCORE_BITS) - 1)) / THOUSAND,
  };
}

function secondsOf(wall: number): number {
  return Math.floor(wall / 1000) - YEAR_2025;
}
