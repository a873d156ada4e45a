import { readWindow, type WindowCounts } from "./call-window.ts";
import { isAhead, sharedTime } from "./shared-time.ts";
import { MEASURE, SLOT_WORDS, WORD } from "./target-layout.ts";

/** What one replica knows of one target, as others read it. */
export interface HealthNote {
  /** `provider/model`, with `#key` when a key is named, or `provider/*` for all other models. */
  target: string;
  /** Calls of about the last sixteen seconds and the failures among them, both weighted by age. */
  calls: number;
  failures: number;
  /** What its times are when it is well, microseconds: first content, whole answer, output token. 0: not measured. */
  baselines: readonly [number, number, number];
}

const MEASURES = [WORD.firstContent, WORD.whole, WORD.perToken];
/** Counts are kept in tenths. */
const SCALE = 10;
const MOST = 2 ** 30;
/** How long what others said holds at most. */
const LONGEST_MS = 60_000;

/** The note of one target; null when there is nothing to say. */
export function writeNote(words: Int32Array, target: string, slot: number, now: number): HealthNote | null {
  const at = slot * SLOT_WORDS;
  const { calls, failures } = readWindow(words, at, sharedTime(now));
  const [first = 0, whole = 0, token = 0] = MEASURES.map((word) => Atomics.load(words, at + word + MEASURE.baseline));
  if (calls === 0 && first + whole + token === 0) return null;
  return { target, calls: rounded(calls), failures: rounded(failures), baselines: [first, whole, token] };
}

/** Takes over what other replicas counted of a target, for so many milliseconds; it replaces what they had said before. */
export function takeNotes(words: Int32Array, slot: number, counts: WindowCounts, forMs: number, now: number): void {
  const at = slot * SLOT_WORDS;
  Atomics.store(words, at + WORD.othersCalls, scaled(counts.calls));
  Atomics.store(words, at + WORD.othersFailures, scaled(counts.failures));
  Atomics.store(words, at + WORD.othersUntil, (sharedTime(now) + Math.min(LONGEST_MS, forMs)) | 0);
}

/** Lets a target that was not measured here begin with what others, or this process before its restart, had measured. */
export function seedBaselines(words: Int32Array, slot: number, baselines: HealthNote["baselines"]): void {
  for (const [index, word] of MEASURES.entries()) {
    const baseline = Math.min(MOST, Math.max(0, Math.round(baselines[index] ?? 0)));
    Atomics.compareExchange(words, slot * SLOT_WORDS + word + MEASURE.baseline, 0, baseline);
  }
}

/** The counts of this replica and those of the others, as far as they still hold. */
export function withOthers(words: Int32Array, at: number, own: WindowCounts, time: number): WindowCounts {
  if (!isAhead(Atomics.load(words, at + WORD.othersUntil), time, LONGEST_MS)) return own;
  return {
    calls: own.calls + Atomics.load(words, at + WORD.othersCalls) / SCALE,
    failures: own.failures + Atomics.load(words, at + WORD.othersFailures) / SCALE,
  };
}

function rounded(count: number): number {
  return Math.round(count * SCALE) / SCALE;
}

function scaled(count: number): number {
  return Math.min(MOST, Math.max(0, Math.round(count * SCALE)));
}
