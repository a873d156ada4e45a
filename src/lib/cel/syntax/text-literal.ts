import { CelError } from "../cel-error.ts";

const SIMPLE: Readonly<Record<string, string>> = {
  a: "\u0007",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
  "?": "?",
  '"': '"',
  "'": "'",
  "`": "`",
};

/** Digits after `\x`, `\X`, `\u` and `\U`. */
const HEX_DIGITS: Readonly<Record<string, number>> = { x: 2, X: 2, u: 4, U: 8 };
const encoder = new TextEncoder();

/** What stands between the quotes of a literal, and where: `start` is the offset of its first character. */
export interface LiteralBody {
  readonly source: string;
  readonly start: number;
  readonly end: number;
}

interface Escape {
  readonly code: number;
  readonly next: number;
}

/** The text of a string literal with its escapes read. Throws `CelError`. */
export function decodeString(body: LiteralBody): string {
  const { source, end } = body;
  let text = "";
  let from = body.start;
  for (let at = source.indexOf("\\", from); at >= 0 && at < end; at = source.indexOf("\\", from)) {
    const escape = readEscape(body, at);
    text += source.slice(from, at) + String.fromCodePoint(escape.code);
    from = escape.next;
  }
  return text + source.slice(from, end);
}

/** The bytes of a bytes literal: its text in UTF-8, `\x` and octal escapes as single bytes. Throws `CelError`. */
export function decodeBytes(body: LiteralBody): Uint8Array {
  const { source, end } = body;
  const chunks: Uint8Array[] = [];
  let from = body.start;
  for (let at = source.indexOf("\\", from); at >= 0 && at < end; at = source.indexOf("\\", from)) {
    const escape = readEscape(body, at);
    chunks.push(encoder.encode(source.slice(from, at)));
    chunks.push(byteOf(body, at, escape));
    from = escape.next;
  }
  chunks.push(encoder.encode(source.slice(from, end)));
  return joinBytes(chunks);
}

/** One array of bytes from several. */
export function joinBytes(chunks: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    joined.set(chunk, at);
    at += chunk.length;
  }
  return joined;
}

function byteOf(body: LiteralBody, at: number, escape: Escape): Uint8Array {
  const letter = body.source[at + 1];
  if (letter === "u" || letter === "U") {
    throw bad(body, at, escape.next, "a bytes literal has no \\u escapes", "write \\x escapes or the character itself");
  }
  return Uint8Array.of(escape.code);
}

function readEscape(body: LiteralBody, at: number): Escape {
  const letter = at + 1 < body.end ? (body.source[at + 1] ?? "") : "";
  const simple = SIMPLE[letter];
  if (simple !== undefined) return { code: simple.charCodeAt(0), next: at + 2 };
  const digits = HEX_DIGITS[letter];
  if (digits !== undefined) return readDigits(body, at, at + 2, digits, 16);
  if (letter >= "0" && letter <= "3") return readDigits(body, at, at + 1, 3, 8);
  throw bad(body, at, at + 2, `unknown escape \\${letter}`, 'write \\\\ for a backslash, or a raw string: r"..."');
}

function readDigits(body: LiteralBody, at: number, from: number, count: number, radix: 8 | 16): Escape {
  const digits = body.source.slice(from, Math.min(from + count, body.end));
  const valid = radix === 16 ? /^[0-9a-fA-F]+$/ : /^[0-7]+$/;
  if (digits.length < count || !valid.test(digits)) {
    throw bad(
      body,
      at,
      from + digits.length,
      `this escape needs ${count} ${radix === 16 ? "hexadecimal" : "octal"} digits`,
    );
  }
  const code = Number.parseInt(digits, radix);
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
    throw bad(body, at, from + count, `${body.source.slice(at, from + count)} is not a Unicode character`);
  }
  return { code, next: from + count };
}

function bad(body: LiteralBody, start: number, end: number, problem: string, hint = ""): CelError {
  return new CelError(problem, body.source, { start, end }, hint);
}
