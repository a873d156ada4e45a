/** The UTF-16 offset of a UTF-8 byte offset in `text`; offsets beyond the end stop there. */
export function utf16Offset(text: string, bytes: number): number {
  let seen = 0;
  let index = 0;
  while (index < text.length && seen < bytes) {
    const code = text.codePointAt(index) ?? 0;
    seen += utf8Length(code);
    index += code > 0xffff ? 2 : 1;
  }
  return index;
}

function utf8Length(code: number): number {
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code < 0x10000 ? 3 : 4;
}

/** The UTF-8 byte offset of a UTF-16 offset in `text`. */
export function utf8Offset(text: string, units: number): number {
  return Buffer.byteLength(text.slice(0, units));
}
