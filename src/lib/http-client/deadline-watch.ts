/** Something with a deadline on the clock of a `DeadlineWatch`. */
export interface Timed {
  /** From `DeadlineWatch.after`; `Infinity` for none. */
  deadline: number;
  /** The deadline has passed. Must set another or leave the watch. */
  expire(): void;
}

const TICK_MS = 50;
/** The clock may be behind by so much when a deadline is set. */
const MAX_STEP_MS = 2 * TICK_MS;

/**
 * Watches any number of deadlines with one timer. Setting a deadline is a field write; it fires never early and
 * about 100 to 150 ms late. The clock stands still while the process does (a long garbage collection, a suspended machine), so
 * that what others sent meanwhile is read before they are found late. The timer never keeps the process alive.
 */
export class DeadlineWatch {
  private now = 0;
  private tickedAt = 0;
  private timer: ReturnType<typeof setInterval> | null = null;
  private readonly watched = new Set<Timed>();

  /** The deadline in so many milliseconds. */
  after(ms: number): number {
    return this.now + ms + MAX_STEP_MS;
  }

  add(timed: Timed): void {
    this.watched.add(timed);
    if (this.timer !== null) return;
    this.tickedAt = performance.now();
    this.timer = setInterval(() => this.tick(), TICK_MS);
    this.timer.unref();
  }

  delete(timed: Timed): void {
    this.watched.delete(timed);
  }

  private tick(): void {
    const at = performance.now();
    this.now += Math.min(at - this.tickedAt, MAX_STEP_MS);
    this.tickedAt = at;
    for (const timed of this.watched) if (timed.deadline <= this.now) timed.expire();
    if (this.watched.size > 0 || this.timer === null) return;
    clearInterval(this.timer);
    this.timer = null;
  }
}

/** The one watch of this thread. */
export const deadlines = new DeadlineWatch();
