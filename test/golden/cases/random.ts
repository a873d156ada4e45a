/** Chooses; the same seed chooses the same. */
export interface Chooser {
  /** A whole number from 0 up to, not including, `below`. */
  below: (below: number) => number;
  /** True once in `times`. */
  once: (times: number) => boolean;
  oneOf: <T>(choices: readonly T[]) => T;
  /** A list of `least` to `most` made things. */
  several: <T>(least: number, most: number, make: (at: number) => T) => T[];
  /** A text that stands nowhere else, with what is hard to carry in it. */
  text: (kind: string) => string;
}

/** Letters beyond ASCII and beyond 16 bits, quotes, line ends, what looks like a frame. */
const SPICES = ["", " ü", " \u{1F600}", ' "q" \\', "\nnext", "\n\nparagraph", " data: x", " \u2028", " é\t", " <b>&"];

/** A chooser: mulberry32, whose low and high bits are equally good. */
export function chooserOf(seed: number): Chooser {
  let state = seed;
  let count = 0;
  const below = (limit: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
  const oneOf = <T>(choices: readonly T[]): T => choices[below(choices.length)] as T;
  return {
    below,
    once: (times) => below(times) === 0,
    oneOf,
    several: (least, most, make) => Array.from({ length: least + below(most - least + 1) }, (_, at) => make(at)),
    text: (kind) => `${kind}${(count += 1)}${oneOf(SPICES)}.`,
  };
}
