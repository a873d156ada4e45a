/** How a call with a key begins: as any other, or against odds. Any other number: as the one that tries a refused key. */
export const CLAIM = { well: 0, rests: -1 } as const;

/**
 * One word of shared memory a key that was refused: how often in a row (4 bits, 0: it was not) and until when it rests, in
 * tenths of a second modulo 2^28, which come round every 310 days. One word changes in one step, so that of many calls that
 * are refused at the same time one counts, and of many that could try the key one does.
 */
const TICK_MS = 100;
const TICKS = 2 ** 28;
const MOST_IN_ROW = 15;
/** The first rest; each time that the key is refused again the next is twice as long. */
const FIRST_REST_MS = 60_000;
const LONGEST_REST_MS = 900_000;
/** A call that tries a key and has not ended by then gives its place to another. */
const PROBE_MS = 30_000;

function wordOf(inRow: number, until: number): number {
  return (inRow << 28) | (Math.ceil(until / TICK_MS) % TICKS);
}

function inRowOf(word: number): number {
  return word >>> 28;
}

/** Milliseconds from `now` to the end of the rest; what lies further ahead than any rest was left over from long ago. */
function leftOf(word: number, now: number): number {
  const ticks = ((word - Math.floor(now / TICK_MS)) << 4) >> 4;
  const left = ticks * TICK_MS;
  return left > 0 && left <= LONGEST_REST_MS + TICK_MS ? left : 0;
}

/** Whether it is still resting, or being tried by another call. */
export function isRefused(words: Int32Array, slot: number, now: number): boolean {
  const word = Atomics.load(words, slot);
  return word !== 0 && leftOf(word, now) > 0;
}

export function untilOf(words: Int32Array, slot: number, now: number): number {
  return now + leftOf(Atomics.load(words, slot), now);
}

/** 0: the key is well. -1: it rests. Else the call is the one that tries it, and this says so at its end. */
export function tryKey(words: Int32Array, slot: number, now: number): number {
  const word = Atomics.load(words, slot);
  if (word === 0) return CLAIM.well;
  if (leftOf(word, now) > 0) return CLAIM.rests;
  const next = wordOf(inRowOf(word), now + PROBE_MS);
  return Atomics.compareExchange(words, slot, word, next) === word ? next >>> 0 : CLAIM.rests;
}

/** A call was refused. Those that were begun before the key was put to rest do not count again. */
export function noteRefused(words: Int32Array, slot: number, claim: number, now: number): void {
  for (;;) {
    const word = Atomics.load(words, slot);
    const isProbe = claim > CLAIM.well && word >>> 0 === claim;
    if (word !== 0 && !isProbe && leftOf(word, now) > 0) return;
    const inRow = Math.min(MOST_IN_ROW, inRowOf(word) + 1);
    const rest = Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** (inRow - 1));
    if (Atomics.compareExchange(words, slot, word, wordOf(inRow, now + rest)) === word) return;
  }
}

/** The try said nothing: another may be made at once. */
export function giveUpProbe(words: Int32Array, slot: number, claim: number, now: number): void {
  const word = claim | 0;
  Atomics.compareExchange(words, slot, word, wordOf(inRowOf(word), now));
}
