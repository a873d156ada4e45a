import { clearWindow, readWindow } from "./call-window.ts";
import { elapsed, isAhead } from "./shared-time.ts";
import { WORD } from "./target-layout.ts";

/** Closed: calls go there. Open: they go elsewhere first. Probing: one call is finding out whether it is back. */
export const BREAKER = { closed: 0, open: 1, probing: 2 } as const;

const FEWEST_CALLS = 10;
const FAILING_RATE = 0.5;
const FAILURES_IN_ROW = 5;
/** The first pause; each time that a probe fails the next is twice as long. */
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 15_000;
/** A probe that has not ended by then gives its place to another. */
const PROBE_MS = 10_000;
/** A target that fails again so soon after it came back goes on with the longer pause. */
const RELAPSE_MS = 30_000;

export function isClosed(words: Int32Array, slot: number): boolean {
  return Atomics.load(words, slot + WORD.breaker) === BREAKER.closed;
}

/** Whether calls go elsewhere first: it is not closed, and no probe is due. Asking changes nothing. */
export function isOpen(words: Int32Array, slot: number, now: number): boolean {
  return !isClosed(words, slot) && isAhead(Atomics.load(words, slot + WORD.breakerUntil), now, LONGEST_PAUSE_MS);
}

/** Whether a call may go there now. A yes from a breaker that is not closed makes the call the one probe. */
export function mayCall(words: Int32Array, slot: number, now: number): boolean {
  const state = Atomics.load(words, slot + WORD.breaker);
  if (state === BREAKER.closed) return true;
  const until = Atomics.load(words, slot + WORD.breakerUntil);
  if (isAhead(until, now, LONGEST_PAUSE_MS)) return false;
  if (Atomics.compareExchange(words, slot + WORD.breakerUntil, until, now + PROBE_MS) !== until) return false;
  Atomics.compareExchange(words, slot + WORD.breaker, state, BREAKER.probing);
  return true;
}

/** A call succeeded. One that was begun while the breaker was not closed shows that the target is back. */
export function noteSuccess(words: Int32Array, slot: number, begunClosed: boolean, now: number): void {
  Atomics.store(words, slot + WORD.failuresInRow, 0);
  if (begunClosed || Atomics.exchange(words, slot + WORD.breaker, BREAKER.closed) === BREAKER.closed) return;
  Atomics.store(words, slot + WORD.breakerUntil, now);
  Atomics.add(words, slot + WORD.closed, 1);
  clearWindow(words, slot);
}

/** A call failed, and the window of calls has counted it. */
export function noteFailure(words: Int32Array, slot: number, now: number): void {
  const inRow = Atomics.add(words, slot + WORD.failuresInRow, 1) + 1;
  const state = Atomics.load(words, slot + WORD.breaker);
  if (state === BREAKER.open) return;
  if (state === BREAKER.probing) open(words, slot, state, Atomics.add(words, slot + WORD.opensInRow, 1) + 1, now);
  else if (inRow >= FAILURES_IN_ROW || isFailing(words, slot, now))
    open(words, slot, state, relapses(words, slot, now), now);
}

function isFailing(words: Int32Array, slot: number, now: number): boolean {
  const { calls, failures } = readWindow(words, slot, now);
  return calls >= FEWEST_CALLS && failures / calls >= FAILING_RATE;
}

/** Which pause a breaker that was closed goes on with. */
function relapses(words: Int32Array, slot: number, now: number): number {
  const wasOpened = Atomics.load(words, slot + WORD.opened) > 0;
  const isRelapse = wasOpened && elapsed(Atomics.load(words, slot + WORD.breakerUntil), now) < RELAPSE_MS;
  if (isRelapse) return Atomics.add(words, slot + WORD.opensInRow, 1) + 1;
  Atomics.store(words, slot + WORD.opensInRow, 0);
  return 0;
}

function open(words: Int32Array, slot: number, from: number, opens: number, now: number): void {
  const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(opens, 10));
  // The pause first: whoever sees the breaker open must not see the end of an earlier one.
  Atomics.store(words, slot + WORD.breakerUntil, (now + pause) | 0);
  if (Atomics.compareExchange(words, slot + WORD.breaker, from, BREAKER.open) === from) {
    Atomics.add(words, slot + WORD.opened, 1);
  }
}
