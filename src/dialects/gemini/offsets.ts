/** Far enough apart to cost little, near enough to be walked from. */
const STEP = 1024;

interface Place {
  /** UTF-8. */
  bytes: number;
  /** UTF-16. */
  index: number;
}

/** Tells where bytes of a text in UTF-8 stand in the text. */
export class Utf16Offsets {
  private readonly text: string;
  /** Some of the places that were walked past, in order. */
  private readonly marks: Place[] = [{ bytes: 0, index: 0 }];
  /** Where the last mark stands. */
  private reached = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** The UTF-16 offset of a UTF-8 byte offset; offsets beyond the end stop there. */
  of(bytes: number): number {
    let { bytes: seen, index } = this.markBefore(bytes);
    while (index < this.text.length && seen < bytes) {
      const code = this.text.codePointAt(index) ?? 0;
      seen += utf8Length(code);
      index += code > 0xffff ? 2 : 1;
      if (index >= this.reached + STEP) this.mark({ bytes: seen, index });
    }
    return index;
  }

  private mark(place: Place): void {
    this.marks.push(place);
    this.reached = place.index;
  }

  private markBefore(bytes: number): Place {
    let low = 0;
    let high = this.marks.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.marks[middle]?.bytes ?? 0) <= bytes) low = middle;
      else high = middle - 1;
    }
    return this.marks[low] ?? { bytes: 0, index: 0 };
  }
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
