import { isUtf8 } from "node:buffer";
import { OPCODE } from "./frame.ts";

/** What a peer did against the protocol, with the close code that says so. */
export class FrameError extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.name = "FrameError";
    this.code = code;
  }
}

/** Takes what a reader finds. */
export interface FrameSink {
  onText(text: string): void;
  onBinary(bytes: Buffer): void;
  onPing(bytes: Buffer): void;
  onPong(): void;
  /** `code` null: the frame had none. */
  onClosing(code: number | null, reason: string): void;
}

const MAX_CONTROL_BYTES = 125;
const MAX_HEADER_BYTES = 10;
const LONGEST_SAFE = BigInt(Number.MAX_SAFE_INTEGER);

/**
 * Reads the frames of a server (RFC 6455, section 5): whole messages come out, however they were cut. A message beyond the
 * limit is refused at its header, before a byte of it is kept. Throws `FrameError`.
 */
export class FrameReader {
  private readonly sink: FrameSink;
  private readonly maxMessageBytes: number;
  private readonly header = Buffer.alloc(MAX_HEADER_BYTES);
  private headerLength = 0;
  private opcode = 0;
  private isFinal = false;
  /** Bytes of the present frame's payload that are missing; -1: its header is being read. */
  private missing = -1;
  private pieces: Uint8Array[] = [];
  private control: Uint8Array[] = [];
  /** Opcode of a message whose last fragment has not begun; -1: none. */
  private unfinished = -1;
  private gathered = 0;
  private isClosed = false;

  constructor(sink: FrameSink, maxMessageBytes: number) {
    this.sink = sink;
    this.maxMessageBytes = maxMessageBytes;
  }

  /** `bytes` is the reader's from now on. */
  read(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length && !this.isClosed) {
      if (this.missing < 0) {
        at += this.readHeader(bytes, at);
        if (this.missing !== 0) continue;
      }
      const end = Math.min(bytes.length, at + this.missing);
      this.take(bytes.subarray(at, end));
      this.missing -= end - at;
      at = end;
      if (this.missing === 0) this.endFrame();
    }
  }

  /** Returns how many bytes it used. */
  private readHeader(bytes: Uint8Array, start: number): number {
    let at = start;
    while (at < bytes.length && this.headerLength < this.headerNeed()) {
      this.header[this.headerLength] = bytes[at] ?? 0;
      this.headerLength += 1;
      at += 1;
    }
    if (this.headerLength >= 2 && this.headerLength === this.headerNeed()) this.beginFrame();
    return at - start;
  }

  private headerNeed(): number {
    if (this.headerLength < 2) return 2;
    const short = (this.header[1] ?? 0) & 0x7f;
    return short < 126 ? 2 : short === 126 ? 4 : 10;
  }

  private beginFrame(): void {
    const [first = 0, second = 0] = this.header;
    if ((first & 0x70) !== 0) throw new FrameError(1002, "a reserved bit is set");
    if ((second & 0x80) !== 0) throw new FrameError(1002, "a server's frame is masked");
    this.isFinal = (first & 0x80) !== 0;
    this.opcode = first & 0x0f;
    const length = this.payloadLength(second & 0x7f);
    this.headerLength = 0;
    if (this.opcode >= OPCODE.close) this.checkControl(length);
    else this.checkData(length);
    this.missing = length;
  }

  private payloadLength(short: number): number {
    if (short < 126) return short;
    if (short === 126) return this.header.readUInt16BE(2);
    const long = this.header.readBigUInt64BE(2);
    return long > LONGEST_SAFE ? Infinity : Number(long);
  }

  private checkControl(length: number): void {
    if (this.opcode > OPCODE.pong) throw new FrameError(1002, "unknown operation code");
    if (!this.isFinal || length > MAX_CONTROL_BYTES) throw new FrameError(1002, "malformed control frame");
  }

  private checkData(length: number): void {
    if (this.opcode > OPCODE.binary) throw new FrameError(1002, "unknown operation code");
    const isContinuation = this.opcode === OPCODE.continuation;
    if (isContinuation !== this.unfinished >= 0) throw new FrameError(1002, "fragments out of order");
    if (this.gathered + length > this.maxMessageBytes) {
      throw new FrameError(1009, `a message of more than ${this.maxMessageBytes} bytes`);
    }
    if (!isContinuation) this.unfinished = this.opcode;
    this.gathered += length;
  }

  private take(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    if (this.opcode >= OPCODE.close) this.control.push(bytes);
    else this.pieces.push(bytes);
  }

  private endFrame(): void {
    this.missing = -1;
    if (this.opcode >= OPCODE.close) return this.endControl();
    if (!this.isFinal) return;
    const { unfinished } = this;
    const message = joined(this.pieces);
    this.pieces = [];
    this.unfinished = -1;
    this.gathered = 0;
    if (unfinished === OPCODE.binary) return this.sink.onBinary(message);
    if (!isUtf8(message)) throw new FrameError(1007, "a text message is not valid UTF-8");
    this.sink.onText(message.toString("utf8"));
  }

  private endControl(): void {
    const payload = joined(this.control);
    this.control = [];
    if (this.opcode === OPCODE.ping) return this.sink.onPing(payload);
    if (this.opcode === OPCODE.pong) return this.sink.onPong();
    this.isClosed = true;
    if (payload.length === 1 || !isUtf8(payload.subarray(2))) throw new FrameError(1002, "malformed close frame");
    const code = payload.length === 0 ? null : payload.readUInt16BE(0);
    this.sink.onClosing(code, payload.toString("utf8", 2));
  }
}

function joined(pieces: Uint8Array[]): Buffer {
  const only = pieces.length === 1 ? pieces[0] : undefined;
  return only === undefined ? Buffer.concat(pieces) : Buffer.from(only.buffer, only.byteOffset, only.byteLength);
}
