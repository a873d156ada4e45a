import { WORD } from "./target-layout.ts";

/**
 * Calls and failures of about the last sixteen seconds: eight buckets of two seconds, each one word of tag (8 bits), failures
 * and calls (12 bits each), so that a single compare-and-exchange counts and starts a bucket anew.
 */
const BUCKETS = 8;
const BUCKET_MS = 2000;
const MOST = 4095;
/** Each bucket counts for so much of the next younger one. */
const FADE = 0.8;

export interface WindowCounts {
  /** Weighted by age. */
  calls: number;
  failures: number;
}

/** Counts a call that ended. */
export function countCall(words: Int32Array, slot: number, isFailure: boolean, now: number): void {
  const epoch = epochOf(now);
  const at = slot + WORD.window + (epoch & (BUCKETS - 1));
  const tag = tagOf(epoch);
  for (;;) {
    const old = Atomics.load(words, at);
    const next = counted(old >>> 24 === tag ? old : tag << 24, isFailure);
    if (Atomics.compareExchange(words, at, old, next) === old) return;
  }
}

/** A full bucket is halved: its rate stays. */
function counted(word: number, isFailure: boolean): number {
  let calls = word & MOST;
  let failures = (word >>> 12) & MOST;
  if (calls === MOST) {
    calls >>= 1;
    failures >>= 1;
  }
  return (word & (0xff << 24)) | ((failures + (isFailure ? 1 : 0)) << 12) | (calls + 1);
}

export function readWindow(words: Int32Array, slot: number, now: number): WindowCounts {
  const newest = epochOf(now);
  let calls = 0;
  let failures = 0;
  let share = 1;
  for (let age = 0; age < BUCKETS; age += 1, share *= FADE) {
    const epoch = newest - age;
    const word = Atomics.load(words, slot + WORD.window + (epoch & (BUCKETS - 1)));
    if (word >>> 24 !== tagOf(epoch)) continue;
    calls += (word & MOST) * share;
    failures += ((word >>> 12) & MOST) * share;
  }
  return { calls, failures };
}

/** Forgets all calls: a target that has recovered begins anew. */
export function clearWindow(words: Int32Array, slot: number): void {
  for (let at = 0; at < BUCKETS; at += 1) Atomics.store(words, slot + WORD.window + at, 0);
}

/** A small integer: remainders of fractions would cost more than the rest of a reading. */
function epochOf(now: number): number {
  return ((now >>> 0) / BUCKET_MS) | 0;
}

/** Never 0, which marks a bucket that was never used. */
function tagOf(epoch: number): number {
  return ((epoch >> 3) % 255) + 1;
}
