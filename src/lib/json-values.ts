import { endOfString } from "./json-scan.ts";

const QUOTE = 34;
const COMMA = 44;
const OPEN_BRACKET = 91;
const OPEN_BRACE = 123;

/**
 * Whether a JSON text may hold more than `most` values: separators and opening brackets outside strings are counted. One
 * pass that stops at the bound; texts too short for so many cost nothing. Of a text that is no JSON the answer is
 * meaningless, but the pass ends.
 */
export function exceedsValues(text: string, most: number): boolean {
  // A value takes a character and a separator at least.
  if (text.length <= most * 2) return false;
  let left = most;
  let at = 0;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = endOfString(text, at);
      continue;
    }
    at++;
    if ((code === COMMA || code === OPEN_BRACE || code === OPEN_BRACKET) && --left < 0) return true;
  }
  return false;
}
