import type { Draw } from "../domain/balance/weighted.ts";

/** Lent to one ranking at a time, to make none per request: rankings neither wait nor nest. */
let source: Draw = Math.random;
let first: number | null = null;

const noting: Draw = () => {
  const value = source();
  first ??= value;
  return value;
};

/** Draws from `draw` and remembers the first value, until it is called again. */
export function notingDraw(draw: Draw): Draw {
  source = draw;
  first = null;
  return noting;
}

/** What the ranking since the last `notingDraw` drew first; null: nothing. */
export function firstDrawn(): number | null {
  return first;
}
