import { CelError } from "../cel-error.ts";
import { decodeBytes, decodeString } from "./text-literal.ts";
import { SYMBOLS, type Token, type TokenKind } from "./token.ts";

const SPACE = /[ \t\n\f\r]+|\/\/[^\n]*/y;
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const QUOTED_NAME = /`([A-Za-z0-9_.\-/ ]+)`/y;
const HEX = /0[xX][0-9a-fA-F]+([uU])?/y;
const NUMBER = /(?:[0-9]*\.[0-9]+(?:[eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+)|[0-9]+([uU])?/y;
const TEXT_START = /(?:[bB][rR]?|[rR])?("""|'''|"|')/y;

/** Splits a source into tokens; the last one is `end`. Throws `CelError`. */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  let at = skipSpace(source, 0);
  while (at < source.length) {
    const token = readToken(source, at);
    tokens.push(token);
    at = skipSpace(source, token.end);
  }
  tokens.push({ kind: "end", text: "", start: source.length, end: source.length });
  return tokens;
}

function skipSpace(source: string, from: number): number {
  let at = from;
  for (;;) {
    SPACE.lastIndex = at;
    if (!SPACE.test(source)) return at;
    at = SPACE.lastIndex;
  }
}

function readToken(source: string, at: number): Token {
  const token = readText(source, at) ?? readName(source, at) ?? readNumber(source, at) ?? readSymbol(source, at);
  if (token !== undefined) return token;
  const character = String.fromCodePoint(source.codePointAt(at) ?? 0);
  const span = { start: at, end: at + character.length };
  throw new CelError(`unexpected character ${JSON.stringify(character)}`, source, span, remedyFor(character));
}

function remedyFor(character: string): string {
  if (character === "=") return "write == to compare";
  if (character === "&" || character === "|") return `write ${character}${character}`;
  if (character === "`") return "a name in back-ticks may hold letters, digits and _ . - / and spaces";
  if ("“”‘’".includes(character)) return "write plain quotes";
  return "";
}

function match(pattern: RegExp, source: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(source);
}

function tokenOf(kind: TokenKind, source: string, start: number, end: number): Token {
  return { kind, text: source.slice(start, end), start, end };
}

function readName(source: string, at: number): Token | undefined {
  const quoted = match(QUOTED_NAME, source, at);
  if (quoted !== null) return { kind: "quoted", text: quoted[1] ?? "", start: at, end: at + quoted[0].length };
  const name = match(NAME, source, at);
  if (name === null) return undefined;
  return tokenOf(name[0] === "in" ? "symbol" : "name", source, at, at + name[0].length);
}

function readNumber(source: string, at: number): Token | undefined {
  const hex = match(HEX, source, at);
  const found = hex ?? match(NUMBER, source, at);
  if (found === null) return undefined;
  const end = at + found[0].length;
  if (/[A-Za-z0-9_]/.test(source[end] ?? "")) {
    throw new CelError("a number must not run into a name", source, { start: at, end: end + 1 });
  }
  if (found[1] !== undefined) return tokenOf("uint", source, at, end);
  return tokenOf(hex === null && /[.eE]/.test(found[0]) ? "double" : "int", source, at, end);
}

function readSymbol(source: string, at: number): Token | undefined {
  const symbol = SYMBOLS.find((each) => source.startsWith(each, at));
  return symbol === undefined ? undefined : tokenOf("symbol", source, at, at + symbol.length);
}

function readText(source: string, at: number): Token | undefined {
  const opening = match(TEXT_START, source, at);
  if (opening === null) return undefined;
  const quote = opening[1] ?? "";
  const prefix = opening[0].slice(0, -quote.length).toLowerCase();
  const start = at + opening[0].length;
  const close = findClose(source, start, quote, prefix.includes("r"));
  if (close < 0) {
    throw new CelError("this text has no closing quote", source, { start: at, end: start }, `close it with ${quote}`);
  }
  return { ...tokenOf(prefix.includes("b") ? "bytes" : "string", source, at, close + quote.length), value: valueOf() };

  function valueOf(): string | Uint8Array {
    const body = { source, start, end: close };
    if (!prefix.includes("r")) return prefix.includes("b") ? decodeBytes(body) : decodeString(body);
    const text = source.slice(start, close);
    return prefix.includes("b") ? new TextEncoder().encode(text) : text;
  }
}

/** The offset of the closing quote, or -1. Only a triple quote may span lines. */
function findClose(source: string, from: number, quote: string, raw: boolean): number {
  for (let at = from; at < source.length; at += 1) {
    const character = source[at];
    if (character === "\\" && !raw) at += 1;
    else if (quote.length === 1 && (character === "\n" || character === "\r")) return -1;
    else if (source.startsWith(quote, at)) return at;
  }
  return -1;
}
