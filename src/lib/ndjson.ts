import { ByteBuffer } from "./byte-buffer.ts";

const DEFAULT_MAX_LINE_BYTES = 16 * 1024 * 1024;
const LF = 10;

/** A line grew past the reader's limit. */
export class LineOverflow extends Error {
  constructor(maxBytes: number) {
    super(`a line of the stream is larger than ${maxBytes} bytes`);
    this.name = "LineOverflow";
  }
}

/** Cuts a stream of bytes into its lines that are not blank, wherever the chunks were cut. */
export class LineReader {
  private readonly maxLineBytes: number;
  private readonly tail = new ByteBuffer();

  /** `maxLineBytes` bounds one line; 16 MiB by default. */
  constructor(maxLineBytes = DEFAULT_MAX_LINE_BYTES) {
    this.maxLineBytes = maxLineBytes;
  }

  /** Nothing is held of a line that has not ended. */
  get isBetween(): boolean {
    return this.tail.length === 0;
  }

  /** Appends the lines that this chunk completes. Throws `LineOverflow`. */
  push(chunk: Uint8Array, out: string[]): void {
    const length = chunk.length;
    // Most chunks end with a line.
    const end = chunk[length - 1] === LF ? length : chunk.lastIndexOf(LF) + 1;
    if (end > 0) this.readTo(end === length ? chunk : chunk.subarray(0, end), out);
    if (end < length) this.keep(chunk.subarray(end));
  }

  /** The stream is over: a last line without its end is a line too. */
  end(out: string[]): void {
    if (this.tail.length > 0) this.readTo(NO_BYTES, out);
  }

  private keep(bytes: Uint8Array): void {
    if (this.tail.length + bytes.length > this.maxLineBytes) throw new LineOverflow(this.maxLineBytes);
    this.tail.append(bytes);
  }

  /** Reads what was kept and these bytes, which end with a line. */
  private readTo(bytes: Uint8Array, out: string[]): void {
    if (this.tail.length === 0) {
      if (bytes.length > this.maxLineBytes) throw new LineOverflow(this.maxLineBytes);
      return addLines(textOf(bytes), out);
    }
    this.keep(bytes);
    const text = textOf(this.tail.view());
    this.tail.clear();
    addLines(text, out);
  }
}

const NO_BYTES = new Uint8Array(0);

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
}

function addLines(text: string, out: string[]): void {
  let start = 0;
  while (start < text.length) {
    const found = text.indexOf("\n", start);
    const end = found < 0 ? text.length : found;
    const line = text.slice(start, end);
    if (line.trim() !== "") out.push(line);
    start = end + 1;
  }
}
