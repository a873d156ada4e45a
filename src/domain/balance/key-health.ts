/**
 * Until when each provider key rests, shared by all threads: one 64-bit float of Unix milliseconds a key slot.
 * A key rests after a 429 (for `retry-after`) and after its credential was refused.
 */
export class KeyHealth {
  private readonly until: Float64Array;

  constructor(memory: SharedArrayBuffer) {
    this.until = new Float64Array(memory);
  }

  /** Shared memory for this many keys. */
  static createMemory(keys: number): SharedArrayBuffer {
    return new SharedArrayBuffer(Math.max(1, keys) * 8);
  }

  isResting(slot: number, now: number): boolean {
    return (this.until[slot] ?? 0) > now;
  }

  rest(slot: number, until: number): void {
    if ((this.until[slot] ?? 0) < until) this.until[slot] = until;
  }
}
