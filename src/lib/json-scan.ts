/** Offsets of a value in the text: `start` of its first character, `end` after its last. */
export interface Span {
  start: number;
  end: number;
}

export interface ScanOptions {
  /** Deepest nesting that is scanned; the root object counts as 1. */
  maxDepth: number;
}

export interface ScanResult {
  /** Where the raw value of each top-level key stands; of a duplicate key its last value, which is the one `JSON.parse` keeps. */
  spans: Map<string, Span>;
  /** Top-level keys (unescaped) that occur more than once. */
  duplicates: Set<string>;
  /** The greatest nesting depth found; `maxDepth + 1` when the scan stopped. */
  depth: number;
  /** The text nests deeper than `maxDepth`: the scan stopped there and `spans` and `duplicates` are incomplete. */
  tooDeep: boolean;
}

const QUOTE = 34;
const COMMA = 44;
const OPEN_BRACKET = 91;
const BACKSLASH = 92;
const CLOSE_BRACKET = 93;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;
const LETTER_U = 117;
/** Of the longest escape, `\u0000`. */
const ESCAPE_LENGTH = 6;
/** So many characters are walked before a search: cheaper for short strings and where escaped quotes are dense. */
const WALK = 12;

/**
 * Scans a text that `JSON.parse` has accepted and whose root is an object (RFC 8259), without parsing it again: one pass,
 * linear in the length of the text whatever it holds. Keys are compared unescaped, as `JSON.parse` does. Of a text that
 * is not such JSON the result is meaningless, but the scan ends.
 */
export function scanTopLevel(text: string, options: ScanOptions): ScanResult {
  const result: ScanResult = { spans: new Map(), duplicates: new Set(), depth: 1, tooDeep: options.maxDepth < 1 };
  let at = nextQuote(text, text.indexOf("{") + 1);
  while (at < text.length && !result.tooDeep) {
    const keyEnd = endOfString(text, at);
    const start = skipSpace(text, skipSpace(text, keyEnd) + 1);
    const end = endOfValue(text, start, options.maxDepth, result);
    if (!result.tooDeep) addSpan(result, keyOf(text, at, keyEnd), { start, end });
    at = nextQuote(text, end);
  }
  return result;
}

/** The text with the value at `span` replaced by this JSON text. */
export function spliceValue(text: string, span: Span, replacement: string): string {
  return text.slice(0, span.start) + replacement + text.slice(span.end);
}

function addSpan(result: ScanResult, key: string, span: Span): void {
  const before = result.spans.size;
  result.spans.set(key, span);
  if (result.spans.size === before) result.duplicates.add(key);
}

function keyOf(text: string, start: number, end: number): string {
  const raw = text.slice(start + 1, end - 1);
  return raw.includes("\\") ? (JSON.parse(text.slice(start, end)) as string) : raw;
}

/** Offset of the quote that begins the next top-level key, or the text's length: only space and a comma lie before it. */
function nextQuote(text: string, from: number): number {
  const quote = text.indexOf('"', from);
  return quote === -1 ? text.length : quote;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) <= 32) at++;
  return at;
}

/** Offset after the closing quote of the string that opens at `open`. */
export function endOfString(text: string, open: number): number {
  const quote = closingQuote(text, open + 1);
  return quote === -1 ? text.length : quote + 1;
}

/** Offset of the first quote from `from` on that no backslash escapes; -1: none. `from` is not itself escaped. */
export function closingQuote(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const near = at + WALK;
    while (at < near) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) return at;
      at += code === BACKSLASH ? 2 : 1;
    }
    const quote = text.indexOf('"', at);
    if (quote === -1 || !isEscaped(text, quote, at)) return quote;
    at = quote + 1;
  }
  return -1;
}

/** `offset`, or the end of the escape that it stands in. `from`: an offset before it, in no escape. */
export function outsideEscape(text: string, from: number, offset: number): number {
  for (let at = offset - 1; at >= from && at > offset - ESCAPE_LENGTH; at -= 1) {
    if (text.charCodeAt(at) !== BACKSLASH) continue;
    if (isEscaped(text, at, from)) return offset;
    return Math.max(offset, at + (text.charCodeAt(at + 1) === LETTER_U ? ESCAPE_LENGTH : 2));
  }
  return offset;
}

/** An odd number of backslashes stands between `from`, which is not itself escaped, and `offset`. */
function isEscaped(text: string, offset: number, from: number): boolean {
  let at = offset;
  while (at > from && text.charCodeAt(at - 1) === BACKSLASH) at--;
  return (offset - at) % 2 === 1;
}

function endOfValue(text: string, start: number, maxDepth: number, result: ScanResult): number {
  const code = text.charCodeAt(start);
  if (code === QUOTE) return endOfString(text, start);
  if (code === OPEN_BRACE || code === OPEN_BRACKET) return endOfContainer(text, start, maxDepth, result);
  return endOfScalar(text, start);
}

function endOfScalar(text: string, start: number): number {
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === COMMA || code === CLOSE_BRACE || code <= 32) return at;
  }
  return text.length;
}

/** Walks to the close of the top-level object or array that opens at `start`. */
function endOfContainer(text: string, start: number, maxDepth: number, result: ScanResult): number {
  const length = text.length;
  let depth = 1;
  let at = start;
  while (at < length) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = endOfString(text, at);
      continue;
    }
    at++;
    if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      depth++;
      if (depth > result.depth) result.depth = depth;
      if (depth > maxDepth) {
        result.tooDeep = true;
        return at;
      }
    } else if ((code === CLOSE_BRACE || code === CLOSE_BRACKET) && --depth === 1) return at;
  }
  return length;
}
