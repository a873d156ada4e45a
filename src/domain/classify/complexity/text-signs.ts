import { isDense } from "../phrase-index.ts";

/** What the characters of a text say, beside its words. */
export interface TextSigns {
  /** Estimate. */
  tokens: number;
  questions: number;
  /** Lines that begin a list's entry. */
  listEntries: number;
  /** Characters that stand in code more than in prose. */
  codeSigns: number;
  /** Such as ∑, ≤ and √, TeX commands, and signs between digits. */
  mathSigns: number;
  hasFence: boolean;
}

const CHARACTERS_PER_TOKEN = 4;
const DENSE_TOKENS = 0.8;
const NEWLINE = 10;
const BLANK = 32;
const BACKSLASH = 92;

/** `{ } ( ) ; = < > [ ] _ | & $` by their codes. */
const CODE_SIGNS = signs("{}();=<>[]_|&$");
const QUESTIONS = codesOf("?？؟⁇;");
/** `- * • +` */
const BULLETS = codesOf("-*•+");
/** `+ - * / = ^ %` */
const OPERATORS = signs("+-*/=^%");

function codesOf(text: string): ReadonlySet<number> {
  return new Set(Array.from({ length: text.length }, (_, at) => text.charCodeAt(at)));
}

function signs(text: string): Uint8Array {
  const table = new Uint8Array(128);
  for (const code of codesOf(text)) table[code] = 1;
  return table;
}

/** Reads a text once, character by character. */
export function readSigns(text: string): TextSigns {
  const found: TextSigns = {
    tokens: 0,
    questions: 0,
    listEntries: isListEntry(text, 0) ? 1 : 0,
    codeSigns: 0,
    mathSigns: 0,
    hasFence: text.includes("```"),
  };
  let dense = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 128) readPlain(found, text, at, code);
    else if (isDense(code)) dense += 1;
    else if (code >= 0x2200 && code <= 0x22ff) found.mathSigns += 1;
    if (code > 127 && QUESTIONS.has(code)) found.questions += 1;
  }
  found.tokens = (text.length - dense) / CHARACTERS_PER_TOKEN + dense * DENSE_TOKENS;
  return found;
}

function readPlain(found: TextSigns, text: string, at: number, code: number): void {
  if (code === NEWLINE) {
    if (isListEntry(text, at + 1)) found.listEntries += 1;
    return;
  }
  if (code === 63) found.questions += text.charCodeAt(at + 1) === 63 ? 0 : 1;
  if (CODE_SIGNS[code] === 1) found.codeSigns += 1;
  if (OPERATORS[code] === 1 && isBetweenDigits(text, at)) found.mathSigns += 1;
  if (code === BACKSLASH && isLower(text.charCodeAt(at + 1)) && isLower(text.charCodeAt(at + 2))) found.mathSigns += 1;
}

function isBetweenDigits(text: string, at: number): boolean {
  const before = text.charCodeAt(text.charCodeAt(at - 1) === BLANK ? at - 2 : at - 1);
  const after = text.charCodeAt(text.charCodeAt(at + 1) === BLANK ? at + 2 : at + 1);
  return isDigit(before) && isDigit(after);
}

/** `1.`, `2)`, `-`, `*`, `•` and a blank, perhaps indented. */
function isListEntry(text: string, start: number): boolean {
  let at = start;
  while (at - start < 8 && text.charCodeAt(at) === BLANK) at += 1;
  if (BULLETS.has(text.charCodeAt(at))) return text.charCodeAt(at + 1) === BLANK;
  const first = at;
  while (at - first < 3 && isDigit(text.charCodeAt(at))) at += 1;
  const sign = text.charCodeAt(at);
  return at > first && (sign === 46 || sign === 41 || sign === 0x3001) && text.charCodeAt(at + 1) !== NEWLINE;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function isLower(code: number): boolean {
  return code >= 97 && code <= 122;
}
