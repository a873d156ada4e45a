import { elapsed } from "./shared-time.ts";
import { MEASURE } from "./target-layout.ts";

/** A peak falls back to a third within this time. */
const PEAK_MS = 10_000;
const CURRENT_MS = 4_000;
/** The baseline follows what is faster within seconds, what is slower within minutes. */
const BASELINE_DOWN_MS = 5_000;
const BASELINE_UP_MS = 600_000;
const LONGEST_MS = 2_000_000;

/** What a measure says, milliseconds. Without calls the first two fall back to the baseline. */
export interface Measured {
  /** Jumps to what is slower and to what failures are charged, falls slowly back. */
  peak: number;
  /** What it takes lately. */
  current: number;
  /** What it takes when it is well; 0: only failures were charged. */
  baseline: number;
}

/** Adds a measured duration, milliseconds, to the measure at word `at`. */
export function addMeasure(words: Int32Array, at: number, milliseconds: number, now: number): void {
  const sample = microsOf(milliseconds);
  const passed = elapsed(Atomics.exchange(words, at + MEASURE.at, now), now);
  blend(words, at + MEASURE.peak, sample, passed, 0, PEAK_MS);
  blend(words, at + MEASURE.current, sample, passed, CURRENT_MS, CURRENT_MS);
  blend(words, at + MEASURE.baseline, sample, passed, BASELINE_UP_MS, BASELINE_DOWN_MS);
}

/** Adds what a failure is charged: the target looks that slow for a while, its baseline stays. */
export function addPenalty(words: Int32Array, at: number, milliseconds: number, now: number): void {
  const passed = elapsed(Atomics.exchange(words, at + MEASURE.at, now), now);
  blend(words, at + MEASURE.peak, microsOf(milliseconds), passed, 0, PEAK_MS);
}

/** Null: nothing was measured yet, or only failures, long ago. */
export function readMeasure(words: Int32Array, at: number, now: number): Measured | null {
  const baseline = Atomics.load(words, at + MEASURE.baseline) / 1000;
  const left = Math.exp(-elapsed(Atomics.load(words, at + MEASURE.at), now) / PEAK_MS);
  const faded = (word: number): number =>
    baseline + Math.max(0, Atomics.load(words, at + word) / 1000 - baseline) * left;
  const peak = faded(MEASURE.peak);
  return peak < 1 ? null : { peak, current: faded(MEASURE.current), baseline };
}

/** Moves an average towards a sample by the time that has passed; at once where the time constant is 0, or at the first. */
function blend(words: Int32Array, at: number, sample: number, passed: number, upMs: number, downMs: number): void {
  for (;;) {
    const old = Atomics.load(words, at);
    const constant = sample > old ? upMs : downMs;
    const kept = old === 0 || constant === 0 ? 0 : Math.exp(-passed / constant);
    const next = Math.max(1, Math.round(sample + (old - sample) * kept));
    if (next === old || Atomics.compareExchange(words, at, old, next) === old) return;
  }
}

function microsOf(milliseconds: number): number {
  return Math.round(Math.min(LONGEST_MS, Math.max(0, milliseconds)) * 1000);
}
