/** So much at once while little waits: half a millisecond of storing on a slow machine. */
const FEW = 16;
/** By this much a batch grows while batches come back full, and shrinks when they do not. */
const STEP = 16;
const MOST = 500;
/** Rests: after a full batch, after one that took all there was. Never none, so that whoever shares the core gets it. */
const BUSY_MS = 1;
const CALM_MS = 8;

/**
 * Work in small batches with rests in between: the thread never works long at a stretch while little waits, and batches grow
 * with what waits, so that it keeps up with any load it can.
 */
export class PacedWork {
  private readonly work: (most: number) => number;
  private readonly idleMs: number;
  private batch = FEW;
  private timer: Timer | null = null;

  /** `work` does at most so much and returns how much it did; `idleMs` is the rest after it found nothing. */
  constructor(work: (most: number) => number, idleMs: number) {
    this.work = work;
    this.idleMs = idleMs;
  }

  start(): void {
    this.rest(this.idleMs);
  }

  stop(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }

  private rest(milliseconds: number): void {
    this.timer = setTimeout(() => this.rest(this.step()), milliseconds);
  }

  /** Does one batch; returns the milliseconds to rest. */
  step(): number {
    const done = this.work(this.batch);
    if (done >= this.batch) {
      this.batch = Math.min(MOST, this.batch + STEP);
      return BUSY_MS;
    }
    this.batch = Math.max(FEW, this.batch - STEP);
    return done === 0 ? this.idleMs : CALM_MS;
  }
}
