const FREE = 0;
const HELD = 1;
/** Held, and somebody may be asleep for it. */
const WANTED = 2;
/** It is held for microseconds: looking again is cheaper than sleeping, while its holder has a core of its own. */
const SPINS = 64;

/** Takes the lock at a word of shared memory; sleeps while another thread has it. Not for one that this thread has already. */
export function lock(words: Int32Array, at: number): void {
  for (let spin = 0; spin < SPINS; spin += 1) {
    if (Atomics.compareExchange(words, at, FREE, HELD) === FREE) return;
  }
  while (Atomics.exchange(words, at, WANTED) !== FREE) Atomics.wait(words, at, WANTED);
}

export function unlock(words: Int32Array, at: number): void {
  if (Atomics.exchange(words, at, FREE) === WANTED) Atomics.notify(words, at, 1);
}
