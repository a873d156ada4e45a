export const OPEN = "<think>";
export const CLOSE = "</think>";

/** Text whose beginning is reasoning between tags. */
export interface TaggedText {
  /** The opening tag with the white space around it. */
  open: string;
  reasoning: string;
  /** The closing tag with the white space around it; without the tag when it never came. */
  close: string;
  rest: string;
}

/**
 * Takes reasoning off the beginning of a text: models whose host has no parser for them write it between `<think>` and
 * `</think>`. Nothing when the text does not begin so; without a closing tag all of it is reasoning.
 */
export function splitThinking(text: string): TaggedText | undefined {
  const start = afterSpace(text, 0);
  if (!text.startsWith(OPEN, start)) return undefined;
  const tag = text.indexOf(CLOSE, start);
  const end = tag < 0 ? text.length : tag;
  const from = afterSpace(text, start + OPEN.length);
  const to = Math.max(from, beforeSpace(text, end));
  const rest = tag < 0 ? end : afterSpace(text, end + CLOSE.length);
  return {
    open: text.slice(0, from),
    reasoning: text.slice(from, to),
    close: text.slice(to, rest),
    rest: text.slice(rest),
  };
}

/** Where a text may yet turn out to begin with the opening tag. */
export function mayOpen(text: string): boolean {
  const start = afterSpace(text, 0);
  return text.length - start < OPEN.length && OPEN.startsWith(text.slice(start));
}

/** How much of a text cannot be part of the closing tag, or of the white space before it. */
export function settledLength(text: string): number {
  let length = text.length;
  const at = text.lastIndexOf("<");
  if (at >= 0 && CLOSE.startsWith(text.slice(at))) length = at;
  return beforeSpace(text, length);
}

/** The first place from `from` on that holds no white space. */
export function afterSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && isSpace(text.charCodeAt(at))) at += 1;
  return at;
}

function beforeSpace(text: string, to: number): number {
  let at = to;
  while (at > 0 && isSpace(text.charCodeAt(at - 1))) at -= 1;
  return at;
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}
