import { SEATS } from "./layout.ts";

/** Somebody who waits looks again after so long even if nobody rang. */
const LOOK_AGAIN_MS = 200;

/** Typings of the language do not have it yet. */
interface AsyncAtomics {
  waitAsync(
    words: Int32Array,
    at: number,
    value: number,
    timeout: number,
  ): { async: true; value: Promise<string> } | { async: false; value: string };
}

const atomics = Atomics as unknown as AsyncAtomics;

/** A bell for each thread, in shared memory: others ring it when something changed for a request of that thread that waits. */
export class Bells {
  private readonly words: Int32Array;

  constructor(memory: SharedArrayBuffer) {
    this.words = new Int32Array(memory);
  }

  static createMemory(): SharedArrayBuffer {
    return new SharedArrayBuffer(SEATS * 4);
  }

  ring(seat: number): void {
    Atomics.add(this.words, seat, 1);
    Atomics.notify(this.words, seat);
  }

  /** How often it has rung; to be asked before looking, so that nothing is missed. */
  rung(seat: number): number {
    return Atomics.load(this.words, seat);
  }

  /** Resolves when it has rung since it had rung so often, or after a while. */
  async heard(seat: number, rung: number): Promise<void> {
    const waiting = atomics.waitAsync(this.words, seat, rung, LOOK_AGAIN_MS);
    if (waiting.async) await waiting.value;
  }
}
