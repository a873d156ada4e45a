import type { HttpRequest } from "./request.ts";
import { isOpenBody, requestHead } from "./request.ts";

/** The writing side of a socket: bytes taken, 0 when its buffer is full, negative when it is closed. */
export interface Sink {
  write(bytes: Uint8Array, offset: number, length: number): number;
}

const FRAME_BYTES = 64 * 1024;
/** Filled and written within one call, so that head and body leave in one piece without an allocation. */
const sharedFrame = Buffer.allocUnsafe(FRAME_BYTES);

const CRLF = Buffer.from("\r\n");
const LAST_CHUNK = Buffer.from("0\r\n\r\n");

/** Writes one request after the other to a socket; what the socket does not take at once waits for `flush`. */
export class RequestWriter {
  /** The whole request has been handed to the socket. */
  done = true;
  private frame: Uint8Array | null = null;
  private frameAt = 0;
  private body: Uint8Array | null = null;
  private bodyAt = 0;
  /** Pieces of an open body that the socket has not taken. */
  private readonly pieces: Uint8Array[] = [];
  private isOpen = false;
  private isChunked = false;

  /** Begins a request. False when the socket is closed. */
  start(sink: Sink, request: HttpRequest): boolean {
    const { body } = request;
    this.done = false;
    this.frame = null;
    this.body = null;
    if (isOpenBody(body)) return this.startOpen(sink, requestHead(request, body.size), body.size === null);
    if (typeof body !== "string") return this.startBytes(sink, requestHead(request, body?.byteLength ?? 0), body);
    const size = Buffer.byteLength(body);
    const head = requestHead(request, size);
    if (head.length + size > FRAME_BYTES) return this.startBytes(sink, head, Buffer.from(body));
    const headSize = sharedFrame.write(head, 0, "latin1");
    return this.writeFrame(sink, sharedFrame, headSize + sharedFrame.write(body, headSize, "utf8"));
  }

  /** All that was given has been handed to the socket. */
  get isEmpty(): boolean {
    return this.frame === null && this.body === null && this.pieces.length === 0;
  }

  /** Takes a piece of an open body. */
  push(sink: Sink, bytes: Uint8Array): void {
    if (!this.isOpen || bytes.byteLength === 0) return;
    if (this.isChunked) this.pieces.push(Buffer.from(`${bytes.byteLength.toString(16)}\r\n`), bytes, CRLF);
    else this.pieces.push(bytes);
    this.flush(sink);
  }

  /** The open body is complete. */
  close(sink: Sink): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    if (this.isChunked) this.pieces.push(LAST_CHUNK);
    this.flush(sink);
  }

  /** Goes on after the socket drained. */
  flush(sink: Sink): void {
    if (this.done) return;
    if (this.frame !== null) {
      this.frameAt += Math.max(0, sink.write(this.frame, this.frameAt, this.frame.length - this.frameAt));
      if (this.frameAt < this.frame.length) return;
      this.frame = null;
    }
    if (this.body !== null) {
      this.bodyAt += Math.max(0, sink.write(this.body, this.bodyAt, this.body.length - this.bodyAt));
      if (this.bodyAt < this.body.length) return;
      this.body = null;
      this.bodyAt = 0;
    }
    for (let piece = this.pieces[0]; piece !== undefined; piece = this.pieces[0]) {
      this.bodyAt += Math.max(0, sink.write(piece, this.bodyAt, piece.length - this.bodyAt));
      if (this.bodyAt < piece.length) return;
      this.pieces.shift();
      this.bodyAt = 0;
    }
    this.done = !this.isOpen;
  }

  private startOpen(sink: Sink, head: string, isChunked: boolean): boolean {
    this.isOpen = true;
    this.isChunked = isChunked;
    this.bodyAt = 0;
    return this.writeFrame(sink, Buffer.from(head, "latin1"), head.length);
  }

  private startBytes(sink: Sink, head: string, body: Uint8Array | null): boolean {
    const frame = head.length < FRAME_BYTES ? sharedFrame : Buffer.allocUnsafe(head.length);
    const headSize = frame.write(head, 0, "latin1");
    if (body === null) return this.writeFrame(sink, frame, headSize);
    const taken = Math.min(body.length, frame.length - headSize);
    frame.set(taken === body.length ? body : body.subarray(0, taken), headSize);
    if (taken < body.length) {
      this.body = body;
      this.bodyAt = taken;
    }
    return this.writeFrame(sink, frame, headSize + taken);
  }

  private writeFrame(sink: Sink, frame: Uint8Array, size: number): boolean {
    const written = sink.write(frame, 0, size);
    if (written < 0) return false;
    if (written < size) {
      this.frame = new Uint8Array(frame.subarray(written, size));
      this.frameAt = 0;
    } else if (this.body === null) this.done = !this.isOpen;
    else this.flush(sink);
    return true;
  }
}
