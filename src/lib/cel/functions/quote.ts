const ESCAPES: Readonly<Record<string, string>> = {
  "\u0007": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
  "\\": "\\\\",
  '"': '\\"',
};

/** The text as a literal of CEL, in double quotes. */
export function quote(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return `"${text.toWellFormed().replace(/[\u0007-\r\\"]/g, (character) => ESCAPES[character] ?? character)}"`;
}
