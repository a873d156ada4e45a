const FAILURES_IN_ROW = 5;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60_000;

/** Stops asking what keeps failing: after five failures in a row one call at a time tries again, after growing pauses. Of one thread. */
export class CallBreaker {
  private failures = 0;
  private until = 0;
  private pauseMs = FIRST_PAUSE_MS;

  /** `now`: monotonic milliseconds. A yes while it is open makes the call the one probe. */
  mayCall(now: number): boolean {
    if (this.failures < FAILURES_IN_ROW) return true;
    if (now < this.until) return false;
    this.until = now + this.pauseMs;
    return true;
  }

  noteSuccess(): void {
    this.failures = 0;
    this.pauseMs = FIRST_PAUSE_MS;
  }

  noteFailure(now: number): void {
    this.failures += 1;
    if (this.failures < FAILURES_IN_ROW) return;
    if (this.failures > FAILURES_IN_ROW) this.pauseMs = Math.min(LONGEST_PAUSE_MS, this.pauseMs * 2);
    this.until = now + this.pauseMs;
  }
}
