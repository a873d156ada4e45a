import { RE2JS } from "re2js";
import { FAULT, type Frame } from "../evaluate/frame.ts";
import { celTypes as t } from "../types.ts";
import { textSteps } from "../values/meter.ts";
import { global, method, type FunctionTable, type Overload, type Run } from "./overload.ts";

/** Longer patterns are refused: compiling one takes time in proportion. */
const MAX_PATTERN = 1_000;
/** Matching is linear in the text, and about so many times dearer than reading it. */
const MATCH_COST = 16;

function contains(frame: Frame, text: string, part: string): boolean {
  frame.spend(textSteps(text.length));
  return text.includes(part);
}

function compilePattern(pattern: string): RE2JS | undefined {
  if (pattern.length > MAX_PATTERN) return undefined;
  try {
    return RE2JS.compile(pattern);
  } catch {
    return undefined;
  }
}

function runPattern(frame: Frame, compiled: RE2JS, text: string): boolean {
  frame.spend(textSteps(text.length) * MATCH_COST);
  return compiled.test(text);
}

/** Patterns that come with the values: compiled each time, and paid for. */
function matches(frame: Frame, text: string, pattern: string): boolean | typeof FAULT {
  frame.spend((pattern.length + 1) * MATCH_COST);
  const compiled = compilePattern(pattern);
  return compiled === undefined ? frame.fail("invalid regular expression (RE2 syntax)", pattern) : runPattern(frame, compiled, text);
}

/** A constant pattern is compiled once, and refused when it cannot be. */
function prepareMatches([, pattern]: readonly unknown[]): Run | string | undefined {
  if (typeof pattern !== "string") return undefined;
  const compiled = compilePattern(pattern);
  if (compiled === undefined) return `${JSON.stringify(pattern)} is not a regular expression that RE2 takes`;
  return (frame: Frame, text: string) => runPattern(frame, compiled, text);
}

const MATCHES: readonly Overload[] = [method, global].map((form) => ({
  ...form([t.string, t.string], t.bool, matches),
  prepare: prepareMatches,
}));

/** The standard functions of strings. */
export const STRINGS: FunctionTable = {
  contains: [method([t.string, t.string], t.bool, contains)],
  startsWith: [method([t.string, t.string], t.bool, (_, text: string, part: string) => text.startsWith(part))],
  endsWith: [method([t.string, t.string], t.bool, (_, text: string, part: string) => text.endsWith(part))],
  matches: MATCHES,
};
