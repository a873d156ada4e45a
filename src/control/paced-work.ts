/** Rest after a batch that took as much as it may. Never none, so that whoever shares the thread gets a turn. */
const BUSY_MS = 1;
/** Rest after a batch that took all there was. */
const CALM_MS = 100;
/**
 * Rest after one that took all there was, and that was this much or more: ending a batch stands in the way of whoever shares the
 * core for a millisecond, however small the batch is, so that fewer and larger ones are better where much comes.
 */
const MUCH = 64;
const STEADY_MS = 250;

/** Work in batches with rests in between, in the background of what the thread has to answer. */
export class PacedWork {
  private readonly work: (most: number) => number;
  private readonly most: number;
  private readonly idleMs: number;
  private timer: Timer | null = null;

  /** `work` does at most so much and returns how much it did; `idleMs` is the rest after it found nothing. */
  constructor(work: (most: number) => number, most: number, idleMs: number) {
    this.work = work;
    this.most = most;
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
    const done = this.work(this.most);
    if (done >= this.most) return BUSY_MS;
    if (done >= MUCH) return STEADY_MS;
    return done === 0 ? this.idleMs : CALM_MS;
  }
}
