import { BREAKER, isClosed, isOpen, mayCall, noteFailure, noteSuccess } from "./breaker.ts";
import { countCall, readWindow } from "./call-window.ts";
import { withOthers } from "./health-note.ts";
import { addMeasure, addPenalty, readMeasure, type Measured } from "./peak-average.ts";
import { elapsed, isAhead, sharedTime } from "./shared-time.ts";
import { SLOT_WORDS, WORD } from "./target-layout.ts";

/** What one target is known to be like. */
export interface TargetReading {
  /** Calls under way. */
  inFlight: number;
  /** Time to the first content of streams; null: not measured. */
  firstContent: Measured | null;
  /** Time of answers that were not streamed; null: not measured. */
  whole: Measured | null;
  /** Time of one output token of a stream; null: not measured. */
  perToken: Measured | null;
  /** Failures among the calls of about the last sixteen seconds, those of other replicas too, 0 to 1; few calls count little. */
  errorRate: number;
  /** Share of its quota that is left, 0 to 1; 1 when nothing is known. */
  headroom: number;
  /** Output tokens of about the last minute. */
  usage: number;
  isClosed: boolean;
}

/** What a target counted since the process started. */
export interface TargetCounts {
  calls: number;
  opened: number;
  closed: number;
  limited: number;
}

/** How a call went. Durations in milliseconds; null: does not apply. */
export interface CallResult {
  whole: number | null;
  perToken: number | null;
  outputTokens: number;
}

/** A failure must not look like a quick answer: it counts as at least so slow, and at most so for long waits. */
const PENALTY_MS = 5_000;
const LONGEST_PENALTY_MS = 30_000;
/** How long a refusal for the quota holds when it does not say. */
const LIMITED_MS = 5_000;
const LONGEST_QUOTA_MS = 3_600_000;
/** Headers of quotas are read this often. */
const QUOTA_PAUSE_MS = 250;
/** In thousandths: from here on each answer is looked at. */
const NEARLY_USED = 500;
const USAGE_MS = 60_000;
/** Successes that are assumed beside those seen: a single failure is no rate. */
const ASSUMED_CALLS = 2;

/**
 * Health of targets in shared memory: one truth over all threads, without locks or messages. Every figure is one 32-bit word
 * that changes by an atomic operation. `now` is Unix milliseconds.
 */
export class TargetHealth {
  protected readonly words: Int32Array;

  constructor(memory: SharedArrayBuffer) {
    this.words = new Int32Array(memory);
  }

  /** Shared memory for this many targets and groups. */
  static createMemory(slots: number): SharedArrayBuffer {
    return new SharedArrayBuffer(slots * SLOT_WORDS * 4);
  }

  /** Whether a call may go there, as far as the breaker says; a yes may make it the one probe. */
  mayCall(slot: number, now: number): boolean {
    return mayCall(this.words, slot * SLOT_WORDS, sharedTime(now));
  }

  /** As `mayCall` the other way round, for a look that is followed by no call. */
  isOpen(slot: number, now: number): boolean {
    return isOpen(this.words, slot * SLOT_WORDS, sharedTime(now));
  }

  /** A call begins. Returns whether the breaker is closed, which the end of the call must bring back. */
  begin(slot: number): boolean {
    const at = slot * SLOT_WORDS;
    Atomics.add(this.words, at + WORD.inFlight, 1);
    return isClosed(this.words, at);
  }

  /** The first content of a stream came after so many milliseconds. */
  firstContent(slot: number, milliseconds: number, now: number): void {
    addMeasure(this.words, slot * SLOT_WORDS + WORD.firstContent, milliseconds, sharedTime(now));
  }

  succeed(slot: number, begunClosed: boolean, result: CallResult, now: number): void {
    const at = slot * SLOT_WORDS;
    const time = sharedTime(now);
    this.end(at);
    if (result.whole !== null) addMeasure(this.words, at + WORD.whole, result.whole, time);
    if (result.perToken !== null) addMeasure(this.words, at + WORD.perToken, result.perToken, time);
    if (result.outputTokens > 0) this.use(at, result.outputTokens, time);
    countCall(this.words, at, false, time);
    noteSuccess(this.words, at, begunClosed, time);
  }

  /** The target failed after so many milliseconds; `mayOpen`: the breaker counts it. */
  fail(slot: number, milliseconds: number, mayOpen: boolean, now: number): void {
    const at = slot * SLOT_WORDS;
    const time = sharedTime(now);
    this.end(at);
    this.charge(at, milliseconds, time);
    countCall(this.words, at, true, time);
    if (mayOpen) noteFailure(this.words, at, time);
  }

  /** The target refused for its quota: it is well, but full. `retryAfterMs` null: it did not say for how long. */
  limit(slot: number, retryAfterMs: number | null, now: number): void {
    const at = slot * SLOT_WORDS;
    const time = sharedTime(now);
    this.end(at);
    Atomics.add(this.words, at + WORD.limited, 1);
    this.charge(at, retryAfterMs ?? 0, time);
    this.leave(at, 0, retryAfterMs ?? LIMITED_MS, time);
  }

  /**
   * The call ended and says nothing of the target's failures: the client went away, or was wrong. What was waited for in vain
   * (milliseconds, else 0) shows how slow the target is at least.
   */
  release(slot: number, waited: number, now: number): void {
    const at = slot * SLOT_WORDS;
    this.end(at);
    const time = sharedTime(now);
    for (const measure of [at + WORD.firstContent, at + WORD.whole]) {
      if (waited > (readMeasure(this.words, measure, time)?.peak ?? Infinity))
        addPenalty(this.words, measure, waited, time);
    }
  }

  /** Whether headers of quotas are worth reading now; a yes makes others wait, but where little is left. */
  wantsQuota(slot: number, now: number): boolean {
    const at = slot * SLOT_WORDS + WORD.quotaReadAt;
    const time = sharedTime(now);
    if (Atomics.load(this.words, slot * SLOT_WORDS + WORD.quotaUsed) >= NEARLY_USED) return true;
    const last = Atomics.load(this.words, at);
    if (isAhead(last + QUOTA_PAUSE_MS, time, QUOTA_PAUSE_MS)) return false;
    return Atomics.compareExchange(this.words, at, last, time) === last;
  }

  /** This share of the target's quota is left for so many milliseconds. */
  quota(slot: number, share: number, forMs: number, now: number): void {
    this.leave(slot * SLOT_WORDS, share, forMs, sharedTime(now));
  }

  /** Whose turn it is in a group, counted up over all threads. */
  turn(slot: number): number {
    return Atomics.add(this.words, slot * SLOT_WORDS + WORD.turn, 1) >>> 0;
  }

  read(slot: number, now: number): TargetReading {
    const { words } = this;
    const at = slot * SLOT_WORDS;
    const time = sharedTime(now);
    const { calls, failures } = withOthers(words, at, readWindow(words, at, time), time);
    const isKnown = isAhead(Atomics.load(words, at + WORD.quotaUntil), time, LONGEST_QUOTA_MS);
    const idle = elapsed(Atomics.load(words, at + WORD.usageAt), time);
    return {
      inFlight: Math.max(0, Atomics.load(words, at + WORD.inFlight)),
      firstContent: readMeasure(words, at + WORD.firstContent, time),
      whole: readMeasure(words, at + WORD.whole, time),
      perToken: readMeasure(words, at + WORD.perToken, time),
      errorRate: failures / (calls + ASSUMED_CALLS),
      headroom: isKnown ? (1000 - Atomics.load(words, at + WORD.quotaUsed)) / 1000 : 1,
      usage: Atomics.load(words, at + WORD.usage) * Math.exp(-idle / USAGE_MS),
      isClosed: Atomics.load(words, at + WORD.breaker) === BREAKER.closed,
    };
  }

  counts(slot: number): TargetCounts {
    const load = (word: number): number => Atomics.load(this.words, slot * SLOT_WORDS + word) >>> 0;
    return {
      calls: load(WORD.calls),
      opened: load(WORD.opened),
      closed: load(WORD.closed),
      limited: load(WORD.limited),
    };
  }

  private end(at: number): void {
    Atomics.sub(this.words, at + WORD.inFlight, 1);
    Atomics.add(this.words, at + WORD.calls, 1);
  }

  private charge(at: number, milliseconds: number, time: number): void {
    const penalty = Math.min(LONGEST_PENALTY_MS, Math.max(PENALTY_MS, milliseconds));
    addPenalty(this.words, at + WORD.firstContent, penalty, time);
    addPenalty(this.words, at + WORD.whole, penalty, time);
  }

  private leave(at: number, share: number, forMs: number, time: number): void {
    const until = Math.min(LONGEST_QUOTA_MS, Math.ceil(forMs));
    Atomics.store(this.words, at + WORD.quotaUsed, Math.round((1 - share) * 1000));
    Atomics.store(this.words, at + WORD.quotaUntil, (time + until) | 0);
  }

  private use(at: number, tokens: number, time: number): void {
    const passed = elapsed(Atomics.exchange(this.words, at + WORD.usageAt, time), time);
    const kept = Math.exp(-passed / USAGE_MS);
    for (;;) {
      const old = Atomics.load(this.words, at + WORD.usage);
      const next = Math.min(2 ** 31 - 1, Math.round(old * kept + tokens));
      if (Atomics.compareExchange(this.words, at + WORD.usage, old, next) === old) return;
    }
  }
}
