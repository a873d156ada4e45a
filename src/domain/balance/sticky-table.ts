import { isAhead, sharedTime } from "./shared-time.ts";

/** Where a session was served last, and what its provider has in its prompt cache. */
export interface StickyEntry {
  /** See `targetMark`. */
  target: number;
  /** Slot of the provider key. */
  key: number;
  /** Tokens of its input that were read from or written to the cache. */
  cachedTokens: number;
  /** Of its last answer. */
  outputTokens: number;
  /** How long the cache probably stays warm, Unix milliseconds. */
  warmUntil: number;
}

/** A session, as 64 bits that nobody can choose: two words. */
export interface StickyKey {
  low: number;
  high: number;
}

const WORD = { low: 0, high: 1, target: 2, key: 3, cached: 4, output: 5, until: 6, check: 7 } as const;
const ENTRY_WORDS = 8;
/** Entries that a session may stand in: a full set gives up the one that would go cold first. */
const SET_ENTRIES = 8;
const SETS = 16_384;
const SET_WORDS = SET_ENTRIES * ENTRY_WORDS;
/** No cache is taken to stay warm for longer. */
const LONGEST_MS = 86_400_000;

/** What a target is known by in the table: the same in every thread and after every reload. */
export function targetMark(provider: string, model: string): number {
  return Bun.hash.xxHash32(`${provider}/${model}`) | 0;
}

/**
 * Sessions of all data threads in shared memory of a fixed size: 131,072 of them in 4 MiB, without text, locks or messages. A
 * race of two threads loses one of their entries, or leaves one whose check does not hold and which is then none; either costs
 * a session its place, nothing else. `now` is Unix milliseconds.
 */
export class StickyTable {
  private readonly words: Int32Array;

  constructor(memory: SharedArrayBuffer) {
    this.words = new Int32Array(memory);
  }

  static createMemory(): SharedArrayBuffer {
    return new SharedArrayBuffer(SETS * SET_WORDS * 4);
  }

  /** Null: unknown, or its cache has gone cold. */
  find(key: StickyKey, now: number): StickyEntry | null {
    const { words } = this;
    const start = setOf(key);
    for (let at = start; at < start + SET_WORDS; at += ENTRY_WORDS) {
      if (words[at + WORD.low] !== key.low || words[at + WORD.high] !== key.high) continue;
      const entry = this.read(at, key, now);
      if (entry !== null) return entry;
    }
    return null;
  }

  put(key: StickyKey, entry: StickyEntry, now: number): void {
    const { words } = this;
    const at = this.placeFor(key, sharedTime(now));
    const until = sharedTime(Math.min(entry.warmUntil, now + LONGEST_MS));
    const cached = entry.cachedTokens | 0;
    const output = entry.outputTokens | 0;
    words[at + WORD.check] = 0;
    words[at + WORD.low] = key.low;
    words[at + WORD.high] = key.high;
    words[at + WORD.target] = entry.target;
    words[at + WORD.key] = entry.key;
    words[at + WORD.cached] = cached;
    words[at + WORD.output] = output;
    words[at + WORD.until] = until;
    words[at + WORD.check] = checkOf(key.low, key.high, entry.target, entry.key, cached, output, until);
  }

  /** The check is over the session that was asked for: another one may have taken the place meanwhile. */
  private read(at: number, { low, high }: StickyKey, now: number): StickyEntry | null {
    const word = (place: number): number => this.words[at + place] ?? 0;
    const target = word(WORD.target);
    const key = word(WORD.key);
    const cached = word(WORD.cached);
    const output = word(WORD.output);
    const until = word(WORD.until);
    if (word(WORD.check) !== checkOf(low, high, target, key, cached, output, until)) return null;
    const time = sharedTime(now);
    if (!isAhead(until, time, LONGEST_MS)) return null;
    return { target, key, cachedTokens: cached, outputTokens: output, warmUntil: now + ((until - time) | 0) };
  }

  /** The session's own entry, else one that is cold, else the one that goes cold first. */
  private placeFor({ low, high }: StickyKey, time: number): number {
    const { words } = this;
    const start = setOf({ low, high });
    let found = start;
    let least = Infinity;
    for (let at = start; at < start + SET_WORDS; at += ENTRY_WORDS) {
      if (words[at + WORD.low] === low && words[at + WORD.high] === high) return at;
      const until = words[at + WORD.until] ?? 0;
      const left = isAhead(until, time, LONGEST_MS) ? (until - time) | 0 : 0;
      if (left < least) [found, least] = [at, left];
    }
    return found;
  }
}

function setOf({ low }: StickyKey): number {
  return ((low >>> 0) % SETS) * SET_WORDS;
}

/** Never 0, which is what memory begins with. */
function checkOf(...words: readonly number[]): number {
  let check = 0x811c9dc5;
  for (const word of words) check = Math.imul(check ^ word, 0x01000193) ^ (check >>> 15);
  return check | 1;
}
