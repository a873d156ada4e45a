import { cutBytes } from "./cut-bytes.ts";
import { HttpError } from "./http-error.ts";

const CR = 13;
const LF = 10;
const SEMICOLON = 59;
const SPACE = 32;
const TAB = 9;

const SIZE = 0;
const EXTENSION = 1;
const SIZE_LF = 2;
const DATA = 3;
const DATA_CR = 4;
const DATA_LF = 5;
const TRAILER_START = 6;
const TRAILER = 7;
const TRAILER_LF = 8;
const END_LF = 9;
const END = 10;

/** Sizes of up to so many hexadecimal digits are exact in a number. */
const MAX_SIZE_DIGITS = 13;
const MAX_EXTENSION_BYTES = 4 * 1024;

const refuse = (message: string): HttpError => new HttpError("protocol", message);

/** What a byte outside the data does: one entry per state, in their order; returns the next state. */
const STEPS: readonly ((body: ChunkedBody, byte: number) => number)[] = [
  readSize,
  readExtension,
  (body, byte) => {
    expectByte(byte, LF);
    return body.left === 0 ? TRAILER_START : DATA;
  },
  () => DATA,
  (_body, byte) => {
    expectByte(byte, CR);
    return DATA_LF;
  },
  (body, byte) => {
    expectByte(byte, LF);
    body.lineBytes = 0;
    return SIZE;
  },
  (body, byte) => (byte === CR ? END_LF : readTrailer(body, byte)),
  readTrailer,
  (_body, byte) => {
    expectByte(byte, LF);
    return TRAILER_START;
  },
  (_body, byte) => {
    expectByte(byte, LF);
    return END;
  },
];

/** Reads a body in chunked coding (RFC 9112, section 7.1). Strict in sizes and line ends; extensions and trailers are skipped. */
export class ChunkedBody {
  /** Data bytes of the present chunk that are still to come. */
  left = 0;
  /** Length of the present line so far: digits of a size, bytes of an extension or of all trailers. */
  lineBytes = 0;
  readonly maxTrailerBytes: number;
  /** Where the last `read` stopped: before the end of the bytes only when the body is complete. */
  stoppedAt = 0;
  private state = SIZE;

  constructor(maxTrailerBytes: number) {
    this.maxTrailerBytes = maxTrailerBytes;
  }

  get done(): boolean {
    return this.state === END;
  }

  /**
   * Returns the data within the bytes from `at` on, null when there is none. The data of several chunks is moved
   * together in place, so the bytes must belong to the caller. Throws `protocol`, or `too_large` for endless trailers.
   */
  read(bytes: Uint8Array, at: number): Uint8Array | null {
    let start = at;
    let end = at;
    while (at < bytes.length && this.state !== END) {
      if (this.state !== DATA) {
        this.state = STEPS[this.state]?.(this, bytes[at] ?? 0) ?? END;
        at++;
        continue;
      }
      const next = Math.min(at + this.left, bytes.length);
      if (end === start) {
        start = at;
        end = next;
      } else {
        bytes.copyWithin(end, at, next);
        end += next - at;
      }
      this.left -= next - at;
      at = next;
      if (this.left === 0) this.state = DATA_CR;
    }
    this.stoppedAt = at;
    return end === start ? null : cutBytes(bytes, start, end);
  }
}

function expectByte(byte: number, expected: number): void {
  if (byte !== expected) throw refuse("malformed line end in a chunked body");
}

function readSize(body: ChunkedBody, byte: number): number {
  const digit = hexDigit(byte);
  if (digit !== -1) {
    if (++body.lineBytes > MAX_SIZE_DIGITS) throw refuse("chunk size is too long");
    body.left = body.left * 16 + digit;
    return SIZE;
  }
  if (body.lineBytes === 0) throw refuse("chunk without a size");
  body.lineBytes = 0;
  if (byte === CR) return SIZE_LF;
  if (byte === SEMICOLON || byte === SPACE || byte === TAB) return EXTENSION;
  throw refuse("malformed chunk size");
}

function readExtension(body: ChunkedBody, byte: number): number {
  if (byte === CR) return SIZE_LF;
  if (byte === LF || byte === 0) throw refuse("malformed chunk extension");
  if (++body.lineBytes > MAX_EXTENSION_BYTES) throw refuse("chunk extension is too long");
  return EXTENSION;
}

function readTrailer(body: ChunkedBody, byte: number): number {
  if (byte === CR) return TRAILER_LF;
  if (byte === LF || byte === 0) throw refuse("malformed trailer");
  if (++body.lineBytes > body.maxTrailerBytes)
    throw new HttpError("too_large", "the response's trailers are too large");
  return TRAILER;
}

function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const lower = byte | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}
