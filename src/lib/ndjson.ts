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
    const end = chunk.lastIndexOf(LF) + 1;
    if (end > 0) {
      this.keep(chunk.subarray(0, end));
      this.take(out);
    }
    if (end < chunk.length) this.keep(chunk.subarray(end));
  }

  /** The stream is over: a last line without its end is a line too. */
  end(out: string[]): void {
    if (this.tail.length > 0) this.take(out);
  }

  private keep(bytes: Uint8Array): void {
    if (this.tail.length + bytes.length > this.maxLineBytes) throw new LineOverflow(this.maxLineBytes);
    this.tail.append(bytes);
  }

  private take(out: string[]): void {
    const text = Buffer.from(this.tail.view()).toString("utf8");
    this.tail.clear();
    for (const line of text.split("\n")) if (line.trim() !== "") out.push(line);
  }
}
