import { RE2JS } from "re2js";
import { FAULT, type Frame } from "../evaluate/frame.ts";
import { celTypes as t } from "../types.ts";
import { textSteps } from "../values/meter.ts";
import { global, method, type FunctionTable, type Overload, type Run } from "./overload.ts";

/** Longer patterns, and such with more states, are refused: compiling one takes time in proportion. */
const MAX_PATTERN = 1_000;
const MAX_STATES = 2_500;
/** Steps for 16 characters of a text while the matcher can cache its states. */
const CACHED_COST = 8;
/** With more states than these the cache may be outgrown; then each character costs each state. */
const CACHED_STATES = 128;
/** Steps for a character of a pattern that is compiled anew; counted repetitions make states of few characters. */
const COMPILE_COST = 100;

interface Pattern {
  readonly compiled: RE2JS;
  /** Steps for 16 characters. */
  readonly cost: number;
}

function contains(frame: Frame, text: string, part: string): boolean {
  frame.spend(textSteps(text.length));
  return text.includes(part);
}

function startsWith(frame: Frame, text: string, part: string): boolean {
  frame.spend(textSteps(part.length));
  return text.startsWith(part);
}

function endsWith(frame: Frame, text: string, part: string): boolean {
  frame.spend(textSteps(part.length));
  return text.endsWith(part);
}

function compilePattern(pattern: string): Pattern | undefined {
  if (pattern.length > MAX_PATTERN) return undefined;
  try {
    const compiled = RE2JS.compile(pattern);
    const states = compiled.programSize();
    return states > MAX_STATES ? undefined : { compiled, cost: states > CACHED_STATES ? states : CACHED_COST };
  } catch {
    return undefined;
  }
}

function runPattern(frame: Frame, { compiled, cost }: Pattern, text: string): boolean {
  frame.spend(textSteps(text.length) * cost);
  return compiled.test(text);
}

/** Patterns that come with the values: compiled each time, and paid for. */
function matches(frame: Frame, text: string, pattern: string): boolean | typeof FAULT {
  frame.spend(COMPILE_COST * (pattern.length + 1));
  const compiled = compilePattern(pattern);
  return compiled === undefined
    ? frame.fail("no regular expression that RE2 takes", pattern)
    : runPattern(frame, compiled, text);
}

/** A constant pattern is compiled once, and refused when it cannot be. */
function prepareMatches([, pattern]: readonly unknown[]): Run | string | undefined {
  if (typeof pattern !== "string") return undefined;
  const compiled = compilePattern(pattern);
  if (compiled === undefined)
    return `${JSON.stringify(pattern)} is no regular expression that RE2 takes, or too large a one`;
  return (frame: Frame, text: string) => runPattern(frame, compiled, text);
}

const MATCHES: readonly Overload[] = [method, global].map((form) => ({
  ...form([t.string, t.string], t.bool, matches),
  prepare: prepareMatches,
}));

/** The standard functions of strings. */
export const STRINGS: FunctionTable = {
  contains: [method([t.string, t.string], t.bool, contains)],
  startsWith: [method([t.string, t.string], t.bool, startsWith)],
  endsWith: [method([t.string, t.string], t.bool, endsWith)],
  matches: MATCHES,
};
