import { randomFillSync } from "node:crypto";

const POOL = new Uint8Array(8192);
let used = POOL.length;

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** `count` random bytes as hex, from a pool: one system call serves hundreds of ids. */
export function randomHex(count: number): string {
  if (used + count > POOL.length) {
    randomFillSync(POOL);
    used = 0;
  }
  let text = "";
  for (const end = used + count; used < end; used += 1) text += HEX[POOL[used] ?? 0];
  return text;
}

/** An id that sorts by time: 12 hex digits of Unix milliseconds, then 20 random ones. */
export function timeOrderedId(prefix: string, nowMs: number): string {
  return prefix + nowMs.toString(16).padStart(12, "0") + randomHex(10);
}
