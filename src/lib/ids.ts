import { randomFillSync } from "node:crypto";

const POOL = Buffer.alloc(2048);
/** The pool, written out. */
let hex = "";
let used = 0;

/** `count` random bytes as hex, from a pool: one system call serves hundreds of ids. */
function randomHex(count: number): string {
  const start = used;
  used += count * 2;
  if (used <= hex.length) return hex.slice(start, used);
  randomFillSync(POOL);
  hex = POOL.toString("hex");
  used = count * 2;
  return hex.slice(0, used);
}

/** An id that sorts by time: 12 hex digits of Unix milliseconds, then 20 random ones. */
export function timeOrderedId(prefix: string, nowMs: number): string {
  return prefix + nowMs.toString(16).padStart(12, "0") + randomHex(10);
}
