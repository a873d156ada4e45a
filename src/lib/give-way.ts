import { dlopen } from "bun:ffi";

/** For each millisecond of work so many may be given away; more would starve it where somebody needs the core all the time. */
const SHARE = 3;
/** And so many before, which a quiet time fills up again, milliseconds. */
const MOST = 20;

const MACHINES: Readonly<Record<string, string>> = { x64: "x86_64", arm64: "aarch64" };

/** The C library's names on Linux, by its makers. */
const LIBRARIES = ["libc.so.6", `libc.musl-${MACHINES[process.arch] ?? process.arch}.so.1`];

const yieldCore = process.platform === "linux" ? openYield() : null;
/** Milliseconds that may be given away. */
let credit = MOST;
/** When the work went on after the last call. */
let resumed = 0;

/**
 * Lets whoever waits for this thread's core have it now, between pieces of work that nobody waits for, some hundred microseconds
 * each. Without it a piece keeps a request on the same core waiting until the scheduler's next tick, up to milliseconds.
 * Costs half a microsecond when nobody waits. Where the system has no such call, and while too much was given away, it does
 * nothing: the work must keep up. (`sched_yield(2)`.)
 */
export function giveWay(): void {
  if (yieldCore === null) return;
  const now = performance.now();
  credit = Math.min(MOST, credit + (now - resumed) * SHARE);
  resumed = now;
  if (credit <= 0) return;
  yieldCore();
  resumed = performance.now();
  credit -= resumed - now;
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
