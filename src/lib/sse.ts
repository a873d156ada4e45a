import { ByteBuffer } from "./byte-buffer.ts";

/** One event of a stream; `event` is empty when it has no `event:` line. */
export interface SseEvent {
  event: string;
  data: string;
}

/** An event grew past the parser's limit. The parser must not be used afterwards. */
export class SseOverflow extends Error {
  readonly maxEventBytes: number;

  constructor(maxEventBytes: number) {
    super(`event of the stream is larger than ${maxEventBytes} bytes`);
    this.name = "SseOverflow";
    this.maxEventBytes = maxEventBytes;
  }
}

/** Name of an event that has a field `error` in place of `data`, which no event can be given otherwise. */
export const ERROR_FIELD = "\nerror";

const DEFAULT_MAX_EVENT_BYTES = 16 * 1024 * 1024;
/** What a further data line takes of the limit beside its data: so much memory do they take, however short they are. */
const LINE_BYTES = 32;
const LF = 10;
const CR = 13;
const COLON = 58;
const SPACE = 32;
const BOM = "\uFEFF";
const NO_BYTES = new Uint8Array(0);
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * Reads an event stream as the WHATWG HTML standard defines it (section 9.2.6): lines end with LF, CRLF or CR, a leading
 * BOM is skipped, `data` lines of one event are joined by LF, comments, `id`, `retry` and unknown fields are ignored, and
 * an event without a `data` line yields nothing. The one thing beyond it: a field `error`, as llama.cpp's server has ended
 * streams with (`error: {…}`), is the data of an event of that kind. Bytes that are not UTF-8 become U+FFFD. The frames do not depend on
 * where the chunks were cut.
 */
export class SseParser {
  private readonly maxEventBytes: number;
  /** Holds the bytes of a line whose end has not been seen: lines are decoded whole, so that no character is ever cut. */
  private readonly tail = new ByteBuffer();
  private started = false;
  /** The last byte decoded was a CR, so that an LF right after it belongs to the same line end. */
  private afterCr = false;
  private event = "";
  /** Null until the event has a `data` line. */
  private data: string | null = null;
  /** Data lines of the event behind its first. */
  private moreLines = 0;

  /** `maxEventBytes` bounds what is held of one unfinished event; 16 MiB by default. */
  constructor(maxEventBytes = DEFAULT_MAX_EVENT_BYTES) {
    this.maxEventBytes = maxEventBytes;
  }

  /** Nothing is held of an event that has not ended. */
  get isBetween(): boolean {
    return this.tail.length === 0 && this.data === null && this.event === "";
  }

  /** Appends the events that this chunk completes to `out`. The chunk may be reused by the caller afterwards. Throws `SseOverflow`. */
  push(chunk: Uint8Array, out: SseEvent[]): void {
    if (this.afterCr && chunk.length > 0) {
      this.afterCr = false;
      if (chunk[0] === LF) chunk = chunk.subarray(1);
    }
    const end = endOfLastLine(chunk);
    if (end === 0) return this.keep(chunk);
    const whole = end === chunk.length ? chunk : chunk.subarray(0, end);
    this.readLines(this.decode(whole), out);
    if (end === chunk.length) return;
    this.afterCr = false;
    this.keep(chunk.subarray(end));
  }

  /** The stream is over: a last event that lacks its blank line, or even its line end, is yielded all the same. Throws `SseOverflow`. */
  end(out: SseEvent[]): void {
    if (this.tail.length > 0) this.readLines(`${this.decode(NO_BYTES)}\n`, out);
    this.dispatch(out);
  }

  private keep(bytes: Uint8Array): void {
    this.checkSize(this.tail.length + bytes.length);
    this.tail.append(bytes);
  }

  private checkSize(added: number): void {
    const held = this.data === null ? 0 : this.data.length + this.moreLines * LINE_BYTES;
    if (held + this.event.length + added > this.maxEventBytes) throw new SseOverflow(this.maxEventBytes);
  }

  /** The text of the kept bytes and these, with every line end as LF. */
  private decode(bytes: Uint8Array): string {
    let text = decoder.decode(this.tail.length === 0 ? bytes : this.joinTail(bytes));
    if (!this.started) {
      this.started = true;
      if (text.startsWith(BOM)) text = text.slice(1);
    }
    if (!text.includes("\r")) return text;
    this.afterCr = text.endsWith("\r");
    return text.replace(/\r\n?/g, "\n");
  }

  private joinTail(bytes: Uint8Array): Uint8Array {
    this.tail.append(bytes);
    const joined = this.tail.view();
    this.tail.clear();
    return joined;
  }

  private readLines(text: string, out: SseEvent[]): void {
    let start = 0;
    while (start < text.length) {
      const end = text.indexOf("\n", start);
      if (end === start) this.dispatch(out);
      else this.readField(text, start, end);
      start = end + 1;
    }
  }

  private readField(text: string, start: number, end: number): void {
    if (text.startsWith("data", start)) {
      const value = fieldValue(text, start + 4, end);
      if (value === null) return;
      this.checkSize(value.length);
      const hasData = this.data !== null && this.event !== ERROR_FIELD;
      if (hasData) this.moreLines += 1;
      this.data = hasData ? `${this.data}\n${value}` : value;
      if (this.event === ERROR_FIELD) this.event = "";
    } else if (text.startsWith("event", start)) {
      const value = fieldValue(text, start + 5, end);
      if (value === null) return;
      this.checkSize(value.length);
      this.event = value;
    } else if (text.startsWith("error", start)) this.readError(fieldValue(text, start + 5, end));
  }

  private readError(value: string | null): void {
    if (value === null || this.data !== null) return;
    this.checkSize(value.length);
    this.event = ERROR_FIELD;
    this.data = value;
  }

  private dispatch(out: SseEvent[]): void {
    if (this.data !== null) out.push({ event: this.event, data: this.data });
    this.data = null;
    this.moreLines = 0;
    this.event = "";
  }
}

/** Offset after the last line end, 0 when there is none. */
function endOfLastLine(chunk: Uint8Array): number {
  const length = chunk.length;
  if (length > 0 && chunk[length - 1] === LF) return length;
  return Math.max(chunk.lastIndexOf(LF), chunk.lastIndexOf(CR)) + 1;
}

/** What follows a field's name; null when the name goes on, so that the field is another one. */
function fieldValue(text: string, afterName: number, end: number): string | null {
  if (afterName === end) return "";
  if (text.charCodeAt(afterName) !== COLON) return null;
  const start = afterName + 1;
  return text.slice(text.charCodeAt(start) === SPACE ? start + 1 : start, end);
}
