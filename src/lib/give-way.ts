import { dlopen } from "bun:ffi";

/** A yield that took longer met somebody who needs the core all the time: it would give away a slice of it with each call. */
const LONG_MS = 2;
/** For so long nothing is given away then. */
const BUSY_MS = 50;

const MACHINES: Readonly<Record<string, string>> = { x64: "x86_64", arm64: "aarch64" };

/** The C library's names on Linux, by its makers. */
const LIBRARIES = ["libc.so.6", `libc.musl-${MACHINES[process.arch] ?? process.arch}.so.1`];

let busyUntil = 0;
const yieldCore = process.platform === "linux" ? openYield() : null;

/**
 * Lets whoever waits for this thread's core have it now, between pieces of work that nobody waits for, some hundred microseconds
 * each. Without it a piece keeps a request on the same core waiting until the scheduler's next tick, up to milliseconds.
 * Costs half a microsecond when nobody waits. Where the system has no such call, and while the core is busy all the time, it
 * does nothing: the work must keep up. (`sched_yield(2)`.)
 */
export function giveWay(): void {
  const before = performance.now();
  if (yieldCore === null || before < busyUntil) return;
  yieldCore();
  if (performance.now() - before > LONG_MS) busyUntil = before + LONG_MS + BUSY_MS;
}

function openYield(): (() => number) | null {
  for (const library of LIBRARIES) {
    try {
      return dlopen(library, { sched_yield: { args: [], returns: "i32" } }).symbols.sched_yield;
    } catch {
      // The next one, if any: to give way is a courtesy, not a need.
    }
  }
  return null;
}
