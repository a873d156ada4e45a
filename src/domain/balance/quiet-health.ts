import { BREAKER } from "./breaker.ts";
import { isAhead, sharedTime } from "./shared-time.ts";
import { SLOT_WORDS, WORD } from "./target-layout.ts";
import { TargetHealth } from "./target-health.ts";

/** Longest pause of a breaker, or of a probe under way. */
const LONGEST_PAUSE_MS = 15_000;

/** The live health of targets for decisions that are only tried out: turns count up here alone, and no call takes a probe. */
export class QuietHealth extends TargetHealth {
  private readonly turns = new Map<number, number>();

  override turn(slot: number): number {
    const taken = this.turns.get(slot) ?? 0;
    this.turns.set(slot, taken + 1);
    return (Atomics.load(this.words, slot * SLOT_WORDS + WORD.turn) + taken) >>> 0;
  }

  override mayCall(slot: number, now: number): boolean {
    const at = slot * SLOT_WORDS;
    if (Atomics.load(this.words, at + WORD.breaker) === BREAKER.closed) return true;
    return !isAhead(Atomics.load(this.words, at + WORD.breakerUntil), sharedTime(now), LONGEST_PAUSE_MS);
  }
}
