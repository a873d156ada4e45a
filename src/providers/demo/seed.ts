/** A sequence of numbers from 0 up to, not including, 1. */
export type Draw = () => number;

/** The same text gives the same sequence (FNV-1a, then mulberry32): answers repeat, and tests can rely on it. */
export function seededDraw(text: string): Draw {
  let state = hash(text);
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** 32-bit FNV-1a over UTF-16 units. */
export function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return value >>> 0;
}

/** One of the choices; `fallback` when there is none. */
export function pick<T>(draw: Draw, choices: readonly T[], fallback: T): T {
  return choices[Math.floor(draw() * choices.length)] ?? fallback;
}
