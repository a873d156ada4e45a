/** Share of the window that goes to the beginning of a text that is longer; the rest is its end, where the question often stands. */
const HEAD = 0.6;

/** At most `most` characters of a text: its beginning and its end. */
export function windowOf(text: string, most: number): string {
  if (text.length <= most) return text;
  const head = Math.floor(most * HEAD);
  return `${text.slice(0, head)}\n${text.slice(text.length - (most - head - 1))}`;
}
