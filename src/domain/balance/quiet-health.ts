import { SLOT_WORDS, WORD } from "./target-layout.ts";
import { TargetHealth } from "./target-health.ts";

/** The live health of targets for decisions that are only tried out: turns count up here alone, and no call takes a probe. */
export class QuietHealth extends TargetHealth {
  private readonly turns = new Map<number, number>();

  override turn(slot: number): number {
    const taken = this.turns.get(slot) ?? 0;
    this.turns.set(slot, taken + 1);
    return (Atomics.load(this.words, slot * SLOT_WORDS + WORD.turn) + taken) >>> 0;
  }

  override mayCall(slot: number, now: number): boolean {
    return !this.isOpen(slot, now);
  }
}
