/** How many characters a text has, as CEL counts them: code points. */
export function countCodePoints(text: string): number {
  let count = text.length;
  for (let at = 0; at < text.length; at += 1) {
    if (isPairAt(text, at)) {
      count -= 1;
      at += 1;
    }
  }
  return count;
}

/** True when all characters are one UTF-16 unit, so that offsets count characters. */
export function isSimple(text: string): boolean {
  return !/[\uD800-\uDFFF]/.test(text);
}

/** The UTF-16 offset of the character with this number; -1 when the text is shorter. The end of the text counts. */
export function offsetOfCodePoint(text: string, index: number): number {
  if (isSimple(text)) return index <= text.length ? index : -1;
  let offset = 0;
  for (let left = index; left > 0; left -= 1) {
    if (offset >= text.length) return -1;
    offset += isPairAt(text, offset) ? 2 : 1;
  }
  return offset;
}

function isPairAt(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  if (unit < 0xd800 || unit > 0xdbff) return false;
  const next = text.charCodeAt(at + 1);
  return next >= 0xdc00 && next <= 0xdfff;
}
