import type { HealthBoard, PostedNotes } from "../domain/balance/health-board.ts";
import { seedBaselines, takeNotes, writeNote, type HealthNote } from "../domain/balance/health-note.ts";
import type { TargetSlots } from "./target-slots.ts";

/** How often others are listened to, and told while there are any. */
const LISTEN_MS = 2_000;
/** How often a replica that is alone leaves word, for those that come and for itself after a restart. */
const ALONE_MS = 15_000;
/** What is older says nothing of failures any more, */
const FRESH_MS = 20_000;
/** and what is older than this nothing of usual times. */
const USUAL_MS = 3_600_000;

export interface HealthShareOptions {
  board: HealthBoard;
  targets: Pick<TargetSlots, "memories" | "entries">;
  /** This replica's name, another one after each start. */
  replica: string;
  report(error: unknown): void;
}

/**
 * Tells other replicas on the same store how the targets are, and takes over what they tell: how many calls failed there counts
 * with the calls here, so that one replica's outage steers the others before they run into it. Circuit breakers stay each
 * replica's own: what cannot be reached from one host may be well from the next.
 */
export class HealthShare {
  private readonly options: HealthShareOptions;
  private readonly words: Int32Array;
  private timer: Timer | null = null;
  private posted = 0;
  private last = "";
  private isFailing = false;

  constructor(options: HealthShareOptions) {
    this.options = options;
    this.words = new Int32Array(options.targets.memories.targetHealth);
  }

  /** The places of targets must be known by now. */
  start(): void {
    this.guarded(() => this.seed(Date.now()));
    this.timer = setInterval(() => this.guarded(() => this.step(Date.now())), LISTEN_MS);
  }

  /** Leaves word of what was usual, for the next start. */
  stop(): void {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
    this.guarded(() => this.post(Date.now()));
  }

  /** Targets that are new here begin with the usual times that were posted last. */
  seed(now: number): void {
    const slots = new Map(this.options.targets.entries());
    for (const { notes } of this.others(now, USUAL_MS)) {
      for (const { target, baselines } of notes) {
        const slot = slots.get(target);
        if (slot !== undefined) seedBaselines(this.words, slot, baselines);
      }
    }
  }

  /** Listens, and tells where anybody may want to know. */
  step(now: number): void {
    const others = this.others(now, FRESH_MS);
    this.take(others, now);
    if (others.length > 0 || this.isSilent(now)) this.post(now);
  }

  /**
   * What others posted within so many milliseconds. Their clocks may be ahead by as much; what lies further ahead was posted
   * before the clock was set back, and nobody knows how long ago.
   */
  private others(now: number, within: number): PostedNotes[] {
    const { board, replica } = this.options;
    return board.healthOfOthers(replica, now - within).filter(({ at }) => at <= now + within);
  }

  /** Whether a sign of life is due; at once when the clock was set back, for others go by it. */
  private isSilent(now: number): boolean {
    return now < this.posted || now - this.posted >= ALONE_MS;
  }

  private take(others: readonly PostedNotes[], now: number): void {
    const slots = new Map(this.options.targets.entries());
    for (const [target, counts] of sumOf(others)) {
      const slot = slots.get(target);
      if (slot !== undefined) takeNotes(this.words, slot, counts, 2 * LISTEN_MS, now);
    }
  }

  /** Nothing is written where nothing has changed, but for a sign of life. */
  private post(now: number): void {
    const notes = this.notes(now);
    const text = JSON.stringify(notes);
    if (text === this.last && !this.isSilent(now)) return;
    this.options.board.postHealth(this.options.replica, notes, now);
    this.last = text;
    this.posted = now;
  }

  private notes(now: number): HealthNote[] {
    const notes = [...this.options.targets.entries()].map(([target, slot]) => writeNote(this.words, target, slot, now));
    return notes.filter((note) => note !== null);
  }

  /** Health is told when it can be: a store that is away must not disturb anything else. */
  private guarded(work: () => void): void {
    try {
      work();
      this.isFailing = false;
    } catch (error) {
      if (!this.isFailing) this.options.report(error);
      this.isFailing = true;
    }
  }
}

/** By target: what all others counted together. */
function sumOf(others: readonly PostedNotes[]): Map<string, { calls: number; failures: number }> {
  const sums = new Map<string, { calls: number; failures: number }>();
  for (const { target, calls, failures } of others.flatMap(({ notes }) => notes)) {
    const sum = sums.get(target) ?? { calls: 0, failures: 0 };
    sums.set(target, { calls: sum.calls + calls, failures: sum.failures + failures });
  }
  return sums;
}
