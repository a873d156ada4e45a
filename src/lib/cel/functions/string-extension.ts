import { FAULT, type Frame } from "../evaluate/frame.ts";
import { celTypes as t } from "../types.ts";
import { textSteps } from "../values/meter.ts";
import type { Int } from "../values/integer.ts";
import { countCodePoints, isSimple, offsetOfCodePoint } from "./code-points.ts";
import { formatText } from "./format.ts";
import { global, method, type FunctionTable } from "./overload.ts";
import { quote } from "./quote.ts";

type Result<T> = T | typeof FAULT;

/** Spends for reading a text. */
function read(frame: Frame, text: string): void {
  frame.spend(textSteps(text.length));
}

function offsetIn(frame: Frame, text: string, index: Int): Result<number> {
  const offset = typeof index === "number" && index >= 0 ? offsetOfCodePoint(text, index) : -1;
  return offset < 0 ? frame.fail("index out of range", index) : offset;
}

function charAt(frame: Frame, text: string, index: Int): Result<string> {
  read(frame, text);
  const offset = offsetIn(frame, text, index);
  if (offset === FAULT) return FAULT;
  const code = text.codePointAt(offset);
  return code === undefined ? "" : String.fromCodePoint(code);
}

/** UTF-16 offset to number of characters. */
function toIndex(text: string, offset: number): number {
  return offset < 0 || isSimple(text) ? offset : countCodePoints(text.slice(0, offset));
}

function indexOf(frame: Frame, text: string, part: string, from: Int = 0): Result<number> {
  read(frame, text);
  const offset = offsetIn(frame, text, from);
  return offset === FAULT ? FAULT : toIndex(text, text.indexOf(part, offset));
}

function lastIndexOf(frame: Frame, text: string, part: string, from?: Int): Result<number> {
  read(frame, text);
  if (from === undefined) return toIndex(text, text.lastIndexOf(part));
  const offset = offsetIn(frame, text, from);
  return offset === FAULT ? FAULT : toIndex(text, text.lastIndexOf(part, offset));
}

function substring(frame: Frame, text: string, from: Int, to?: Int): Result<string> {
  read(frame, text);
  const start = offsetIn(frame, text, from);
  const end = to === undefined ? text.length : offsetIn(frame, text, to);
  if (start === FAULT || end === FAULT) return FAULT;
  return start > end ? frame.fail(`invalid range of a substring: ${from} to ${to}`) : text.slice(start, end);
}

/** A limit as a number of cuts: a negative one is none. */
function upTo(limit: Int): number {
  return limit < 0 ? Number.POSITIVE_INFINITY : Number(limit);
}

/** Replaces so many occurrences. An empty part stands before every character and at the end. */
function replace(frame: Frame, text: string, part: string, by: string, limit: Int = -1): string {
  read(frame, text);
  const pieces = part === "" ? ["", ...Array.from(text), ""] : text.split(part);
  const count = Math.min(upTo(limit), pieces.length - 1);
  frame.spend(pieces.length + textSteps(text.length + count * by.length));
  const done = pieces.slice(0, count + 1).join(by);
  return count === pieces.length - 1 ? done : done + part + pieces.slice(count + 1).join(part);
}

/** Splits into so many pieces, the last of which keeps the rest. */
function split(frame: Frame, text: string, separator: string, limit: Int = -1): string[] {
  read(frame, text);
  const most = upTo(limit);
  if (most === 0) return [];
  const pieces = separator === "" ? Array.from(text) : text.split(separator);
  frame.spend(pieces.length);
  return pieces.length <= most ? pieces : [...pieces.slice(0, most - 1), pieces.slice(most - 1).join(separator)];
}

function join(frame: Frame, list: readonly unknown[], separator = ""): Result<string> {
  let length = 0;
  for (const text of list) {
    if (typeof text !== "string") return frame.fail("join() needs a list of strings");
    length += text.length + separator.length;
  }
  frame.spend(list.length + textSteps(length));
  return list.join(separator);
}

/** Unicode's White_Space, which is not quite what JavaScript trims. */
const SPACE = /\p{White_Space}/u;

function trim(frame: Frame, text: string): string {
  read(frame, text);
  let start = 0;
  let end = text.length;
  while (start < end && SPACE.test(text[start] ?? "")) start += 1;
  while (end > start && SPACE.test(text[end - 1] ?? "")) end -= 1;
  return text.slice(start, end);
}

function lowerAscii(frame: Frame, text: string): string {
  read(frame, text);
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

function upperAscii(frame: Frame, text: string): string {
  read(frame, text);
  return text.replace(/[a-z]+/g, (letters) => letters.toUpperCase());
}

function reverse(frame: Frame, text: string): string {
  frame.spend(text.length);
  return Array.from(text).toReversed().join("");
}

function quoted(frame: Frame, text: string): string {
  read(frame, text);
  return quote(text);
}

/** The strings extension: https://github.com/google/cel-go/tree/master/ext#strings */
export const STRING_EXTENSION: FunctionTable = {
  charAt: [method([t.string, t.int], t.string, charAt)],
  indexOf: [method([t.string, t.string], t.int, indexOf), method([t.string, t.string, t.int], t.int, indexOf)],
  lastIndexOf: [
    method([t.string, t.string], t.int, lastIndexOf),
    method([t.string, t.string, t.int], t.int, lastIndexOf),
  ],
  substring: [method([t.string, t.int], t.string, substring), method([t.string, t.int, t.int], t.string, substring)],
  replace: [
    method([t.string, t.string, t.string], t.string, replace),
    method([t.string, t.string, t.string, t.int], t.string, replace),
  ],
  split: [
    method([t.string, t.string], t.list(t.string), split),
    method([t.string, t.string, t.int], t.list(t.string), split),
  ],
  join: [method([t.list(t.string)], t.string, join), method([t.list(t.string), t.string], t.string, join)],
  trim: [method([t.string], t.string, trim)],
  lowerAscii: [method([t.string], t.string, lowerAscii)],
  upperAscii: [method([t.string], t.string, upperAscii)],
  reverse: [method([t.string], t.string, reverse)],
  format: [method([t.string, t.list()], t.string, formatText)],
  "strings.quote": [global([t.string], t.string, quoted)],
};
