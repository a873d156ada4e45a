import { SEATS } from "./layout.ts";

/** How many requests are under way in the whole process, in shared memory; each thread's by itself as well, to take back those of one that crashed. */
export class Crowd {
  private readonly words: Int32Array;

  constructor(memory: SharedArrayBuffer) {
    this.words = new Int32Array(memory);
  }

  static createMemory(): SharedArrayBuffer {
    return new SharedArrayBuffer((SEATS + 1) * 4);
  }

  get size(): number {
    return Atomics.load(this.words, SEATS);
  }

  /** Counts one more unless there are `most` already. */
  enter(seat: number, most: number): boolean {
    for (;;) {
      const size = this.size;
      if (size >= most) return false;
      if (Atomics.compareExchange(this.words, SEATS, size, size + 1) !== size) continue;
      Atomics.add(this.words, seat, 1);
      return true;
    }
  }

  leave(seat: number): void {
    Atomics.sub(this.words, seat, 1);
    Atomics.sub(this.words, SEATS, 1);
  }

  /** The thread of a seat is gone, and its requests with it. */
  reclaim(seat: number): void {
    Atomics.sub(this.words, SEATS, Atomics.exchange(this.words, seat, 0));
  }
}
