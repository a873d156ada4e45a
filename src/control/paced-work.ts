/** So much at once while little waits: a millisecond or two of storing on a slow machine. */
const FEW = 64;
/** By this much a batch grows while batches come back full, and shrinks when they do not. */
const STEP = 16;
const MOST = 500;
/** Rest after a full batch. Never none, so that whoever shares the core gets it. */
const BUSY_MS = 1;
/** Rest after a batch that took all there was: each batch costs about as much as 50 records, in commits and looks at files. */
const CALM_MS = 100;

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
